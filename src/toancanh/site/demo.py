"""The sample province in one command: load it once, then serve it with live feeds. Everything is marked as sample data."""

from __future__ import annotations

import subprocess
import sys
import time

from django.conf import settings

from toancanh.site.addresses import Ports, refuse_used
from toancanh.site.preparation import prepared_beside
from toancanh.site.processes import centre
from toancanh.site.supervisor import Child, Supervisor

LOADED = "sample-loaded"
ACCOUNTS = "sample-accounts.txt"
KEYS = "sample-keys.json"


def run_demo(host: str, port: int, *, feeds: bool) -> int:
    """Serve the sample province until told to stop."""
    ports = Ports(port)
    for each in (ports.web, ports.live, ports.store):
        refuse_used(host, each)
    begun = time.monotonic()
    if not prepared_beside() or not ((settings.DATA / LOADED).exists() or _loaded()):
        return 1
    children = centre(ports, host)
    if feeds:
        command = (sys.executable, "-m", "toancanh.site.feeds", "--port", str(port), "--data", str(settings.DATA))
        children.append(Child("feeds", command))
    supervisor = Supervisor(children)
    try:
        supervisor.start()
        _greet(host, port, time.monotonic() - begun)
        supervisor.watch()
    finally:
        supervisor.stop()
    return 0


def _loaded() -> bool:
    """Load the province in a process of its own: its memory is given back, and the store is free for its owner."""
    return subprocess.run((sys.executable, "-m", "toancanh.site.cli", "sample", "load"), check=False).returncode == 0


def _greet(host: str, port: int, seconds: float) -> None:
    accounts = (settings.DATA / ACCOUNTS).read_text(encoding="utf-8")
    print(f"\nToàn Cảnh: http://{host}:{port}   (sẵn sàng sau / ready after {seconds:.0f} s)")
    print(f"Tường màn hình / video wall: http://{host}:{port}/wall/main")
    print("Dữ liệu mẫu: tỉnh hư cấu Minh Sơn / Sample data: the fictional province Minh Sơn\n")
    print(accounts, flush=True)
    print("Dừng bằng Ctrl+C / Stop with Ctrl+C", flush=True)

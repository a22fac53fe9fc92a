"""Starts a whole centre under one supervisor."""

from __future__ import annotations

from toancanh.site.addresses import Ports, refuse_used
from toancanh.site.preparation import prepared_beside
from toancanh.site.processes import centre
from toancanh.site.supervisor import Supervisor


def serve_centre(host: str, port: int, workers: int) -> int:
    """Serve until SIGTERM or SIGINT."""
    ports = Ports(port)
    for each in (ports.web, ports.live, ports.store):
        refuse_used(host, each)
    if not prepared_beside():
        return 1
    supervisor = Supervisor(centre(ports, host, workers))
    try:
        supervisor.start()
        print(f"http://{host}:{port}", flush=True)
        supervisor.watch()
    finally:
        supervisor.stop()
    return 0

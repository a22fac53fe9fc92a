"""An owning process for tests, on a free port, with a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path
from toancanh.store.owner.serve import serve
sys.exit(serve(Path(sys.argv[1]), int(sys.argv[2])))
"""


@dataclass
class Owning:
    """A running owner. `url` carries the key."""

    process: subprocess.Popen[bytes]
    path: Path
    port: int

    @property
    def url(self) -> str:
        key = self.path.with_name(f"{self.path.name}.key").read_text()
        return f"http://default:{key}@127.0.0.1:{self.port}"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(path: Path, port: int = 0) -> Owning:
    """Start an owner of `path` and return when it is ready."""
    port = port or free_port()
    source = str(Path(__file__).parents[2] / "src")
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(path), str(port)], env=os.environ | {"PYTHONPATH": source})
    for _ in range(200):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=2) as answer:
            if answer.status == 200:
                return Owning(process, path, port)
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the owner did not become ready (exit code {process.wait()})")

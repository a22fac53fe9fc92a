"""A whole running centre in a folder and on ports of its own: prepared, started, killed without warning, asked over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.faults.province import DOORS

REPOSITORY = Path(__file__).parents[2]


def free_ports(count: int = 3) -> int:
    """The first of `count` neighbouring free ports, below the range that the system gives to outgoing connections."""
    low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for first in range(low - 2000 - os.getpid() % 1000 * 8, 1024, -count):
        if all(_free(first + step) for step in range(count)):
            return first
    raise RuntimeError("no free ports")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Centre:
    """`toancanh serve` (or another of its commands) with `folder` as its data folder."""

    def __init__(self, folder: Path, port: int | None = None, **environment: str) -> None:
        self.folder, self.port = folder.resolve(), port or free_ports()
        paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
        self.environment = {
            **os.environ, "TOANCANH_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": "toancanh.site.settings",
            "PYTHONPATH": paths, **environment,
        }  # fmt: skip
        for name in ("TOANCANH_JOBS", "TOANCANH_STORE", "TOANCANH_ROOT", "DATABASE_URL"):
            if name not in environment:
                self.environment.pop(name, None)
        self.process: subprocess.Popen[bytes] | None = None
        self.log = self.folder.parent / f"{self.folder.name}.log"

    def run(self, *words: str, timeout: float = 300) -> str:
        """Run `python -m ...` in the centre's environment; what it printed."""
        done = subprocess.run(
            (sys.executable, "-m", *words), env=self.environment, capture_output=True, text=True, timeout=timeout, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr[-2000:]}")
        return done.stdout

    def prepare(self) -> None:
        """The small sample province with a source and a leader."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.run("tests.faults.province")

    @property
    def doors(self) -> dict[str, str]:
        """The source's key and the leader's session."""
        return dict(json.loads((self.folder / DOORS).read_text()))

    def start(self, *more: str, patience: float = 120.0) -> float:
        """Start `serve` (or the command in `more`); seconds until every part answers."""
        words = more or ("serve",)
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                (sys.executable, "-m", "toancanh.site.cli", *words, "--port", str(self.port)),
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.until(lambda: self.get("/readyz")[0] == 200, patience)
        return time.monotonic() - begun

    def until(self, holds: Callable[[], bool], patience: float, pause: float = 0.05) -> None:
        """Wait for something to hold. Raises TimeoutError, with the end of the log."""
        deadline = time.monotonic() + patience
        while True:
            try:
                if holds():
                    return
            except OSError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(self.log.read_text(errors="replace")[-3000:])
            time.sleep(pause)

    def processes(self) -> list[int]:
        """Every living process of this centre, known by its data folder; nobody else's."""
        mark, found = f"TOANCANH_DATA={self.folder}".encode(), []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0") and b" Z " not in (entry / "stat").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def busy(self, word: str = "") -> float:
        """Seconds of processor time that the centre's processes (those with `word` in their command line) have used so far,
        with those of their children that ended."""
        ticks = 0
        for pid in self.processes():
            try:
                if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
            except OSError:
                continue
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """SIGKILL for every process at once, as when the power of the machine's container is cut."""
        while left := self.processes():
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            self._reap()

    def stop(self) -> None:
        """Ask it to stop, as a person would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(40)
        self.kill()

    def _reap(self) -> None:
        if self.process is not None:
            try:
                self.process.wait(0.5)
            except subprocess.TimeoutExpired:
                return

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout: float = 60
    ) -> tuple[int, bytes]:
        """One request on a connection of its own: (status, body). Raises OSError."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, bytes]:
        return self.ask("GET", path, timeout=10)

    def post(self, dataset: str, rows: list[dict[str, Any]], key: str) -> int:
        """Deliver rows; the status. Raises OSError when there is no answer."""
        headers = {"Authorization": f"Bearer {self.doors['key']}", "Content-Type": "application/json", "Idempotency-Key": key}
        return self.ask("POST", f"/api/v1/datasets/{dataset}/deliveries", json.dumps(rows).encode(), headers)[0]

    def read(self, path: str) -> Any:
        """What the API answers to the leader."""
        status, body = self.ask("GET", path, headers={"Cookie": f"sessionid={self.doors['session']}"})
        if status != 200:
            raise RuntimeError(f"{path}: {status} {body[:500].decode(errors='replace')}")
        return json.loads(body)

    def waiting(self) -> int:
        """How many deliveries are not yet in the figures."""
        for line in self.get("/metrics")[1].decode().splitlines():
            if line.startswith("toancanh_deliveries_waiting "):
                return int(float(line.split()[1]))
        raise ConnectionError("no such metric")

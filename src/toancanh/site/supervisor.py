"""One command that runs a whole centre: starts its processes in order, restarts what falls, stops them in reverse."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

STOP_SECONDS = 12.0
RESTART_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass
class Child:
    """One process: its command line, and `ready`, which says when it works. `at_once`: starts beside those before it in the list;
    any other waits until they are ready."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool] = lambda: True
    environment: Mapping[str, str] = field(default_factory=dict)
    at_once: bool = False
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    next_start: float = 0.0
    started: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl+C reaches the supervisor alone."""
        self.process = subprocess.Popen(  # noqa: S603  (our own command lines)
            self.command, env={**os.environ, **self.environment}, start_new_session=True
        )
        self.started = time.monotonic()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float) -> None:
        """Ask it to end; after `seconds` end it."""
        if self.process is None or not self.alive():
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Runs children until it is told to stop."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False

    def start(self, patience: float = 60.0) -> None:
        """Start the children in their order, until all are ready. Raises `Problem` when one does not get ready in time."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        for place, child in enumerate(self.children):
            if not child.at_once:
                self._wait_ready(self.children[:place], patience)
            if self.stopping:
                return
            child.start()
        self._wait_ready(self.children, patience)

    def _wait_ready(self, started: Sequence[Child], patience: float) -> None:
        deadline = time.monotonic() + patience
        for child in started:
            while not child.ready():
                if self.stopping:
                    return
                if not child.alive() or time.monotonic() > deadline:
                    raise _not_ready(child.name)
                time.sleep(0.05)

    def _told_to_stop(self, *_signal: object) -> None:
        self.stopping = True

    def watch(self, tick: Callable[[], None] = lambda: None) -> None:
        """Keep the children alive until told to stop; `tick` is called about twice a second."""
        while not self.stopping:
            for child in self.children:
                self._revive(child)
            tick()
            time.sleep(0.5)

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        if child.alive() or self.stopping:
            return
        if child.next_start == 0.0:
            child.falls = 0 if now - child.started > 60 else child.falls
            pause = RESTART_PAUSES[min(child.falls, len(RESTART_PAUSES) - 1)]
            child.falls += 1
            child.next_start = now + pause
            print(f"{child.name}: fell, starts again in {pause:g} s", file=sys.stderr, flush=True)
        elif now >= child.next_start:
            child.next_start = 0.0
            child.start()

    def stop(self) -> None:
        """Stop all, last started first."""
        self.stopping = True
        for child in reversed(self.children):
            child.stop(STOP_SECONDS)


def _not_ready(name: str) -> Problem:
    return Problem(
        "not-ready", 500, Text("Trung tâm chưa khởi động được", "The centre did not start"),
        Text(
            f"Tiến trình “{name}” không sẵn sàng. Xem lỗi của tiến trình này ở các dòng trên, sửa rồi chạy lại.",
            f"The process “{name}” did not get ready. Its error stands in the lines above; mend it and run again.",
        ),
    )  # fmt: skip

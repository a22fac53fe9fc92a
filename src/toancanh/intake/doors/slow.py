"""Reading a body that may stall: in time, or not at all.

The server's interface has no deadline for a read, so that it is made in a thread of its own: whoever waits for it goes away
when it takes too long, and the thread ends with the connection. Until then it keeps a place of its own source, so that who stalls
shuts out nobody but themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock, Thread

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

Read = Callable[[], bytes]
LONGEST_SILENCE = 10.0  # seconds in which nothing comes
HEAD_START = 30.0  # seconds before the pace counts
SLOWEST = 16 * 1024  # bytes a second


def read_in_time(read: Read, keep: Callable[[], Callable[[], None]]) -> bytearray:
    """All that `read` gives until it gives nothing. Raises `Problem` 408 when it falls silent or comes too slowly, and then
    `keep` is asked for what has to be done when the reading ends after all."""
    reading = _Reading(read)
    reading.start()
    begun, seen = time.monotonic(), 0
    while not reading.ended.wait(LONGEST_SILENCE):
        slowest = HEAD_START + len(reading.body) / SLOWEST
        if len(reading.body) == seen or time.monotonic() - begun > slowest:
            reading.then(keep())
            raise too_slow()
        seen = len(reading.body)
    if reading.failure is not None:
        raise reading.failure
    return reading.body


def too_slow() -> Problem:
    """The refusal of a body that does not come."""
    return Problem(
        "too-slow", 408, Text("Gửi quá chậm", "Too slow"),
        Text("Nội dung gửi bị đứng giữa chừng hoặc quá chậm. Chưa nhận gì; kiểm tra đường truyền rồi gửi lại toàn bộ.",
             "The body stalled or came too slowly. Nothing was taken; check the line and send all of it again."),
    )  # fmt: skip


class _Reading(Thread):
    def __init__(self, read: Read) -> None:
        super().__init__(daemon=True, name="body")
        self.body, self.failure, self.ended = bytearray(), None, Event()
        self._read, self._after, self._lock = read, list[Callable[[], None]](), Lock()

    failure: BaseException | None

    def run(self) -> None:
        try:
            while piece := self._read():
                self.body += piece
        except BaseException as error:  # told to who waits for the body
            self.failure = error
        with self._lock:
            self.ended.set()
            for act in self._after:
                act()

    def then(self, act: Callable[[], None]) -> None:
        """Do it when the reading has ended, at once if it has."""
        with self._lock:
            if self.ended.is_set():
                act()
            else:
                self._after.append(act)

"""How many deliveries are worked on at once, and how many may wait: whoever comes to a full house hears so at once.

A page process has more threads than deliveries may take, so a flood of them never shuts people out of the pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

AT_WORK, WAITING, OF_ONE = 4, 8, 8  # no source may take all places: one whose deliveries stall must not close the door
LONGEST_WAIT = 10.0  # seconds
_inside = BoundedSemaphore(AT_WORK + WAITING)
_hands = BoundedSemaphore(AT_WORK)
_of_source: dict[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(OF_ONE))


@contextmanager
def a_place(source: str) -> Iterator[None]:
    """Stay inside while a delivery of `source` is received. Raises `Problem` 503 when all places, or its own, are taken."""
    own = _of_source[source]
    if not own.acquire(blocking=False):
        raise busy()
    try:
        if not _inside.acquire(blocking=False):
            raise busy()
        try:
            yield
        finally:
            _inside.release()
    finally:
        own.release()


@contextmanager
def a_hand() -> Iterator[None]:
    """Wait for a turn at reading and checking. Raises `Problem` 503 when it does not come in time."""
    if not _hands.acquire(timeout=LONGEST_WAIT):
        raise busy()
    try:
        yield
    finally:
        _hands.release()


def busy() -> Problem:
    """The refusal of a delivery that would have to wait too long."""
    return Problem(
        "busy", 503, Text("Đang quá tải", "Too busy"),
        Text(
            "Cửa nhận đang có quá nhiều lần gửi cùng lúc. Chưa nhận gì; gửi lại sau thời gian ghi ở Retry-After.",
            "Too many deliveries are coming in at once. Nothing was taken; send again after the time in Retry-After.",
        ),
    )

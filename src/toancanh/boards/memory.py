"""What a process keeps for a few seconds, because every page asks for it and it seldom changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.conf import settings

T = TypeVar("T")
_all: list[Memory[Any]] = []


class Memory(Generic[T]):
    """Answers by key, each kept for `seconds`; at most `most` of them.

    Where jobs run at once (one process, one reader: tests and tools) nothing is kept, so that what was written is seen.
    """

    def __init__(self, seconds: float, most: int = 64) -> None:
        self._seconds, self._most = seconds, most
        self._kept: dict[Hashable, tuple[float, T]] = {}
        _all.append(self)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer for `key`, made anew when it is too old."""
        now = time.monotonic()
        known = self._kept.get(key)
        if known is not None and now - known[0] < self._seconds:
            return known[1]
        made = make()
        if not settings.JOBS_IMMEDIATE:
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = (now, made)
        return made

    def forget(self) -> None:
        self._kept.clear()


def forget_all() -> None:
    """Make everything anew at the next use."""
    for each in _all:
        each.forget()

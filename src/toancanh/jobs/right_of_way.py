"""Who goes first among the threads of one worker: what somebody waits for at a screen goes ahead, long work gives way to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0  # seconds that one long piece of work stands aside in all, so that it ends however much comes

_counting = threading.Lock()
_going = 0
_free = threading.Event()
_free.set()


@contextmanager
def ahead() -> Iterator[None]:
    """Within the block others give way."""
    global _going  # noqa: PLW0603 - one count for the process
    with _counting:
        _going += 1
        _free.clear()
    try:
        yield
    finally:
        with _counting:
            _going -= 1
            if not _going:
                _free.set()


class GivingWay:
    """One long piece of work. It must not hold what the one ahead may need, such as an open transaction, where it gives way."""

    def __init__(self) -> None:
        self._left = PATIENCE

    def give(self) -> None:
        """Wait until nobody is ahead, or until patience is used up."""
        if self._left > 0 and not _free.is_set():
            begun = time.monotonic()
            _free.wait(self._left)
            self._left -= time.monotonic() - begun

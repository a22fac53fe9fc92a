"""The threads that drain the outbox: one for each lane that has something to send, so that a slow one keeps no other waiting, and
one that looks which lanes have."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

from toancanh.notify.outbox.sending import BATCH, Lane, take_over, waiting

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between two looks at the outbox, for some seconds after it was woken
GATHER = 0.2  # seconds after a hand-over in which more may come together: a claim costs more than the letter it is for
LINGER = 5.0  # seconds without work after which a thread ends; longer than the pause between two wakes
AHEAD = timedelta(seconds=60)  # what is due by then is waited for; the clock wakes the outbox every minute
_AFTER_TROUBLE = 5.0


class _Running:
    """A lane and its thread."""

    def __init__(self, name: str) -> None:
        self.lane = Lane(name)
        self.woken = threading.Event()
        self.thread = _thread(f"outbox {name}", self._run)

    def _run(self) -> None:
        try:
            while self._once():
                pass
        finally:
            self.lane.close()

    def _once(self) -> bool:
        """One round; False when the thread has ended."""
        self.woken.clear()
        try:
            done = self.lane.send_due()
            if done:
                time.sleep(0 if done == BATCH else GATHER)
                return True
            pause = _pause(self.lane)
        except Exception:
            log.exception("the outbox stumbled in %s; it goes on in a moment", self.lane.name)
            pause = _AFTER_TROUBLE
        woken = self.woken.wait(LINGER if pause is None else pause)
        if pause is not None or woken:
            return True
        with _lock:
            if self.woken.is_set():
                return True
            _lanes.pop(self.lane.name, None)  # whoever comes next opens a session of its own
            return False


class _Watch:
    """Looks which lanes have something to send, for a while after each wake."""

    def __init__(self) -> None:
        self.until = 0.0
        self.running = False

    def wake(self) -> None:
        with _lock:
            self.until = time.monotonic() + LINGER
            if not self.running:
                self.running = True
                _thread("outbox", self._run).start()

    def _run(self) -> None:
        try:
            take_over_once()
            while self._goes_on():
                start_lanes()
                time.sleep(LOOK_EVERY)
        except Exception:
            log.exception("the outbox could not be read; it is read again within a minute")
        finally:
            with _lock:
                self.running = False

    def _goes_on(self) -> bool:
        with _lock:
            self.running = time.monotonic() < self.until
            return self.running


_lock = threading.Lock()
_lanes: dict[str, _Running] = {}
_watch = _Watch()
_taken_over = threading.Event()


def send_beside() -> None:
    """See to it that every lane with something due soon has its thread."""
    _watch.wake()


def take_over_once() -> None:
    """Free what the worker before this one held."""
    if not _taken_over.is_set():
        take_over()
        _taken_over.set()


def start_lanes() -> None:
    """Start the lanes that have something due soon, and wake those that run."""
    for name in _names(timezone.now() + AHEAD):
        with _lock:
            running = _lanes.get(name)
            if running is None:
                running = _lanes[name] = _Running(name)
                running.thread.start()
            running.woken.set()


def send_now() -> int:
    """Hand over everything that is due, here and now. How many tries that took."""
    tried = 0
    for name in _names(timezone.now()):
        lane = Lane(name)
        try:
            while done := lane.send_due():
                tried += done
        finally:
            lane.close()
    return tried


def _names(due_by: datetime) -> list[str]:
    return list(waiting().filter(due_at__lte=due_by).order_by("lane").values_list("lane", flat=True).distinct())


def _pause(lane: Lane) -> float | None:
    """Seconds until the lane has something to do; None when that is not soon."""
    now = timezone.now()
    unclaimed = waiting(lane.name).filter(claimed_until=None, due_at__lte=now + AHEAD)
    due = unclaimed.order_by("due_at").values_list("due_at", flat=True).first()
    if due is None:
        return None
    moment = max(due, lane.closed_until or due)
    return min(max((moment - now).total_seconds(), 0.05), AHEAD.total_seconds())


def _thread(name: str, work: Callable[[], None]) -> threading.Thread:
    """A thread that ends with its process and gives its database connection back."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return threading.Thread(target=run, name=name, daemon=True)

"""The threads that drain the outbox, one for each lane that has something to send, so that a slow one keeps no other waiting."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.db import connections
from django.utils import timezone

from toancanh.notify.outbox.sending import Lane, take_over, waiting

log = logging.getLogger(__name__)

AHEAD = timedelta(seconds=60)  # what is due by then is waited for; the clock comes back every minute
LINGER = 5.0  # seconds that an idle lane keeps its connection
_AFTER_TROUBLE = 5.0


class _Running:
    """A lane and its thread."""

    def __init__(self, name: str) -> None:
        self.lane = Lane(name)
        self.woken = threading.Event()
        self.thread = threading.Thread(target=self.run, name=f"outbox {name}", daemon=True)

    def run(self) -> None:
        try:
            while self._once():
                pass
        finally:
            self.lane.close()
            connections.close_all()

    def _once(self) -> bool:
        """One round; False when the thread has ended."""
        self.woken.clear()
        try:
            if self.lane.send_due():
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


_lock = threading.Lock()
_lanes: dict[str, _Running] = {}
_began = threading.Event()


def send_beside() -> None:
    """See to it that every lane with something due soon has its thread."""
    soon = timezone.now() + AHEAD
    with _lock:
        if not _began.is_set():
            take_over()
            _began.set()
        for name in waiting().filter(due_at__lte=soon).order_by().values_list("lane", flat=True).distinct():
            running = _lanes.get(name)
            if running is None:
                running = _lanes[name] = _Running(name)
                running.thread.start()
            running.woken.set()


def send_now() -> int:
    """Hand over everything that is due, here and now. How many tries that took."""
    names = waiting().filter(due_at__lte=timezone.now()).order_by().values_list("lane", flat=True).distinct()
    tried = 0
    for name in list(names):
        lane = Lane(name)
        try:
            while done := lane.send_due():
                tried += done
        finally:
            lane.close()
    return tried


def _pause(lane: Lane) -> float | None:
    """Seconds until the lane has something to do; None when that is not soon."""
    now = timezone.now()
    due = waiting(lane.name).filter(due_at__lte=now + AHEAD).order_by("due_at").values_list("due_at", flat=True).first()
    if due is None:
        return None
    moment = max(due, lane.closed_until or due)
    return min(max((moment - now).total_seconds(), 0.05), AHEAD.total_seconds())

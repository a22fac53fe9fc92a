"""Wakes the outbox: after a commit that wrote into it, and every minute in case that was missed.

Sending waits for other people's servers, so it has threads of its own beside the worker.
"""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.jobs.queue import enqueue, job
from toancanh.notify.models import Dispatch, State

log = logging.getLogger(__name__)


def wake() -> None:
    """See to it that what is due is being sent. Called in the worker."""
    from toancanh.notify.outbox import lanes  # the senders stand above this module

    lanes.send_now() if settings.JOBS_IMMEDIATE else lanes.send_beside()


wake_job = job(wake)
EVERY = 1.0  # seconds


class _Pace:
    """At most one wake a second from this process: the outbox stays awake for longer than that after each."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def knock(self) -> None:
        now = time.monotonic()
        if settings.JOBS_IMMEDIATE or now - self._last >= EVERY:
            self._last = now
            try:
                enqueue(wake_job)
            except Exception:  # what was committed stays committed, and whatever else waits for the commit comes after us
                log.exception("the outbox could not be woken; the clock wakes it within a minute")


_pace = _Pace()


def wake_after_commit() -> None:
    """Wake the outbox once the surrounding transaction has been committed."""
    transaction.on_commit(_pace.knock)


def begin_again() -> int:
    """Put what was given up back into the outbox, for another day of tries. How many."""
    now = timezone.now()
    with transaction.atomic():
        found = Dispatch.objects.filter(state=State.GIVEN_UP).update(state=State.WAITING, due_at=now, begun_at=now, tries=0)
        record("command line", "notify.retry", "outbox:*", detail={"rows": found})
        if found:
            wake_after_commit()
    return found

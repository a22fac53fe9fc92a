"""The worker process: runs queued jobs and the minute schedules of all rooms."""

from __future__ import annotations

import contextlib
import logging
import sys

from toancanh.intake import recovery
from toancanh.intake.landing import UNFINISHED
from toancanh.intake.models import Delivery
from toancanh.jobs.queue import queue
from toancanh.site.command_line.machine_faults import refuse_unprepared

log = logging.getLogger(__name__)
SWITCH = 0.0005  # seconds; a thread that asks the database, perhaps with others waiting, need not wait long for one that computes
HANDS = 4  # threads: what lands and what follows it of two busy datasets, or one of them and what happens by the clock


def run() -> int:
    """Work until SIGTERM or SIGINT; the job at hand is finished first."""
    refuse_unprepared()
    from toancanh.site import schedule  # noqa: F401  (registers jobs and schedules)

    sys.setswitchinterval(SWITCH)
    _take_over()
    consumer = queue.create_consumer(workers=HANDS, periodic=True, initial_delay=0.02, max_delay=0.1, backoff=1.15)
    with contextlib.suppress(SystemExit):
        consumer.run()
    return 0


def _take_over() -> None:
    """What the worker before us held when it fell is done at once, not when its claim runs out minutes later."""
    try:
        Delivery.objects.filter(state__in=UNFINISHED).exclude(claimed_until=None).update(claimed_until=None)
        recovery.recover(since=recovery.last_known())
    except Exception:  # the minute's recovery will do it
        log.exception("what was left half done could not be taken over")

"""The worker process: runs queued jobs and the minute schedules of all rooms."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from pathlib import Path

from toancanh.intake import recovery
from toancanh.intake.landing import UNFINISHED
from toancanh.intake.models import Delivery
from toancanh.jobs.queue import queue

log = logging.getLogger(__name__)
NICE = 5  # of 19, as nice(1) counts: about a quarter of a busy processor
SWITCH = 0.0005  # seconds after which a computing thread is asked to let another one on
HANDS = 4  # threads: what lands and what follows it of two busy datasets, or one of them and what happens by the clock


def run() -> int:
    """Work until SIGTERM or SIGINT; the job at hand is finished first."""
    from toancanh.site import schedule  # noqa: F401  (registers jobs and schedules)

    _give_way()
    _take_over()
    consumer = queue.create_consumer(workers=HANDS, periodic=True, initial_delay=0.02, max_delay=0.1, backoff=1.15)
    with contextlib.suppress(SystemExit):
        consumer.run()
    return 0


def _give_way() -> None:
    """Pages and doors get the processors first: what was acknowledged can be landed and computed a little later. Within the
    worker a thread that asks the database need not wait long for one that computes: others may wait for its transaction."""
    os.nice(NICE)
    if os.getsid(0) == os.getpid():  # where the system divides its time by session first, the worker's own session too
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICE))
    sys.setswitchinterval(SWITCH)


def _take_over() -> None:
    """What the worker before us held when it fell is done at once, not when its claim runs out minutes later."""
    try:
        Delivery.objects.filter(state__in=UNFINISHED).exclude(claimed_until=None).update(claimed_until=None)
        recovery.recover(since=recovery.last_known())
    except Exception:  # the minute's recovery will do it
        log.exception("what was left half done could not be taken over")

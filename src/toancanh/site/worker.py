"""The worker process: runs queued jobs and the minute schedules of all rooms."""

from __future__ import annotations

import contextlib

from toancanh.jobs.queue import queue


def run() -> int:
    """Work until SIGTERM or SIGINT; the job at hand is finished first."""
    from toancanh.site import schedule  # noqa: F401  (registers jobs and schedules)

    consumer = queue.create_consumer(workers=1, periodic=True, initial_delay=0.02, max_delay=0.1, backoff=1.15)
    with contextlib.suppress(SystemExit):
        consumer.run()
    return 0

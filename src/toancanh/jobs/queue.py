"""The one job queue: huey behind three verbs (`job`, `enqueue`, `every`), so that another library can take its place.

Jobs are stored in a SQLite file of their own in the data folder; in tests they run at once.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings


def _bare_huey() -> Any:
    """huey without its storage on PostgreSQL, which is not used here: a driver that nobody else has loaded yet would cost every
    process a tenth of a second and ten megabytes."""
    unwanted = "psycopg" not in sys.modules
    if unwanted:
        sys.modules["psycopg"] = None  # type: ignore[assignment]  # huey takes it as not installed
    try:
        import huey
    finally:
        if unwanted:
            del sys.modules["psycopg"]
    return huey


_huey = _bare_huey()


def _queue() -> Any:
    if settings.JOBS_IMMEDIATE:
        return _huey.MemoryHuey("toancanh", immediate=True, utc=True)
    return _huey.SqliteHuey("toancanh", filename=str(settings.DATA / "jobs.sqlite3"), fsync=False, timeout=20)


queue = _queue()


def job(function: Callable[..., None], *, retries: int = 3, retry_delay: int = 2, first: bool = False) -> Any:
    """Make `function` a job; `first` goes before all others that wait. Jobs must be idempotent: after a crash they run again, and
    two of them may run side by side."""
    name = f"{function.__module__}.{function.__name__}"
    return queue.task(retries=retries, retry_delay=retry_delay, name=name, priority=int(first))(function)


def enqueue(task: Any, *arguments: object, after_seconds: float | None = None) -> None:
    """Hand `task` to the workers, now or later. Arguments are plain values."""
    if after_seconds is None:
        task(*arguments)
    else:
        task.schedule(args=arguments, delay=after_seconds)


def every(function: Callable[[], None], *, minutes: int = 1) -> Any:
    """Run `function` every so many minutes in one worker; while it is still at it the next time is left out."""
    at_it = threading.Lock()

    def once() -> None:
        if at_it.acquire(blocking=False):
            try:
                function()
            finally:
                at_it.release()

    name = f"{function.__module__}.{function.__name__}"
    return queue.periodic_task(_huey.crontab(minute=f"*/{minutes}"), name=name)(once)

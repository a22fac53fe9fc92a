"""Notes what changed. The stream tells the browsers; they ask again through the normal pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from toancanh.jobs.disk import not_waiting
from toancanh.live.models import Change

KEPT = timedelta(hours=1)
_IN_TURN = 0x6C697665  # "live": the lock under which numbers are given out


def note(keys: Iterable[str]) -> None:
    """Put `keys` ("thing@scope") on the stream, each once. Numbers become visible in their order: the stream's reader goes on
    from the newest that it saw, and would never look back for a smaller one."""
    with not_waiting(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IN_TURN])
        Change.objects.bulk_create([Change(key=key) for key in dict.fromkeys(keys)], batch_size=500)


def note_indicators(moved: Iterable[str]) -> None:
    """Put moved cells ("indicator:unit key") on the stream: once for the unit and once for everywhere ("*")."""
    keys: dict[str, None] = {}
    for each in moved:
        indicator, _, unit = each.partition(":")
        keys[f"{indicator}@{unit}"] = None
        keys[f"{indicator}@*"] = None
    note(keys)


def forget_old() -> None:
    """Drop changes older than an hour."""
    Change.objects.filter(at__lt=timezone.now() - KEPT).delete()

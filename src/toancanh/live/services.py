"""Notes what changed. The stream tells the browsers; they ask again through the normal pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from toancanh.live.models import Change

KEPT = timedelta(hours=1)


def note(keys: Iterable[str]) -> None:
    """Put `keys` ("thing@scope") on the stream, each once."""
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

"""Reads of the change list, for the one reader that serves all streams."""

from __future__ import annotations

from django.db import close_old_connections
from django.db.models import Max

from toancanh.live.models import Change

MOST = 20_000


def newest() -> int:
    """The number of the latest change, 0 when there is none."""
    return Change.objects.aggregate(top=Max("id"))["top"] or 0


def changes_after(number: int) -> list[tuple[int, str]]:
    """(number, key) of every change after `number`, oldest first."""
    close_old_connections()
    return list(Change.objects.filter(id__gt=number).order_by("id").values_list("id", "key")[:MOST])

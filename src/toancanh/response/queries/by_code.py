"""Reads for the doors that name a record by its number: the command line and the API."""

from __future__ import annotations

from typing import Any

from toancanh.people.permissions import Actor
from toancanh.response import changes, clocks, policy
from toancanh.response.models import Kind, Work


def find(actor: Actor, kind: Kind, code: str) -> Work:
    """The record with this number. Raises `Problem` (404) when it is not there or not for this actor."""
    found = _rows(actor, kind).filter(code=code.strip().upper()[:24]).first()
    if found is None:
        raise policy.unseen(changes.WHAT[kind])
    return found


def newest(actor: Actor, kind: Kind, *, state: str = "", before: str = "", most: int = 50) -> list[Any]:
    """Records that the actor may see, the newest first; `before` is the number of the last one that was read."""
    rows = _rows(actor, kind)
    if state:
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(pk__lt=clocks.MODELS[kind]._default_manager.filter(code=before).values("pk"))
    return list(rows.order_by("-pk")[:most])


def _rows(actor: Actor, kind: Kind) -> Any:
    return policy.visible(clocks.MODELS[kind]._default_manager.select_related("unit", "lead"), actor)

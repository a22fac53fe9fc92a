"""Reads for the doors that name a record by its number: the command line and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from toancanh.people.permissions import Actor, reach
from toancanh.response import changes, clocks, policy
from toancanh.response.models import Kind
from toancanh.units.models import Unit

OPEN = "open"  # as a state: every state before the end
_LOADED = {
    Kind.INCIDENT: ("unit", "lead"), Kind.DIRECTIVE: ("unit", "lead", "incident"),
    Kind.TASK: ("unit", "lead", "directive", "incident", "parent"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which records: in a state ("": any, "open": not ended), led by an agency or what is below it, due by a moment, overdue now;
    `before` is the row that the page before ended with."""

    state: str = ""
    lead: Unit | None = None
    due_until: datetime | None = None
    overdue: bool = False
    before: int | None = None


def find(actor: Actor, kind: Kind, code: str) -> Any:
    """The record with this number. Raises `Problem` (404) when it is not there or not for this actor."""
    found = _rows(actor, kind).filter(code=code.strip().upper()[:24]).first()
    if found is None:
        raise policy.unseen(changes.WHAT[kind])
    return found


def subjects(code: str) -> list[str]:
    """As what the audit record knows the records with this number ("incident:7"); who may read the record is decided there."""
    return [
        f"{kind}:{pk}"
        for kind, model in clocks.MODELS.items()
        for pk in model._default_manager.filter(code=code).values_list("pk", flat=True)
    ]


def newest(actor: Actor, kind: Kind, sought: Sought, most: int = 50) -> list[Any]:
    """Records that the actor may see, the newest first."""
    return list(_rows(actor, kind).filter(_limits(sought)).order_by("-pk")[:most])


def _limits(sought: Sought) -> Q:
    limits = Q()
    if sought.state:
        limits &= Q(closed_at=None) if sought.state == OPEN else Q(state=sought.state)
    if sought.lead is not None:
        limits &= Q(lead__in=reach(sought.lead).ids)
    if sought.due_until is not None:
        limits &= Q(due_at__lte=sought.due_until)
    if sought.overdue:  # the clock of work that was handed in or is paused does not run
        limits &= Q(closed_at=None, next_due_at__lt=timezone.now())
    return limits & Q(pk__lt=sought.before) if sought.before is not None else limits


def _rows(actor: Actor, kind: Kind) -> Any:
    return policy.visible(clocks.MODELS[kind]._default_manager.select_related(*_LOADED[kind]), actor)

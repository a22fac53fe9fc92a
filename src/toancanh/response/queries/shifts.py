"""Reads of the duty desk's shifts: the one that runs, its log and figures, and what it has to hand over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from toancanh.people.permissions import Actor
from toancanh.people.policy import require
from toancanh.people.roles import Action
from toancanh.response import policy
from toancanh.response.models import OPEN_INCIDENT, Incident, Shift
from toancanh.response.services.shifts import POST

USUAL_SHIFT = timedelta(hours=8)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """Since when; how many came in, how many of these were taken and routed; how long they waited on average to be taken."""

    since: datetime
    received: int
    taken: int
    routed: int
    waited: timedelta | None


def running(post: str = POST) -> Shift | None:
    """The shift that runs at a post."""
    return Shift.objects.filter(post=post, ended_at=None).select_related("begun_by").first()


def past(actor: Actor, post: str = POST) -> list[Shift]:
    """The shifts before, newest first."""
    require(actor, Action.DIRECT)
    return list(Shift.objects.filter(post=post).exclude(ended_at=None).select_related("begun_by", "taken_by")[:SHOWN])


def figures(actor: Actor, shift: Shift | None) -> ShiftFigures:
    """What came to the desk during the shift (the last eight hours when none runs)."""
    since = shift.begun_at if shift else timezone.now() - USUAL_SHIFT
    rows = policy.visible_incidents(Incident.objects.filter(opened_at__gte=since), actor)
    found = rows.aggregate(
        received=Count("id"), taken=Count("acknowledged_at"), routed=Count("id", filter=Q(lead__isnull=False)),
        waited=Avg(F("acknowledged_at") - F("opened_at")),
    )  # fmt: skip
    return ShiftFigures(since, **found)


def handed(actor: Actor, shift: Shift) -> list[Incident]:
    """The incidents that were handed over with a shift, as far as the actor may see them."""
    rows = policy.visible_incidents(Incident.objects.filter(code__in=shift.open_items).select_related("unit"), actor)
    return list(rows.order_by("next_due_at", "id"))


def to_hand_over(actor: Actor) -> list[Incident]:
    """The open incidents that a shift would hand over: taken by the actor, new, or overdue, the next deadline first."""
    rows = policy.visible_incidents(Incident.objects.filter(OPEN_INCIDENT).select_related("unit"), actor)
    mine = Q(taken_by__username=actor.label) | Q(state="new") | Q(next_due_at__lt=timezone.now())
    return list(rows.filter(mine).order_by("next_due_at", "id")[:100])

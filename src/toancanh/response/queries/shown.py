"""What other rooms show of work: the incidents that burn, for a wall or a page. A wall sees what its scenes show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from toancanh.kernel.contracts import Severity
from toancanh.people.actors import WallActor
from toancanh.people.permissions import Actor
from toancanh.response import policy
from toancanh.response.handling.kinds import SEVERITIES
from toancanh.response.models import OPEN_INCIDENT, OPEN_TASK, Incident, Task

_ORDER = [each.value for each in SEVERITIES]
_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Burning:
    """The most urgent open incidents, and how many are open and overdue in all."""

    rows: tuple[Incident, ...]
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Load:
    """The open tasks of one agency."""

    agency: str
    key: str
    late: int
    soon: int
    in_time: int


def burning(actor: Actor, now: datetime, places: Collection[int] | None = None, most: int = 5) -> Burning:
    """Open incidents (of the units `places`, None = everywhere): the graver first, then the earlier deadline."""
    rows = _incidents(actor).filter(OPEN_INCIDENT)
    if places is not None:
        rows = rows.filter(unit__in=places)
    counted = rows.aggregate(total=Count("id"), late=Count("id", filter=Q(next_due_at__lt=now)))
    near = list(rows.select_related("unit").order_by(F("next_due_at").asc(nulls_last=True), "id")[:_LOOKED_AT])
    grave = rows.filter(severity=Severity.URGENT).select_related("unit").order_by("-id")[:most] if counted["total"] else ()
    found = {each.pk: each for each in (*grave, *near)}
    ordered = sorted(found.values(), key=lambda each: (_ORDER.index(each.severity), each.next_due_at or now, each.pk))
    return Burning(tuple(ordered[:most]), counted["total"], counted["late"])


def unanswered() -> Incident | None:
    """The urgent incident that nobody has acknowledged for longest: the one that has the walls."""
    waiting = Incident.objects.filter(OPEN_INCIDENT, severity=Severity.URGENT, acknowledged_at=None)
    return waiting.select_related("unit", "lead").order_by("opened_at", "id").first()


def gravest(actor: Actor) -> Incident | None:
    """The newest urgent incident that is open, of those that may be shown to this actor."""
    rows = _incidents(actor).filter(OPEN_INCIDENT, severity=Severity.URGENT)
    return rows.select_related("unit", "taken_by").order_by("-id").first()


def shown(actor: Actor, pk: int) -> Incident | None:
    """An incident that may be shown to this actor; None when it may not."""
    return _incidents(actor).filter(pk=pk).select_related("unit", "lead", "taken_by").first()


def loads(actor: Actor, now: datetime, soon: datetime, most: int = 5) -> list[Load]:
    """Open tasks by lead agency: overdue, due before `soon`, later; the agency with most overdue ones first."""
    rows = Task.objects.all() if isinstance(actor, WallActor) else policy.visible_tasks(Task.objects.all(), actor)
    found = (
        rows.filter(OPEN_TASK, lead__isnull=False)
        .values("lead__full_name", "lead__key")
        .annotate(
            late=Count("id", filter=Q(due_at__lt=now)), soon=Count("id", filter=Q(due_at__gte=now, due_at__lt=soon)),
            all=Count("id"),
        )
        .order_by("-late", "-soon", "-all", "lead__full_name")[:most]
    )  # fmt: skip
    return [
        Load(each["lead__full_name"], each["lead__key"], each["late"], each["soon"], each["all"] - each["late"] - each["soon"])
        for each in found
    ]


def _incidents(actor: Actor) -> QuerySet[Incident]:
    return Incident.objects.all() if isinstance(actor, WallActor) else policy.visible_incidents(Incident.objects.all(), actor)

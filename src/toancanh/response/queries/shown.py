"""What other rooms show of work: the incidents that burn, for a wall or a page. A wall sees what its scenes show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.people.actors import WallActor
from toancanh.people.permissions import Actor
from toancanh.response import policy
from toancanh.response.handling.kinds import SEVERITIES
from toancanh.response.models import OPEN_DIRECTIVE, OPEN_INCIDENT, OPEN_TASK, Directive, Incident, Task
from toancanh.response.queries.work import waits_for
from toancanh.response.states import IncidentState

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
    """The open directives and tasks of one agency; `oldest` is the deadline of the one that is overdue for longest."""

    agency: Text
    key: str
    late: int
    soon: int
    in_time: int
    oldest: datetime | None = None


def burning(actor: Actor, now: datetime, places: Collection[int] | None = None, most: int = 5) -> Burning:
    """Open incidents (of the units `places`, None = everywhere): the graver first, then the earlier deadline."""
    rows = _incidents(actor).filter(OPEN_INCIDENT)
    if places is not None:
        rows = rows.filter(unit__in=places)
    near = list(rows.select_related("unit", "taken_by").order_by(F("next_due_at").asc(nulls_last=True), "id")[:_LOOKED_AT])
    total, late = len(near), sum(bool(each.next_due_at and each.next_due_at < now) for each in near)
    grave: tuple[Incident, ...] = ()
    if total == _LOOKED_AT:
        counted = rows.aggregate(total=Count("id"), late=Count("id", filter=Q(next_due_at__lt=now)))
        total, late = counted["total"], counted["late"]
        grave = tuple(rows.filter(severity=Severity.URGENT).select_related("unit", "taken_by").order_by("-id")[:most])
    found = {each.pk: each for each in (*grave, *near)}
    ordered = sorted(found.values(), key=lambda each: (_ORDER.index(each.severity), each.next_due_at or now, each.pk))
    return Burning(tuple(ordered[:most]), total, late)


def unanswered() -> Incident | None:
    """The urgent incident that nobody has acknowledged for longest: the one that has the walls."""
    waiting = Incident.objects.filter(OPEN_INCIDENT, severity=Severity.URGENT, acknowledged_at=None)
    return waiting.select_related("unit", "lead").order_by("opened_at", "id").first()


def shown(actor: Actor, pk: int) -> Incident | None:
    """An incident that may be shown to this actor; None when it may not."""
    return _incidents(actor).filter(pk=pk).select_related("unit", "lead", "taken_by").first()


def loads(actor: Actor, now: datetime, soon: datetime, most: int = 5) -> list[Load]:
    """Open directives and tasks by lead agency: overdue, due before `soon`, later; the agency with most overdue ones first. As on
    the board, the clock of work that was handed in or is paused does not run."""
    of: dict[str, Load] = {}
    for each in (row for rows in _work(actor) for row in _loads(rows, now, soon)):
        known = of.get(each.key, each)
        of[each.key] = each if known is each else _together(known, each)
    return sorted(of.values(), key=lambda each: (-each.late, -each.soon, -each.in_time, each.agency.vi))[:most]


def _loads(rows: QuerySet[Any], now: datetime, soon: datetime) -> list[Load]:
    late = Q(next_due_at__lt=now)
    near = Q(next_due_at__gte=now, next_due_at__lt=soon)
    found = rows.filter(lead__isnull=False).order_by().values_list("lead__full_name", "lead__name_en", "lead__key")
    counted = found.annotate(
        over=Count("id", filter=late), near=Count("id", filter=near), every=Count("id"), oldest=Min("due_at", filter=late)
    )  # fmt: skip
    return [
        Load(Text(name, english or name), key, over, near, every - over - near, oldest)
        for name, english, key, over, near, every, oldest in counted
    ]


def _together(one: Load, other: Load) -> Load:
    oldest = min((each.oldest for each in (one, other) if each.oldest), default=None)
    return replace(
        one, late=one.late + other.late, soon=one.soon + other.soon, in_time=one.in_time + other.in_time, oldest=oldest
    )  # fmt: skip


def _work(actor: Actor) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The open directives and tasks that are shown to this actor."""
    directives, tasks = Directive.objects.filter(OPEN_DIRECTIVE), Task.objects.filter(OPEN_TASK)
    if isinstance(actor, WallActor):
        return directives, tasks
    return policy.visible_directives(directives, actor), policy.visible_tasks(tasks, actor)


@dataclass(frozen=True, slots=True)
class Open:
    """How many incidents, and how many directives and tasks together, are open; of them, incidents that nobody has taken and
    work that waits for whoever asks."""

    incidents: int
    work: int
    free: int
    waiting: int


def open_counts(actor: Actor) -> Open:
    """What the side bar and the phone's tabs count; one statement for each kind."""
    free = Count("id", filter=Q(state=IncidentState.NEW))
    incidents = _incidents(actor).filter(OPEN_INCIDENT).aggregate(every=Count("id"), free=free)
    work = [rows.aggregate(every=Count("id"), mine=Count("id", filter=waits_for(rows, actor))) for rows in _work(actor)]
    return Open(
        incidents["every"], sum(each["every"] for each in work), incidents["free"], sum(each["mine"] for each in work)
    )  # fmt: skip


def _incidents(actor: Actor) -> QuerySet[Incident]:
    return Incident.objects.all() if isinstance(actor, WallActor) else policy.visible_incidents(Incident.objects.all(), actor)

"""Reads of directives and tasks: one record, the board of all of them, and what is open about an indicator or at an agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from toancanh.kernel.text import Text
from toancanh.people.models import User
from toancanh.people.permissions import Actor, reach
from toancanh.people.roles import Action
from toancanh.response import changes, clocks, policy, timeline
from toancanh.response.directing.orders import refused
from toancanh.response.models import OPEN_DIRECTIVE, OPEN_TASK, Directive, Entry, Evidence, Extension, Kind, Task, Work
from toancanh.units.models import Unit

PAGE = 50
SOON = timedelta(hours=48)
_AWAITED = Q(state__in=("reported", "watching", "proposed"))
_LOADED = ("lead", "unit")


class Show(StrEnum):
    """The lists of the board."""

    OPEN = "open"
    MINE = "mine"
    AGENCY = "agency"
    OVERDUE = "overdue"
    SOON = "soon"
    AWAITED = "awaited"  # reported: somebody has to look at it
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the board shows: a list, and an agency and a field ("" and None: any)."""

    show: Show = Show.OPEN
    agency: Unit | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a record in a list: how many files, and whether more time is asked for."""

    files: int = 0
    asked: bool = False


def directive(actor: Actor, pk: int) -> Directive:
    """One directive. Raises `Problem` (404)."""
    rows = Directive.objects.select_related("lead", "unit", "issued_by", "incident")
    found = policy.visible_directives(rows.filter(pk=pk), actor).first()
    if found is None:
        raise policy.unseen(changes.WHAT[Kind.DIRECTIVE])
    return found


def task(actor: Actor, pk: int) -> Task:
    """One task. Raises `Problem` (404)."""
    rows = Task.objects.select_related("lead", "unit", "assignee", "directive", "incident", "parent")
    found = policy.visible_tasks(rows.filter(pk=pk), actor).first()
    if found is None:
        raise policy.unseen(changes.WHAT[Kind.TASK])
    return found


def task_of_code(actor: Actor, code: str) -> Task:
    """The task with this number. Raises `Problem` (422) when the actor sees none."""
    found = policy.visible_tasks(Task.objects.filter(code=code.strip().upper()[:24]), actor).first()
    if found is None:
        raise refused(
            "unknown-task", "Nhập mã của nhiệm vụ cha, ví dụ NV-2026-00012.", "Give the number of the parent, as NV-2026-00012."
        )
    return found


def evidence(actor: Actor, pk: int) -> Evidence:
    """One file of a record that the actor may see. Raises `Problem` (404)."""
    found = Evidence.objects.filter(pk=pk).first()
    model: Any = clocks.MODELS[found.kind] if found else None
    if found is None or not policy.visible(model.objects.filter(pk=found.subject), actor).exists():
        raise policy.unseen(Text("tệp này", "file"))
    return found


def extension(actor: Actor, pk: int) -> Extension:
    """One request for more time of a record that the actor may see. Raises `Problem` (404)."""
    found = Extension.objects.filter(pk=pk).first()
    model: Any = clocks.MODELS[found.kind] if found else None
    if found is None or not policy.visible(model.objects.filter(pk=found.subject), actor).exists():
        raise policy.unseen(Text("đề nghị gia hạn", "extension"))
    return found


def board(actor: Actor, filters: Filters, page: int = 1) -> list[Directive | Task]:
    """A page of directives and tasks together by deadline (one more than `PAGE` when there are more)."""
    until = page * PAGE + 1
    newest = filters.show is Show.DONE
    order = ("-closed_at", "-id") if newest else ("due_at", "id")
    found: list[Directive | Task] = []
    for rows in _both(actor):
        found.extend(_listed(rows, filters, actor).select_related(*_LOADED).order_by(*order)[:until])
    found.sort(key=lambda each: (each.closed_at if newest else each.due_at) or timezone.now(), reverse=newest)
    return list(islice(found, (page - 1) * PAGE, until))


def counts(actor: Actor, filters: Filters) -> dict[Show, int]:
    """How many records each list has, under the same agency and field; one statement for each kind."""
    lists = [each for each in Show if each is not Show.DONE]
    total: dict[Show, int] = defaultdict(int)
    for rows in _both(actor):
        limited = _limited(rows, filters)
        asked = {each.value: Count("pk", filter=_list(rows, each, actor)) for each in lists}
        for name, number in limited.order_by().aggregate(**asked).items():
            total[Show(name)] += number
    return total


def overdue_by_agency(actor: Actor, filters: Filters) -> list[tuple[Unit, int]]:
    """The agencies with overdue work under the filters, the worst first."""
    found: dict[int, int] = defaultdict(int)
    for rows in _both(actor):
        late = _limited(rows, filters).filter(_list(rows, Show.OVERDUE, actor))
        for lead, number in late.order_by().values_list("lead").annotate(Count("pk")):
            found[lead] += number
    known = Unit.objects.in_bulk(found)
    return sorted(((known[pk], number) for pk, number in found.items()), key=lambda pair: (-pair[1], pair[0].order_key))


def beside(records: Iterable[Directive | Task]) -> dict[tuple[str, int], Beside]:
    """What stands beside each record of a list, by kind and id; two statements."""
    wanted = [(changes.kind_of(each).value, each.pk) for each in records]
    of = Q(pk__in=())
    for kind in {kind for kind, _ in wanted}:
        of |= Q(kind=kind, subject__in=[pk for one, pk in wanted if one == kind])
    files = {(kind, pk): number for kind, pk, number in
             Evidence.objects.filter(of).order_by().values_list("kind", "subject").annotate(Count("pk"))}  # fmt: skip
    asked = set(Extension.objects.filter(of, state="asked").values_list("kind", "subject"))
    return {each: Beside(files.get(each, 0), each in asked) for each in wanted}


def open_about(actor: Actor, indicator: str, unit: Unit | None = None) -> list[Directive]:
    """The open directives about an indicator (of one unit), by deadline."""
    rows = _directives(actor).filter(OPEN_DIRECTIVE, indicator=indicator)
    return list((rows.filter(unit=unit) if unit else rows).select_related(*_LOADED).order_by("due_at", "id")[:20])


def open_at(actor: Actor, agency: Unit, most: int = 20) -> list[Directive | Task]:
    """The open work that an agency leads, by deadline."""
    filters = Filters(Show.OPEN, agency)
    return board(actor, filters)[:most]


def soonest(actor: Actor, most: int = 4) -> list[Directive | Task]:
    """The open work whose deadline runs out first; what is paused or handed in has no clock that runs."""
    found: list[Directive | Task] = []
    for rows in _both(actor):
        running = _listed(rows, Filters(), actor).filter(due_at__isnull=False, next_due_at__isnull=False)
        found.extend(running.select_related("lead").order_by("due_at", "id")[:most])
    return sorted(found, key=lambda each: (each.due_at or each.opened_at, each.pk))[:most]


def overdue_at(actor: Actor, agency: Unit) -> int:
    """How much of an agency's work is overdue."""
    return sum(_listed(rows, Filters(Show.OVERDUE, agency), actor).count() for rows in _both(actor))


def waits_for(rows: QuerySet[Any], actor: Actor) -> Q:
    """Which open rows wait for the actor: what was reported waits for who issues or assigns, the rest for the agency at work."""
    if actor.can(Action.DIRECT):
        return _list(rows, Show.AWAITED, actor)
    return (_list(rows, Show.AGENCY, actor) | _list(rows, Show.MINE, actor)) & ~_AWAITED


def deadlines_of(user: User) -> list[Directive | Task]:
    """The open work with a deadline that is this person's: assigned, issued, or led by the person's agency."""
    found: list[Directive | Task] = []
    for rows in _both(user):
        mine = _list(rows, Show.MINE, user) | _list(rows, Show.AGENCY, user)
        found.extend(rows.filter(mine, due_at__isnull=False).exclude(_AWAITED).select_related(*_LOADED)[:500])
    return sorted(found, key=lambda each: each.due_at or timezone.now())


def parts(actor: Actor, whole: Directive | Task) -> list[Task]:
    """The tasks directly under a directive or a task, as far as the actor may see them."""
    rows = Task.objects.filter(parent=whole) if isinstance(whole, Task) else Task.objects.filter(directive=whole, parent=None)
    return list(policy.visible_tasks(rows, actor).select_related(*_LOADED).order_by("due_at", "id"))


def entries(record: Directive | Task, most: int = 200) -> list[Entry]:
    """The timeline, newest first."""
    return list(timeline.of(changes.kind_of(record), record.pk).order_by("-id")[:most])


def files(record: Directive | Task) -> list[Evidence]:
    """The evidence, oldest first."""
    return list(Evidence.objects.filter(kind=changes.kind_of(record), subject=record.pk))


def extensions(record: Directive | Task) -> list[Extension]:
    """Every request for more time, oldest first."""
    return list(Extension.objects.filter(kind=changes.kind_of(record), subject=record.pk))


def done_by(actor: Actor, record: Work, acts: Sequence[str], version: int) -> bool:
    """Whether this actor did one of `acts` on the record as it was in `version`: the same form, sent again."""
    known = timeline.of(changes.kind_of(record), record.pk).filter(actor=actor.label, act__in=acts)
    return known.filter(data__version=version + 1).exists()


def _both(actor: Actor) -> tuple[QuerySet[Any], QuerySet[Any]]:
    return _directives(actor), _tasks(actor)


def _directives(actor: Actor) -> QuerySet[Directive]:
    return policy.visible_directives(Directive.objects.all(), actor)


def _tasks(actor: Actor) -> QuerySet[Task]:
    return policy.visible_tasks(Task.objects.all(), actor)


def _limited(rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    if filters.agency is not None:
        rows = rows.filter(lead__in=reach(filters.agency).ids)
    return rows.filter(field=filters.field) if filters.field else rows


def _listed(rows: QuerySet[Any], filters: Filters, actor: Actor) -> QuerySet[Any]:
    return _limited(rows, filters).filter(_list(rows, filters.show, actor))


def _list(rows: QuerySet[Any], show: Show, actor: Actor) -> Q:
    """Which rows belong to a list. The clock of work that was handed in or is paused does not run: it is not overdue."""
    is_open = OPEN_DIRECTIVE if rows.model is Directive else OPEN_TASK
    now: datetime = timezone.now()
    if show is Show.DONE:
        return ~is_open
    if show is Show.OVERDUE:
        return is_open & Q(next_due_at__lt=now)
    if show is Show.SOON:
        return is_open & Q(next_due_at__gte=now, next_due_at__lt=now + SOON)
    if show is Show.AWAITED:
        return _AWAITED & is_open
    if show is Show.MINE:
        own = Q(issued_by__username=actor.label) if rows.model is Directive else Q(assignee__username=actor.label)
        return is_open & (own | Q(opened_by=actor.label))
    if show is Show.AGENCY:
        agency = getattr(actor, "agency", None)
        if agency is None:
            return Q(pk__in=())
        theirs = rows.model._default_manager.filter(policy.has_work(reach(agency).ids))
        return is_open & Q(pk__in=theirs.values("pk"))
    return is_open

"""GET /incidents, /directives, /tasks, and their moves: the same table of moves as on the pages and at the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from toancanh.api import shapes_of_work as shapes
from toancanh.api import versions
from toancanh.api.access import asking
from toancanh.api.pages import aware
from toancanh.api.schemas import REFUSED
from toancanh.api.versions import IfMatch
from toancanh.kernel.cursors import cursor_of, place_of
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed
from toancanh.people.roles import Action, Role
from toancanh.response import changes, policy, timeline
from toancanh.response.directing.clarity import Clear
from toancanh.response.models import Directive, Entry, Incident, Kind, Task, Work
from toancanh.response.queries import by_code
from toancanh.response.queries import work as queries
from toancanh.response.services import incidents, moves, tasks
from toancanh.units import queries as units

router = Router(tags=["work"])


@router.get("/incidents", response={200: shapes.IncidentPage, **REFUSED}, summary="Incidents, the newest first")
def list_incidents(request: HttpRequest, asked: Query[shapes.IncidentFilters]) -> shapes.IncidentPage:
    """The incidents that the asker may see. A cursor holds its place while new ones come."""
    items, following = _listed(asking(request), Kind.INCIDENT, asked)
    return shapes.IncidentPage(items=[shapes.IncidentOut(**row(each)) for each in items], next=following)


@router.get("/directives", response={200: shapes.DirectivePage, **REFUSED}, summary="Directives, the newest first")
def list_directives(request: HttpRequest, asked: Query[shapes.DirectiveFilters]) -> shapes.DirectivePage:
    """The directives that the asker may see. A cursor holds its place while new ones come."""
    items, following = _listed(asking(request), Kind.DIRECTIVE, asked)
    return shapes.DirectivePage(items=[shapes.DirectiveOut(**row(each)) for each in items], next=following)


@router.get("/tasks", response={200: shapes.TaskPage, **REFUSED}, summary="Tasks, the newest first")
def list_tasks(request: HttpRequest, asked: Query[shapes.TaskFilters]) -> shapes.TaskPage:
    """The tasks that the asker may see. A cursor holds its place while new ones come."""
    items, following = _listed(asking(request), Kind.TASK, asked)
    return shapes.TaskPage(items=[shapes.TaskOut(**row(each)) for each in items], next=following)


@router.get("/incidents/{code}", response={200: shapes.OneIncidentOut, **REFUSED}, summary="One incident and its possible moves")
def one_incident(request: HttpRequest, response: HttpResponse, code: str) -> shapes.OneIncidentOut:
    """404 also for one that the asker may not see. Who reported it is not told here."""
    return shapes.OneIncidentOut(**_found(request, response, Kind.INCIDENT, code))


@router.get("/directives/{code}", response={200: shapes.OneDirectiveOut, **REFUSED}, summary="One directive and its moves")
def one_directive(request: HttpRequest, response: HttpResponse, code: str) -> shapes.OneDirectiveOut:
    """404 also for one that the asker may not see."""
    return shapes.OneDirectiveOut(**_found(request, response, Kind.DIRECTIVE, code))


@router.get("/tasks/{code}", response={200: shapes.OneTaskOut, **REFUSED}, summary="One task and its possible moves")
def one_task(request: HttpRequest, response: HttpResponse, code: str) -> shapes.OneTaskOut:
    """404 also for one that the asker may not see."""
    return shapes.OneTaskOut(**_found(request, response, Kind.TASK, code))


@router.post("/incidents/{code}/moves", response={200: shapes.OneIncidentOut, **shapes.MOVED}, summary="Move an incident")
def move_incident(
    request: HttpRequest, response: HttpResponse, code: str, body: shapes.IncidentMoveIn, if_match: IfMatch = None
) -> shapes.OneIncidentOut:
    """409 for what is no move of its state, 403 for another's move. The same move against the same version is made once."""

    def said(version: int | None) -> moves.Said:
        lead = units.by_key(body.lead) if body.lead else None
        supporting = tuple(units.by_key(each) for each in body.supporting)
        return moves.Said(words=body.words, version=version, lead=lead, supporting=supporting, into=body.into)

    actor = asking(request)
    version = versions.looked_at(if_match)
    held = _made(actor, by_code.find(actor, Kind.INCIDENT, code), body.verb, said(version))
    return shapes.OneIncidentOut(**_shown(response, actor, held))


@router.post("/directives/{code}/moves", response={200: shapes.OneDirectiveOut, **shapes.MOVED}, summary="Move a directive")
def move_directive(
    request: HttpRequest, response: HttpResponse, code: str, body: shapes.DirectiveMoveIn, if_match: IfMatch = None
) -> shapes.OneDirectiveOut:
    """409 for what is no move of its state, 403 for another's move. The same move against the same version is made once."""
    actor = asking(request)
    said = moves.Said(
        words=body.words, version=versions.looked_at(if_match), overdue_reason=body.overdue_reason, deadline=aware(body.due_at),
        clear=Clear(body.person, body.result, body.responsibility),
    )  # fmt: skip
    held = _made(actor, by_code.find(actor, Kind.DIRECTIVE, code), body.verb, said)
    return shapes.OneDirectiveOut(**_shown(response, actor, held))


@router.post("/tasks/{code}/moves", response={200: shapes.OneTaskOut, **shapes.MOVED}, summary="Move a task")
def move_task(
    request: HttpRequest, response: HttpResponse, code: str, body: shapes.TaskMoveIn, if_match: IfMatch = None
) -> shapes.OneTaskOut:
    """409 for what is no move of its state, 403 for another's move. The same move against the same version is made once."""
    actor = asking(request)
    version, deadline = versions.looked_at(if_match), aware(body.due_at)
    said = moves.Said(words=body.words, version=version, overdue_reason=body.overdue_reason, deadline=deadline)
    held = _made(actor, by_code.find(actor, Kind.TASK, code), body.verb, said)
    return shapes.OneTaskOut(**_shown(response, actor, held))


@router.post("/tasks/{code}/progress", response={200: shapes.OneTaskOut, **shapes.MOVED}, summary="Say how far a task is")
def tell_progress(
    request: HttpRequest, response: HttpResponse, code: str, body: shapes.ProgressIn, if_match: IfMatch = None
) -> shapes.OneTaskOut:
    """By the agency that leads it, while it is being done."""
    actor = asking(request)
    version, task = versions.looked_at(if_match), by_code.find(actor, Kind.TASK, code)
    held = _once(actor, task, "progress", version, partial(tasks.progress, actor, task, body.per_cent, body.words, version))
    return shapes.OneTaskOut(**_shown(response, actor, held))


@router.get("/incidents/{code}/entries", response={200: shapes.EntryPage, **REFUSED}, summary="Its timeline, the newest first")
def list_entries_of_incident(request: HttpRequest, code: str, asked: Query[shapes.EntryFilters]) -> shapes.EntryPage:
    """For who sees the record; a program sees that of the work which its agency leads or supports."""
    return _entries(asking(request), Kind.INCIDENT, code, asked)


@router.get("/directives/{code}/entries", response={200: shapes.EntryPage, **REFUSED}, summary="Its timeline, the newest first")
def list_entries_of_directive(request: HttpRequest, code: str, asked: Query[shapes.EntryFilters]) -> shapes.EntryPage:
    """For who sees the record; a program sees that of the work which its agency leads or supports."""
    return _entries(asking(request), Kind.DIRECTIVE, code, asked)


@router.get("/tasks/{code}/entries", response={200: shapes.EntryPage, **REFUSED}, summary="Its timeline, the newest first")
def list_entries_of_task(request: HttpRequest, code: str, asked: Query[shapes.EntryFilters]) -> shapes.EntryPage:
    """For who sees the record; a program sees that of the work which its agency leads or supports."""
    return _entries(asking(request), Kind.TASK, code, asked)


@router.post("/incidents/{code}/entries", response={201: shapes.EntryOut, **shapes.GIVEN}, summary="A word in the timeline")
def add_entry(request: HttpRequest, code: str, body: shapes.EntryIn, once: shapes.Once) -> Status:
    """By the centre, and by an agency that leads or supports. The same `Idempotency-Key` again answers with the first."""
    actor = asking(request)
    return Status(201, _entry(incidents.note(actor, by_code.find(actor, Kind.INCIDENT, code), body.words, once=once)))


def row(record: Any) -> dict[str, Any]:
    """A record as a list shows it."""
    shared = {
        "code": record.code, "title": record.title, "state": record.state, "severity": record.severity, "field": record.field,
        "unit": record.unit.key if record.unit else None, "lead": record.lead.key if record.lead else None,
        "opened_at": record.opened_at, "due_at": record.due_at, "closed_at": record.closed_at, "late": record.late,
        "version": record.version,
    }  # fmt: skip
    return shared | _OWN[changes.kind_of(record)](record)


def whole(actor: Actor, record: Any) -> dict[str, Any]:
    """A record as it is shown alone: what it says, and which moves `actor` may make now."""
    machine = changes.MACHINES[changes.kind_of(record)]
    possible = () if actor.read_only else machine.possible(record.state, policy.hats(actor, record))
    return row(record) | _TOLD[changes.kind_of(record)](record) | {
        "text": record.text, "supporting": sorted(each.key for each in record.supporting.all()),
        "moves": [
            shapes.MoveOut(verb=each.verb, title=each.title.vi, title_en=each.title.en, reason=each.reason) for each in possible
        ],
    }  # fmt: skip


def _listed(actor: Actor, kind: Kind, asked: Any) -> tuple[Sequence[Any], str | None]:
    sought = by_code.Sought(
        state=asked.state, lead=units.by_key(asked.lead) if asked.lead else None, overdue=asked.overdue,
        due_until=datetime.combine(asked.due, time.max, VIETNAM) if asked.due else None,
        before=place_of(asked.cursor) if asked.cursor else None,
    )  # fmt: skip
    return _page(by_code.newest(actor, kind, sought, asked.limit + 1), asked.limit)


def _entries(actor: Actor, kind: Kind, code: str, asked: shapes.EntryFilters) -> shapes.EntryPage:
    record = by_code.find(actor, kind, code)
    if actor.role == Role.MACHINE and not policy.hats(actor, record):
        raise not_allowed(Action.HANDLE)
    rows = timeline.of(kind, record.pk).order_by("-pk")
    if asked.cursor:
        rows = rows.filter(pk__lt=place_of(asked.cursor))
    items, following = _page(list(rows[: asked.limit + 1]), asked.limit)
    return shapes.EntryPage(items=[_entry(each) for each in items], next=following)


def _page(found: Sequence[Any], limit: int) -> tuple[Sequence[Any], str | None]:
    return found[:limit], cursor_of(found[limit - 1].pk) if len(found) > limit else None


def _found(request: HttpRequest, response: HttpResponse, kind: Kind, code: str) -> dict[str, Any]:
    actor = asking(request)
    return _shown(response, actor, by_code.find(actor, kind, code))


def _shown(response: HttpResponse, actor: Actor, record: Work) -> dict[str, Any]:
    versions.tag(response, record)
    return whole(actor, record)


def _made(actor: Actor, record: Work, verb: str, said: moves.Said) -> Work:
    return _once(actor, record, verb, said.version, partial(moves.make, actor, record, verb, said))


def _once(actor: Actor, record: Work, act: str, version: int | None, made: Any) -> Work:
    """Do it; what this actor did to this version already is answered as it is now, not done again."""
    try:
        done: Work = made()
    except Problem as problem:
        if problem.code == "changed-meanwhile" and version is not None and queries.done_by(actor, record, [act], version):
            found: Work = by_code.find(actor, changes.kind_of(record), record.code)
            return found
        raise versions.as_precondition(problem) from None
    return done


def _code(record: Work | None) -> str | None:
    return record.code if record else None


def _of_directive(record: Directive) -> dict[str, Any]:
    return {"document_number": record.document_number, "indicator": record.indicator, "goal": record.goal,
            "goal_up": record.goal_up, "incident": _code(record.incident)}  # fmt: skip


def _of_task(record: Task) -> dict[str, Any]:
    return {"directive": _code(record.directive), "incident": _code(record.incident), "parent": _code(record.parent),
            "progress": record.progress}  # fmt: skip


def _told_of_incident(record: Incident) -> dict[str, Any]:
    return {"address": record.address, "lat": record.lat, "lon": record.lon}


def _told_of_directive(record: Directive) -> dict[str, Any]:
    return {"person": record.person, "result": record.result, "responsibility": record.responsibility}


_OWN: dict[Kind, Any] = {
    Kind.INCIDENT: lambda record: {"title_en": record.title_en, "kind": record.kind, "origin": record.origin},
    Kind.DIRECTIVE: _of_directive, Kind.TASK: _of_task,
}  # fmt: skip
_TOLD: dict[Kind, Any] = {
    Kind.INCIDENT: _told_of_incident, Kind.DIRECTIVE: _told_of_directive, Kind.TASK: lambda record: {"result": record.result},
}  # fmt: skip


def _entry(each: Entry) -> shapes.EntryOut:
    return shapes.EntryOut(
        id=each.pk, at=each.at, by=each.actor_name or each.actor, act=each.act, words=each.words_vi, words_en=each.words_en,
        decision=each.decision,
    )  # fmt: skip

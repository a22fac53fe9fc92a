"""POST /incidents, /directives, /tasks: how another system or a person reports something, and how people give work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status

from toancanh.api import shapes_of_work as shapes
from toancanh.api import versions
from toancanh.api.access import asking, source_asking
from toancanh.api.pages import aware
from toancanh.api.schemas import REFUSED
from toancanh.api.work import router, row, whole
from toancanh.people.actors import MachineActor
from toancanh.people.entrance.addresses import address_of
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed
from toancanh.people.roles import Action
from toancanh.response.directing.orders import Goal, Order, TaskOrder, Term, refused
from toancanh.response.handling.kinds import offered
from toancanh.response.models import Kind
from toancanh.response.queries import by_code
from toancanh.response.services import directives, incidents, tasks
from toancanh.response.services.receiving import Sent, receive
from toancanh.units import queries as units
from toancanh.units.models import Unit
from toancanh.watch import queries as watch

__all__ = ["router"]  # that of `work`: the framework takes an address from one router, with all its methods


@router.post("/incidents", response={201: shapes.IncidentOut, **shapes.GIVEN}, summary="Report something that has to be handled")
def report_incident(request: HttpRequest, response: HttpResponse, body: shapes.IncidentIn, once: shapes.Once) -> Status:
    """By a source with its key, or by a person who directs. The same `Idempotency-Key` again answers with the incident that was
    opened the first time; with other content it is refused (409)."""
    source = source_asking(request)
    actor = asking(request) if source is None else MachineActor.of(source.code, source.owner, address=address_of(request))
    sender = f"source:{source.pk}" if source else f"person:{getattr(actor, 'pk', actor.label)}"
    form = incidents.IncidentForm(
        kind=body.kind, title=body.title, text=body.text, severity=body.severity or "", unit=_unit(body.unit),
        address=body.address, lat=body.lat, lon=body.lon, reporter=body.reporter, origin=body.origin,
        origin_key=f"{source.pk}:{once}" if source else f"{sender}:{once}", number=body.number,
    )  # fmt: skip
    made = receive(actor, form, Sent(sender, once))
    versions.tag(response, made)
    return Status(201, shapes.IncidentOut(**row(made)))


@router.get("/incident-kinds", response={200: shapes.KindList, **REFUSED}, summary="The kinds that an incident may have")
def list_kinds(request: HttpRequest) -> shapes.KindList:
    """What POST /incidents takes as `kind` here and now."""
    asking(request)
    kinds = [
        shapes.KindOut(code=each.code, title=each.title.vi, title_en=each.title.en, severity=each.severity) for each in offered()
    ]
    return shapes.KindList(items=kinds)


@router.post("/directives", response={201: shapes.OneDirectiveOut, **shapes.GIVEN}, summary="Issue a directive")
def issue_directive(
    request: HttpRequest, response: HttpResponse, body: shapes.DirectiveIn, once: shapes.OncePerPerson
) -> Status:  # fmt: skip
    """By a leader who is signed in. The same `Idempotency-Key` of the same person again answers with the first directive."""
    actor = asking(request)
    goal = Goal(body.goal.indicator, body.goal.value, body.goal.up, body.goal.periods) if body.goal else None
    order = Order(
        **_shared(body, once), unit=_unit(body.unit), document_number=body.document_number, person=body.person,
        result=body.result, responsibility=body.responsibility, goal=goal,
        incident=_found(actor, Kind.INCIDENT, body.incident),
        alert=watch.find(actor, body.alert).pk if body.alert is not None else None,
    )  # fmt: skip
    made = directives.issue(actor, order)
    versions.tag(response, made)
    return Status(201, shapes.OneDirectiveOut(**whole(actor, made)))


@router.post("/tasks", response={201: shapes.OneTaskOut, **shapes.GIVEN}, summary="Give a task")
def assign_task(request: HttpRequest, response: HttpResponse, body: shapes.TaskIn, once: shapes.OncePerPerson) -> Status:
    """By a person of the centre; a part of a whole also by the agency that leads it. A program gives nobody work."""
    actor = asking(request)
    order = TaskOrder(
        **_shared(body, once), assignee=_person(actor, body.assignee), directive=_found(actor, Kind.DIRECTIVE, body.directive),
        incident=_found(actor, Kind.INCIDENT, body.incident), parent=_found(actor, Kind.TASK, body.parent),
    )  # fmt: skip
    made = tasks.assign(actor, order)
    versions.tag(response, made)
    return Status(201, shapes.OneTaskOut(**whole(actor, made)))


def _shared(body: shapes.DirectiveIn | shapes.TaskIn, once: str) -> dict[str, Any]:
    return {
        "title": body.title, "text": body.text, "lead": units.by_key(body.lead), "deadline": _deadline(body), "once": once,
        "supporting": tuple(units.by_key(each) for each in body.supporting), "severity": body.severity,
    }  # fmt: skip


def _deadline(body: shapes.DirectiveIn | shapes.TaskIn) -> datetime | Term:
    moment = aware(body.due_at)
    if (moment is None) == (body.term is None):
        raise refused("no-deadline", "Nêu hạn bằng due_at hoặc term, một trong hai.", "Give the deadline as due_at or as term.")
    return moment if moment is not None else Term(body.term.amount, body.term.counting)  # type: ignore[union-attr]


def _unit(key: str | None) -> Unit | None:
    return units.by_key(key) if key else None


def _found(actor: Actor, kind: Kind, code: str) -> Any:
    return by_code.find(actor, kind, code) if code else None


def _person(actor: Actor, username: str) -> User | None:
    if not username:
        return None
    if not isinstance(actor, User):  # a program learns nothing of who has an account
        raise not_allowed(Action.DIRECT)
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise refused("no-person", "Không có tài khoản này ở cơ quan chủ trì.", "There is no such account at the lead agency.")
    return found

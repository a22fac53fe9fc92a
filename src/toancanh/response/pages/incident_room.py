"""S21, the incident room: what, who leads, the next deadline; checklist, tasks, contacts, decisions, notes, report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.kernel.text import Text
from toancanh.people.models import User
from toancanh.people.permissions import Actor, Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response import changes, listening, policy
from toancanh.response.handling.competence import DUTY_DESK
from toancanh.response.handling.procedures import ROLES, procedure_named
from toancanh.response.models import Clock, Directive, Incident, Kind, Step, Task
from toancanh.response.pages import incident_words as words
from toancanh.response.pages.board import href_of
from toancanh.response.pages.incident_words import ClockView, LogLine
from toancanh.response.pages.record import RecordView, Typed, record_view
from toancanh.response.queries import incidents as queries
from toancanh.response.services.steps import CLOCK, may_tick
from toancanh.response.states import By
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Kind as MarkKind
from toancanh.ui.parts import Link
from toancanh.ui.tables import WorkRow, WorkView

_WORK_KINDS: dict[str, MarkKind] = {
    "reported": "warn", "watching": "info", "proposed": "warn", "done": "ok", "closed": "ok", "cancelled": "none",
    "recalled": "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step of the checklist."""

    number: int
    words: str
    role: str
    basis: str
    done: str
    note: str
    clock: ClockView | None
    ticks: bool  # whether the reader plays its role


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Whom to call at one agency."""

    agency: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPage:
    """What the template prints."""

    now: str
    record: RecordView
    procedure: str
    steps: tuple[StepLine, ...]
    tasks: WorkView
    contacts: tuple[ContactLine, ...]
    decisions: list[LogLine]
    here_href: str


@require(Action.DIRECT, Action.HANDLE, Action.AUDIT)
@require_safe
def incident(request: Request, pk: int) -> HttpResponse:
    """The room of one incident."""
    return room_page(request, pk, Typed())


def room_page(request: Request, pk: int, typed: Typed) -> HttpResponse:
    """The room, with what was typed and refused kept in its form."""
    actor, found = request.actor, queries.find(request.actor, pk)
    listening.listen(request, Kind.INCIDENT.value, pk)
    family = queries.family(found)
    codes = {each.pk: each.code for each in family}
    steps = queries.steps(family)
    hats = frozenset() if actor.read_only or found.closed_at else policy.hats(actor, found)
    page = RoomPage(
        now=timezone.now().isoformat(), record=record_view(actor, found), procedure=_procedure(steps),
        steps=_steps(steps, hats, codes), tasks=_tasks(actor, found, family), contacts=_contacts(found),
        decisions=words.log(queries.entries(family, decisions=True), found, codes),
        here_href=reverse("response:incident", args=[pk]),
    )  # fmt: skip
    status = typed.problem.status if typed.problem else 200
    return render(request, "response/incident.html", {"page": page, "typed": typed}, status=status)


def _procedure(steps: list[Step]) -> str:
    if not steps:
        return ""
    procedure = procedure_named(steps[0].procedure)
    if procedure is None:
        return steps[0].procedure
    return f"{tx(procedure.title)} · {t('phiên bản', 'version')} {procedure.version}"


def _steps(steps: list[Step], hats: frozenset[By], family: Collection[int]) -> tuple[StepLine, ...]:
    """Each step with the deadline of its clock, as long as it runs."""
    running = Clock.objects.filter(kind=Kind.INCIDENT, subject__in=list(family), stopped_at=None)
    due = {(each.subject, each.name): each.due_at for each in running} if steps else {}
    return tuple(_step(each, hats, due.get((each.incident_id, f"{CLOCK}{each.number}"))) for each in steps)


def _step(step: Step, hats: frozenset[By], due: datetime | None) -> StepLine:
    now = timezone.now()
    done = f"{step.done_by}, {formats.as_of(step.done_at, now)}" if step.done_at else ""
    return StepLine(
        number=step.number, words=tx(Text(step.words_vi, step.words_en)), role=tx(ROLES.get(step.role, ROLES["lead"])),
        basis=step.basis, done=done, note=step.note, clock=None if step.done_at else words.countdown(due, now),
        ticks=not step.done_at and may_tick(step.role, hats),
    )  # fmt: skip


def _tasks(actor: Actor, incident: Incident, family: list[Incident]) -> WorkView:
    rows: list[Directive | Task] = [*queries.directives(actor, family), *queries.tasks(actor, family)]
    gives = incident.closed_at is None and actor.can(Action.DIRECT) and not actor.read_only
    more = Link(t("Lập nhiệm vụ", "Give a task"), f"/tasks/new?incident={incident.pk}") if gives else None
    return WorkView(
        title=t("Chỉ đạo, nhiệm vụ", "Directives and tasks"), more=more, rows=tuple(_work(each) for each in rows),
        state="ready" if rows else "empty", message=t("Chưa giao việc nào.", "No work was given yet."), action=more,
        key=listening.key_of(Kind.INCIDENT.value, incident.pk),
    )  # fmt: skip


def _work(record: Directive | Task) -> WorkRow:
    clock = None if record.closed_at else words.countdown(record.due_at, timezone.now())
    agency = tx(record.lead.title) if record.lead else ""
    kind = _WORK_KINDS.get(record.state, "bad" if clock and clock.kind == "bad" else "info")
    state = tx(changes.MACHINES[changes.kind_of(record)].word(record.state))
    return WorkRow(
        kind=kind, title=record.title, detail=f"{record.code} · {agency} · {state}", clock=clock.text if clock else "",
        href=href_of(record), late=bool(clock and clock.kind == "bad"),
    )  # fmt: skip


def _contacts(incident: Incident) -> tuple[ContactLine, ...]:
    return tuple(
        ContactLine(tx(agency.title if agency else DUTY_DESK), tuple(_person(each) for each in people))
        for agency, people in queries.contacts(incident)
    )


def _person(user: User) -> str:
    contact = getattr(user, "contact", None)
    ways = [user.post, getattr(contact, "phone", ""), getattr(contact, "email", "")]
    return " · ".join([user.name, *(each for each in ways if each)])

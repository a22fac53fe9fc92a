"""The duty desk's shifts: begin, write the log, hand over with what is open, take over; and the shifts before."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response import policy
from toancanh.response.models import Incident, Shift
from toancanh.response.pages import incident_words as words
from toancanh.response.pages.incident_words import ClockView, LogLine
from toancanh.response.pages.record import Typed
from toancanh.response.queries import shifts as queries
from toancanh.response.services import shifts
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import Cell, Column, TableView


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An incident that may be handed over."""

    code: str
    title: str
    detail: str
    severity: StatusView
    clock: ClockView | None
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftsPage:
    """What the template prints. `waits`: handed over, nobody has taken it yet; `handed`: its items, `unseen` the codes of
    those that this reader may not see."""

    now: str
    shift: Shift | None
    since: str
    mine: bool
    waits: bool
    items: tuple[OpenItem, ...]
    handed: tuple[OpenItem, ...]
    unseen: tuple[str, ...]
    log: list[LogLine]
    past: TableView


@require(Action.DIRECT)
@require_safe
def page(request: Request) -> HttpResponse:
    """The shift that runs, its log and its hand-over; the shifts before."""
    return _page(request, Typed())


@require(Action.DIRECT)
@require_POST
def act(request: Request, verb: str) -> HttpResponse:
    """begin, log, hand_over or take_over; back to the shifts."""
    actor, posted = request.actor, request.POST
    shift = queries.running()
    try:
        if verb == "begin":
            shifts.begin(actor)
        elif shift is None or verb not in ("log", "hand_over", "take_over"):
            raise policy.unseen(Text("ca trực đang chạy", "running shift"))
        elif verb == "log":
            shifts.log(actor, shift, posted.get("words", ""))
        elif verb == "hand_over":
            shifts.hand_over(actor, shift, posted.get("note", ""), posted.getlist("item"))
        else:
            shifts.take_over(actor, shift)
    except Problem as problem:
        if problem.status == 404:
            raise
        return _page(request, Typed({name: str(value) for name, value in posted.items()}, problem))
    return HttpResponseRedirect(reverse("response:shifts"))


def _page(request: Request, typed: Typed) -> HttpResponse:
    shift, now = queries.running(), timezone.now()
    waits = bool(shift and (shift.hand_over or shift.open_items))
    handed = queries.handed(request.actor, shift) if shift else []
    shown = ShiftsPage(
        now=now.isoformat(), shift=shift, since=formats.as_of(shift.begun_at, now) if shift else "",
        mine=bool(shift and shift.begun_by.username == request.actor.label), waits=waits,
        items=tuple(_item(each, shift) for each in queries.to_hand_over(request.actor)) if shift else (),
        handed=tuple(_item(each, shift) for each in handed),
        unseen=tuple(sorted({*(shift.open_items if shift else ())} - {each.code for each in handed})),
        log=[
            LogLine(formats.as_of(each.at, now), each.actor_name or each.actor, tx(Text(each.words, each.words_en or each.words)))
            for each in shift.entries.order_by("-id")
        ] if shift else [],
        past=_past(queries.past(request.actor)),
    )  # fmt: skip
    status = typed.problem.status if typed.problem else 200
    return render(request, "response/shifts.html", {"page": shown, "typed": typed}, status=status)


def _item(incident: Incident, shift: Shift | None) -> OpenItem:
    handed = bool(shift and shift.open_items)
    return OpenItem(
        incident.code, tx(incident.heading), words.where(incident), words.severity(incident, word=False),
        words.countdown(incident.next_due_at, timezone.now()), reverse("response:incident", args=[incident.pk]),
        not handed or incident.code in (shift.open_items if shift else ()),
    )  # fmt: skip


def _past(found: list[Shift]) -> TableView:
    return TableView(
        title=t("Các ca trước", "Shifts before"), caption=t("Các ca trước", "Shifts before"),
        columns=tuple(
            Column(label=t(*names))
            for names in (
                ("Bắt đầu", "Began"), ("Người trực", "Led by"), ("Nhận bàn giao", "Taken by"), ("Việc bàn giao", "Items"),
                ("Ghi chú", "Note"),
            )
        ),
        rows=tuple(
            (
                Cell(text=formats.moment(each.begun_at)), Cell(text=each.begun_by.name),
                Cell(text=each.taken_by.name if each.taken_by else "", note=formats.moment(each.ended_at)),
                Cell(text=formats.number(len(each.open_items), 0)), Cell(text=each.hand_over[:160]),
            )
            for each in found
        ),
        state="ready" if found else "empty", message=t("Chưa có ca nào kết thúc.", "No shift has ended yet."),
    )  # fmt: skip

"""Giving work: a directive in four taps on a phone, prefilled from what one was looking at; and a task."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.people.permissions import Actor, Request
from toancanh.people.policy import not_allowed
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response.directing import numbers
from toancanh.response.directing.orders import Goal, Order, TaskOrder, refused
from toancanh.response.models import Directive, Incident, Task
from toancanh.response.pages import deadlines
from toancanh.response.pages.board import href_of
from toancanh.response.pages.prefilled import Proposal, goal_clause, proposal
from toancanh.response.queries import incidents
from toancanh.response.queries import work as queries
from toancanh.response.services import directives, tasks
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice
from toancanh.units import queries as units
from toancanh.units.models import Unit

_SOURCES = ("indicator", "unit", "alert", "incident")
_WHOLES = ("directive", "incident", "parent")
_PROPOSED = ("title", "lead")


@require(Action.APPROVE)
@require_http_methods(["GET", "POST"])
def new_directive(request: Request) -> HttpResponse:
    """The form, prefilled from ?indicator=&unit=&alert=&incident=; sent, it issues the directive and leads to it."""
    if not request.actor.can(Action.DIRECT):
        raise not_allowed(Action.DIRECT)
    given = request.POST if request.method == "POST" else request.GET
    source = {name: given.get(name, "")[:100] for name in _SOURCES}
    proposed = proposal(request.actor, **source)
    if request.method == "GET":
        return _directive_form(request, proposed, source, _proposed_values(proposed))
    try:
        order = _order(request.POST, proposed)
        if request.POST.get("sure") != "1":
            _question(request.actor, order)
        made = directives.issue(request.actor, order)
    except Problem as problem:
        return _directive_form(request, proposed, source, request.POST.dict(), problem)
    return HttpResponseRedirect(href_of(made))


@require(Action.DIRECT, Action.HANDLE)
@require_http_methods(["GET", "POST"])
def new_task(request: Request) -> HttpResponse:
    """A task of its own, or a part of ?directive=, ?incident= or ?parent=; ?title= and ?lead= propose what is asked of whom."""
    given = request.POST if request.method == "POST" else request.GET
    source = {name: given.get(name, "")[:20] for name in _WHOLES}
    wholes = _wholes(request.actor, source)
    values: Mapping[str, object] = request.POST.dict() or {name: given[name][:240] for name in _PROPOSED if name in given}
    problem: Problem | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(href_of(tasks.assign(request.actor, _task_order(request.POST, wholes))))
        except Problem as refusal:
            problem = refusal
    whole = wholes["parent"] or wholes["directive"] or wholes["incident"]
    lead = str(values.get("lead", "")) or (whole.lead.key if whole and whole.lead else "")
    context = {
        "values": {"title": "", "text": "", "date": "", **values}, "source": _kept(source),
        "whole": whole, "agencies": _agencies(lead), "chips": deadlines.chips(str(values.get("deadline", ""))),
        "once": values.get("once") or token_urlsafe(16), "problem": problem,
    }  # fmt: skip
    return render(request, "response/new_task.html", context, status=problem.status if problem else 200)


def _directive_form(
    request: Request, proposed: Proposal, source: Mapping[str, str], values: Mapping[str, object], problem: Problem | None = None
) -> HttpResponse:
    supporting = request.POST.getlist("supporting")
    severity = str(values.get("severity") or proposed.severity.value)
    context = {
        "proposed": proposed, "source": _kept(source), "values": values,
        "agencies": _agencies(str(values.get("lead", ""))), "chips": deadlines.chips(str(values.get("deadline", ""))),
        "supporting": tuple(_choice(each, each.key in supporting) for each in units.agencies()),
        "severities": tuple(
            Choice(value=each.value, label=tx(SEVERITY_TITLES[each]), chosen=each.value == severity) for each in Severity
        ),
        "once": values.get("once") or token_urlsafe(16), "problem": problem, "goal_clause": _clause(proposed),
    }  # fmt: skip
    return render(request, "response/new_directive.html", context, status=problem.status if problem else 200)


def _clause(proposed: Proposal) -> str:
    """How the title goes on with a goal, which the page puts in place of {goal} while it is typed."""
    if proposed.indicator is None:
        return ""
    vi, en = (each if each == "%" else f" {each}" for each in (proposed.indicator.unit.vi, proposed.indicator.unit.en))
    return tx(goal_clause(Text(f"{{goal}}{vi}", f"{{goal}}{en}")))


def _proposed_values(proposed: Proposal) -> dict[str, object]:
    goal = formats.for_typing(proposed.goal)
    return {"title": proposed.title, "lead": proposed.lead.key if proposed.lead else "", "goal": goal,
            "watch": "1" if goal else "", "periods": "2"}  # fmt: skip


def _question(actor: Actor, order: Order) -> None:
    """Raise `Problem` (422) for a goal that somebody should look at once more; `sure=1` gives the work nevertheless."""
    goal = order.goal
    doubt = numbers.doubt(actor, goal.indicator, goal.value, goal.up, order.unit or units.root()) if goal else None
    if doubt is not None:
        raise refused(
            "goal-in-doubt",
            f"{doubt.vi} Sửa mục tiêu, hoặc xác nhận bên dưới rồi giao.",
            f"{doubt.en} Change the goal, or confirm it below and issue the directive.",
        )


def _order(form: QueryDict, proposed: Proposal) -> Order:
    goal = _goal(form, proposed)
    title = " ".join(form.get("title", "").split())
    if title == proposed.title:  # nobody has changed the proposal: it goes with the goal
        title = proposed.title_with(goal.value if goal else None)
    return Order(
        title=title, lead=_agency(form.get("lead", "")), deadline=deadlines.read(form.dict()),  # type: ignore[arg-type]
        text=form.get("text", ""), supporting=tuple(units.by_key(each) for each in form.getlist("supporting") if each),
        severity=_severity(form.get("severity", ""), proposed.severity), unit=proposed.unit, field=proposed.field,
        document_number=form.get("document_number", ""), person=form.get("person", ""), result=form.get("result", ""),
        responsibility=form.get("responsibility", ""), goal=goal, incident=proposed.incident,
        alert=proposed.alert, once=form.get("once", ""),
    )  # fmt: skip


def _task_order(form: QueryDict, wholes: Mapping[str, Directive | Task | Incident | None]) -> TaskOrder:
    parent, directive, incident = wholes["parent"], wholes["directive"], wholes["incident"]
    return TaskOrder(
        title=form.get("title", ""), lead=_agency(form.get("lead", "")), deadline=deadlines.read(form.dict()),  # type: ignore[arg-type]
        text=form.get("text", ""), once=form.get("once", ""), parent=parent if isinstance(parent, Task) else None,
        directive=directive if isinstance(directive, Directive) else None,
        incident=incident if isinstance(incident, Incident) else None,
    )  # fmt: skip


def _wholes(actor: Actor, source: Mapping[str, str]) -> dict[str, Directive | Task | Incident | None]:
    """What the new task is a part of, as the actor sees it. Raises `Problem` (404)."""
    finders: dict[str, Any] = {"directive": queries.directive, "incident": incidents.find, "parent": queries.task}
    return {name: finders[name](actor, int(pk)) if pk.isdecimal() else None for name, pk in source.items()}


def _goal(form: QueryDict, proposed: Proposal) -> Goal | None:
    if proposed.indicator is None or form.get("watch") != "1":
        return None
    try:
        value = formats.typed(form.get("goal", ""))
        periods = int(form.get("periods") or "2")
    except ValueError:
        value, periods = None, 0
    if value is None:
        raise refused(
            "bad-goal", "Nhập mục tiêu là một số, ví dụ 98 hoặc 98,5.", "Give the goal as a number, such as 98 or 98.5."
        )
    return Goal(proposed.indicator.code, value, proposed.goal_up, periods)


def _kept(source: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in source.items() if text}


def _choice(agency: Unit, chosen: bool) -> Choice:
    return Choice(value=agency.key, label=tx(agency.title), chosen=chosen)


def _severity(text: str, usual: Severity) -> Severity:
    return Severity(text) if text in tuple(Severity) else usual


def _agency(key: str) -> Unit:
    if not key:
        raise refused("no-lead", "Chọn cơ quan chủ trì.", "Choose the lead agency.")
    return units.by_key(key)


def _agencies(chosen: str) -> tuple[Choice, ...]:
    known = tuple(_choice(each, each.key == chosen) for each in units.agencies())
    if any(each.chosen for each in known):
        return known
    return (Choice(value="", label=t("Chọn cơ quan", "Choose an agency"), chosen=True), *known)

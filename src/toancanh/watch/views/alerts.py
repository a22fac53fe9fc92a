"""Pages of alerts: the list, one alert, and what people do with it. Every decision is made in services and queries."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toancanh.audit.telling import after
from toancanh.kernel.problem import Problem
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t
from toancanh.ui.parts import Link
from toancanh.ui.tables import TrailView
from toancanh.watch import queries
from toancanh.watch.services import answers
from toancanh.watch.views import alert_page, alert_tables, forms, planning

NOT_FOR_THE_FORM = (403, 404)


@require(Action.VIEW)
@require_GET
def alerts(request: Request) -> HttpResponse:
    """Alerts, the worst first; ?state=, ?severity=, ?field=, ?rule=, ?page=."""
    filters = forms.filters_of(request.GET)
    number = forms.whole(request.GET.get("page", ""), 1)
    context = {
        "page": alert_tables.list_page(request.actor, filters, max(number, 1), timezone.now()),
        "fields": forms.filter_fields(request.actor, filters),
        "may_plan": request.actor.can(Action.DIRECT) and not request.actor.read_only,
    }
    return render(request, "watch/alerts.html", context)


@require(Action.DIRECT)
@require_http_methods(["GET", "POST"])
def plan(request: Request) -> HttpResponse:
    """Plan a silence: from when to when, of which rule, where, and why."""
    problem: Problem | None = None
    if request.method == "POST":
        try:
            answers.silence(request.actor, planning.plan_of(request.POST))
            return after(request, "watch.silence", reverse("watch:alerts"))
        except Problem as refused:
            if refused.status in NOT_FOR_THE_FORM:
                raise
            problem = refused
    context = {
        "trail": TrailView((Link(t("Cảnh báo", "Alerts"), "/alerts"), Link(t("Lịch tạm dừng báo", "A silence"), request.path))),
        "fields": planning.plan_fields(request.actor, request.POST),
        "problem": problem,
    }
    return render(request, "watch/plan.html", context, status=problem.status if problem else 200)


@require(Action.VIEW)
@require_GET
def alert(request: Request, alert_id: int) -> HttpResponse:
    """One alert: what, where, since when, by how much, who makes the difference, what was done."""
    return _shown(request, alert_id)


@require(Action.VIEW)
@require_POST
def take(request: Request, alert_id: int) -> HttpResponse:
    """Acknowledge it."""
    return _done(request, alert_id, lambda: answers.acknowledge(request.actor, alert_id, _seen(request)))


@require(Action.VIEW)
@require_POST
def false_positive(request: Request, alert_id: int) -> HttpResponse:
    """Call it a false positive, with the reason."""
    reason = request.POST.get("false_reason", "")
    return _done(request, alert_id, lambda: answers.mark_false(request.actor, alert_id, reason, _seen(request)))


@require(Action.VIEW)
@require_POST
def hush(request: Request, alert_id: int) -> HttpResponse:
    """Silence this rule here, this rule everywhere, or every rule here, for some hours."""
    found = queries.find(request.actor, alert_id)
    scope = request.POST.get("scope", "here")
    hours = forms.hours_of(request.POST)
    wanted = answers.Hush(
        reason=request.POST.get("hush_reason", ""),
        ends=timezone.now() + timedelta(hours=hours),
        rule="" if scope == "place" else found.rule,
        unit=None if scope == "rule" else found.unit,
        planned=bool(request.POST.get("planned")),
    )
    return _done(request, alert_id, lambda: answers.silence(request.actor, wanted))


@require(Action.DIRECT)
@require_POST
def end_silence(request: Request, silence_id: int) -> HttpResponse:
    """End a silence now."""
    answers.end_silence(request.actor, silence_id)
    return after(request, "watch.end_silence", reverse("watch:alerts"))


def _seen(request: Request) -> int | None:
    return forms.whole(request.POST.get("seen", ""), -1)


def _done(request: Request, alert_id: int, act: forms.Act) -> HttpResponse:
    try:
        act()
    except Problem as problem:
        if problem.status in NOT_FOR_THE_FORM:
            raise
        return _shown(request, alert_id, problem)
    return HttpResponseRedirect(reverse("watch:alert", args=(alert_id,)))


def _shown(request: Request, alert_id: int, problem: Problem | None = None) -> HttpResponse:
    found = queries.find(request.actor, alert_id)
    request.scopes = (found.unit.key,)  # type: ignore[attr-defined]
    page = alert_page.page(request.actor, found, timezone.now())
    context = {
        "page": page,
        "problem": problem,
        "false_fields": forms.false_fields(request.POST),
        "hush_fields": forms.hush_fields(request.POST),
    }
    return render(request, "watch/alert.html", context, status=problem.status if problem else 200)

"""S30: rules, one rule in words, its limits tried on the past and saved as a version, switched on and off."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toancanh.kernel.problem import Problem
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.units.queries import by_key
from toancanh.watch import queries
from toancanh.watch.backtest import Trial, try_rule
from toancanh.watch.definitions import Watched
from toancanh.watch.services import rules as services
from toancanh.watch.views import forms, rule_page

NOT_FOR_THE_FORM = (403, 404)


@require(Action.VIEW)
@require_GET
def rules(request: Request) -> HttpResponse:
    """Every rule by field, with its record."""
    return render(request, "watch/rules.html", {"tables": rule_page.tables(request.actor, queries.rules(request.actor))})


@require(Action.VIEW)
@require_http_methods(["GET", "POST"])
def rule(request: Request, code: str) -> HttpResponse:
    """One rule; POST act=try tries what the form says on the past, act=save makes it the next version."""
    held = queries.rule(request.actor, code)
    trial: Trial | None = None
    problem: Problem | None = None
    if request.method == "POST":
        try:
            changed = forms.changed_rule(held.rule, request.POST)
            if request.POST.get("act") == "save":
                services.save_rule(request.actor, changed, _seen(request), request.POST.get("note", ""))
                return HttpResponseRedirect(reverse("watch:rule", args=(code,)))
            services.refuse_what_cannot_work(changed)
            trial = try_rule(request.actor, Watched(changed, held.version, held.active, held.local))
        except Problem as refused:
            if refused.status in NOT_FOR_THE_FORM:
                raise
            problem = refused
    return _shown(request, held, trial, problem)


@require(Action.CONFIGURE)
@require_POST
def switch(request: Request, code: str) -> HttpResponse:
    """Switch it on or off."""
    try:
        services.switch_rule(request.actor, code, request.POST.get("active") == "1", _seen(request), request.POST.get("note", ""))
    except Problem as refused:
        if refused.status in NOT_FOR_THE_FORM:
            raise
        return _shown(request, queries.rule(request.actor, code), None, refused)
    return HttpResponseRedirect(reverse("watch:rule", args=(code,)))


@require(Action.CONFIGURE)
@require_POST
def local_limit(request: Request, code: str) -> HttpResponse:
    """Give one unit limits of its own, or leave it out."""
    held = queries.rule(request.actor, code)
    try:
        unit = by_key(request.POST.get("unit", ""))
        limits = [] if request.POST.get("off") else forms.limits_of(held.rule, request.POST, "local_")
        services.set_local_limit(request.actor, code, unit, limits, request.POST.get("local_reason", ""))
    except Problem as refused:
        if refused.status in NOT_FOR_THE_FORM:
            raise
        return _shown(request, held, None, refused)
    return HttpResponseRedirect(reverse("watch:rule", args=(code,)))


@require(Action.CONFIGURE)
@require_POST
def drop_limit(request: Request, code: str, unit: str) -> HttpResponse:
    """The unit follows the rule again."""
    services.drop_local_limit(request.actor, code, by_key(unit))
    return HttpResponseRedirect(reverse("watch:rule", args=(code,)))


def _seen(request: Request) -> int:
    return forms.whole(request.POST.get("seen", ""), -1)


def _shown(request: Request, held: Watched, trial: Trial | None, problem: Problem | None) -> HttpResponse:
    page = rule_page.page(request.actor, held, trial, timezone.now())
    given = request.POST if request.method == "POST" else {}
    context = {
        "page": page,
        "problem": problem,
        "fields": forms.rule_fields(held.rule, given, held.version),
        "local_fields": forms.local_fields(held.rule, page.units, given),
    }
    return render(request, "watch/rule.html", context, status=problem.status if problem else 200)

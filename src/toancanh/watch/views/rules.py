"""S30: rules, one rule in words, changed in every part, tried on the past, saved as a version; and limits of single places."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toancanh.audit.telling import SAVED, after
from toancanh.kernel.contracts import Rule
from toancanh.kernel.problem import Problem
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.tables import FieldView
from toancanh.units.queries import by_key, find
from toancanh.watch import queries
from toancanh.watch.backtest import try_rule
from toancanh.watch.definitions import Watched, own_conditions
from toancanh.watch.policy import may_make
from toancanh.watch.services import rules as services
from toancanh.watch.views import forms, rule_history, rule_list, rule_page, rule_trial, words
from toancanh.watch.views.rule_forms import local, nodes, whole
from toancanh.watch.views.rule_forms.typed import Typed

NOT_FOR_THE_FORM = (403, 404)


@dataclass
class Shown:
    """What a page of a rule answers with: the rule that its form holds, what was typed, what came of it."""

    rule: Rule
    typed: Typed
    node: nodes.Node
    local: Typed | None = None
    trial: rule_trial.TrialView | None = None
    problem: Problem | None = None
    tried: Rule | None = None
    unfinished: bool = False  # it was to be tried or saved, but another kind of condition was chosen and is not filled in yet
    back_to: list[str] = field(default_factory=list)
    back_number: int | None = None

    @property
    def status(self) -> int:
        return self.problem.status if self.problem else 422 if self.typed.wrong or (self.local and self.local.wrong) else 200


def shown(rule: Rule, request: Request | None = None) -> Shown:
    """The form of a rule, with what was posted over it."""
    given, node = whole.sent(rule, request.POST.dict() if request else {})
    return Shown(rule, Typed(given), node)


@require(Action.VIEW)
@require_GET
def rules(request: Request) -> HttpResponse:
    """Every rule by field, with its record."""
    context = {"tables": rule_list.tables(request.actor, queries.rules(request.actor)), "may_make": may_make(request.actor)}
    return render(request, "watch/rules.html", context)


@require(Action.VIEW)
@require_http_methods(["GET", "POST"])
def rule(request: Request, code: str) -> HttpResponse:
    """One rule. POST act=try tries what the form says on the past, act=save makes it the next version, act=add:c, drop:c_1 and
    shape change the shape of its condition. GET version=3 fills the form with an earlier version, unit= with limits of a unit."""
    held = queries.rule(request.actor, code)
    if request.method != "POST":
        return _page(request, held, _asked(request, held))
    found = shown(held.rule, request)
    if only_shape(request, found):
        return _page(request, held, found)
    changed = whole.read(held.rule, found.node, found.typed)
    if changed is None:
        return _page(request, held, found)
    try:
        if request.POST.get("act") == "save":
            services.save_rule(request.actor, changed, _seen(request), request.POST.get("note", ""))
            return _to(request, "watch.save_rule", code)
        try_out(request, found, Watched(changed, held.version, held.active, own_conditions(changed)))
    except Problem as refused:
        keep(found, refused)
    return _page(request, held, found)


def try_out(request: Request, found: Shown, watched: Watched) -> None:
    """Run the rule that the form says over the past. Raises `Problem` 422 when it cannot work."""
    services.refuse_what_cannot_work(watched.rule)
    found.tried = watched.rule
    found.trial = rule_trial.view_of(try_rule(request.actor, watched), watched.rule)


def only_shape(request: Request, found: Shown) -> bool:
    """Whether a post changes the shape of the condition and nothing is to be judged or saved yet."""
    judged = request.POST.get("act", "") in ("try", "save", "keep")
    found.unfinished = judged and nodes.reshaped(request.POST)
    return not judged or found.unfinished


def _asked(request: Request, held: Watched) -> Shown:
    number = forms.whole(request.GET.get("version", ""), -1)
    if number in (-1, held.version):
        return shown(held.rule)
    earlier = queries.rule_at(request.actor, held.code, number)
    found = shown(earlier)
    return Shown(found.rule, found.typed, found.node, back_to=rule_history.changes(held.rule, earlier), back_number=number)


@require(Action.CONFIGURE)
@require_POST
def switch(request: Request, code: str) -> HttpResponse:
    """Switch it on or off."""
    try:
        services.switch_rule(request.actor, code, request.POST.get("active") == "1", _seen(request), request.POST.get("note", ""))
    except Problem as refused:
        held = queries.rule(request.actor, code)
        return _page(request, held, keep(shown(held.rule), refused))
    return _to(request, SAVED, code)


@require(Action.CONFIGURE)
@require_POST
def local_limit(request: Request, code: str) -> HttpResponse:
    """Give one unit limits of its own, leave it out, or let it follow the rule again: a new version of its limits."""
    held = queries.rule(request.actor, code)
    unit = by_key(request.POST.get("unit", ""))
    found = shown(held.rule)
    found.local = Typed(local.filled(held.rule.condition, unit) | request.POST.dict())
    wanted = local.read(held.rule, found.local, unit)
    if wanted is None:
        return _page(request, held, found)
    try:
        services.set_local_limit(request.actor, code, unit, wanted)
    except Problem as refused:
        return _page(request, held, keep(found, refused))
    return _to(request, SAVED, code, "#local")


def keep(found: Shown, refused: Problem) -> Shown:
    """A refusal goes on the page, unless there is no page for who asked."""
    if refused.status in NOT_FOR_THE_FORM:
        raise refused
    found.problem = refused
    return found


def _to(request: Request, act: str, code: str, part: str = "") -> HttpResponse:
    return after(request, act, reverse("watch:rule", args=(code,)) + part)


def _seen(request: Request) -> int:
    return forms.whole(request.POST.get("seen", ""), -1)


def _page(request: Request, held: Watched, found: Shown) -> HttpResponse:
    page = rule_page.page(request.actor, held, timezone.now())
    context = {
        "page": page,
        "found": found,
        "problem": found.problem,
        "form": whole.form_of(held.rule, found.node, found.typed),
        "said": words.sentence(found.tried) if found.tried else "",
        "seen": found.typed.given.get("seen", str(held.version)),
        "local_fields": _local_fields(request, held, page, found),
    }
    return render(request, "watch/rule.html", context, status=found.status)


def _local_fields(request: Request, held: Watched, page: rule_page.RulePage, found: Shown) -> tuple[FieldView, ...]:
    typed = found.local
    if typed is None:
        unit = find(request.GET.get("unit", ""))
        condition = held.condition_for(unit.pk) if unit else None
        typed = Typed(local.filled(condition or held.rule.condition, unit))
    return (*local.fields(held.rule, page.units, typed), *local.seen_fields(page.limits, page.version, typed))

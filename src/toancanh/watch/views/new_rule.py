"""S30, a rule that does not exist yet: choose its indicator, say its condition, try it on the past, then save it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from toancanh.audit.telling import after
from toancanh.kernel.contracts import Indicator, Rule
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor, Request
from toancanh.people.policy import not_allowed
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t, tx
from toancanh.ui.tables import FieldView
from toancanh.watch.definitions import Watched
from toancanh.watch.policy import may_make, missing
from toancanh.watch.services import rules as services
from toancanh.watch.views import rule_page, words
from toancanh.watch.views.rule_forms import whole
from toancanh.watch.views.rule_forms.typed import Typed
from toancanh.watch.views.rules import Shown, keep, only_shape, shown, try_out


@require(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def new_rule(request: Request) -> HttpResponse:
    """GET asks for an indicator, then shows the form. POST act=try tries it, act=save and act=keep save it, switched on or off;
    what was not tried as it stands is tried first."""
    if not may_make(request.actor):
        raise not_allowed(Action.CONFIGURE)
    asked = request.POST if request.method == "POST" else request.GET
    code = asked.get("indicator", "")
    if not code:
        return render(request, "watch/rule_begin.html", {"field": _indicator_field(request.actor), "trail": _trail()})
    rule = whole.blank(_indicator(request.actor, code))
    return _page(request, shown(rule)) if request.method != "POST" else _posted(request, shown(rule, request))


def _posted(request: Request, found: Shown) -> HttpResponse:
    rule = found.rule
    if only_shape(request, found):
        return _page(request, found)
    saving = request.POST.get("act") in ("save", "keep")
    read = whole.read(rule, found.node, found.typed, named=saving)
    if read is None:
        return _page(request, found)
    made = whole.named(read)
    tried = request.POST.get("tried", "") == whole.fingerprint(made)
    try:
        if saving and tried:
            return _saved(request, found, made)
        try_out(request, found, Watched(made))
    except Problem as refused:
        keep(found, refused)
    return _page(request, found, first=saving)


def _saved(request: Request, found: Shown, made: Rule) -> HttpResponse:
    try:
        services.make_rule(request.actor, made, active=request.POST.get("act") == "save")
    except Problem as refused:
        if refused.code != "rule-exists":
            raise
        found.typed.fail("title_vi", refused.detail)
        try_out(request, found, Watched(made))
        return _page(request, found)
    return after(request, "watch.make_rule", reverse("watch:rule", args=(made.code,)))


def _indicator(actor: Actor, code: str) -> Indicator:
    """The indicator that a rule is to be about. Raises `Problem` 404 for one that may not be seen, 403 for one that may."""
    found = registry.indicator(code)
    if found is None or not actor.can(Action.VIEW, registry.pack_of(found).code):
        raise missing()
    if not may_make(actor, found):
        raise not_allowed(Action.CONFIGURE)
    return found


def _indicator_field(actor: Actor) -> FieldView:
    known = [
        (each.code, Text(f"{pack.title.vi}: {each.title.vi}", f"{pack.title.en}: {each.title.en}"))
        for pack in registry.packs()
        for each in pack.indicators
        if may_make(actor, each)
    ]
    return Typed({}).select("indicator", Text("Chỉ tiêu", "Indicator"), known)


def _trail() -> object:
    return rule_page.trail(t("Quy tắc mới", "New rule"), reverse("watch:new_rule"))


def _page(request: Request, found: Shown, *, first: bool = False) -> HttpResponse:
    context = {
        "trail": _trail(),
        "indicator": found.rule.indicator,
        "found": found,
        "problem": found.problem,
        "form": whole.form_of(found.rule, found.node, found.typed),
        "said": words.sentence(found.tried) if found.tried else "",
        "tried": whole.fingerprint(found.tried) if found.tried else "",
        "first": first and found.trial is not None and not found.typed.wrong,
        "indicator_title": tx(found.rule.indicator.title),
    }
    return render(request, "watch/rule_new.html", context, status=found.status)

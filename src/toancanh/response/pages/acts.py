"""The acts on an incident as small forms: one address each; a refusal shows the page one came from with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor, Request
from toancanh.people.roles import Action
from toancanh.people.views import require, safe_next
from toancanh.response import policy
from toancanh.response.models import Incident, Kind
from toancanh.response.pages.desk import Asked, desk_page
from toancanh.response.pages.incident_room import room_page
from toancanh.response.pages.record import Typed
from toancanh.response.queries import incidents as queries
from toancanh.response.services import incidents, moves, presence, severity, steps
from toancanh.units import queries as units
from toancanh.units.models import Unit

Act = Callable[[Actor, Incident, QueryDict], object]


def _version(form: QueryDict) -> int | None:
    return _whole(form.get("version", ""))


def _move(verb: str) -> Act:
    def act(actor: Actor, incident: Incident, form: QueryDict) -> object:
        said = moves.Said(
            words=form.get("reason", "") or form.get("words", ""), version=_version(form), into=form.get("into", ""),
            lead=_unit(form.get("lead", "")),
            supporting=tuple(units.by_key(each) for each in form.getlist("supporting") if each),
        )  # fmt: skip
        return moves.make(actor, incident, verb, said)

    return act


def _step(actor: Actor, incident: Incident, form: QueryDict) -> object:
    return steps.tick(actor, incident, _whole(form.get("number", "")) or 0, form.get("note", ""))


ACTS: dict[str, Act] = {
    **{verb: _move(verb) for verb in moves.MOVES[Kind.INCIDENT]},
    "note": lambda actor, incident, form: incidents.note(
        actor, incident, form.get("words", ""), decision=form.get("decision") == "1"
    ),
    "severity": lambda actor, incident, form: severity.set_severity(
        actor, incident, form.get("severity", ""), form.get("reason", ""), _version(form)
    ),
    "public": lambda actor, incident, form: incidents.draft_public_message(
        actor, incident, form.get("public_message", ""), _version(form)
    ),
    "hand_over": lambda actor, incident, form: incidents.write_hand_over(
        actor, incident, form.get("hand_over", ""), _version(form)
    ),
    "step": _step,
}


@require(Action.DIRECT, Action.HANDLE)
@require_POST
def act(request: Request, pk: int, verb: str) -> HttpResponse:
    """One act on one incident, then back to the page one came from."""
    incident = queries.find(request.actor, pk)
    if verb not in ACTS:
        raise policy.unseen(Text("thao tác này", "act"))
    back = safe_next(request) if request.POST.get("next") else reverse("response:incident", args=[pk])
    try:
        ACTS[verb](request.actor, incident, request.POST)
    except Problem as problem:
        return _again(request, pk, back, problem)
    return HttpResponseRedirect(back)


@require(Action.DIRECT, Action.HANDLE)
@require_POST
def presence_beat(request: Request, kind: str, pk: int) -> HttpResponse:
    """A sign that somebody is at work on a record."""
    if kind not in set(Kind):
        raise policy.unseen(Text("mục này", "record"))
    presence.beat(request.actor, kind, pk, writes=request.POST.get("writes") == "1")
    return HttpResponse(status=204)


def _again(request: Request, pk: int, back: str, problem: Problem) -> HttpResponse:
    """The page one came from, newly read, with the refusal and what was typed."""
    typed = Typed({name: str(value) for name, value in request.POST.items()}, problem)
    came = urlsplit(back)
    if came.path == reverse("response:desk") and request.actor.can(Action.DIRECT):
        return desk_page(request, Asked.read(dict(parse_qsl(came.query)) | {"item": str(pk)}), typed)
    return room_page(request, pk, typed)


def _unit(key: str) -> Unit | None:
    return units.by_key(key) if key else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

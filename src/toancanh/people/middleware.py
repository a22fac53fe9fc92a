"""Who is acting: sets `request.actor` from the session, the wall's cookie or nothing, and keeps previews read-only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from toancanh.kernel.text import LANGUAGES
from toancanh.people.actors import PREVIEW_KEY, PUBLIC, WALL_COOKIE, PreviewActor, WallActor, wall_of_token
from toancanh.people.entrance.addresses import address_of
from toancanh.people.models import Theme, User
from toancanh.people.permissions import Actor, Request
from toancanh.people.policy import not_allowed, own_password_first, read_only
from toancanh.people.refusals import refuse
from toancanh.people.roles import Action

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_AFFAIRS = frozenset({"people:sign_out", "people:preferences", "people:language", "people:theme"})
_ALWAYS = _OWN_AFFAIRS | {"people:sign_in", "people:stop_preview"}
# What a wall shows and asks again: its scenes and their parts. Rows, proofs, exports, people and the API are for people.
_ON_A_WALL = _ALWAYS | {"boards:wall", "boards:wall_state", "boards:tile", "boards:places", "boards:arriving"}
_WALL_HOME = "boards:overview"
_BEFORE_NEW_PASSWORD = _OWN_AFFAIRS | {"people:own_password"}


class CurrentActor:
    """Sets `request.actor`: the person, the previewed person, the wall, or the public."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor = actor_of(request)
        return self.get_response(request)

    def process_view(self, request: Request, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Refuse a write by an actor who only looks, and what no wall shows to a wall; send a person with a temporary password
        to choose a new one."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        actor: Actor = request.actor
        if actor.is_authenticated and actor.read_only and request.method not in _SAFE and name not in _ALWAYS:
            return refuse(request, read_only())
        if isinstance(actor, WallActor) and name not in _ON_A_WALL:
            return HttpResponseRedirect(wall_address()) if name == _WALL_HOME else refuse(request, not_allowed(Action.VIEW))
        if isinstance(actor, User) and actor.must_change_password and name not in _BEFORE_NEW_PASSWORD:
            address = reverse("people:own_password")
            return refuse(request, own_password_first()) if request.path.startswith("/api/") else HttpResponseRedirect(address)
        return None


def actor_of(request: Request) -> Actor:
    """The actor of a request. Costs no query when the request carries no cookie of ours."""
    address = address_of(request)
    user = request.user
    if user.is_authenticated:
        user.address = address
        return _previewed(request, user) or user
    device = wall_of_token(request.COOKIES.get(WALL_COOKIE, ""))
    if device:
        return WallActor.of(device, address)
    language, theme = _cookie(request, LANGUAGE_COOKIE, LANGUAGES), _cookie(request, THEME_COOKIE, tuple(Theme.values))
    return replace(PUBLIC, address=address, language=language, theme=theme)


def wall_address() -> str:
    """Where a wall begins."""
    return reverse("boards:wall", args=["main"])


def _previewed(request: Request, user: User) -> PreviewActor | None:
    wanted = request.session.get(PREVIEW_KEY)
    if wanted is None or not user.can(Action.ADMINISTER):
        return None
    viewed = User.objects.filter(pk=wanted, is_active=True).select_related("agency").first()
    return PreviewActor.of(user, viewed) if viewed else None


def _cookie(request: Request, name: str, known: tuple[str, ...]) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in known else known[0]

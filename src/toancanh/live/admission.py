"""Who may listen to the stream, and to what: a signed-in person or a wall, each to the units that they may see something of;
"user:5" is heard by that person alone. The line of a record ("work:...") has a name that nobody can guess: it is told on the
record's page.

The stream asks at the beginning and again every minute: an account that was closed, a session that ended and a wall that was
revoked hear nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from django.db import close_old_connections

from toancanh.people.actors import actor_of_cookies
from toancanh.people.models import User
from toancanh.people.permissions import Action, Actor
from toancanh.response.listening import PREFIX as WORK

PRIVATE, AGENCY = "user:", "agency:"


def admitted(cookie_header: str, asked: Iterable[str]) -> frozenset[str] | None:
    """Those of the `asked` scopes that whoever holds the cookies may hear; None for nobody known."""
    close_old_connections()
    try:
        jar = SimpleCookie(cookie_header)
    except CookieError:
        return None
    actor = actor_of_cookies({name: morsel.value for name, morsel in jar.items()})
    return None if actor is None else frozenset(each for each in asked if _may_hear(actor, each))


def _may_hear(actor: Actor, scope: str) -> bool:
    if scope.startswith(PRIVATE):
        return isinstance(actor, User) and scope == f"{PRIVATE}{actor.pk}"
    if scope.startswith(WORK):
        return True
    if ":" not in scope:  # a wall
        return actor.can(Action.VIEW)
    return actor.can(Action.VIEW, agency=scope) if scope.startswith(AGENCY) else actor.can(Action.VIEW, area=scope)


def origin_allowed(origin: str, host: str) -> bool:
    """Whether a page from `origin` stands on the same machine name as this stream."""
    return urlsplit(origin).hostname == urlsplit(f"//{host}").hostname

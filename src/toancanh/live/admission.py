"""Who may listen to the stream, and to what: a signed-in person or a wall; "user:5" is heard by that person alone.

The answer is asked once per connection.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from django.db import close_old_connections

from toancanh.people.actors import actor_of_cookies
from toancanh.people.models import User

PRIVATE = "user:"


def admitted(cookie_header: str, asked: Iterable[str]) -> frozenset[str] | None:
    """Those of the `asked` scopes that whoever holds the cookies may hear; None for nobody known."""
    close_old_connections()
    try:
        jar = SimpleCookie(cookie_header)
    except CookieError:
        return None
    actor = actor_of_cookies({name: morsel.value for name, morsel in jar.items()})
    if actor is None:
        return None
    own = f"{PRIVATE}{actor.pk}" if isinstance(actor, User) else ""
    return frozenset(each for each in asked if each == own or not each.startswith(PRIVATE))


def origin_allowed(origin: str, host: str) -> bool:
    """Whether a page from `origin` stands on the same machine name as this stream."""
    return urlsplit(origin).hostname == urlsplit(f"//{host}").hostname

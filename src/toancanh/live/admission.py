"""Who may listen to the stream: a signed-in person or a wall. The answer is asked once per connection."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from django.db import close_old_connections

from toancanh.people.actors import actor_of_cookies


def may_listen(cookie_header: str) -> bool:
    """Whether the cookies belong to somebody who may look at figures."""
    close_old_connections()
    try:
        jar = SimpleCookie(cookie_header)
    except CookieError:
        return False
    return actor_of_cookies({name: morsel.value for name, morsel in jar.items()}) is not None


def origin_allowed(origin: str, host: str) -> bool:
    """Whether a page from `origin` stands on the same machine name as this stream."""
    return urlsplit(origin).hostname == urlsplit(f"//{host}").hostname

"""Where the event stream stands: on its own port of the same host, or joined to the pages by a proxy."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest


def stream_origin(request: HttpRequest) -> str:
    """The stream's origin where it differs from the page's, else ""."""
    if not settings.LIVE_PORT:
        return ""
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return f"{request.scheme}://{name}:{settings.LIVE_PORT}"


def stream_address(request: HttpRequest, scopes: Iterable[str]) -> str:
    """The address that tells what changes in `scopes` (unit keys, wall codes)."""
    query = "&".join(f"scope={quote(each, safe=':')}" for each in dict.fromkeys(scopes))
    return f"{stream_origin(request)}/live/stream?{query}"

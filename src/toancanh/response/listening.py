"""Where the event stream tells that a record changed: on a line whose name cannot be guessed. Who was shown the record's page
listens to it; nobody else learns that there is such a record."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

PREFIX = "work:"


def scope_of(kind: str, subject: int) -> str:
    """The line of one record."""
    return f"{PREFIX}{salted_hmac('toancanh.response.listening', f'{kind}:{subject}', algorithm='sha256').hexdigest()[:32]}"


def key_of(kind: str, subject: int) -> str:
    """What is told on that line when the record changed."""
    return f"{kind}@{scope_of(kind, subject)}"


def listen(request: HttpRequest, kind: str, subject: int) -> None:
    """Let the page that answers this request hear of the record, which its reader may see."""
    request.scopes = (*getattr(request, "scopes", ()), scope_of(kind, subject))  # type: ignore[attr-defined]

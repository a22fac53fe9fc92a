"""What was typed into a form that was sent too late (the session or the form's token had run out), kept by the browser, signed,
until its writer has signed in and sends it again."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from toancanh.people.permissions import Request

COOKIE = "kept"
SECONDS = 3600
MOST = 3800  # what browsers take as one cookie
_SALT = "toancanh.kept-form"
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", "password", "old", "new", "again"})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where the form was to go, the page it stood on, its fields in order, and whether files went with it (they are lost)."""

    to: str
    page: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False

    @property
    def written(self) -> tuple[str, ...]:
        """What a person wrote: the fields that hold words, not codes."""
        return tuple(text for _, text in self.fields if " " in text.strip())


def of(request: Request) -> KeptForm | None:
    """The form of a request that came from a page of ours; None for any other request."""
    origin = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    if request.method != "POST" or origin.netloc != request.get_host():
        return None
    fields = tuple((name, text) for name, texts in request.POST.lists() if name not in _LEFT_OUT for text in texts)
    page = urlsplit(request.headers.get("Referer", ""))
    back = page._replace(scheme="", netloc="", fragment="").geturl() if page.netloc == request.get_host() else "/"
    return KeptForm(request.get_full_path(), back, fields, bool(request.FILES))


def keep(response: HttpResponse, form: KeptForm) -> None:
    """Let the browser keep it for an hour, when it is small enough for a cookie."""
    value = {"to": form.to, "page": form.page, "fields": form.fields, "files": form.files}
    text = signing.dumps(value, salt=_SALT, compress=True)
    if len(text) <= MOST:
        response.set_cookie(
            COOKIE, text, max_age=SECONDS, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )  # fmt: skip


def kept(request: Request) -> KeptForm | None:
    """What the browser kept; None for nothing, for something too old, and for what we have not signed."""
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return KeptForm(value["to"], value["page"], tuple((name, text) for name, text in value["fields"]), value["files"])

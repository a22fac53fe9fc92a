"""What was typed into a form that was sent too late (the session or the form's token had run out): kept by the browser,
encrypted, until its writer has signed in and sends it again, and shown only to who signed in last on that browser."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from toancanh.people.models import User
from toancanh.people.permissions import Request

COOKIE = "kept"
SECONDS = 3600
MOST = 3800  # what browsers take as one cookie
_WHO, _WHO_SALT = "who", "toancanh.who"
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
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return KeptForm(request.get_full_path(), back if ours else "/", fields, bool(request.FILES))


def keep(request: Request, response: HttpResponse, form: KeptForm) -> None:
    """Let the browser keep it for an hour, when it is known whose it is and it is small enough for a cookie."""
    who = _last(request)
    if who is None:
        return
    value = {"who": who, "to": form.to, "page": form.page, "fields": form.fields, "files": form.files}
    text = _box().encrypt(zlib.compress(json.dumps(value, ensure_ascii=False).encode())).decode()
    if len(text) <= MOST:
        _set(response, COOKIE, text, SECONDS)


def kept(request: Request) -> KeptForm | None:
    """What the browser kept for who is signed in, or was before; None for nothing, for something too old, for what we have not
    written, and for somebody else's."""
    try:
        value = json.loads(zlib.decompress(_box().decrypt(request.COOKIES.get(COOKIE, "").encode(), ttl=SECONDS)))
    except InvalidToken:
        return None
    if value["who"] != (request.user.pk if isinstance(request.user, User) else _last(request)):
        return None
    return KeptForm(value["to"], value["page"], tuple((name, text) for name, text in value["fields"]), value["files"])


def remember(response: HttpResponse, user: User) -> None:
    """Who signed in on this browser: whose form it is when the session has ended meanwhile."""
    _set(response, _WHO, signing.dumps(user.pk, salt=_WHO_SALT), None)


def forget(response: HttpResponse) -> None:
    """Whoever comes next is somebody else."""
    for name in (COOKIE, _WHO):
        response.delete_cookie(name, samesite="Strict")


def _last(request: Request) -> int | None:
    try:
        return int(signing.loads(request.COOKIES.get(_WHO, ""), salt=_WHO_SALT))
    except signing.BadSignature:
        return None


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"toancanh.kept-form" + settings.SECRET_KEY.encode()).digest()))


def _set(response: HttpResponse, name: str, text: str, seconds: int | None) -> None:
    response.set_cookie(name, text, max_age=seconds, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE, httponly=True)

"""How one wants to be reached: addresses, quiet hours, digest, this browser's push messages, the calendar of deadlines."""

from __future__ import annotations

import json
from datetime import time
from typing import Any

from django.http import HttpResponse, HttpResponseNotFound, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toancanh.audit.telling import SAVED, after
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.arranging import browsers, calendar, contacts
from toancanh.notify.channels.kept_secrets import vapid_public_key
from toancanh.notify.channels.mail_server import is_set
from toancanh.notify.models import Contact
from toancanh.people.entrance.credentials import plain
from toancanh.people.models import User
from toancanh.people.permissions import Request
from toancanh.people.policy import read_only
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice, FieldView

_FIELD_OF = {"bad-email": "email", "bad-phone": "phone", "quiet-hours": "quiet_to", "digest-hour": "digest_hour"}


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.VIEW)
def page(request: Request) -> HttpResponse:
    """Show and keep one's wishes."""
    user = _person(request)
    if request.method != "POST":
        return _page(request, _typed(contacts.contact_of(user)))
    posted = request.POST.dict()
    try:
        contacts.set_contact(user, _wishes(posted))
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(request, posted, {_FIELD_OF.get(problem.code, "email"): tx(problem.detail)})
    return after(request, SAVED, reverse("notify:settings"))


@require_POST
@require(Action.VIEW)
def new_calendar(request: Request) -> HttpResponse:
    """Make the address of one's feed, and show it this once."""
    user = _person(request)
    path = reverse("notify:calendar", args=[calendar.make_token(user)])
    return _page(request, _typed(contacts.contact_of(user)), feed=request.build_absolute_uri(path))


@require_safe
@require(Action.VIEW)
def push_key(_request: Request) -> HttpResponse:
    """The key that a browser subscribes with."""
    return JsonResponse({"key": vapid_public_key()})


@require_POST
@require(Action.VIEW)
def subscriptions(request: Request) -> HttpResponse:
    """A browser's `PushSubscription.toJSON()`; with `"off": true` it rings no more; with `"whose": true` it is only asked whether
    it rings for whoever is signed in."""
    user = _person(request)
    given = _given(request)
    endpoint = plain(str(given.get("endpoint", "")))
    if given.get("whose") is True:
        return JsonResponse({"mine": browsers.rings_for(user, endpoint)})
    if given.get("off") is True:
        browsers.unsubscribe(user, endpoint)
    else:
        keys = given["keys"] if isinstance(given.get("keys"), dict) else {}
        wanted = browsers.Subscription(
            endpoint, plain(str(keys.get("p256dh", ""))), plain(str(keys.get("auth", ""))),
            request.headers.get("User-Agent", "")[:200],
        )  # fmt: skip
        browsers.subscribe(user, wanted)
    return HttpResponse(status=204)


@require_safe
def calendar_feed(_request: Request, token: str) -> HttpResponse:
    """One person's deadlines for a calendar program; the secret is the address."""
    user = calendar.owner_of(token)
    if user is None:
        return HttpResponseNotFound(content_type="text/plain")
    headers = {"Cache-Control": "private, max-age=300", "Content-Disposition": 'inline; filename="toancanh.ics"'}
    return HttpResponse(calendar.feed(user), content_type="text/calendar; charset=utf-8", headers=headers)


def _person(request: Request) -> User:
    if not isinstance(request.actor, User):
        raise read_only()
    return request.actor


def _given(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
    except (ValueError, RawPostDataException):  # the latter: a form with files, read as a form already
        given = None
    if not isinstance(given, dict):
        raise Problem(
            "bad-subscription",
            422,
            Text("Không đọc được đăng ký", "The subscription cannot be read"),
            Text("Tải lại trang rồi bật lại thông báo.", "Reload the page and switch push on again."),
        )
    return given


def _page(request: Request, typed: dict[str, str], errors: dict[str, str] | None = None, feed: str = "") -> HttpResponse:
    errors = errors or {}
    context = {
        "fields": _fields(typed, errors),
        "feed": feed,
        "mail": is_set(),
    }
    return render(request, "notify/settings.html", context, status=422 if errors else 200)


def _typed(contact: Contact) -> dict[str, str]:
    hour = contact.digest_hour
    return {
        "email": contact.email,
        "phone": contact.phone,
        "quiet_from": f"{contact.quiet_from:%H:%M}" if contact.quiet_from else "",
        "quiet_to": f"{contact.quiet_to:%H:%M}" if contact.quiet_to else "",
        "digest_hour": "" if hour is None else str(hour),
    }


def _wishes(posted: dict[str, str]) -> contacts.Wishes:
    hour = posted.get("digest_hour", "")
    return contacts.Wishes(
        email=posted.get("email", ""),
        phone=posted.get("phone", ""),
        quiet_from=_time(posted.get("quiet_from", "")),
        quiet_to=_time(posted.get("quiet_to", "")),
        digest_hour=int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 3 else None,
    )


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None
    except ValueError:
        return None


def _fields(typed: dict[str, str], errors: dict[str, str]) -> tuple[FieldView, ...]:
    quiet = t("Trong giờ này chỉ tin khẩn được gửi.", "Only what is urgent is sent in these hours.")
    hours = [Choice(value="", label=t("Không gửi bản tin", "No digest"), chosen=not typed.get("digest_hour"))]
    hours += [Choice(value=str(hour), label=f"{hour}:00", chosen=typed.get("digest_hour") == str(hour)) for hour in range(24)]
    plain = (
        ("email", t("Thư điện tử", "E-mail"), "email", "", "email"),
        ("phone", t("Điện thoại nhận tin khẩn", "Phone for urgent messages"), "tel", "", "tel"),
        ("quiet_from", t("Giờ yên tĩnh, từ", "Quiet hours, from"), "time", quiet, ""),
        ("quiet_to", t("Giờ yên tĩnh, đến", "Quiet hours, to"), "time", "", ""),
    )
    found = [
        FieldView(
            name=name, label=label, kind=kind, value=typed.get(name, ""), hint=hint, error=errors.get(name, ""), autocomplete=auto
        )
        for name, label, kind, hint, auto in plain
    ]
    digest = FieldView(
        name="digest_hour",
        label=t("Gộp việc nhỏ vào một thư lúc", "Digest of minor matters at"),
        kind="select",
        choices=tuple(hours),
        error=errors.get("digest_hour", ""),
    )
    return (*found, digest)

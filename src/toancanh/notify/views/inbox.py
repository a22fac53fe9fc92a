"""One's inbox: what is unread first, confirm, mark read; and the bell that every page carries."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from toancanh.notify import queries, services
from toancanh.notify.views.shown import dispatch_table, notice_line
from toancanh.people.models import User
from toancanh.people.permissions import Actor, Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t
from toancanh.ui.tables import BellView, PagerView

PAGE = 50


def bell_of(actor: Actor) -> BellView | None:
    """The bell of a person; None for walls, previews and the public, who have no inbox."""
    if not isinstance(actor, User):
        return None
    return BellView(
        href=reverse("notify:inbox"), count=queries.unread(actor), key=f"inbox@user:{actor.pk}", live_href=reverse("notify:bell")
    )


@require_safe
@require(Action.VIEW)
def inbox(request: Request) -> HttpResponse:
    """The list."""
    start = _start(request)
    found = list(queries.inbox(request.actor)[start : start + PAGE + 1])
    context = {
        "lines": [notice_line(each) for each in found[:PAGE]],
        "unread": queries.unread(request.actor),
        "key": f"inbox@user:{getattr(request.actor, 'pk', 0)}",
        "pager": _pager(start, len(found)),
    }
    return render(request, "notify/inbox.html", context)


@require_safe
@require(Action.VIEW)
def bell(request: Request) -> HttpResponse:
    """The bell alone, for the live stream."""
    return render(request, "notify/bell.html", {"bell_view": bell_of(request.actor)})


@require_safe
@require(Action.VIEW)
def notice(request: Request, pk: int) -> HttpResponse:
    """One notice with the proof of what was handed over."""
    found = queries.notice(request.actor, pk)
    table = dispatch_table(queries.proof_of(request.actor, found), t("Đã gửi ra ngoài hộp thư", "Sent beyond the inbox"))
    may_prove = request.actor.can(Action.DIRECT) or request.actor.can(Action.AUDIT)
    context = {"line": notice_line(found), "table": table, "subject": found.subject, "may_prove": may_prove}
    return render(request, "notify/notice.html", context)


@require_POST
@require(Action.VIEW)
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Mark it read and go where it leads."""
    found = queries.notice(request.actor, pk)
    services.mark_read(request.actor, [pk])
    inside = url_has_allowed_host_and_scheme(found.link, None)
    return HttpResponseRedirect(found.link if inside else reverse("notify:inbox"))


@require_POST
@require(Action.VIEW)
def confirm(request: Request, pk: int) -> HttpResponse:
    """A human has it. Sent twice, it counts once."""
    services.confirm(request.actor, pk)
    return HttpResponseRedirect(reverse("notify:inbox"))


@require_POST
@require(Action.VIEW)
def read(request: Request) -> HttpResponse:
    """Mark everything read."""
    services.mark_read(request.actor)
    return HttpResponseRedirect(reverse("notify:inbox"))


def _start(request: Request) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _pager(start: int, found: int) -> PagerView | None:
    if not start and found <= PAGE:
        return None
    shown = min(found, PAGE)
    words = t(f"{start + 1}–{start + shown}", f"{start + 1} to {start + shown}") if shown else ""
    earlier = f"?from={max(0, start - PAGE)}" if start else ""
    return PagerView(text=words, earlier_href=earlier, later_href=f"?from={start + PAGE}" if found > PAGE else "")

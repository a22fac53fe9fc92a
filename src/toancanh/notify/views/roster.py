"""The duty roster: who is on duty this week, and setting turns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from toancanh.audit.telling import after
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.arranging import roster
from toancanh.notify.audience import leaders, operators
from toancanh.people.models import User
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui import formats
from toancanh.ui.language import t
from toancanh.ui.tables import Choice, FieldView, PagerView

WEEK = timedelta(days=7)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.VIEW)
def page(request: Request) -> HttpResponse:
    """The week; a post sets a turn."""
    if request.method != "POST":
        return _page(request)
    posted = request.POST.dict()
    try:
        turn = roster.add_turn(request.actor, _user(posted), _moment(posted, "starts_at"), _moment(posted, "ends_at"))
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(request, posted, problem)
    return after(request, "notify.add_turn", f"{reverse('notify:roster')}?week={timezone.localdate(turn.starts_at)}")


@require_POST
@require(Action.DIRECT)
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a turn back."""
    roster.remove_turn(request.actor, pk)
    return after(request, "notify.remove_turn", reverse("notify:roster"))


def _page(request: Request, posted: dict[str, str] | None = None, problem: Problem | None = None) -> HttpResponse:
    monday = _monday(request.GET.get("week", ""))
    first = datetime.combine(monday, time(0), timezone.get_default_timezone())
    now = timezone.now()
    turns = [
        (each, formats.weekday(each.starts_at), f"{formats.moment(each.starts_at)} – {formats.moment(each.ends_at)}")
        for each in roster.turns(request.actor, first, first + WEEK)
    ]
    gaps = [f"{formats.moment(a)} – {formats.moment(b)}" for a, b in roster.gaps(request.actor, max(first, now), first + WEEK)]
    may = request.actor.can(Action.DIRECT) and not request.actor.read_only
    context = {
        "turns": turns,
        "gaps": gaps if first + WEEK > now else [],
        "pager": PagerView(
            text=f"{formats.day(monday)} – {formats.day(monday + timedelta(days=6))}",
            earlier_href=f"?week={monday - WEEK}",
            later_href=f"?week={monday + WEEK}",
            earlier=t("Tuần trước", "Week before"),
            later=t("Tuần sau", "Week after"),
        ),
        "fields": _fields(posted or {}) if may else (),
        "problem": problem,
        "now": now,
    }
    return render(request, "notify/roster.html", context, status=problem.status if problem else 200)


def _fields(posted: dict[str, str]) -> tuple[FieldView, ...]:
    chosen = posted.get("user", "")
    people = [Choice(value=str(each.pk), label=each.name, chosen=str(each.pk) == chosen) for each in [*operators(), *leaders()]]
    first = Choice(value="", label=t("Chọn người trực", "Choose who"), chosen=not chosen)
    starts, ends = posted.get("starts_at", ""), posted.get("ends_at", "")
    return (
        FieldView(name="user", label=t("Người trực", "On duty"), kind="select", required=True, choices=(first, *people)),
        FieldView(name="starts_at", label=t("Từ", "From"), kind="datetime-local", required=True, value=starts),
        FieldView(name="ends_at", label=t("Đến", "To"), kind="datetime-local", required=True, value=ends),
    )


def _user(posted: dict[str, str]) -> User:
    pk = posted.get("user", "")
    found = User.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 10 else None
    if found is None:
        raise _incomplete(Text("Chọn người trực.", "Choose who is on duty."))
    return found


def _moment(posted: dict[str, str], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(posted.get(name, ""))
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise _incomplete(Text("Nhập đủ ngày giờ bắt đầu và kết thúc.", "Enter when it begins and when it ends."))
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_default_timezone())


def _incomplete(detail: Text) -> Problem:
    return Problem("turn-refused", 422, Text("Chưa xếp được ca trực", "The turn was not set"), detail)


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    if not 2000 <= day.year <= 2200:
        day = timezone.localdate()
    return day - timedelta(days=day.weekday())

"""The auditors' pages: search the record, take it away as a file, take its anchor. Looking is recorded too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.people import queries, services
from toancanh.people.administration import listings, seeking
from toancanh.people.administration.forms import Posted, text
from toancanh.people.permissions import Request
from toancanh.people.queries import Asked
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui import sheets
from toancanh.ui.language import current, t, tx

PAGE = 50


@require_GET
@require(Action.AUDIT)
def audit(request: Request) -> HttpResponse:
    """The audit record, newest first, found by who, act, subject and days."""
    return _page(request, request.GET)


@require_POST
@require(Action.AUDIT)
def export(request: Request) -> HttpResponseBase:
    """What was found, as CSV, oldest first; the reason is recorded."""
    asked = _asked(request.POST)
    try:
        entries = services.export_audit(request.actor, asked, text(request.POST, "reason"))
    except Problem as problem:
        return _page(request, request.POST, tx(problem.detail))
    lines = ([*_plain(each)] for each in entries.order_by("number").iterator(2000))
    body = sheets.csv_lines(_HEADS[current()], lines, vietnamese=current() == "vi")
    answer = StreamingHttpResponse(body, content_type=sheets.CSV_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


@require_GET
@require(Action.AUDIT)
def anchor(request: Request) -> HttpResponse:
    """Number and hash of the newest entry as one line of text, to be kept elsewhere for `toancanh audit verify --anchor`."""
    end = services.take_anchor(request.actor)
    answer = HttpResponse(f"{end.number} {end.hash}\n", content_type="text/plain")
    answer["Content-Disposition"] = f'attachment; filename="anchor-{end.number}.txt"'
    return answer


_HEADS = {
    "vi": ("Số", "Lúc", "Ai", "Việc", "Đối tượng", "Từ địa chỉ", "Lý do", "Chi tiết", "Mã băm"),
    "en": ("Number", "When", "Who", "Act", "Subject", "From", "Reason", "Details", "Hash"),
}


def _plain(each: AuditEntry) -> Iterator[sheets.Plain]:
    yield from (each.number, each.at, each.actor, each.action, each.subject, each.address, each.reason, each.detail, each.hash)


def _page(request: Request, given: Posted, error: str = "") -> HttpResponse:
    asked, before = _asked(given), given.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 19 else None
    entries = list(services.read_audit(request.actor, asked, before=number)[: PAGE + 1])
    words = {
        "who": asked.who, "action": asked.action, "subject": asked.subject,
        "first": asked.first.isoformat() if asked.first else "", "last": asked.last.isoformat() if asked.last else "",
    }  # fmt: skip
    names = queries.names(request.actor)
    context = {
        "asked": words, "error": error, "table": listings.audit_table(entries[:PAGE], names),
        "groups": seeking.act_groups(asked.action), "accounts": seeking.accounts(names),
        "pager": listings.audit_pager(entries, words, PAGE), "again": urlencode(words),
        "title": t("Nhật ký", "Audit record"),
    }  # fmt: skip
    return render(request, "people/audit.html", context, status=422 if error else 200)


def _asked(given: Posted) -> Asked:
    return Asked(text(given, "who"), text(given, "action"), text(given, "subject"), _day(given, "first"), _day(given, "last"))


def _day(given: Posted, name: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(given.get(name, ""))
    return None

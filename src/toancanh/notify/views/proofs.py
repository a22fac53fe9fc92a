"""What was told about a matter: who saw it, what left the centre, every attempt, and how far it climbed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from toancanh.notify import queries
from toancanh.notify.views.shown import dispatch_table, escalation_lines, notice_table
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t


@require_safe
@require(Action.DIRECT, Action.AUDIT)
def page(request: Request) -> HttpResponse:
    """`?subject=alert:12`."""
    subject = request.GET.get("subject", "").replace("\x00", "")[:120]
    found = queries.proof(request.actor, subject)
    context = {
        "subject": subject,
        "inboxes": notice_table(found.notices),
        "table": dispatch_table(found.dispatches, t("Đã gửi ra ngoài", "Sent outside")),
        "escalations": escalation_lines(found.escalations),
    }
    return render(request, "notify/proof.html", context)

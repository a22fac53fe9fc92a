"""The after-action report of an incident to take away: Word or PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.audit import services as audit
from toancanh.kernel.text import Text
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response import policy
from toancanh.response.printed.after_action import report_of
from toancanh.response.printed.docx import docx
from toancanh.response.printed.pdf import pdf
from toancanh.response.queries import incidents as queries
from toancanh.ui import language

FORMS = {
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}


@require(Action.DIRECT, Action.HANDLE, Action.AUDIT)
@require_safe
def report(request: Request, pk: int, form: str) -> HttpResponse:
    """The file; who took it away is in the audit record."""
    incident = queries.find(request.actor, pk)
    if form not in FORMS:
        raise policy.unseen(Text("dạng tệp này", "form"))
    printer, media_type = FORMS[form]
    with language.use("vi"):  # an official document is Vietnamese whoever prints it
        body = printer(report_of(request.actor, incident, timezone.now()))
    about = {"code": incident.code, "form": form}
    audit.record(request.actor.label, "response.report", f"incident:{pk}", detail=about, address=request.actor.address)
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{incident.code}.{form}"'
    return response

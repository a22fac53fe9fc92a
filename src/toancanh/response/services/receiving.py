"""Reports from outside: each is received once, and what one sender reports again under its own number is one incident."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import fold
from toancanh.people.permissions import Actor
from toancanh.response import timeline
from toancanh.response.events import IncidentChanged
from toancanh.response.handling import notices as incident_notices
from toancanh.response.handling.kept import Report
from toancanh.response.models import Incident, Kind
from toancanh.response.services.incidents import IncidentForm, open_incident, require_opening


@dataclass(frozen=True, slots=True)
class Sent:
    """Who sent a report (a source, or a form of the desk), and under which key: the same key again is the same report."""

    sender: str
    key: str


def receive(actor: Actor, form: IncidentForm, sent: Sent) -> Incident:
    """The incident of a report: the one that it opens, or the one that the same sender reported under this number before, which
    notes what is said now. Raises `Problem` 403, 409 when the key was used for something else, 422."""
    require_opening(actor, form)
    digest = _digest(form)
    for _ in range(2):  # two doors at once: the second finds what the first wrote
        known = Report.objects.select_related("incident").filter(sender=sent.sender, key=sent.key).first()
        if known is not None:
            if known.digest != digest:
                raise _used_for_another(known.incident)
            return known.incident
        try:
            with transaction.atomic():
                return _received(actor, form, sent, digest)
        except IntegrityError:
            continue
    return Report.objects.get(sender=sent.sender, key=sent.key).incident


def _received(actor: Actor, form: IncidentForm, sent: Sent, digest: str) -> Incident:
    number = form.number.strip()
    before = Report.objects.select_related("incident").filter(sender=sent.sender, number=number).first() if number else None
    incident = before.incident if before is not None else open_incident(actor, form)
    if before is not None:
        _told_again(actor, incident, form, digest[:16])
    # Last, so that everybody holds the audit record before this row: two in the other order would wait for each other.
    Report.objects.create(
        sender=sent.sender, key=sent.key, digest=digest, number="" if before is not None else number, incident=incident,
        reporter=form.reporter.strip()[:160] if before is not None else "", received_at=timezone.now(),
    )  # fmt: skip
    return incident


def _told_again(actor: Actor, incident: Incident, form: IncidentForm, key: str) -> None:
    said = ". ".join(each.strip() for each in (form.title, form.text) if each.strip())
    number = form.number.strip()
    words = Text(f"Được báo lại, số {number}: {said}", f"Reported again, number {number}: {said}")
    timeline.write(Kind.INCIDENT, incident.pk, actor, "reported_again", words)
    detail = {"code": incident.code, "number": number, "origin": form.origin}
    audit.record(actor.label, "response.reported_again", f"incident:{incident.pk}", detail=detail, address=actor.address)
    if form.reporter.strip():  # found by the name or number of whoever told
        Incident.objects.filter(pk=incident.pk).update(sought=Concat("sought", Value(f" {fold(form.reporter.strip())}")))
    incident_notices.reported_again(incident, key)
    tell_after_commit(IncidentChanged(incident.pk))


def _digest(form: IncidentForm) -> str:
    content = {each.name: getattr(form, each.name) for each in fields(form)}
    content |= {"unit": form.unit.key if form.unit else "", "origin_key": ""}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _used_for_another(incident: Incident) -> Problem:
    return Problem(
        "key-used", 409, Text("Khóa này đã dùng cho nội dung khác", "This key was used for something else"),
        Text(f"Cùng khóa này đã lập {incident.code} với nội dung khác. Nếu là việc khác, gửi lại bằng khóa mới; "
             f"nếu là cùng một việc, bổ sung vào {incident.code}.",
             f"The same key opened {incident.code} with other content. If this is another matter send it again with a new key; "
             f"if it is the same one add to {incident.code}."),
    )  # fmt: skip

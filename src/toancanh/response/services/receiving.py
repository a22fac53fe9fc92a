"""Reports from outside: each is received once, and what a source reports again under its own number is one incident while that is
open. Of what a person enters under a number that was used before the person says whether it is the same."""

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
from toancanh.people.roles import Role
from toancanh.response import policy, timeline
from toancanh.response.events import IncidentChanged
from toancanh.response.handling import notices as incident_notices
from toancanh.response.handling.kept import Report
from toancanh.response.handling.kinds import kind_of
from toancanh.response.models import Incident, Kind
from toancanh.response.services import severity
from toancanh.response.services.incidents import IncidentForm, check_form, open_incident, require_opening


@dataclass(frozen=True, slots=True)
class Sent:
    """Who sent a report (a source, or a form of the desk), and under which key: the same key again is the same report."""

    sender: str
    key: str


class NumberUsed(Problem):
    """A person enters a number that an open incident has: whether it is the same matter, the person says."""

    def __init__(self, number: str, incident: Incident) -> None:
        self.incident = incident
        super().__init__(
            "number-used", 409, Text("Số này thuộc một sự việc đang mở", "An open incident has this number"),
            Text(f"Số {number} thuộc {incident.code} đang mở: {incident.heading.vi}. Nếu là cùng một việc, bổ sung vào "
                 f"{incident.code}; nếu là việc khác, nhập số khác hoặc để trống số.",
                 f"Number {number} belongs to {incident.code}, which is open: {incident.heading.en}. If it is the same matter "
                 f"add to {incident.code}; if it is another enter another number or leave the number empty."),
        )  # fmt: skip


def receive(actor: Actor, form: IncidentForm, sent: Sent) -> Incident:
    """The incident of a report: the one that it opens, or the open one that the same source reported under this number, which
    notes what is said now. Raises `Problem` 403, 409 when the key was used for something else or, for a person, the number is
    of an open incident (`NumberUsed`), 422."""
    require_opening(actor, form)
    digest = _digest(form)
    for _ in range(2):  # two doors at once: the second finds what the first wrote
        known = Report.objects.select_related("incident").filter(sender=sent.sender, key=sent.key).first()
        if known is not None:
            if known.digest != digest:
                raise _used_for_another(known.incident)
            return known.incident
        check_form(actor, form)
        try:
            with transaction.atomic():
                return _received(actor, form, sent, digest)
        except IntegrityError:
            continue
    return Report.objects.get(sender=sent.sender, key=sent.key).incident


def _received(actor: Actor, form: IncidentForm, sent: Sent, digest: str) -> Incident:
    number = form.number.strip()
    before = Report.objects.select_related("incident").filter(sender=sent.sender, number=number).first() if number else None
    open_one = _open_one(actor, before.incident) if before is not None else None
    if open_one is not None and actor.role != Role.MACHINE:
        raise NumberUsed(number, open_one)
    incident = open_one or open_incident(actor, form)
    if open_one is not None:
        _told_again(actor, open_one, form, digest[:16])
    elif before is not None:  # the number is the newest incident's; of two doors at once the second is refused by the constraint
        Report.objects.filter(pk=before.pk).update(number="")
    # Last, so that everybody holds the audit record before this row: two in the other order would wait for each other.
    Report.objects.create(
        sender=sent.sender, key=sent.key, digest=digest, number="" if open_one is not None else number, incident=incident,
        reporter=form.reporter.strip()[:160] if open_one is not None else "", received_at=timezone.now(),
    )  # fmt: skip
    return incident


def _open_one(actor: Actor, incident: Incident) -> Incident | None:
    """Where a matter that was reported before goes on, through every merge, held; None when it is over or not for this person."""
    while incident.merged_into is not None:
        incident = incident.merged_into
    found = Incident.objects.filter(pk=incident.pk, closed_at=None)
    seen = found if actor.role == Role.MACHINE else policy.visible_incidents(found, actor)
    return seen.select_for_update(no_key=True).first()


def _told_again(actor: Actor, incident: Incident, form: IncidentForm, key: str) -> None:
    said = ". ".join(each.strip() for each in (form.title, form.text) if each.strip())
    number = form.number.strip()
    words = Text(f"Được báo lại, số {number}: {said}", f"Reported again, number {number}: {said}")
    timeline.write(Kind.INCIDENT, incident.pk, actor, "reported_again", words)
    detail = {"code": incident.code, "number": number, "origin": form.origin}
    audit.record(actor.label, "response.reported_again", f"incident:{incident.pk}", detail=detail, address=actor.address)
    if form.reporter.strip():  # found by the name or number of whoever told
        Incident.objects.filter(pk=incident.pk).update(sought=Concat("sought", Value(f" {fold(form.reporter.strip())}")))
    _weigh_again(actor, incident, form)
    incident_notices.reported_again(incident, key)
    tell_after_commit(IncidentChanged(incident.pk))


def _weigh_again(actor: Actor, incident: Incident, form: IncidentForm) -> None:
    """What is told graver now is graver; a report that names no severity has that of its kind, where it is another kind."""
    usual = kind_of(form.kind).severity.value if form.kind != incident.kind else incident.severity
    now = form.severity or usual
    if severity.graver(now, incident.severity):
        number = form.number.strip()
        severity.weigh(actor, incident, now, Text(f"được báo lại, số {number}", f"reported again, number {number}"))


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

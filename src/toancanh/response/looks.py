"""Looks at what reporters told of themselves: an entry of the audit record for each look, none for a refresh of the same look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.audit.models import AuditEntry
from toancanh.people.permissions import Actor
from toancanh.response.models import Incident

ONE_LOOK = timedelta(minutes=30)  # who reads on within this time of the entry has looked once
_PHONE = re.compile(r"\d{6,}")


def at_reporter(actor: Actor, incident: Incident, reporters: Sequence[str]) -> None:
    """Somebody is shown who reported this incident."""
    if reporters:
        _note(actor, "response.read_reporter", f"incident:{incident.pk}", {"code": incident.code})


def by_phone(actor: Actor, sought: str, found: int) -> None:
    """Somebody searches the incidents by a telephone number; the record keeps its last three digits."""
    number = _PHONE.search(re.sub(r"[\s.()+-]", "", sought))
    if number:
        _note(actor, "response.search_reporter", f"reporter:…{number.group()[-3:]}", {"found": found})


def _note(actor: Actor, action: str, subject: str, detail: dict[str, object]) -> None:
    since = timezone.now() - ONE_LOOK
    if not AuditEntry.objects.filter(subject=subject, actor=actor.label, action=action, at__gte=since).exists():
        audit.record(actor.label, action, subject, detail=detail, address=actor.address)

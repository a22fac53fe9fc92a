"""Reads of the audit record. Who may read it is decided by the caller (people.policy, action AUDIT)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Subquery
from django.db.models.functions import Coalesce

from toancanh.audit import numbers
from toancanh.audit.chain import BEYOND, START, Anchor, Fault, first_fault
from toancanh.audit.models import AuditEntry, AuditHead, WrittenOnce
from toancanh.kernel.periods import VIETNAM

RECORD_NUMBER = re.compile(r"[A-Za-z]{2}-\d{2,4}-\d{1,9}")  # as SV-2611-00007, CD-2026-0001


@dataclass(frozen=True, slots=True)
class Days:
    """From the beginning of the first to the end of the last, in Vietnamese time; None is open."""

    first: date | None = None
    last: date | None = None


def entries(
    *, actors: Collection[str] = (), action: str = "", subject: str = "", days: Days = Days(), before: int | None = None
) -> WrittenOnce:
    """Newest first. `actors` any of them; `action` one act, or all of a room ("response."); `subject` by its beginning, or the
    number of a record ("SV-2611-00007"); `before` = only entries with a smaller number."""
    found = AuditEntry.objects.order_by("-number")
    if days.first is not None and days.first > date.min:
        found = found.filter(at__gte=datetime.combine(days.first, time.min, VIETNAM))
    if days.last is not None and days.last < date.max:
        found = found.filter(at__lt=datetime.combine(days.last + timedelta(days=1), time.min, VIETNAM))
    if actors:
        found = found.filter(actor__in=actors)
    if action:
        found = found.filter(action__startswith=action) if action.endswith(".") else found.filter(action=action)
    if RECORD_NUMBER.fullmatch(subject):
        found = found.filter(subject__in=numbers.subjects_of(subject.upper()))
    elif subject:
        found = found.filter(subject__startswith=subject)
    return found.filter(number__lt=before) if before is not None else found


def head() -> Anchor:
    """Number and hash of the newest entry; number 0 when there is none."""
    row = AuditHead.objects.first()
    return Anchor(row.number, row.hash) if row else Anchor(0, START)


def verify(anchors: Iterable[Anchor] = ()) -> Fault | None:
    """The first fault of the whole chain, None when sound. Holds no lock: entries written meanwhile are judged next time."""
    end = head()
    links = (entry.as_link() for entry in AuditEntry.objects.filter(number__lte=end.number).order_by("number").iterator(2000))
    return first_fault(links, end, anchors) or _beyond_the_head()


def _beyond_the_head() -> Fault | None:
    # one statement, so that an entry and its head are seen together
    head_number = Coalesce(Subquery(AuditHead.objects.filter(pk=1).values("number")), 0)
    stray = AuditEntry.objects.annotate(head=head_number).filter(number__gt=F("head")).order_by("number").first()
    return Fault(stray.number, BEYOND.with_values(found=stray.head)) if stray else None

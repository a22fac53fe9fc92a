"""What the clock does to work that is late: it climbs, and each rung is told once.

Due soon: who does it. Overdue: the agency. One working day later: the office and the operators. Three working days: the leaders.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.kernel.clocks import Counting
from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify import audience
from toancanh.notify import services as notify
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response import changes, clocks, timeline
from toancanh.response.directing import notices
from toancanh.response.models import Clock, Kind, Task, Work

SOON = timedelta(hours=24)
DUE_SOON, OVERDUE, ONE_DAY, THREE_DAYS = 1, 2, 3, 4
log = logging.getLogger(__name__)
_WORDS = {
    DUE_SOON: Text("Sắp đến hạn", "Due soon"),
    OVERDUE: Text("Quá hạn", "Overdue"),
    ONE_DAY: Text("Quá hạn 1 ngày làm việc", "Overdue by 1 working day"),
    THREE_DAYS: Text("Quá hạn 3 ngày làm việc", "Overdue by 3 working days"),
}
_PEOPLE: dict[int, Callable[[Work], list[User]]] = {
    DUE_SOON: notices.workers,
    OVERDUE: notices.agency_people,
    ONE_DAY: lambda _record: notices.office(),
    THREE_DAYS: lambda _record: audience.leaders(),
}
_SEVERITY = {DUE_SOON: Severity.LOW, OVERDUE: Severity.MEDIUM, ONE_DAY: Severity.HIGH, THREE_DAYS: Severity.HIGH}


def climb() -> int:
    """Let every directive and task climb as far as it is late. How many rungs were told; runs each minute and is idempotent."""
    now = timezone.now()
    waiting = Clock.objects.filter(
        stopped_at=None, due_at__lte=now + SOON, told__lt=THREE_DAYS, name=clocks.HANDLE, kind__in=(Kind.DIRECTIVE, Kind.TASK)
    )
    return sum(_kept_going(each, now) for each in waiting)


def rung(clock: Clock, now: datetime) -> int:
    """How far work under this clock has climbed by `now`: 0 when there is time left."""
    if clocks.is_paused(clock):
        return 0
    if now < clock.due_at:
        span = min(SOON, (clock.due_at - clock.started_at) / 4)
        return DUE_SOON if now >= clock.due_at - span else 0
    for days, reached in ((3, THREE_DAYS), (1, ONE_DAY)):
        if now > clocks.due_at(clock.due_at, days, Counting.WORKING_DAYS, clock.agency):
            return reached
    return OVERDUE


def _kept_going(late: Clock, now: datetime) -> int:
    try:
        return _climbed(late, now)
    except Exception:  # one record that breaks must not stop the others
        log.exception("%s:%s could not climb", late.kind, late.subject)
        return 0


def _climbed(late: Clock, now: datetime) -> int:
    with transaction.atomic():
        # The record before its clock, as everybody else locks them, and both before the audit entry.
        held = clocks.MODELS[late.kind]._default_manager.select_for_update(of=("self",), no_key=True).select_related("lead")
        record = held.get(pk=late.subject)
        clock = Clock.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=late.pk, stopped_at=None).first()
        reached = rung(clock, now) if clock else 0
        if clock is None or reached <= clock.told:
            return 0
        fresh = [each for each in range(clock.told + 1, reached + 1) if each != DUE_SOON or reached == DUE_SOON]
        for each in fresh:
            _tell(record, clock, each)
        Clock.objects.filter(pk=clock.pk).update(told=reached)
        if clock.kind == Kind.TASK:
            Task.objects.filter(pk=clock.subject).update(climbed=reached)
        changes.news(clock.kind, clock.subject)
    return len(fresh)


def _tell(record: Work, clock: Clock, reached: int) -> None:
    title = Text(f"{_WORDS[reached].vi}: {record.title}", f"{_WORDS[reached].en}: {record.title}")
    key = f"climb:{clock.pk}:{reached}"  # one clock, one rung: once
    notify.tell(notices.message(record, key, title, severity=_SEVERITY[reached]), _PEOPLE[reached](record))
    if reached == DUE_SOON:
        return
    timeline.write(clock.kind, record.pk, SYSTEM, "climb", _WORDS[reached], {"rung": reached})
    audit.record(SYSTEM.label, "response.climb", f"{clock.kind}:{record.pk}", detail={"rung": reached, "code": record.code})

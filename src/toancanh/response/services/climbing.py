"""What the clock does to work that is late: it climbs, and each rung is told once.

A directive or a task. Due soon: who does it. Overdue: the agency. One working day later: the office and the operators. Three
working days: the leaders. An incident, by the clock of each of its stages and of each step of its procedure. Overdue: the head
of the agency that has to mend it, the operators while it is at the desk, whoever plays the role of the step. After a time that
depends on its severity: the leaders.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
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
from toancanh.response.handling import notices as incident_notices
from toancanh.response.handling.kinds import kind_of
from toancanh.response.models import Clock, Incident, Kind, Work
from toancanh.response.services import steps

SOON = timedelta(hours=24)
DUE_SOON, OVERDUE, ONE_DAY, TOP = 1, 2, 3, 4
_LATER = ((ONE_DAY, 1), (TOP, 3))  # working days after the deadline
_MOMENT = timedelta.resolution  # what is late is so after the deadline, not at it
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: what is said, how gravely, and to whom."""

    words: Text
    severity: Severity | None  # None: the record's own
    people: Callable[[Work], list[User]]


_WORK = {
    DUE_SOON: Rung(Text("Sắp đến hạn", "Due soon"), Severity.LOW, notices.workers),
    OVERDUE: Rung(Text("Quá hạn", "Overdue"), Severity.MEDIUM, notices.agency_people),
    ONE_DAY: Rung(
        Text("Quá hạn 1 ngày làm việc", "Overdue by 1 working day"), Severity.HIGH, lambda _record: notices.office()
    ),
    TOP: Rung(Text("Quá hạn 3 ngày làm việc", "Overdue by 3 working days"), Severity.HIGH, lambda _record: audience.leaders()),
}
_STAGES = {
    "take": Text("Quá hạn tiếp nhận", "Overdue: not taken"),
    "route": Text("Quá hạn chuyển xử lý", "Overdue: not routed"),
    clocks.HANDLE: Text("Quá hạn khắc phục", "Overdue: not handled"),
    "confirm": Text("Quá hạn xác nhận", "Overdue: not confirmed"),
}


def climb() -> int:
    """Let all work climb as far as it is late. How many rungs were told; runs each minute and is idempotent.

    A clock says itself when it has something to tell next, so that a minute without news is one statement.
    """
    now = timezone.now()
    ordered = Q(name=clocks.HANDLE, kind__in=(Kind.DIRECTIVE, Kind.TASK))
    waiting = Clock.objects.filter(ordered | Q(kind=Kind.INCIDENT), stopped_at=None, looks_at__lte=now)
    return sum(_kept_going(each, now) for each in waiting)


def moments(clock: Clock, record: Work) -> dict[int, datetime]:
    """When work under this clock reaches each rung; none while the clock stands still."""
    if clocks.is_paused(clock):
        return {}
    if isinstance(record, Incident):
        return _of_incident(clock, record)
    span = min(SOON, (clock.due_at - clock.started_at) / 4)
    later = {rung: clocks.due_at(clock.due_at, days, Counting.WORKING_DAYS, clock.agency) + _MOMENT for rung, days in _LATER}
    return {DUE_SOON: clock.due_at - span, OVERDUE: clock.due_at, **later}


def _of_incident(clock: Clock, incident: Incident) -> dict[int, datetime]:
    at_once = clock.name == "take" or steps.is_step(clock)
    if at_once and incident.severity == Severity.URGENT and incident.acknowledged_at is None:
        return {}  # it climbs from its opening on, until somebody answers
    after = kind_of(incident.kind, incident.opened_at).term("climbs", incident.severity)
    above = clocks.due_at(clock.due_at, after.amount, after.regime, clock.agency)
    return {OVERDUE: clock.due_at + _MOMENT, TOP: above + _MOMENT}


def _rungs_of(clock: Clock) -> dict[int, Rung]:
    if clock.kind != Kind.INCIDENT:
        return _WORK
    words, people = _stage(clock)
    above = Text(f"{words.vi}, báo lãnh đạo", f"{words.en}, told to the leaders")
    return {OVERDUE: Rung(words, None, people), TOP: Rung(above, None, lambda _record: audience.leaders())}


def _stage(clock: Clock) -> tuple[Text, Callable[[Work], list[User]]]:
    """What is said of a stage or of a step of the procedure that is late, and to whom first."""
    step = steps.of_clock(clock)
    if step is not None:
        words = Text(f"Quá hạn bước {step.number}: {step.words_vi}", f"Overdue: step {step.number}: {step.words_en}")
        return words, lambda record: incident_notices.players(step.role, record)
    at_the_agency = clock.name == clocks.HANDLE
    return _STAGES[clock.name], notices.heads if at_the_agency else lambda _record: audience.operators()


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
        if clock is None:
            return 0
        found = moments(clock, record)
        reached = max((number for number, at in found.items() if at <= now), default=0)
        clock.looks_at = min((at for number, at in found.items() if number > max(reached, clock.told)), default=None)
        if reached <= clock.told:
            clock.save(update_fields=["looks_at"])
            return 0
        rungs = {number: each for number, each in _rungs_of(clock).items() if clock.told < number <= reached}
        if reached > DUE_SOON:
            rungs.pop(DUE_SOON, None)
        for number, each in rungs.items():
            _tell(record, clock, number, each)
        clock.told = reached
        clock.save(update_fields=["told", "looks_at"])
        changes.news(clock.kind, clock.subject)
    return len(rungs)


def _tell(record: Work, clock: Clock, number: int, reached: Rung) -> None:
    title = Text(f"{reached.words.vi}: {record.heading.vi}", f"{reached.words.en}: {record.heading.en}")
    key = f"climb:{clock.pk}:{number}:{clock.due_at:%y%m%d%H%M}"  # one clock, one rung, one deadline: once
    people = reached.people(record)
    notify.tell(notices.message(record, key, title, severity=reached.severity, due_at=clock.due_at), people)
    if number == DUE_SOON:
        return
    timeline.write(clock.kind, record.pk, SYSTEM, "climb", reached.words, {"rung": number, "told": [p.username for p in people]})
    detail = {"rung": number, "clock": clock.name, "code": record.code}
    audit.record(SYSTEM.label, "response.climb", f"{clock.kind}:{record.pk}", detail=detail)

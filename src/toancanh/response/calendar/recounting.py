"""After the calendar or an agency's hours changed: every clock that runs over the changed days is counted anew, and says so.

A line is marked when its clocks are done, so that what a dying process left is finished by the clock a minute later.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from toancanh.jobs import queue
from toancanh.kernel.clocks import Counting
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.response import changes, clocks
from toancanh.response.calendar.reading import words_of
from toancanh.response.directing import notices
from toancanh.response.models import CalendarDay, Clock, OfficeHours

log = logging.getLogger(__name__)


def ask_to_recount() -> None:
    """Hand it to a worker: whoever wrote the line does not wait for every clock. If the queue cannot take it the clock asks."""
    try:
        queue.enqueue(recount_job)
    except Exception:
        log.exception("the counting anew could not be queued; it is asked for again within a minute")


def recount() -> int:
    """Count the clocks of every line that was not seen to yet. How many deadlines moved. Idempotent."""
    moved = 0
    for line in CalendarDay.objects.filter(counted_at=None).select_related("agency"):
        days = [line.first, line.last, *([line.worked_instead] if line.worked_instead else [])]
        moved += _all(line, min(days), max(days), _words(line))
    for hours in OfficeHours.objects.filter(counted_at=None, made_at__isnull=False).select_related("agency"):
        said = f"giờ làm việc của {hours.agency.title.vi} từ {hours.valid_from:%d/%m/%Y} ({hours.basis or '–'})"
        told = f"hours of {hours.agency.title.en} from {hours.valid_from:%d/%m/%Y} ({hours.basis or '–'})"
        moved += _all(hours, hours.valid_from, None, Text(said, told))
    return moved


def _words(line: CalendarDay) -> Text:
    span = f"{line.first:%d/%m/%Y}" if line.first == line.last else f"{line.first:%d/%m/%Y}–{line.last:%d/%m/%Y}"
    if line.undoes_id:
        return Text(f"hủy {line.name} {span} ({line.basis})", f"undone: {line.name} {span} ({line.basis})")
    said = words_of(line.works, line.name, line.basis)
    return Text(f"{span} {said.vi[:1].lower()}{said.vi[1:]}", f"{span} {said.en[:1].lower()}{said.en[1:]}")


def _all(line: CalendarDay | OfficeHours, first: date, last: date | None, words: Text) -> int:
    running = Clock.objects.filter(
        stopped_at=None, regime__in=(Counting.WORKING_HOURS, Counting.WORKING_DAYS), due_at__gte=_midnight(first)
    )
    if line.agency_id:
        running = running.filter(agency=line.agency_id)
    if last is not None:
        running = running.filter(started_at__lt=_midnight(last + timedelta(days=1)))
    moved, failed = 0, False
    for clock in list(running.order_by("kind", "subject", "pk")):
        try:
            moved += _one(clock, words)
        except Exception:  # the others go on; this line is tried again within a minute
            log.exception("%s could not be counted anew for %s", clock, line)
            failed = True
    _look_at_rungs(line)
    if not failed:
        type(line)._default_manager.filter(pk=line.pk).update(counted_at=timezone.now())
    return moved


def _look_at_rungs(line: CalendarDay | OfficeHours) -> None:
    """Work that is overdue climbs by working days after its deadline, whatever that was counted in: its next rung may have come
    nearer, so that it is looked at now and not on the day that was reckoned before. What was told stays told."""
    late = Clock.objects.filter(stopped_at=None, due_at__lte=timezone.now())
    (late.filter(agency=line.agency_id) if line.agency_id else late).update(looks_at=timezone.now())


def _one(late: Clock, words: Text) -> int:
    with transaction.atomic():
        # The record before its clock, as everybody else locks them, and both before the audit entry.
        record = clocks.MODELS[late.kind]._default_manager.select_for_update(of=("self",), no_key=True).get(pk=late.subject)
        clock = Clock.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=late.pk, stopped_at=None).first()
        if clock is None or not clocks.recount(clock):
            return 0
        due = f"{clock.due_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        said = Text(f"Tính lại thời hạn, {words.vi}: hạn mới {due}", f"Counted anew, {words.en}: now due {due}")
        values = {"due_at": clock.due_at} if clock.name == clocks.HANDLE else {}
        changes.edit(SYSTEM, record, "recount_clock", said, values)
        notices.told(SYSTEM, record, f"recounted:{clock.pk}", said, notices.everyone(record))
    return 1


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _recount_in_background() -> None:
    recount()


recount_job = queue.job(_recount_in_background)

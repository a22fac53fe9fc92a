"""Clocks of records: started, paused on a legal ground, resumed, stopped. Each keeps its own due moment, and the record keeps
the earliest of those that run (`next_due_at`). Every verb belongs to the caller's transaction; the caller audits its act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from toancanh.kernel import clocks as kernel
from toancanh.kernel import holidays
from toancanh.kernel.clocks import Counting, DayLine, Pause, Terms
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.response.calendar.reading import NATIONAL, calendar_of, hours_of
from toancanh.response.models import Clock, Directive, Incident, Kind, Task, Work
from toancanh.units.models import Unit

MODELS: dict[str, type[Work]] = {Kind.INCIDENT: Incident, Kind.DIRECTIVE: Directive, Kind.TASK: Task}
RUNNING = {"stopped_at": None}
HANDLE = "handle"  # the clock that a deadline is


def start(
    kind: str, subject: int, name: str, amount: float, regime: str, agency: Unit | None = None, at: datetime | None = None
) -> Clock:
    """Start a clock of `amount` (hours or days by `regime`) in the hours of `agency`."""
    now = timezone.now()
    begun = at or now
    clock = Clock(kind=kind, subject=subject, name=name, regime=regime, amount=amount, agency=agency, started_at=begun)
    clock.looks_at = now
    clock.due_at = due_at(begun, amount, regime, agency)
    clock.save()
    _note_next(kind, subject)
    return clock


def due_at(begun: datetime, amount: float, regime: str, agency: Unit | None = None) -> datetime:
    """When a clock started then would be due. Raises `Problem` (422) for no time at all or years without a calendar."""
    try:
        if regime != Counting.WORKING_DAYS and (begun + timedelta(hours=amount)).year > holidays.LAST_YEAR:
            raise _no_such_time()  # not a walk over all these days first
        found = kernel.due(begun, _terms(regime, amount, agency, begun))
    except (ValueError, OverflowError) as error:
        raise _no_such_time() from error
    assert found is not None  # only a pause without an end has no deadline
    return found.astimezone(UTC)


def pause(clock: Clock, ground: str, at: datetime | None = None) -> Clock:
    """Stop counting on a legal ground until `resume`."""
    if not ground.strip():
        raise Problem(
            "ground-missing",
            422,
            Text("Chưa nêu căn cứ tạm dừng", "No ground for the pause"),
            Text("Nêu căn cứ pháp lý của việc tạm dừng thời hạn.", "Give the legal ground for pausing the deadline."),
        )
    if is_paused(clock) or clock.stopped_at is not None:
        raise Problem(
            "clock-not-running",
            409,
            Text("Thời hạn không đang chạy", "The clock is not running"),
            Text("Tải lại trang để xem tình trạng mới nhất.", "Reload the page to see how it stands."),
        )
    clock.pauses = [*clock.pauses, {"from": (at or timezone.now()).isoformat(), "to": None, "ground": ground.strip()}]
    return _kept(clock)


def resume(clock: Clock, at: datetime | None = None) -> Clock:
    """Count on; the deadline moves by what was not counted."""
    if not is_paused(clock):
        return clock
    *before, last = clock.pauses
    begun = datetime.fromisoformat(last["from"])
    clock.pauses = [*before, last | {"to": max(begun, at or timezone.now()).isoformat()}]
    return _moved(clock, kernel.due(clock.started_at, terms_of(clock)) or clock.due_at)


def run_on(record: Work) -> dict[str, object]:
    """Let the deadline of a record run on if it is paused, before it is judged. The columns of the record that moved."""
    paused = _paused(record)
    if paused is None:
        return {}
    record.due_at = resume(paused).due_at
    return {"due_at": record.due_at}


def is_held_up(record: Work) -> bool:
    """Whether the deadline of a record stands still."""
    return _paused(record) is not None


def overdue(record: Work) -> bool:
    """Whether its deadline has passed; one that stands still has not."""
    return record.due_at is not None and timezone.now() > record.due_at and not is_held_up(record)


def stop(clock: Clock, at: datetime | None = None) -> Clock:
    """End a clock; it keeps the deadline it had."""
    clock.stopped_at = clock.stopped_at or at or timezone.now()
    return _kept(clock)


def stop_all(kind: str, subject: int, name: str = "", at: datetime | None = None) -> None:
    """End every running clock of a record, or those called `name`."""
    running = of(kind, subject).filter(**RUNNING)
    (running.filter(name=name) if name else running).update(stopped_at=at or timezone.now())
    _note_next(kind, subject)


def look_again(kind: str, subject: int) -> None:
    """What the reminders of a record depend on has changed: its clocks are looked at within a minute."""
    of(kind, subject).filter(**RUNNING).update(looks_at=timezone.now())


def of(kind: str, subject: int) -> QuerySet[Clock]:
    """The clocks of a record, the earliest deadline first."""
    return Clock.objects.filter(kind=kind, subject=subject).select_related("agency")


def is_paused(clock: Clock) -> bool:
    """Whether the clock stands still."""
    return bool(clock.pauses) and clock.pauses[-1]["to"] is None


def explain(clock: Clock, now: datetime | None = None) -> list[DayLine]:
    """The clock day by day; see `kernel.clocks.explain`."""
    return kernel.explain(clock.started_at, terms_of(clock), now or timezone.now())


def terms_of(clock: Clock) -> Terms:
    """How this clock runs, as the kernel knows it."""
    pauses = tuple(Pause(_moment(each["from"]), _moment(each["to"]), each["ground"]) for each in clock.pauses)  # type: ignore[arg-type]
    return replace(_terms(clock.regime, clock.amount, clock.agency, clock.started_at, clock.stopped_at), pauses=pauses)


def recount(clock: Clock) -> bool:
    """Count a running clock anew after the calendar or the hours changed. Whether its deadline moved; a paused one waits."""
    due = kernel.due(clock.started_at, terms_of(clock))
    if due is None or due == clock.due_at:
        Clock.objects.filter(pk=clock.pk).update(looks_at=timezone.now())  # its reminders may fall on other days
        return False
    _moved(clock, due)
    return True


def _terms(regime: str, amount: float, agency: Unit | None, begun: datetime, known: datetime | None = None) -> Terms:
    """How a clock runs by the calendar of its agency; one that has ended by what was `known` then."""
    if Counting(regime) is Counting.CALENDAR_HOURS:
        return Terms(Counting.CALENDAR_HOURS, amount, NATIONAL)
    hours, later = hours_of(agency, begun.astimezone(VIETNAM).date(), known)
    return Terms(Counting(regime), amount, calendar_of(agency, known), hours, later=later)


def _paused(record: Work) -> Clock | None:
    running = of(record._meta.model_name or "", record.pk).filter(name=HANDLE, **RUNNING)
    return next((each for each in running if is_paused(each)), None)


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _moved(clock: Clock, due: datetime) -> Clock:
    """Give a clock another deadline: what was told of the old one is told of the new one in its time."""
    if due != clock.due_at:
        clock.due_at = due.astimezone(UTC)
        clock.told = clock.told if clock.due_at <= timezone.now() else 0
        clock.save(update_fields=["told"])
    return _kept(clock)


def _kept(clock: Clock) -> Clock:
    clock.looks_at = timezone.now()
    clock.save(update_fields=["pauses", "due_at", "stopped_at", "looks_at"])
    _note_next(clock.kind, clock.subject)
    return clock


def _note_next(kind: str, subject: int) -> None:
    """Keep the earliest deadline of the clocks that run; a paused clock has none to wait for."""
    running = Clock.objects.filter(kind=kind, subject=subject, **RUNNING)
    paused = [each.pk for each in running.exclude(pauses=[]) if is_paused(each)]
    earliest = running.exclude(pk__in=paused).aggregate(earliest=Min("due_at"))["earliest"]
    MODELS[kind]._default_manager.filter(pk=subject).update(next_due_at=earliest)


def _no_such_time() -> Problem:
    return Problem(
        "bad-deadline", 422, Text("Thời hạn chưa đúng", "The deadline is not right"),
        Text("Thời hạn phải lớn hơn 0 (ngày làm việc là số nguyên) và nằm trong các năm lịch làm việc bao gồm (2018-2040).",
             "A deadline must be more than 0 (working days are whole) and lie in the years of the calendar (2018-2040)."),
    )  # fmt: skip

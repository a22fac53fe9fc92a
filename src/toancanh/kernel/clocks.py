"""Time that runs against a piece of work: when it is due, how much is left, and why, day by day.

Calendar hours run always; working hours run inside an agency's hours on days that it works; working days are counted as in
`working_days.due_date` and end at the agency's closing time. A pause with its legal ground stops every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile

from toancanh.kernel import holidays
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text
from toancanh.kernel.working_days import CLOSING_TIME, WorkingCalendar

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SATURDAY = 5
Span = tuple[time, time]
Hours = Mapping[int, tuple[Span, ...]]  # by weekday, 0 = Monday; a weekday left out has none
OFFICE_HOURS: Hours = dict.fromkeys(range(5), ((time(7, 30), time(11, 30)), (time(13, 0), CLOSING_TIME)))


class Counting(StrEnum):
    """What a clock counts."""

    CALENDAR_HOURS = "calendar_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Pause:
    """From `begins` to `ends` (None: still) nothing is counted, on this `ground`."""

    begins: datetime
    ends: datetime | None
    ground: str = ""

    def covers(self, moment: datetime) -> bool:
        """Whether the clock stands still just before `moment`."""
        return self.begins < moment and (self.ends is None or moment <= self.ends)


@dataclass(frozen=True, slots=True)
class HoursFrom:
    """Other hours, kept from the day `first` on, on this legal ground."""

    first: date
    hours: Hours
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a clock runs: `amount` of what is counted, on whose calendar and in whose hours (`later` ones in the order of their
    days), less the pauses."""

    counting: Counting
    amount: float
    calendar: WorkingCalendar
    hours: Hours = field(default_factory=lambda: OFFICE_HOURS)
    pauses: tuple[Pause, ...] = ()
    later: tuple[HoursFrom, ...] = ()

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("a clock needs a positive amount of time")
        if self.counting is Counting.WORKING_DAYS and self.amount != int(self.amount):
            raise ValueError("working days are counted whole")

    def hours_on(self, day: date) -> Hours:
        """The hours kept on that day."""
        return next((each.hours for each in reversed(self.later) if each.first <= day), self.hours)

    @property
    def paused(self) -> bool:
        return any(each.ends is None for each in self.pauses)


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a clock: how much was counted (hours or days), why, and the total so far."""

    day: date
    counted: float
    why: Text
    total: float


def due(started: datetime, terms: Terms) -> datetime | None:
    """The moment (Viet Nam time) at which the whole amount has been counted; None while a pause has no end.

    Raises ValueError beyond the years that the working-day calendar knows.
    """
    begun = started.astimezone(VIETNAM)
    if terms.counting is Counting.WORKING_DAYS:
        closings = _closings(begun, terms)
        return next((each for place, each in enumerate(closings, 1) if place == int(terms.amount)), None)
    left = _HOUR * terms.amount
    for begin, end in _running(begun, terms):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def elapsed(started: datetime, until: datetime, terms: Terms) -> float:
    """How much was counted by `until`: hours, or whole days. 0 when `until` is earlier, as when a server's clock was set back."""
    begun, end_at = started.astimezone(VIETNAM), until.astimezone(VIETNAM)
    unit = _DAY if terms.counting is Counting.WORKING_DAYS else _HOUR
    return sum(_by_day(begun, end_at, terms).values(), timedelta()) / unit


def explain(started: datetime, terms: Terms, now: datetime) -> list[DayLine]:
    """Every day from the start to the deadline, or to `now` while the clock is paused: what it counted for, and why."""
    begun, end_at = started.astimezone(VIETNAM), due(started, terms) or now.astimezone(VIETNAM)
    unit = _DAY if terms.counting is Counting.WORKING_DAYS else _HOUR
    counted = _by_day(begun, end_at, terms)
    lines, total, day = [], timedelta(), begun.date()
    while day <= end_at.date():
        today = counted.get(day, timedelta())
        total += today
        lines.append(DayLine(day, today / unit, _why(day, begun, terms), total / unit))
        day += _DAY
    return lines


def open_spans(day: date, calendar: WorkingCalendar, hours: Hours) -> tuple[Span, ...]:
    """The hours that an agency keeps on `day`: none on a holiday; on a swapped Saturday those of a weekday; on a weekend only
    what the agency itself keeps."""
    own = tuple(hours.get(day.weekday(), ()))
    if calendar.is_working_day(day):
        return own or tuple(next((spans for _, spans in sorted(hours.items()) if spans), ()))
    off = day in calendar.days_off or day in holidays.SWAPS or day in calendar.holidays(day.year)
    return () if off or day.weekday() < _SATURDAY else own


def closing(day: date, terms: Terms) -> datetime:
    """The moment that ends a working day."""
    spans = open_spans(day, terms.calendar, terms.hours_on(day))
    return datetime.combine(day, spans[-1][1] if spans else CLOSING_TIME, VIETNAM)


def day_zero(begun: datetime, calendar: WorkingCalendar) -> date:
    """The day from which working days are counted: after closing time it is the next working day."""
    day = begun.astimezone(VIETNAM).date()
    late = begun.astimezone(VIETNAM).time() > CLOSING_TIME and calendar.is_working_day(day)
    return calendar.add_working_days(day, 1) if late else day


def _by_day(begun: datetime, end_at: datetime, terms: Terms) -> dict[date, timedelta]:
    """How much each day counted until `end_at`: its hours, or the day itself. One walk, however far the end is."""
    if terms.counting is Counting.WORKING_DAYS:
        return {each.date(): _DAY for each in takewhile(lambda closing: closing <= end_at, _closings(begun, terms))}
    found: dict[date, timedelta] = {}
    for begin, end in _running(begun, terms):
        if begin < end_at:
            found[begin.date()] = found.get(begin.date(), timedelta()) + min(end, end_at) - begin
        if end >= end_at:
            break
    return found


def _closings(begun: datetime, terms: Terms) -> Iterator[datetime]:
    """The ends of the days that count, in order; an end that falls into a pause does not count."""
    day = day_zero(begun, terms.calendar)
    while True:
        day = terms.calendar.add_working_days(day, 1)
        if _stands_from(day, terms):
            return
        end = closing(day, terms)
        if not any(each.covers(end) for each in terms.pauses):
            yield end


def _running(begun: datetime, terms: Terms) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of time that count, in order, from `begun` on."""
    day = begun.date()
    while not _stands_from(day, terms):
        for begin, end in _opened(day, terms):
            if end > begun:
                yield from _less_pauses(max(begin, begun), end, terms.pauses)
        day += _DAY


def _stands_from(day: date, terms: Terms) -> bool:
    return any(each.ends is None and each.begins.astimezone(VIETNAM).date() < day for each in terms.pauses)


def _opened(day: date, terms: Terms) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), VIETNAM)
    if terms.counting is Counting.CALENDAR_HOURS:
        return [(midnight, midnight + _DAY)]
    spans = open_spans(day, terms.calendar, terms.hours_on(day))
    return [(datetime.combine(day, begin, VIETNAM), datetime.combine(day, end, VIETNAM)) for begin, end in spans]


def _less_pauses(begin: datetime, end: datetime, pauses: tuple[Pause, ...]) -> Iterator[tuple[datetime, datetime]]:
    for pause in sorted(pauses, key=lambda each: each.begins):
        if pause.begins < end and (pause.ends is None or pause.ends > begin):
            if pause.begins > begin:
                yield begin, pause.begins.astimezone(VIETNAM)
            if pause.ends is None or pause.ends >= end:
                return
            begin = pause.ends.astimezone(VIETNAM)
    if begin < end:
        yield begin, end


def _why(day: date, begun: datetime, terms: Terms) -> Text:
    reasons = [_of_day(day, begun, terms)]
    for pause in terms.pauses:
        first = pause.begins.astimezone(VIETNAM).date()
        if first <= day and (pause.ends is None or day <= pause.ends.astimezone(VIETNAM).date()):
            note = Text("tạm dừng: {ground}", "paused: {ground}") if pause.ground else Text("tạm dừng", "paused")
            reasons.append(note.with_values(ground=pause.ground.replace("{", "").replace("}", "")))
    if terms.counting is not Counting.CALENDAR_HOURS:
        reasons += [_other_hours(each) for each in terms.later if each.first == day]
    return Text("; ".join(each.vi for each in reasons), "; ".join(each.en for each in reasons))


def _other_hours(new: HoursFrom) -> Text:
    ground = f" ({new.basis})" if new.basis else ""
    return Text(f"từ ngày này theo giờ làm việc mới của cơ quan{ground}", f"from this day by the agency's new hours{ground}")


def _of_day(day: date, begun: datetime, terms: Terms) -> Text:
    if terms.counting is Counting.CALENDAR_HOURS:
        return Text("Tính mọi giờ", "Every hour counts")
    known = terms.calendar.explain(day)
    if terms.counting is Counting.WORKING_HOURS or day > day_zero(begun, terms.calendar):
        return known
    if begun.date() == day and day_zero(begun, terms.calendar) != day:
        return Text(
            "Nhận sau giờ đóng cửa, tính sang ngày làm việc sau", "Received after closing, counts from the next working day"
        )
    if day < day_zero(begun, terms.calendar):
        return known
    return Text("Ngày nhận việc, chưa tính", "The day of receipt is not counted")

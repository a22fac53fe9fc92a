"""The working-day calendar: which days offices work, and when something promised in working days is due.

A working day is Monday to Friday, less public holidays and the days given back for them, less swapped days off, plus swapped
Saturdays. A province adds what it knows: `days_off` and `days_worked` overrule everything else, and `words` says why.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from toancanh.kernel import holidays
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text

CLOSING_TIME = time(17, 0)
_DAY = timedelta(days=1)
_SATURDAY = 5
_WORKED_FOR = {worked: off for off, worked in holidays.SWAPS.items()}


def usual_tet_days(first_of_year: date) -> list[date]:
    """The five days of Tết when no break is announced: two before and three from the first of the year on,
    or one and four when it is a Tuesday (then Monday to Friday). Every announcement of 2018-2026 agrees with this.
    """
    before = 1 if first_of_year.weekday() == 1 else 2
    return [first_of_year + _DAY * step for step in range(-before, 5 - before)]


def usual_national_extra(year: int) -> date:
    """The day off beside 2 September when none is announced: the 3rd if the 2nd is a Thursday, Sunday or Monday, else the 1st.

    It makes the longest unbroken rest, as every announcement of 2021-2026 did.
    """
    return date(year, 9, 3 if date(year, 9, 2).weekday() in (3, 6, 0) else 1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """One province's calendar, 2018 to 2040. Build it once and keep it: it lays out every working day when made.

    `culture_day_since` is the first year 24 November is a day off, None while the law has not been amended. ValueError when
    a day is both off and worked; every question about a day outside 2018-2040 is a ValueError that says so.
    """

    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()
    culture_day_since: int | None = None
    words: Mapping[date, Text] = field(default_factory=dict, repr=False, compare=False)
    _working: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        both = self.days_off & self.days_worked
        if both:
            raise ValueError(f"{min(both):%d/%m/%Y} is both a day off and a day worked")
        first, last = date(holidays.FIRST_YEAR, 1, 1).toordinal(), date(holidays.LAST_YEAR, 12, 31).toordinal()
        working = tuple(day for day in range(first, last + 1) if self._works(date.fromordinal(day)))
        object.__setattr__(self, "_working", working)

    def is_working_day(self, day: date) -> bool:
        """True when offices work that day."""
        return self._count_before(_known(day) + _DAY) > self._count_before(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, day 0 whether worked or not; before it when negative; `day` when 0."""
        if count == 0:
            return _known(day)
        ordinal = _known(day).toordinal()
        place = bisect_right(self._working, ordinal) + count - 1 if count > 0 else bisect_left(self._working, ordinal) + count
        if not 0 <= place < len(self._working):
            raise ValueError(_outside(f"{count} working days from {day:%d/%m/%Y}"))
        return date.fromordinal(self._working[place])

    def working_days_between(self, earlier: date, later: date) -> int:
        """Working days after `earlier` up to and including `later` (`earlier` is day 0); negative the other way round."""
        if later < earlier:
            return -self.working_days_between(later, earlier)
        return self._count_before(_known(later) + _DAY) - self._count_before(_known(earlier) + _DAY)

    def due_date(self, accepted_at: datetime, count: int) -> date:
        """The last day for what was accepted then (naive Viet Nam time, or aware) and promised in `count` working days.

        The day of acceptance is day 0. After 17:00 on a working day it counts as accepted on the next working day; on a day
        off that day itself is day 0 (accepted on 30/04/2026, two days: 05/05/2026).
        """
        local = accepted_at if accepted_at.tzinfo is None else accepted_at.astimezone(VIETNAM)
        day = local.date()
        if local.time() > CLOSING_TIME and self.is_working_day(day):
            day = self.add_working_days(day, 1)
        return self.add_working_days(day, count)

    def holidays(self, year: int) -> dict[date, Text]:
        """Public holidays of the year and the days given back for them, with their names, in order."""
        _known(date(year, 1, 1))
        return dict(sorted(_holidays(year, self._has_culture_day(year)).items()))

    def explain(self, day: date) -> Text:
        """Why the day is off or, on a working day, that it is worked and for which swapped day."""
        _known(day)
        if day in self.days_worked:
            return self.words.get(day) or Text("Ngày làm việc theo lịch của địa phương", "Working day by the local calendar")
        if day in self.days_off:
            return self.words.get(day) or Text("Ngày nghỉ theo lịch của địa phương", "Day off by the local calendar")
        if day in holidays.SWAPS:
            swap = Text("Nghỉ hoán đổi, làm bù ngày {day}", "Day off, worked on {day} instead")
            return swap.with_values(day=f"{holidays.SWAPS[day]:%d/%m/%Y}")
        if day in _WORKED_FOR:
            return Text("Làm bù cho ngày {day}", "Working day in place of {day}").with_values(day=f"{_WORKED_FOR[day]:%d/%m/%Y}")
        named = _holidays(day.year, self._has_culture_day(day.year)).get(day)
        if named:
            return named
        if day.weekday() >= _SATURDAY:
            return Text("Thứ Bảy", "Saturday") if day.weekday() == _SATURDAY else Text("Chủ Nhật", "Sunday")
        return Text("Ngày làm việc", "Working day")

    def with_changes(
        self, days_off: Iterable[date] = (), days_worked: Iterable[date] = (), words: Mapping[date, Text] | None = None
    ) -> WorkingCalendar:
        """A calendar with these days changed, for the reasons in `words`; a later word about a day replaces an earlier one."""
        off, worked = frozenset(days_off), frozenset(days_worked)
        kept = {day: said for day, said in self.words.items() if day not in off | worked} | dict(words or {})
        return WorkingCalendar((self.days_off - worked) | off, (self.days_worked - off) | worked, self.culture_day_since, kept)

    def _works(self, day: date) -> bool:
        if day in self.days_worked or day in self.days_off:
            return day in self.days_worked
        if day in holidays.SWAPS or day in _WORKED_FOR:
            return day in _WORKED_FOR
        return day.weekday() < _SATURDAY and day not in _holidays(day.year, self._has_culture_day(day.year))

    def _has_culture_day(self, year: int) -> bool:
        return self.culture_day_since is not None and year >= self.culture_day_since

    def _count_before(self, day: date) -> int:
        return bisect_left(self._working, day.toordinal())


@lru_cache(maxsize=64)
def _holidays(year: int, culture_day: bool) -> dict[date, Text]:
    """Named days off of one year. Days given back follow their holiday; an announced break already holds its own."""
    days = {date(year, month, day): name for (month, day), name in holidays.FIXED.items()}
    tet, hung_kings = holidays.LUNAR[year]
    days[hung_kings] = holidays.HUNG_KINGS
    if culture_day:
        days[date(year, *holidays.CULTURE_DAY)] = holidays.CULTURE_DAY_NAME
    if year >= holidays.NATIONAL_EXTRA_SINCE:
        days[holidays.NATIONAL_EXTRA.get(year) or usual_national_extra(year)] = holidays.NATIONAL_DAY
    if year not in holidays.TET_BREAKS:
        days |= dict.fromkeys(usual_tet_days(tet), holidays.TET)
    given_back = [day for day in sorted(days) if day.weekday() >= _SATURDAY]
    if year in holidays.TET_BREAKS:
        first, last = holidays.TET_BREAKS[year]
        days |= dict.fromkeys((first + _DAY * step for step in range((last - first).days + 1)), holidays.TET)
    for holiday in given_back:
        free = holiday
        while free in days or free.weekday() >= _SATURDAY:
            free += _DAY
        days[free] = Text(f"Nghỉ bù {days[holiday].vi}", f"Day in lieu of {days[holiday].en}")
    return days


def _known(day: date) -> date:
    if not holidays.FIRST_YEAR <= day.year <= holidays.LAST_YEAR:
        raise ValueError(_outside(f"{day:%d/%m/%Y}"))
    return day


def _outside(what: str) -> str:
    return f"{what} is outside the working-day calendar, which covers {holidays.FIRST_YEAR}-{holidays.LAST_YEAR}"

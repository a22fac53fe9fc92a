"""Reporting periods: hours to school years, cumulative from 1 January, under the statistical or the administrative cut-off.

A period is named by its *nominal* start ("September 2026" starts on 01/09/2026) and measured by its *regime*:
statistics count calendar days; administrative reports run from the 15th to the 14th (Decree 09/2019/ND-CP, Article 12),
so an administrative "September" is 15 August to 14 September. Store the regime beside every value: the code does not carry it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

from toancanh.kernel import period_titles
from toancanh.kernel.text import Text

# Viet Nam has kept UTC+7 without summer time since 1975, so a fixed offset is exact and needs no zone files.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

FIRST_YEAR, LAST_YEAR = 1900, 2199
CUMULATIVE_SUFFIX = "-ytd"


class Grain(StrEnum):
    """The length of a period. SCHOOL_YEAR runs from 1 September to 31 August.

    Schools open on 5 September and close by 31 May (Decision 2045/QD-BGDDT and its yearly successors); starting on the 1st and
    keeping the summer with the year just taught puts every day in exactly one school year.
    """

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"


class Regime(StrEnum):
    """Which days a named period covers. Hours, days, weeks and school years are the same under both."""

    STATISTICAL = "statistical"
    ADMINISTRATIVE = "administrative"


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.NINE_MONTHS: 9, Grain.YEAR: 12, Grain.SCHOOL_YEAR: 12}
_STEP_MONTHS = _MONTHS | {Grain.NINE_MONTHS: 12}
_STEP_TIME = {Grain.HOUR: timedelta(hours=1), Grain.DAY: timedelta(days=1), Grain.WEEK: timedelta(days=7)}
_FOLLOWS_REGIME = frozenset({Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.NINE_MONTHS, Grain.YEAR})
_CUT_OFF_DAY = 15
_IN_EVERY_MONTH = 28  # the last day that every month has

# What a value of each grain is made of. Weeks make up nothing longer: they straddle months and years.
_FINER: dict[Grain, tuple[Grain, ...]] = {
    Grain.HOUR: (),
    Grain.DAY: (Grain.HOUR,),
    Grain.WEEK: (Grain.DAY, Grain.HOUR),
    Grain.MONTH: (Grain.DAY, Grain.HOUR),
    Grain.QUARTER: (Grain.MONTH, Grain.DAY, Grain.HOUR),
    Grain.HALF: (Grain.QUARTER, Grain.MONTH, Grain.DAY, Grain.HOUR),
    Grain.NINE_MONTHS: (Grain.QUARTER, Grain.MONTH, Grain.DAY, Grain.HOUR),
    Grain.YEAR: (Grain.HALF, Grain.QUARTER, Grain.MONTH, Grain.DAY, Grain.HOUR),
    Grain.SCHOOL_YEAR: (Grain.MONTH, Grain.DAY, Grain.HOUR),
}

_CODE = re.compile(
    r"(?P<hour>\d{4}-\d\d-\d\dT\d\d)|(?P<day>\d{4}-\d\d-\d\d)|(?P<week>\d{4}-W\d\d)|(?P<month>\d{4}-\d\d)|(?P<quarter>\d{4}-Q[1-4])"
    r"|(?P<half>\d{4}-H[12])|(?P<nine_months>\d{4}-9M)|(?P<school_year>\d{4}-\d{4})|(?P<year>\d{4})",
    re.ASCII,
)


def coarser_grains(grain: Grain) -> tuple[Grain, ...]:
    """The grains a value of `grain` can add up to, shortest first: a month to quarter, half, nine months, year, school year."""
    return tuple(longer for longer in Grain if grain in _FINER[longer])


def finer_grains(grain: Grain) -> tuple[Grain, ...]:
    """The grains a period of `grain` divides into exactly, longest first: a half into quarters, months, days, hours."""
    return _FINER[grain]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One reporting period. `start` is naive Viet Nam time: the nominal first moment, midnight except for hours.

    `cumulative` (luỹ kế) means from 1 January of the period's year (15 December before it, in the administrative regime)
    to the end of the nominal period; a week belongs to its ISO year. School years are never cumulative.
    Hours, days, weeks and school years always carry the statistical regime, whatever was asked for.
    """

    start: datetime
    grain: Grain
    cumulative: bool = False
    regime: Regime = Regime.STATISTICAL

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.start.year <= LAST_YEAR:
            raise ValueError(f"year {self.start.year} is outside {FIRST_YEAR}-{LAST_YEAR}")
        if self.start.tzinfo is not None:
            raise ValueError("a period starts at a naive Viet Nam time; use Period.containing for an aware one")
        if _nominal_start(self.start, self.grain) != self.start:
            raise ValueError(f"{self.start.isoformat()} is not the start of a {self.grain.value}")
        if self.cumulative and self.grain is Grain.SCHOOL_YEAR:
            raise ValueError("a school year has no cumulative form: it does not begin on 1 January")
        if self.grain not in _FOLLOWS_REGIME and self.regime is not Regime.STATISTICAL:
            object.__setattr__(self, "regime", Regime.STATISTICAL)

    # --- making one ---

    @classmethod
    def containing(
        cls, when: date | datetime, grain: Grain, *, cumulative: bool = False, regime: Regime = Regime.STATISTICAL
    ) -> Period:
        """The period of `grain` that holds `when` (a date, a naive Viet Nam time, or an aware time which is converted).

        In the administrative regime 15/09/2026 belongs to October. ValueError for nine months when `when` is in the last three.
        """
        period = cls.begun_by(when, grain, cumulative=cumulative, regime=regime)
        if grain is Grain.NINE_MONTHS and not period.to_single().contains(when):
            raise ValueError(f"{when} falls after the nine months of its year")
        return period

    @classmethod
    def begun_by(
        cls, when: date | datetime, grain: Grain, *, cumulative: bool = False, regime: Regime = Regime.STATISTICAL
    ) -> Period:
        """The newest period of `grain` that has begun by `when`: the one that holds it, or nine months that have just ended."""
        moment = _local(when)
        if regime is Regime.ADMINISTRATIVE and grain in _FOLLOWS_REGIME:
            moment = _add_months(moment.replace(day=1), int(moment.day >= _CUT_OFF_DAY))
        return cls(_nominal_start(moment, grain), grain, cumulative, regime)

    @classmethod
    def parse(cls, code: str, regime: Regime = Regime.STATISTICAL) -> Period:
        """The inverse of `code`. ValueError, naming the forms, when `code` is not one of them."""
        body, cumulative = code.removesuffix(CUMULATIVE_SUFFIX), code.endswith(CUMULATIVE_SUFFIX)
        match = _CODE.fullmatch(body)
        if match is None or match.lastgroup is None:
            raise ValueError(
                f"{code!r} is not a period code; write 2026-11-22T09, 2026-11-22, 2026-W47, 2026-10, 2026-Q3, 2026-H1, 2026-9M, "
                f"2026 or 2025-2026, with {CUMULATIVE_SUFFIX} at the end when cumulative"
            )
        grain = Grain(match.lastgroup)
        try:
            return cls(_start_of_code(body, grain), grain, cumulative, regime)
        except ValueError as wrong:
            raise ValueError(f"{code!r} is not a period: {wrong}") from wrong

    # --- what it covers ---

    @property
    def year(self) -> int:
        """The year it is reported under: the ISO year of a week, the first year of a school year."""
        return self.start.isocalendar().year if self.grain is Grain.WEEK else self.start.year

    @property
    def span(self) -> tuple[datetime, datetime]:
        """First moment and the moment after the last, naive Viet Nam time, by the regime."""
        start = datetime(self.year, 1, 1) if self.cumulative else self.start
        end = _add_months(self.start, _MONTHS[self.grain]) if self.grain in _MONTHS else self.start + _STEP_TIME[self.grain]
        if self.regime is Regime.ADMINISTRATIVE:
            return _cut_off_before(start), _cut_off_before(end)
        return start, end

    @property
    def first_day(self) -> date:
        """The first day covered, by the regime."""
        return self.span[0].date()

    @property
    def last_day(self) -> date:
        """The last day covered (inclusive), by the regime."""
        return (self.span[1] - timedelta(microseconds=1)).date()

    def interval(self) -> tuple[datetime, datetime]:
        """The half-open interval covered, as aware UTC times."""
        start, end = self.span
        return start.replace(tzinfo=VIETNAM).astimezone(UTC), end.replace(tzinfo=VIETNAM).astimezone(UTC)

    def contains(self, when: date | datetime) -> bool:
        """True when the day or moment lies inside (an aware time is converted, a naive one is Viet Nam time)."""
        start, end = self.span
        return start <= _local(when) < end

    # --- its neighbours ---

    def shift(self, steps: int) -> Period:
        """The period `steps` later (earlier when negative), of the same grain, form and regime."""
        return _shifted(self, steps)

    def next(self) -> Period:
        """The period after this one."""
        return self.shift(1)

    def previous(self) -> Period:
        """The period before this one; a cumulative January goes back to the whole year before."""
        return self.shift(-1)

    def same_last_year(self) -> Period:
        """The same named period a year before (cùng kỳ). Week 53 compares with week 52, 29 February with 28 February."""
        return _a_year_before(self)

    def to_cumulative(self) -> Period:
        """The same period counted from the beginning of its year. ValueError for a school year."""
        return Period(self.start, self.grain, True, self.regime)

    def to_single(self) -> Period:
        """The nominal period alone: October from "ten months to October"."""
        return Period(self.start, self.grain, False, self.regime)

    def parts(self, grain: Grain) -> tuple[Period, ...]:
        """The periods of `grain` that make this one up exactly, in time order, same regime.

        A cumulative period also divides into its own grain (ten months to October: ten months). ValueError if they do not fit.
        """
        if grain is not self.grain and grain not in _FINER[self.grain]:
            raise ValueError(f"a {self.grain.value} is not made of {grain.value} periods")
        start, end = self.span
        found = [Period.containing(start, grain, regime=self.regime)]
        while found[-1].span[1] < end:
            found.append(found[-1].next())
        if found[0].span[0] != start or found[-1].span[1] != end:
            raise ValueError(f"{self.code} does not divide into whole {grain.value} periods")
        return tuple(found)

    def until(self, last: Period) -> tuple[Period, ...]:
        """This period and those after it up to and including `last`; empty when `last` is earlier. The forms must agree."""
        if (self.grain, self.cumulative, self.regime) != (last.grain, last.cumulative, last.regime):
            raise ValueError(f"{self.code} and {last.code} are not periods of one series")
        found, current = [], self
        while current.start <= last.start:
            found.append(current)
            current = current.next()
        return tuple(found)

    # --- its names ---

    @property
    def code(self) -> str:
        """The stable name used in storage and addresses: 2026-10, 2026-Q3, 2026-W47, 2026-10-ytd ... The regime is not in it."""
        return _CODE_OF[self.grain](self.start) + (CUMULATIVE_SUFFIX if self.cumulative else "")

    def title(self, language: str = "vi") -> str:
        """The full name: "Tháng 10/2026", "Lũy kế 10 tháng 2026", "October 2026", "Ten months to October 2026"."""
        return self.titles.to(language)

    @property
    def titles(self) -> Text:
        """The full name in both languages; an administrative one with its days, since a calendar period has the same name."""
        words = period_titles.cumulative_title if self.cumulative else period_titles.title
        named = words(self.start, self.grain.value)
        if self.regime is Regime.STATISTICAL:
            return named
        return Text(f"{named.vi} ({self.span_title()})", f"{named.en} ({self.span_title()})")

    def short_title(self, language: str = "vi", *, with_year: bool = False) -> str:
        """The name for an axis: "T10" or, with the year, "T10/26"; cumulative "10T"; English "Oct", "Oct 26", "10M"."""
        words = period_titles.short_title(self.start, self.grain.value, cumulative=self.cumulative, with_year=with_year)
        return words.to(language)

    def span_title(self) -> str:
        """The days covered, "15/08/2026 - 14/09/2026"; one day alone is written once."""
        first, last = f"{self.first_day:%d/%m/%Y}", f"{self.last_day:%d/%m/%Y}"
        return first if first == last else f"{first} - {last}"

    def spelled_out(self, language: str = "vi") -> str:
        """The full name with the days it covers, whatever the regime: "Tháng 9/2026 (01/09/2026 - 30/09/2026)"."""
        title = self.title(language)
        return title if self.regime is Regime.ADMINISTRATIVE else f"{title} ({self.span_title()})"

    def __str__(self) -> str:
        return self.code


@lru_cache(maxsize=16_384)
def _shifted(period: Period, steps: int) -> Period:
    if period.grain in _STEP_MONTHS:
        start = _add_months(period.start, steps * _STEP_MONTHS[period.grain])
    else:
        start = period.start + steps * _STEP_TIME[period.grain]
    return Period(start, period.grain, period.cumulative, period.regime)


@lru_cache(maxsize=16_384)
def _a_year_before(period: Period) -> Period:
    if period.grain is Grain.WEEK:
        week = period.start.isocalendar().week
        start = datetime.fromisocalendar(period.year - 1, min(week, _weeks_in(period.year - 1)), 1)
    else:
        start = _add_months(period.start, -12)
    return Period(start, period.grain, period.cumulative, period.regime)


def _local(when: date | datetime) -> datetime:
    if not isinstance(when, datetime):
        return datetime.combine(when, time.min)
    return when if when.tzinfo is None else when.astimezone(VIETNAM).replace(tzinfo=None)


def _add_months(moment: datetime, months: int) -> datetime:
    """The same day and hour `months` later, or the last day of that month where the day does not exist."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if moment.day <= _IN_EVERY_MONTH:
        return moment.replace(year=year, month=month + 1)
    following = datetime(year + (month == 11), (month + 1) % 12 + 1, 1)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, (following - timedelta(days=1)).day))


def _nominal_start(moment: datetime, grain: Grain) -> datetime:
    if grain is Grain.HOUR:
        return moment.replace(minute=0, second=0, microsecond=0)
    day = datetime.combine(moment.date(), time.min)
    if grain is Grain.DAY:
        return day
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    if grain is Grain.SCHOOL_YEAR:
        return datetime(day.year - (day.month < 9), 9, 1)
    if grain is Grain.NINE_MONTHS:
        return datetime(day.year, 1, 1)
    return datetime(day.year, (day.month - 1) // _MONTHS[grain] * _MONTHS[grain] + 1, 1)


def _cut_off_before(first_of_month: datetime) -> datetime:
    return _add_months(first_of_month, -1).replace(day=_CUT_OFF_DAY)


def _weeks_in(iso_year: int) -> int:
    return date(iso_year, 12, 28).isocalendar().week  # 28 December is always in the last ISO week of its year


def _start_of_code(body: str, grain: Grain) -> datetime:
    if grain in (Grain.HOUR, Grain.DAY):
        return datetime.fromisoformat(body)
    year = int(body[:4])
    if grain is Grain.WEEK:
        return datetime.fromisocalendar(year, int(body[6:]), 1)
    if grain is Grain.MONTH:
        return datetime(year, int(body[5:]), 1)
    if grain is Grain.SCHOOL_YEAR:
        if int(body[5:]) != year + 1:
            raise ValueError("a school year ends in the year after it begins")
        return datetime(year, 9, 1)
    ordinal = int(body[6:]) if grain in (Grain.QUARTER, Grain.HALF) else 1
    return datetime(year, (ordinal - 1) * _MONTHS[grain] + 1, 1)


_CODE_OF = {
    Grain.HOUR: lambda start: f"{start:%Y-%m-%dT%H}",
    Grain.DAY: lambda start: f"{start:%Y-%m-%d}",
    Grain.WEEK: lambda start: f"{start:%G-W%V}",
    Grain.MONTH: lambda start: f"{start:%Y-%m}",
    Grain.QUARTER: lambda start: f"{start.year}-Q{(start.month + 2) // 3}",
    Grain.HALF: lambda start: f"{start.year}-H{(start.month + 5) // 6}",
    Grain.NINE_MONTHS: lambda start: f"{start.year}-9M",
    Grain.YEAR: lambda start: f"{start.year}",
    Grain.SCHOOL_YEAR: lambda start: f"{start.year}-{start.year + 1}",
}

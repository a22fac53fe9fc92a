"""The figure of an indicator for one unit: its value, what it is held against, how far it can be trusted.

A page asks for many figures at once; they come with one statement for the values, two for what the province changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from toancanh.boards.reading import Point, Window, histories
from toancanh.boards.selection import Selection
from toancanh.boards.sources import Feed
from toancanh.indicators.overrides import Overrides
from toancanh.indicators.policy import within
from toancanh.indicators.queries import regime_of
from toancanh.kernel.assessment import Status, assess, shortfall
from toancanh.kernel.contracts import Figures, Indicator, Pack
from toancanh.kernel.periods import VIETNAM, Grain, Period, Regime
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.units.models import Unit

# How long after its end the figures of a period are due (the 15th of the next month for a monthly report).
DUE = {
    Grain.MONTH: timedelta(days=15), Grain.QUARTER: timedelta(days=20), Grain.HALF: timedelta(days=30),
    Grain.NINE_MONTHS: timedelta(days=30), Grain.YEAR: timedelta(days=75), Grain.SCHOOL_YEAR: timedelta(days=45),
}  # fmt: skip
_BACK = {Grain.MONTH: 25, Grain.QUARTER: 9, Grain.HALF: 5, Grain.NINE_MONTHS: 4, Grain.YEAR: 7, Grain.SCHOOL_YEAR: 5,
         Grain.WEEK: 53, Grain.DAY: 30, Grain.HOUR: 48}  # fmt: skip
_BACK_SHORT = {Grain.MONTH: 4, Grain.QUARTER: 3, Grain.HALF: 3, Grain.NINE_MONTHS: 2, Grain.YEAR: 3, Grain.SCHOOL_YEAR: 2,
               Grain.WEEK: 4, Grain.DAY: 7, Grain.HOUR: 26}  # fmt: skip
_KEPT_CUMULATIVE = frozenset({Grain.MONTH, Grain.QUARTER})
_LENGTH = tuple(Grain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`point` is the value on show; `older` the newest one there is when the one wanted is missing.

    `period` is the period of `point`, or the one that was wanted. `points` holds the periods read, by period.
    """

    indicator: Indicator
    pack: Pack
    unit: Unit
    period: Period
    point: Point | None = None
    older: Point | None = None
    points: Mapping[Period, Point] = field(default_factory=dict)
    feed: Feed | None = None
    denied: bool = False
    status: Status

    @property
    def value(self) -> float | None:
        return self.point.value if self.point else None

    @property
    def target(self) -> float | None:
        return self.point.target if self.point else None

    @property
    def reported(self) -> bool:
        """Whether agencies state it (against: counted from rows as they come)."""
        return isinstance(self.indicator.dataset, Figures)

    @property
    def missing(self) -> bool:
        return self.value is None

    @property
    def stale(self) -> bool:
        """Whether the source of an automatic figure has fallen silent."""
        return self.value is not None and self.feed is not None and not self.reported and self.feed.late

    @property
    def shortfall(self) -> float:
        """By what share of the target it misses it; orders "worst first"."""
        return shortfall(self.indicator, self.value, self.target) or 0.0

    @property
    def before(self) -> Point | None:
        """The value it is compared with: an hour with the day before, a day with yesterday, longer ones with last year."""
        if self.point is None:
            return None
        if self.period.grain in (Grain.HOUR, Grain.DAY):
            return self.points.get(self.period.shift(-24 if self.period.grain is Grain.HOUR else -1))
        last_year = self.points.get(self.period.same_last_year())
        # What some of its forerunners add up to is not what a merged unit had.
        return None if last_year and last_year.rebased and last_year.partial else last_year


def figures(
    actor: Actor,
    unit: Unit,
    indicators: Iterable[Indicator],
    selection: Selection,
    *,
    feeds: Mapping[str, Feed] | None = None,
    lines: Collection[str] | None = None,
    overrides: Overrides | None = None,
) -> list[Figure]:
    """The figures of `indicators` for `unit`, in their order.

    `lines` are the codes that need history enough for a line (None: all); the others get what a comparison needs.
    `overrides` are the province's changes where the page has read them already. As known on another day, nothing is said about
    how punctual the `feeds` are today.
    """
    overrides = overrides or Overrides()
    wanted = [(each, target_period(each, selection)) for each in indicators]
    windows = [
        Window(each.code, last.shift(-(_BACK if lines is None or each.code in lines else _BACK_SHORT)[last.grain]), last)
        for each, last in wanted
    ]
    found: dict[str, dict[Period, Point]] = {}
    for point in histories(actor, [unit.pk], windows, known=selection.known):
        found.setdefault(point.indicator, {})[point.period] = point
    made = []
    may = within(actor, unit, (each.code for each, _ in wanted))
    for each, last in wanted:
        indicator = overrides.effective(each, unit.pk, last.year)
        made.append(
            _figure(
                unit,
                indicator,
                last,
                found.get(each.code, {}),
                selection,
                feed=(feeds or {}).get(each.dataset.code) if selection.known is None else None,
                denied=each.code not in may,
            )
        )
    return made


def target_period(indicator: Indicator, selection: Selection) -> Period:
    """The period to look for: the one chosen, in the indicator's own length; without a choice the one that runs now."""
    chosen = selection.period
    grain = _grain(indicator.grains, chosen)
    if grain is Grain.HOUR:
        last_hour = selection.now.astimezone(VIETNAM).replace(tzinfo=None)
        moment = min(chosen.span[1] - timedelta(hours=1), last_hour) if chosen else last_hour
        return Period.containing(moment, grain)
    cumulative = selection.cumulative and has_cumulative(indicator, grain)
    return _of_day(grain, cumulative, regime_of(indicator), chosen, selection.today)


@lru_cache(maxsize=1024)
def _of_day(grain: Grain, cumulative: bool, regime: Regime, chosen: Period | None, today: date) -> Period:
    """The period of a day or longer: few forms, asked for by every figure of every page.

    What is chosen is a name ("September"): in the administrative regime the period of that name is meant, not that of its last
    day.
    """
    period = Period.begun_by(today, grain, cumulative=cumulative, regime=regime)
    if chosen:
        named = Period.begun_by(chosen.last_day, grain, cumulative=cumulative)
        period = min(period, Period(named.start, grain, cumulative, regime))
    if chosen and _LENGTH.index(grain) > _LENGTH.index(chosen.grain) and period.last_day > chosen.last_day:
        period = period.previous()
    return period


def has_cumulative(indicator: Indicator, grain: Grain) -> bool:
    """Whether values of `grain` are also kept from 1 January."""
    return indicator.cumulative and (
        grain in _KEPT_CUMULATIVE or (grain in (Grain.DAY, Grain.WEEK) and grain is indicator.grains[0])
    )


@lru_cache(maxsize=1024)
def _grain(grains: tuple[Grain, ...], chosen: Period | None) -> Grain:
    if chosen is None:
        return Grain.MONTH if Grain.MONTH in grains else grains[0]
    if chosen.grain in grains:
        return chosen.grain
    length = _LENGTH.index(chosen.grain)
    shorter = [each for each in grains if _LENGTH.index(each) < length]
    return max(shorter, key=_LENGTH.index) if shorter else min(grains, key=_LENGTH.index)


def _figure(
    unit: Unit,
    indicator: Indicator,
    last: Period,
    points: dict[Period, Point],
    selection: Selection,
    *,
    feed: Feed | None,
    denied: bool,
) -> Figure:
    pack = registry.pack_of(indicator)
    newest = next((each for each in reversed(points.values()) if each.value is not None), None)
    point = newest if newest is not None and _acceptable(indicator, newest.period, last, selection) else None
    period = point.period if point else _due_period(indicator, last, selection)
    status = assess(indicator, point.value, point.target, point.base) if point else assess(indicator, None, None)
    return Figure(
        indicator=indicator,
        pack=pack,
        unit=unit,
        period=period,
        point=point,
        older=None if point else newest,
        points=points,
        feed=feed,
        denied=denied,
        status=status,
    )


def _acceptable(indicator: Indicator, found: Period, last: Period, selection: Selection) -> bool:
    """Whether the newest value found answers what was asked.

    A chosen period wants exactly itself. The newest of a reported figure may lag as long as nothing later is due.
    """
    if selection.period is not None:
        return found.start == last.start
    if isinstance(indicator.dataset, Figures):
        return found.start >= _due_period(indicator, last, selection).start
    return True


def _due_period(indicator: Indicator, last: Period, selection: Selection) -> Period:
    """The newest period whose figures should be in by today; for counted figures the running one."""
    if selection.period is not None or not isinstance(indicator.dataset, Figures):
        return last
    period = last
    while due_day(period) > selection.today:
        period = period.previous()
    return period


def due_day(period: Period) -> date:
    """The day by which the figures of `period` are to be in."""
    return period.last_day + DUE.get(period.grain, timedelta(0))


def worst_first(found: Sequence[Figure]) -> list[Figure]:
    """Those that miss their target, the largest miss first; then those that need attention."""
    order = {"urgent": 0, "bad": 1, "warn": 2}
    return sorted(
        (each for each in found if each.status.kind in order), key=lambda each: (order[each.status.kind], -each.shortfall)
    )


def in_order(found: Iterable[Figure]) -> list[Figure]:
    """The figures that need somebody most come first, those without a value last."""
    order = ("urgent", "bad", "warn", "ok", "info", "none")
    return sorted(found, key=lambda each: (order.index(each.status.kind), -each.shortfall))


def counts(found: Iterable[Figure]) -> dict[str, int]:
    """How many figures stand ok, warn, bad, info and none; those that may not be seen are not counted."""
    tally = dict.fromkeys(("ok", "warn", "bad", "info", "none"), 0)
    for each in found:
        if not each.denied:
            tally["bad" if each.status.kind == "urgent" else each.status.kind] += 1
    return tally

"""When a figure is worth waking somebody: conditions as values, and the one function that judges them. Pure.

Every leaf boils down to one measured number and a limit: `above` or `below`, strictly, and `clears_at`, the value on the safe
side at which the matter is over (the limit itself when left out). Between the two nothing fires and nothing clears.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from statistics import median

from toancanh.kernel.expressions import Condition as RowCondition
from toancanh.kernel.expressions import Expression
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.text import Text

DAY = timedelta(days=1)
_LIKE_DEVIATION = 1.4826  # the median absolute deviation times this is the standard deviation of a normal spread


class Against(StrEnum):
    """What a change is measured from."""

    PREVIOUS = "previous"
    YEAR_BEFORE = "year_before"


class By(StrEnum):
    """How a distance is measured: in per cent of what it is measured from, or in the indicator's own unit."""

    PERCENT = "percent"
    POINTS = "points"


@dataclass(frozen=True, kw_only=True)
class Limited:
    """A limit on a measured number. Exactly one of `above` and `below`."""

    above: float | None = None
    below: float | None = None
    clears_at: float | None = None

    @property
    def limit(self) -> float:
        """The limit, on whichever side it is."""
        return self.above if self.above is not None else self.below if self.below is not None else 0.0

    def beyond(self, number: float) -> bool:
        """Whether `number` lies strictly beyond the limit."""
        return number > self.limit if self.above is not None else number < self.limit

    def safe(self, number: float) -> bool:
        """Whether `number` has come back to where the matter is over."""
        edge = self.limit if self.clears_at is None else self.clears_at
        return number <= edge if self.above is not None else number >= edge


@dataclass(frozen=True, kw_only=True)
class Threshold(Limited):
    """The value itself."""


@dataclass(frozen=True, kw_only=True)
class Behind(Limited):
    """How far the value misses the target of its period, on the bad side: per cent of the target, or points. Takes `above`."""

    by: By = By.PERCENT


@dataclass(frozen=True, kw_only=True)
class Change(Limited):
    """The change against the previous period or the same period a year before; a fall is negative."""

    against: Against
    by: By = By.PERCENT


@dataclass(frozen=True, kw_only=True)
class Rate(Limited):
    """How fast the value moves: its change over the last `periods` periods, for each `per` of time."""

    per: timedelta
    periods: int = 1


@dataclass(frozen=True, kw_only=True)
class Seasonal(Limited):
    """How far the value lies from what is usual at this hour of the week, day of the week or month of the year, in spreads.

    Usual is the median of the last `seasons` of them, a spread their median absolute deviation (as a standard deviation), never
    less than `least` (in the indicator's unit). With fewer than half of the seasons known nothing is judged.
    `above=4` fires more than four spreads over the usual, `below=-4` under it.
    """

    least: float
    seasons: int = 8


@dataclass(frozen=True, kw_only=True)
class Silent(Limited):
    """How long a source of the indicator's dataset has sent nothing, in agreed intervals. One subject for each source."""


@dataclass(frozen=True, kw_only=True)
class TooLong(Limited):
    """A state that lasts too long, over an indicator that measures an age or a duration; the limits are in days."""

    counted_in: timedelta = DAY


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A state that single records of a dataset are in from `begins` to `ends` (still, while it is missing), those of them that
    meet `where`. `title` follows the record's name: "quá ngày hẹn trả", "past the promised day". Known everywhere by `code`.
    """

    code: str
    title: Text
    begins: Expression
    ends: Expression | None = None
    where: RowCondition | None = None


@dataclass(frozen=True, kw_only=True)
class Overstay(Limited):
    """A single record that has been in a state for too long, in days of 24 hours. One subject for each record.

    Of each unit the `most` that have been in it longest are told one by one; how many more there are is told in one alert. It is
    over when the record has left the state.
    """

    stay: Stay
    most: int = 10


@dataclass(frozen=True)
class AllOf:
    """Fires when all of its parts do; is over as soon as one of them is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """Fires when one of its parts does; is over when all of them are."""

    parts: tuple[Condition, ...]


Leaf = Threshold | Behind | Change | Rate | Seasonal | Silent | TooLong | Overstay
Condition = Leaf | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class View:
    """What a condition may look at: one value of one unit and what lies around it. `earlier` is asked only where it is needed."""

    value: float | None
    period: Period
    target: float | None = None
    rising_is_good: bool = True
    earlier: Callable[[Period], float | None] = lambda _: None
    silent_for: timedelta | None = None
    pace: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fires` and `clears` are both False between the limits, and where nothing can be judged (`measured` is None then).

    `value` is the figure, `limit` the limit on the figure's own scale; `measured` is what `leaf` compared with its limit.
    `upward`: whether larger figures lie further beyond the limit.
    """

    fires: bool
    clears: bool
    value: float | None
    limit: float | None
    measured: float | None
    leaf: Leaf
    upward: bool = True

    def further(self, one: float, other: float) -> float:
        """The worse of two figures."""
        return max(one, other) if self.upward else min(one, other)


def judge(condition: Condition, view: View) -> Verdict:
    """Does `condition` hold for `view`?"""
    if isinstance(condition, AllOf):
        return _all([judge(each, view) for each in condition.parts])
    if isinstance(condition, AnyOf):
        return _any([judge(each, view) for each in condition.parts])
    measured, limit = _MEASURES[type(condition)](condition, view)
    turned = isinstance(condition, Behind) and view.rising_is_good  # the lower the figure, the further behind
    upward = (condition.above is not None) != turned
    if measured is None:
        return Verdict(False, False, view.value, limit, None, condition, upward)
    return Verdict(condition.beyond(measured), condition.safe(measured), view.value, limit, measured, condition, upward)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The leaves of `condition`, left to right."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def with_limits(condition: Condition, limits: Sequence[tuple[float, float | None]]) -> Condition:
    """The same condition with other (limit, clears at), one pair for each leaf, left to right."""
    given = iter(limits)

    def changed(one: Condition) -> Condition:
        if isinstance(one, AllOf | AnyOf):
            return type(one)(tuple(changed(part) for part in one.parts))
        limit, clears_at = next(given)
        if one.above is not None:
            return replace(one, above=limit, clears_at=clears_at)
        return replace(one, below=limit, clears_at=clears_at)

    return changed(condition)


def earlier_periods(condition: Condition, period: Period) -> tuple[Period, ...]:
    """The other periods of the unit that `condition` looks at when it judges `period`."""
    found: list[Period] = []
    for leaf in leaves(condition):
        if isinstance(leaf, Change):
            found.append(_compared_with(leaf, period))
        elif isinstance(leaf, Rate):
            found.append(period.shift(-leaf.periods))
        elif isinstance(leaf, Seasonal):
            found.extend(_seasons(leaf, period))
    return tuple(found)


def usual(leaf: Seasonal, view: View) -> tuple[float, float] | None:
    """What is usual in this season, and the spread around it; None with too little history."""
    known = [value for each in _seasons(leaf, view.period) if (value := view.earlier(each)) is not None]
    if len(known) * 2 < leaf.seasons or not known:
        return None
    middle = median(known)
    return middle, max(median(abs(each - middle) for each in known) * _LIKE_DEVIATION, leaf.least)


def _all(parts: Sequence[Verdict]) -> Verdict:
    calm = [each for each in parts if not each.fires]
    telling = next((each for each in calm if each.measured is not None), calm[0] if calm else parts[0])
    fires, clears = all(each.fires for each in parts), any(each.clears for each in parts)
    return replace(telling, fires=fires, clears=clears and not fires)


def _any(parts: Sequence[Verdict]) -> Verdict:
    """A part that cannot be judged has no say while another one can."""
    known = [each for each in parts if each.measured is not None] or parts
    telling = next((each for each in known if each.fires), known[0])
    return replace(telling, fires=telling.fires, clears=all(each.clears for each in known))


Measured = tuple[float | None, float | None]


def _threshold(leaf: Threshold, view: View) -> Measured:
    return view.value, leaf.limit


def _behind(leaf: Behind, view: View) -> Measured:
    if view.value is None or view.target is None or (leaf.by is By.PERCENT and not view.target):
        return None, None
    sign = 1.0 if view.rising_is_good else -1.0
    whole = abs(view.target) / 100 if leaf.by is By.PERCENT else 1.0
    return sign * (view.target - view.value) / whole, view.target - sign * leaf.limit * whole


def _change(leaf: Change, view: View) -> Measured:
    before = view.earlier(_compared_with(leaf, view.period))
    if view.value is None or before is None or (leaf.by is By.PERCENT and not before):
        return None, None
    whole = abs(before) / 100 if leaf.by is By.PERCENT else 1.0
    return (view.value - before) / whole, before + leaf.limit * whole


def _rate(leaf: Rate, view: View) -> Measured:
    past = view.period.shift(-leaf.periods)
    before = view.earlier(past)
    if view.value is None or before is None:
        return None, None
    times = (view.period.start - past.start) / leaf.per
    return (view.value - before) / times, before + leaf.limit * times


def _seasonal(leaf: Seasonal, view: View) -> Measured:
    known = usual(leaf, view)
    if view.value is None or known is None:
        return None, None
    middle, spread = known
    return (view.value - middle) / spread, middle + leaf.limit * spread


def _silent(leaf: Silent, view: View) -> Measured:
    if view.silent_for is None or not view.pace:
        return None, None
    return view.silent_for / view.pace, leaf.limit * (view.pace / timedelta(hours=1))


def _too_long(leaf: TooLong, view: View) -> Measured:
    share = leaf.counted_in / DAY
    return (None if view.value is None else view.value * share), leaf.limit / share


_MEASURES: dict[type[Leaf], Callable[..., Measured]] = {
    Threshold: _threshold, Behind: _behind, Change: _change, Rate: _rate, Seasonal: _seasonal, Silent: _silent,
    TooLong: _too_long, Overstay: _threshold,
}  # fmt: skip
# After how many periods the season comes round: the same hour of the week, day of the week, month of the year ...
_SEASON = {Grain.HOUR: 168, Grain.DAY: 7, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2}


def _seasons(leaf: Seasonal, period: Period) -> tuple[Period, ...]:
    step = _SEASON.get(period.grain, 1)
    return tuple(period.shift(-step * back) for back in range(1, leaf.seasons + 1))


def _compared_with(leaf: Change, period: Period) -> Period:
    return period.previous() if leaf.against is Against.PREVIOUS else period.same_last_year()

"""The measure algebra: what an indicator adds up, and how it may add up over time and over area.

A measure is a value. Leaves (`Count`, `Total`, `Stock` ...) are computed by the store; `Reported` reads a figure that an agency
states for a unit and a period; `Series` runs a pure function over a window of readings. `Ratio` and `Growth` combine measures.
Asking for a sum of a never-sum raises `NeverAdds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from toancanh.kernel.expressions import Column, Condition, Expression
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text


class Adds(StrEnum):
    """How values of parts become the value of the whole."""

    SUM = "sum"
    LAST = "last"  # over time only: a stock takes its latest value
    MAXIMUM = "maximum"
    RATIO = "ratio"  # sums of numerators over sums of denominators
    RECOMPUTE = "recompute"  # only from the rows themselves
    NEVER = "never"


class NeverAdds(ValueError):
    """A sum was asked of something that does not add up."""


class Measure:
    """Base of all measures. A measure is looked up by the hundred thousand, so its hash is computed once."""

    __slots__ = ("_hash",)
    _hash: int


@dataclass(frozen=True, slots=True)
class Count(Measure):
    """Rows, where the condition holds, whose time `at` (default: the dataset's time) lies in the period."""

    where: Condition | None = None
    at: Column | None = None


@dataclass(frozen=True, slots=True)
class Total(Measure):
    of: Expression
    where: Condition | None = None
    at: Column | None = None


@dataclass(frozen=True, slots=True)
class Extreme(Measure):
    """The smallest or the largest value."""

    of: Expression
    largest: bool
    where: Condition | None = None
    at: Column | None = None


@dataclass(frozen=True, slots=True)
class Quantile(Measure):
    """The exact quantile `q` (0..1)."""

    of: Expression
    q: float
    where: Condition | None = None
    at: Column | None = None


@dataclass(frozen=True, slots=True)
class Distinct(Measure):
    of: Expression
    where: Condition | None = None
    at: Column | None = None


@dataclass(frozen=True, slots=True)
class Stock(Measure):
    """Rows alive at the period's end (or now): begun at or before it, and not yet ended."""

    begins: Column
    ends: Expression
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Ratio(Measure):
    """`top / bottom * scale`; over area and time the tops and the bottoms are summed first."""

    top: Measure
    bottom: Measure
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Reported(Measure):
    """The figure that agencies report under `item`. `of` fixes a grain (a yearly plan read inside a month)."""

    item: str
    over_time: Adds = Adds.SUM
    over_area: Adds = Adds.SUM
    of: Grain | None = None


@dataclass(frozen=True, slots=True)
class Growth(Measure):
    """Per cent change against the same period of the last year, from summed levels."""

    of: Measure


Reading = tuple[datetime, tuple[float | None, ...]]
SeriesFunction = Callable[[Sequence[Reading], datetime], float | None]


@dataclass(frozen=True, slots=True)
class Series(Measure):
    """A pure function of the readings of one `station` in the `hours` up to the end of the period, oldest first.

    Each reading is (time in UTC, values of `inputs`); the second argument is the period's end in UTC (exclusive).
    Over stations of an area the worst (`over_area=MAXIMUM`) or the sum is taken; over longer periods it never adds up.
    A station counts in a period when its newest reading is at most `stays` hours (never more than `hours`) older than the end of
    the period, so that nothing drops when an hour begins and one station reports before the others; 0 counts only readings of
    the period itself. `title` names the function for readers; without it the first line of its docstring does.
    """

    function: SeriesFunction
    inputs: tuple[Column, ...]
    station: Column
    hours: int
    over_area: Adds = Adds.MAXIMUM
    stays: int = 2
    title: Text | None = None


Leaf = Count | Total | Extreme | Quantile | Distinct | Stock | Reported


def _remember_hash(kind: type[Measure]) -> None:
    compute = kind.__hash__

    def remembered(self: Measure) -> int:
        try:
            return self._hash
        except AttributeError:
            object.__setattr__(self, "_hash", compute(self))
            return self._hash

    kind.__hash__ = remembered  # type: ignore[assignment]


for _kind in (Count, Total, Extreme, Quantile, Distinct, Stock, Reported):
    _remember_hash(_kind)


def count(where: Condition | None = None, at: Column | None = None) -> Count:
    return Count(where, at)


def total(of: Expression, where: Condition | None = None, at: Column | None = None) -> Total:
    return Total(of, where, at)


def mean(of: Expression, where: Condition | None = None, at: Column | None = None) -> Ratio:
    """The mean over the rows where `of` is known."""
    known = of.known() if where is None else of.known() & where
    return Ratio(Total(of, known, at), Count(known, at))


def ratio(top: Measure, bottom: Measure) -> Ratio:
    return Ratio(top, bottom)


def percent(top: Measure, bottom: Measure) -> Ratio:
    return Ratio(top, bottom, 100.0)


def leaves(measure: Measure) -> Iterator[Leaf]:
    """The leaves that a measure is made of, left to right, repeats included."""
    if isinstance(measure, Ratio):
        yield from leaves(measure.top)
        yield from leaves(measure.bottom)
    elif isinstance(measure, Growth):
        yield from leaves(measure.of)
    elif isinstance(measure, Count | Total | Extreme | Quantile | Distinct | Stock | Reported):
        yield measure


def over_time(measure: Measure) -> Adds:
    """How the measure adds up from shorter periods to longer ones."""
    match measure:
        case Reported():
            return measure.over_time
        case Stock():
            return Adds.LAST
        case Ratio():
            return Adds.RATIO
        case Growth():
            return Adds.RECOMPUTE
        case Series():
            return Adds.NEVER
        case Extreme() | Quantile() | Distinct():
            return Adds.RECOMPUTE
        case _:
            return Adds.SUM


def over_area(measure: Measure) -> Adds:
    """How the measure adds up from smaller areas to larger ones."""
    match measure:
        case Reported() | Series():
            return measure.over_area
        case Ratio():
            return Adds.NEVER if Adds.NEVER in (over_area(measure.top), over_area(measure.bottom)) else Adds.RATIO
        case Growth():
            return Adds.NEVER if over_area(measure.of) is Adds.NEVER else Adds.RECOMPUTE
        case Extreme() | Quantile() | Distinct():
            return Adds.RECOMPUTE
        case _:
            return Adds.SUM


def add_up(how: Adds, parts: Sequence[float]) -> float:
    """The whole of `parts` (oldest first, not empty). Raises `NeverAdds` where no whole can be made from parts alone."""
    if how is Adds.SUM:
        return sum(parts)
    if how is Adds.LAST:
        return parts[-1]
    if how is Adds.MAXIMUM:
        return max(parts)
    raise NeverAdds(f"a measure that adds up as {how.value!r} cannot be made from the values of its parts")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A computed value; `top`/`bottom` for ratios; `base` is the count that the value rests on, where one is known."""

    value: float | None
    top: float | None = None
    bottom: float | None = None
    base: float | None = None


def outcome(measure: Measure, known: Mapping[Leaf, float | None]) -> Outcome:
    """The value of `measure` from the values of its leaves. A zero or missing denominator gives no value, never 0."""
    if isinstance(measure, Ratio):
        top, bottom = outcome(measure.top, known).value, outcome(measure.bottom, known).value
        if top is None or not bottom:
            return Outcome(None, top, bottom, bottom)
        return Outcome(top / bottom * measure.scale, top, bottom, bottom)
    if isinstance(measure, Count | Total | Extreme | Quantile | Distinct | Stock | Reported):
        return Outcome(known.get(measure))
    raise NeverAdds(f"{type(measure).__name__} is not made from leaves alone")


def percent_change(now: float | None, before: float | None) -> Outcome:
    """Growth of a level in per cent; nothing when either side is missing or the earlier one is zero."""
    if now is None or not before:
        return Outcome(None, now, before)
    return Outcome((now / before - 1) * 100, now, before)

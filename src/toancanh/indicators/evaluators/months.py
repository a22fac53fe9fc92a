"""Longer periods from months: a year's dossiers are the sum of its months', so no year of rows is read again for one new dossier.

Only for what adds up (counts, totals, and rates of them) and does not ask what time it is; anything else is asked of the rows.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from toancanh.indicators.cells import Place, known_months
from toancanh.indicators.evaluators.value import Value
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.expressions import Moment
from toancanh.kernel.measures import Count, Leaf, Measure, Outcome, Ratio, Total
from toancanh.kernel.periods import Grain, Period

_LONGER = frozenset({Grain.QUARTER, Grain.HALF, Grain.NINE_MONTHS, Grain.YEAR, Grain.SCHOOL_YEAR})
Subject = tuple[int, str]  # unit and breakdown


def summed(indicator: Indicator, periods: Iterable[Period]) -> set[Period]:
    """Those of `periods` that are made from the indicator's months."""
    if Grain.MONTH not in indicator.grains or not adds_up(indicator.measure):
        return set()
    return {each for each in periods if each.grain in _LONGER or (each.cumulative and each.grain is Grain.MONTH)}


def adds_up(measure: Measure) -> bool:
    """True when the value of a year follows from the values of its months."""
    if isinstance(measure, Ratio):
        sides = (measure.top, measure.bottom)
        return all(isinstance(each, Count | Total) and adds_up(each) for each in sides)
    return isinstance(measure, Count | Total) and not reads_now(measure)


def reads_now(leaf: Leaf) -> bool:
    """True when a condition or an expression of the leaf asks for the present moment."""
    return any(_has_moment(getattr(leaf, slot)) for slot in leaf.__slots__)


def _has_moment(part: object) -> bool:
    if isinstance(part, Moment):
        return True
    if isinstance(part, tuple):
        return any(map(_has_moment, part))
    return any(_has_moment(getattr(part, slot)) for slot in getattr(type(part), "__slots__", ()) if hasattr(part, slot))


class Months:
    """The months computed in this run; those it did not touch are read from the cells."""

    def __init__(self) -> None:
        self._fresh: dict[str, dict[Subject, dict[Period, Outcome]]] = defaultdict(lambda: defaultdict(dict))

    def note(self, place: Place, value: Value) -> None:
        """Remember a month."""
        if place.period.grain is Grain.MONTH and not place.period.cumulative:
            self._fresh[place.indicator][place.unit, place.dimension][place.period] = value.outcome

    def sums(self, indicator: Indicator, periods: set[Period]) -> Iterator[tuple[Place, Outcome]]:
        """The values of `periods` for every unit and breakdown of which a month was computed."""
        fresh = self._fresh.get(indicator.code)
        if not fresh or not periods:
            return
        touched = set().union(*fresh.values())
        needed = {part for period in periods for part in _months_of(period)} - touched
        stored = known_months(indicator.code, {unit for unit, _ in fresh}, needed) if needed else {}
        made_of = [(period, _months_of(period)) for period in periods]
        for (unit, dimension), outcomes in fresh.items():
            known = stored.get((unit, dimension), {}) | outcomes
            for period, parts in made_of:
                if not outcomes.keys().isdisjoint(parts):
                    there = [known[part] for part in parts if part in known]
                    yield Place(indicator.code, unit, period, dimension), _sum(indicator.measure, there)


@lru_cache(maxsize=5000)
def _months_of(period: Period) -> tuple[Period, ...]:
    return period.parts(Grain.MONTH)


def _sum(measure: Measure, parts: Iterable[Outcome]) -> Outcome:
    if isinstance(measure, Ratio):
        tops, bottoms = zip(*((each.top, each.bottom) for each in parts), strict=True)
        top, bottom = _total(tops), _total(bottoms)
        value = None if top is None or not bottom else top / bottom * measure.scale
        return Outcome(value, top, bottom, bottom)
    return Outcome(_total([each.value for each in parts]))


def _total(numbers: Iterable[float | None]) -> float | None:
    known = [each for each in numbers if each is not None]
    return float(f"{math.fsum(known):.14g}") if known else None


"""Values of indicators over reported figures, from a ledger. Pure: no database, no clock but the one given."""

from __future__ import annotations

from collections.abc import Iterator

from toancanh.indicators.evaluators.ledger import STRENGTH, Found, Ledger, joint
from toancanh.indicators.evaluators.targets import target_at
from toancanh.indicators.evaluators.value import Value
from toancanh.kernel.contracts import Figures, Indicator, YearPlan
from toancanh.kernel.measures import Growth, Measure, Outcome, Reported, leaves, outcome, percent_change
from toancanh.kernel.periods import Grain, Period


def cumulative_grains(indicator: Indicator) -> tuple[Grain, ...]:
    """The grains whose cumulative form is kept: months and quarters, and the days or weeks in which a figure is reported."""
    if not indicator.cumulative:
        return ()
    own = {Grain.DAY, Grain.WEEK}.intersection(indicator.grains[:1]) if isinstance(indicator.dataset, Figures) else set()
    return tuple(grain for grain in indicator.grains if grain in {Grain.MONTH, Grain.QUARTER, *own})


def items_of(indicator: Indicator) -> frozenset[str]:
    """The items whose rows it reads, its plan included."""
    found = {leaf.item for leaf in leaves(indicator.measure) if isinstance(leaf, Reported)}
    if isinstance(indicator.target, YearPlan):
        found.add(indicator.target.plan.item)
    return frozenset(found)


def periods_moved(indicator: Indicator, moved: Period) -> Iterator[Period]:
    """The periods of `indicator` whose value may change when a figure of `moved` does; cumulative ones to the year's end."""
    moved = _widened(indicator, moved)
    for seen in (moved, a_year_later(moved)) if isinstance(indicator.measure, Growth) else (moved,):
        for grain in indicator.grains:
            yield from _singles(seen, grain)
            if grain in cumulative_grains(indicator):
                yield from _cumulatives(seen, grain)


def evaluate(indicator: Indicator, area: str, period: Period, ledger: Ledger) -> Value | None:
    """The value of `indicator` for one area and period, with its target; None when nothing has been reported."""
    measured = _growth(indicator.measure, area, period, ledger) if isinstance(indicator.measure, Growth) else None
    if measured is None and not isinstance(indicator.measure, Growth):
        measured = _level(indicator.measure, area, period, ledger)
    if measured is None:
        return None
    result, found = measured
    if result.value is None:
        return None
    return _value(indicator, area, period, ledger, result, found)


Measured = tuple[Outcome, dict[Reported, Found]]


def _level(measure: Measure, area: str, period: Period, ledger: Ledger) -> Measured | None:
    found: dict[Reported, Found] = {}
    for leaf in leaves(measure):
        if not isinstance(leaf, Reported):
            return None
        here = ledger.find(leaf, area, period)
        if here is None:
            return None
        found[leaf] = here
    found = joint(found) if len(found) > 1 else found
    if not found:
        return None
    return outcome(measure, {leaf: each.value for leaf, each in found.items()}), found


def _growth(measure: Growth, area: str, period: Period, ledger: Ledger) -> Measured | None:
    """Only from whole levels: ten months against twelve would be no growth."""
    now = _level(measure.of, area, period, ledger)
    before = _level(measure.of, area, period.same_last_year(), ledger)
    if now is None or before is None or any(each.partial for _, found in (now, before) for each in found.values()):
        return None
    return percent_change(now[0].value, before[0].value), now[1]


def _value(
    indicator: Indicator, area: str, period: Period, ledger: Ledger, result: Outcome, found: dict[Reported, Found]
) -> Value:
    moving = [each for leaf, each in found.items() if leaf.of is None] or list(found.values())
    worst = min(moving, key=lambda each: each.have / each.want)
    weakest = min(moving, key=lambda each: STRENGTH.get(each.status, 0))
    through = min(max(each.through for each in moving), period.span[1])
    known = ledger.find

    def plan(leaf: Reported) -> float | None:
        stated = known(leaf, area, period)
        return stated.value if stated else None

    counted = worst.how or worst.want > 1
    return Value(
        result, weakest.status, through, max(each.seq for each in found.values()), worst.how,
        worst.have if counted else None, worst.want if counted else None,
        target_at(indicator, period, plan, through if worst.partial else None), tuple(found.items()),
    )


def _widened(indicator: Indicator, moved: Period) -> Period:
    """A figure read for a fixed, longer period (the year's population) moves every period inside that one."""
    for leaf in leaves(indicator.measure):
        if isinstance(leaf, Reported) and leaf.of is not None and leaf.of is not moved.grain:
            around = Period.begun_by(moved.start, leaf.of, regime=moved.regime)
            if around.span[0] <= moved.to_single().span[0] and moved.span[1] <= around.span[1]:
                return around
    return moved


def a_year_later(period: Period) -> Period:
    """The period whose same period of the last year is `period`."""
    single = period.to_single()
    start = single.start.replace(year=single.start.year + 1, day=min(single.start.day, 28))
    later = Period.begun_by(start, single.grain, regime=single.regime)
    return later.to_cumulative() if period.cumulative else later


def _singles(moved: Period, grain: Grain) -> Iterator[Period]:
    """Periods of `grain` that share a day with `moved`, and the one after a cumulative figure (its difference changes too)."""
    single = moved.to_single()
    first, last = single.span
    period = Period.begun_by(single.start, grain, regime=single.regime)
    while period.span[0] < last:
        if period.span[1] > first:
            yield period
        period = period.next()
    if moved.cumulative:
        yield period


def _cumulatives(moved: Period, grain: Grain) -> Iterator[Period]:
    """Cumulative periods of `grain` from the first that shares a day with `moved` to the last of its year."""
    if moved.grain is Grain.SCHOOL_YEAR:
        return
    for single in _to_the_end_of_the_year(moved.to_single(), grain):
        yield single.to_cumulative()


def _to_the_end_of_the_year(moved: Period, grain: Grain) -> Iterator[Period]:
    period = Period.begun_by(moved.start, grain, regime=moved.regime)
    year = period.year
    while period.year == year:
        if period.span[1] > moved.span[0]:
            yield period
        period = period.next()

"""Many periods in one query: intervals are sorted into lanes that do not overlap, and each lane is searched by bisection.

Months make one lane, quarters another, twelve cumulative months of a year twelve; so a row costs one look-up a lane, however many
periods there are. Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush

from toancanh.kernel.periods import Period
from toancanh.store.compiler.bound import Bound
from toancanh.store.compiler.expressions import moment_ms

LARGEST_LANE = 20_000  # the engine refuses much longer lists of boundaries


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` up to but not including `high`; `number` is its place in the query, from 1."""

    low: int
    high: int
    number: int


class Timetable:
    """The distinct intervals of some periods, numbered, and which periods each stands for."""

    def __init__(self, periods: Iterable[Period]) -> None:
        found: dict[tuple[int, int], list[Period]] = {}
        for period in dict.fromkeys(periods):
            first, after = period.interval()
            found.setdefault((moment_ms(first), moment_ms(after)), []).append(period)
        self._periods = [found[bounds] for bounds in sorted(found)]
        self.intervals = [Interval(low, high, number) for number, (low, high) in enumerate(sorted(found), 1)]

    def periods(self, number: int) -> Sequence[Period]:
        """The periods of the interval `number`."""
        return self._periods[number - 1]

    def number_of(self, moment: str, bound: Bound) -> str:
        """SQL of the numbers of the intervals that hold `moment`: one a row, or an arrayJoin of several."""
        places = [_place(moment, lane, bound) for lane in lanes(self.intervals)]
        if len(places) == 1:
            return places[0]
        return f"arrayJoin(arrayFilter(each -> each != 0, [{', '.join(places)}]))"

    def moment_of(self, number: str, now: datetime, bound: Bound) -> str:
        """SQL of NOW for the interval `number`: its end, or `now` while it is open."""
        until = moment_ms(now)
        ends = bound.wholes(min(each.high, until) for each in self.intervals)
        return f"transform({number}, {bound.wholes(each.number for each in self.intervals)}, {ends}, toInt64(0))"


def lanes(intervals: Sequence[Interval]) -> Iterator[list[Interval]]:
    """The intervals as the fewest lists in which none overlaps another; each list is sorted."""
    kept: list[list[Interval]] = []
    free: list[tuple[int, int]] = []
    for each in sorted(intervals, key=lambda interval: (interval.low, interval.high)):
        if free and free[0][0] <= each.low and len(kept[free[0][1]]) < LARGEST_LANE:
            _, lane = heappop(free)
            kept[lane].append(each)
        else:
            lane = len(kept)
            kept.append([each])
        heappush(free, (each.high, lane))
    return iter(kept)


def _place(moment: str, lane: Sequence[Interval], bound: Bound) -> str:
    """SQL of the number of the lane's interval that holds `moment`, or 0."""
    lows = bound.wholes(each.low for each in lane)
    highs, numbers = bound.wholes(each.high for each in lane), bound.wholes(each.number for each in lane)
    low = f"roundDown({moment}, {lows})"
    inside = f"{moment} >= {low} AND {moment} < transform({low}, {lows}, {highs}, toInt64(0))"
    return f"if({inside}, transform({low}, {lows}, {numbers}, toInt64(0)), 0)"


@dataclass(frozen=True, slots=True)
class Moments:
    """Distinct moments in order, numbered from 1, and the periods that ask for each."""

    times: tuple[int, ...]
    asked: tuple[tuple[Period, ...], ...]

    @classmethod
    def of(cls, periods: Iterable[Period], now: datetime) -> Moments:
        """The end of each period, or `now` while it is open."""
        until, found = moment_ms(now), dict[int, list[Period]]()
        for period in dict.fromkeys(periods):
            found.setdefault(min(moment_ms(period.interval()[1]), until), []).append(period)
        return cls(tuple(sorted(found)), tuple(tuple(found[each]) for each in sorted(found)))

    def at_most(self, moment: str, bound: Bound) -> str:
        """SQL of how many of the moments are not after `moment`."""
        times, numbers = bound.wholes(self.times), bound.wholes(range(1, len(self.times) + 1))
        return f"if({moment} < {self.times[0]}, 0, transform(roundDown({moment}, {times}), {times}, {numbers}, toInt64(0)))"

    def time_of(self, number: str, bound: Bound) -> str:
        """SQL of the moment of that number."""
        return f"transform({number}, {bound.wholes(range(1, len(self.times) + 1))}, {bound.wholes(self.times)}, toInt64(0))"

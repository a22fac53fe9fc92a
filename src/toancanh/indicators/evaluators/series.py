"""Values of indicators that are a function of one station's readings over some hours, such as an air quality index.

A reading moves every period that ends within the function's hours after it: a late one recomputes the twelve hours that look
back on it. There is a value of each station (a breakdown of the whole), of each area (its worst station) and of the whole place.

Once anybody has reported in a period, a station that has not yet still counts with its last readings for `stays` hours: else the
worst value would drop when a new hour begins and a dry gauge is the first to report.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from toancanh.indicators.cells import Place
from toancanh.indicators.evaluators.rows import DIMENSION, HOURS_KEPT, Asked
from toancanh.indicators.evaluators.targets import target_at
from toancanh.indicators.evaluators.value import Value
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.measures import Adds, Outcome, Reading, Series, add_up
from toancanh.kernel.periods import VIETNAM, Grain, Period
from toancanh.store import readings
from toancanh.store.rows import Touched

STRETCH = timedelta(days=31)  # so much is read from the store at a time


@dataclass(frozen=True, slots=True)
class Heard:
    """What a station says of a period: its value, its newest reading (UTC), and whether that one lies in the period itself."""

    value: float | None
    newest: datetime
    inside: bool


def periods_touched(indicator: Indicator, touched: Touched, now: datetime) -> set[Period]:
    """The periods, begun by `now`, that look back on a touched hour."""
    measure = indicator.measure
    assert isinstance(measure, Series)
    hours = sorted(touched.hours.get(indicator.dataset.time, ()))
    found = _hours(hours, measure.hours) if Grain.HOUR in indicator.grains else set()
    for grain in indicator.grains:
        if grain is not Grain.HOUR:
            found |= _longer(hours, grain, measure.hours)
    local = now.astimezone(VIETNAM).replace(tzinfo=None)
    return {each for each in found if each.start <= local}


def _hours(hours: Sequence[datetime], back: int) -> set[Period]:
    """The hours themselves and those after them that look back on them; of a load of years only the last (see `rows`)."""
    late = [each for each in hours if hours[-1] - each <= HOURS_KEPT]
    starts = {hour + timedelta(hours=step) for hour in late for step in range(back)}
    return {Period.containing(each.astimezone(UTC), Grain.HOUR) for each in starts}


def _longer(hours: Sequence[datetime], grain: Grain, back: int) -> set[Period]:
    """The same for days and longer, once a day."""
    last_of_day = {hour.astimezone(VIETNAM).date(): hour for hour in hours}
    found: set[Period] = set()
    for hour in last_of_day.values():
        period = Period.containing(hour.astimezone(UTC), grain)
        while period.contains(hour) or period.interval()[1] < hour + timedelta(hours=1 + back):
            found.add(period)
            period = period.next()
    return found


def values(asked: Asked, indicator: Indicator, periods: Iterable[Period]) -> Iterator[tuple[Place, Value]]:
    """Fresh values: of each station (a breakdown of the whole), of the areas they stand in, of the whole."""
    measure = indicator.measure
    assert isinstance(measure, Series)
    wanted = sorted(periods, key=lambda each: each.interval())
    standing = dict(readings.stations(asked.dataset, measure.station.name)) if wanted else {}
    for stretch in _stretches(wanted):
        by_station = _by_station(asked, indicator, stretch)
        for period in stretch:
            yield from _of_period(asked, indicator, period, by_station, standing)


def heard(measure: Series, found: Sequence[Reading], period: Period) -> Heard | None:
    """The function over the readings (oldest first) before the period's end; nothing where the newest is too old to stay."""
    start, end = period.interval()
    after = bisect_left(found, end, key=_time)
    if after == 0:
        return None
    newest = found[after - 1][0]
    if newest < min(start, end - timedelta(hours=min(measure.stays, measure.hours))):
        return None
    first = bisect_left(found, end - timedelta(hours=measure.hours), key=_time)
    return Heard(measure.function(found[first:after], end), newest, newest >= start)


def _all_heard(measure: Series, by_station: Mapping[str, list[Reading]], period: Period) -> dict[str, Heard]:
    """By station. A period that nobody has reported in has not begun: nothing stays in it."""
    found = {station: each for station, rows in by_station.items() if (each := heard(measure, rows, period)) is not None}
    return found if any(each.inside for each in found.values()) else {}


def _time(reading: Reading) -> datetime:
    return reading[0]


def _stretches(wanted: Sequence[Period]) -> Iterator[list[Period]]:
    stretch: list[Period] = []
    for period in wanted:
        if stretch and period.interval()[1] - stretch[0].interval()[0] > STRETCH:
            yield stretch
            stretch = []
        stretch.append(period)
    if stretch:
        yield stretch


def _by_station(asked: Asked, indicator: Indicator, stretch: Sequence[Period]) -> dict[str, list[Reading]]:
    """The readings of each station, oldest first; a station that was moved keeps one series."""
    measure = indicator.measure
    assert isinstance(measure, Series)
    utc_to = max(each.interval()[1] for each in stretch)
    utc_from = min(each.interval()[1] for each in stretch) - timedelta(hours=measure.hours)
    first = min(utc_from, *(each.interval()[0] for each in stretch))
    found = readings.window(asked.dataset, measure, utc_from=first, utc_to=utc_to, known_seq=asked.known_seq)
    joined: dict[str, list[Reading]] = defaultdict(list)
    for (station, _), rows in found.items():
        joined[station].extend(rows)
    for rows in joined.values():
        rows.sort(key=_time)
    return joined


def _of_period(
    asked: Asked, indicator: Indicator, period: Period, by_station: Mapping[str, list[Reading]], standing: Mapping[str, str]
) -> Iterator[tuple[Place, Value]]:
    measure = indicator.measure
    assert isinstance(measure, Series)
    found = _all_heard(measure, by_station, period)
    root = asked.places.id_of(asked.root)
    for station in by_station if not asked.own else ():
        place = Place(indicator.code, root, period, f"{measure.station.name}={station}"[:DIMENSION])
        own = found.get(station)
        yield place, _value(asked, indicator, period, [own] if own else [], None if own is None or own.inside else 1)
    for unit, members in _members(asked, standing, found).items():
        if asked.method(unit, period) is not None:
            there = [each for station in members if (each := found.get(station)) is not None and each.value is not None]
            yield Place(indicator.code, asked.places.id_of(unit), period), _value(asked, indicator, period, there, len(members))


def _members(asked: Asked, standing: Mapping[str, str], found: Mapping[str, Heard]) -> dict[str, list[str]]:
    """The stations in each unit that the run touches, or where a station has not yet reported in the period."""
    staying = {standing[station] for station, each in found.items() if not each.inside and station in standing} - asked.areas
    wanted = asked.subjects() | (asked.places.moved_with(staying, asked.root) if staying else frozenset())
    if asked.own is not None:
        wanted = frozenset(each for each in wanted if (each == asked.root) is asked.own)
    members = defaultdict[str, list[str]](list)
    for station, area in standing.items():
        for unit in {area, asked.root, *asked.places.around(area)} & wanted:
            if asked.places.entry(unit) is not None:
                members[unit].append(station)
    return members


def _whole(how: Adds, there: Sequence[float]) -> float | None:
    if not there or (how not in (Adds.SUM, Adds.MAXIMUM) and len(there) > 1):
        return None
    return there[0] if len(there) == 1 else add_up(how, there)


def _value(asked: Asked, indicator: Indicator, period: Period, there: Sequence[Heard], want: int | None) -> Value:
    """The value of the stations `there`, of `want` that there are: only those that reported in the period itself count as in."""
    measure = indicator.measure
    assert isinstance(measure, Series)
    value = _whole(measure.over_area, [each.value for each in there if each.value is not None])
    have = sum(each.inside for each in there)
    through = min(period.span[1], asked.reached_local)
    if there and not have:
        through = max(each.newest for each in there).astimezone(VIETNAM).replace(tzinfo=None)
    target = target_at(indicator, period, lambda _: None, through)
    counted = (have, want) if want is not None and value is not None else (None, None)
    return Value(Outcome(value), through=through, seq=asked.seq, have=counted[0], want=counted[1], target=target)

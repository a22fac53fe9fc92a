"""Five months of hourly air of twelve cities, as they were measured: irregular minutes, missing hours, one pollutant at times."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from toancanh.kernel.measures import Reading
from toancanh.packs.air_quality.index import DUST, HOUR_WINDOW, ORDER, index_of_day, index_of_hour

pytestmark = [pytest.mark.real_data, pytest.mark.slow]
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def cities(real_data: Path) -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = defaultdict(list)
    with (real_data / "air-quality" / "aqi_hourly_12cities_2025.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = tuple(float(row[each.value]) if row[each.value] else None for each in ORDER)
            found[row["city"]].append((datetime.fromisoformat(row["timestamp"]), values))
    return {city: sorted(readings) for city, readings in found.items()}


def at(reading: Reading) -> datetime:
    return reading[0]


def within(readings: list[Reading], end: datetime, hours: int) -> list[Reading]:
    return readings[bisect_left(readings, end - hours * HOUR, key=at) : bisect_left(readings, end, key=at)]


def hours_of(readings: list[Reading]) -> list[datetime]:
    """The ends of the clock hours from the first reading to the last."""
    first = readings[0][0].replace(minute=0, second=0, microsecond=0) + HOUR
    return [first + step * HOUR for step in range(int((readings[-1][0] - first) / HOUR) + 2)]


def test_every_hour_has_an_index_but_where_the_gaps_forbid_it(cities: dict[str, list[Reading]]) -> None:
    """By hand: something measured in the hour or the one before, and dust in two of the newest three; gases alone do not do."""
    judged = silent = 0
    for readings in cities.values():
        by_end: dict[datetime, list[tuple[float | None, ...]]] = defaultdict(list)
        for moment, values in readings:
            by_end[moment.replace(minute=0, second=0, microsecond=0) + HOUR].append(values)
        for end in hours_of(readings):
            slots = [by_end[end - step * HOUR][-1] if by_end.get(end - step * HOUR) else None for step in range(HOUR_WINDOW)]
            newest = next((slot for slot in slots[:2] if slot and any(value is not None for value in slot)), None)
            dust = any(sum(1 for slot in slots[:3] if slot and slot[ORDER.index(each)] is not None) >= 2 for each in DUST)
            index = index_of_hour(within(readings, end, HOUR_WINDOW), end)
            assert (index is not None) == (newest is not None and dust), (end, slots[:3])
            judged, silent = judged + (index is not None), silent + (index is None)
    assert judged > 39_000
    assert 200 < silent < 1_000


def test_days_with_fewer_than_eighteen_hours_of_dust_have_no_index_of_dust_alone(cities: dict[str, list[Reading]]) -> None:
    readings = [(moment, (values[0], *(None,) * (len(ORDER) - 1))) for moment, values in cities["Hà Nội"]]
    day = readings[0][0].replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    with_index = without = 0
    while day < readings[-1][0]:
        end = day + timedelta(days=1)
        window = within(readings, end, 31)
        measured = {moment.replace(minute=0, second=0) for moment, values in window if moment >= day and values[0] is not None}
        assert (index_of_day(window, end) is not None) == (len(measured) >= 18), day
        with_index, without = with_index + (len(measured) >= 18), without + (len(measured) < 18)
        day = end
    assert with_index > 100
    assert without > 0

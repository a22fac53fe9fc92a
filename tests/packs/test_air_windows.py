"""Readings laid out by hour: gaps, irregular minutes and stations that fall silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from toancanh.packs.air_quality.index import by_hour, dust_of_day, index_of_day, index_of_hour

END = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DECREE = (26.9, 24.7, 20.5, 23.5, 19.5, 16.5, 19.0, 16.5, 20.3, 22.4, 19.6, 20.6)  # the decision's own sample, oldest first
Values = tuple[float | None, ...]


def hours(
    *dust: float | None, o3: float | None = None, no2: float | None = None, minute: int = 0
) -> list[tuple[datetime, Values]]:
    """Readings of consecutive hours, the last one in the hour that ends at END; None leaves the hour out."""
    first = END - timedelta(hours=len(dust)) + timedelta(minutes=minute)
    found = []
    for place, value in enumerate(dust):
        if value is not None:
            last = place == len(dust) - 1
            found.append((first + timedelta(hours=place), (value, None, o3 if last else None, no2 if last else None, None, None)))
    return found


def test_the_decisions_sample_gives_its_own_index() -> None:
    assert index_of_hour(hours(*DECREE), END) == 41
    assert index_of_hour(hours(*DECREE, o3=136.1), END) == 43
    assert index_of_hour(hours(*DECREE, o3=136.1, no2=118.7), END) == 59


def test_irregular_minutes_do_not_matter() -> None:
    assert index_of_hour(hours(*DECREE, minute=47), END) == index_of_hour(hours(*DECREE), END)


def test_an_hour_that_is_not_measured_yet_is_judged_by_the_hour_before_and_no_longer() -> None:
    before = END + timedelta(hours=1)
    assert index_of_hour(hours(*[30.0] * 12), before) == index_of_hour(hours(*[30.0] * 12), END) == 60
    assert index_of_hour(hours(*[30.0] * 12, o3=180.0), before) == index_of_hour(hours(*[30.0] * 12, o3=180.0), END) == 75
    assert index_of_hour(hours(*[30.0] * 12), END + timedelta(hours=2)) is None


def test_an_hour_not_measured_yet_still_needs_two_of_the_newest_three() -> None:
    assert index_of_hour(hours(30, 30, 30, None, 30, None), END) is None
    assert index_of_hour(hours(30, 30, 30, 30, 30, None), END) == 60


def test_two_of_the_newest_three_hours_are_needed() -> None:
    assert index_of_hour(hours(30, 30, 30, None, None, 30), END) is None
    assert index_of_hour(hours(30, 30, 30, 30, None, 30), END) == 60


def test_nothing_comes_from_no_readings() -> None:
    assert index_of_hour([], END) is None
    assert index_of_day([], END) is None
    assert dust_of_day([], END) is None


def test_a_day_needs_eighteen_hours_of_dust() -> None:
    assert index_of_day(hours(*[55.7] * 24), END) == 110
    assert dust_of_day(hours(*[None] * 7, *[40.0] * 17), END) is None
    assert dust_of_day(hours(*[None] * 6, *[40.0] * 18), END) == pytest.approx(40)


def test_the_last_reading_of_an_hour_counts_and_older_ones_are_left_out() -> None:
    readings = [(END - timedelta(hours=40), (1.0,)), (END - timedelta(minutes=50), (2.0,)), (END - timedelta(minutes=10), (3.0,))]
    assert by_hour(readings, END, 3) == [(None,), (None,), (3.0,)]

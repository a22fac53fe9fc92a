"""The calendar knows Tết, swaps and days given back, and a promise in working days falls due on the right day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.kernel import holidays
from toancanh.kernel.working_days import WorkingCalendar, usual_national_extra, usual_tet_days

CALENDAR = WorkingCalendar()
known_days = st.dates(date(2018, 6, 1), date(2039, 6, 1))


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-04-24", 3, "2026-05-04"),  # 26/4 is a Sunday and Giỗ Tổ: 27/4 is given back
        ("2023-04-28", 1, "2023-05-04"),  # three holidays, two of them on a weekend
        ("2026-01-09", 1, "2026-01-10"),  # a Saturday worked for 2/1
        ("2026-04-30", 2, "2026-05-05"),
        ("2026-01-01", 1, "2026-01-05"),  # 2/1 is swapped off
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-08-28", 1, "2026-09-03"),
        ("2025-01-24", 1, "2025-02-03"),
        ("2026-05-05", -2, "2026-04-29"),
        ("2026-05-02", 0, "2026-05-02"),
        ("2026-11-20", 1, "2026-11-23"),
    ],
)
def test_working_days_are_counted_over_holidays_and_swaps(start: str, count: int, due: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(start), count).isoformat() == due


@pytest.mark.parametrize(
    ("accepted", "count", "due"),
    [
        (datetime(2026, 11, 18, 9), 3, date(2026, 11, 23)),
        (datetime(2026, 11, 18, 17, 0), 3, date(2026, 11, 23)),
        (datetime(2026, 11, 18, 17, 0, 1), 3, date(2026, 11, 24)),
        (datetime(2026, 11, 20, 18), 1, date(2026, 11, 24)),
        (datetime(2026, 4, 30, 9), 2, date(2026, 5, 5)),
        (datetime(2026, 11, 18, 2, tzinfo=UTC), 1, date(2026, 11, 19)),
        (datetime(2026, 11, 18, 10, 30, tzinfo=UTC), 1, date(2026, 11, 20)),
    ],
)
def test_acceptance_is_day_zero_and_after_closing_time_the_next_working_day_is(accepted: datetime, count: int, due: date) -> None:
    assert CALENDAR.due_date(accepted, count) == due


def test_tet_2030_is_the_vietnamese_one() -> None:
    assert CALENDAR.explain(date(2030, 2, 2)) == holidays.TET
    assert holidays.LUNAR[2030][0] == date(2030, 2, 2)


def test_the_usual_pattern_is_what_was_announced_every_year() -> None:
    for year, (first, last) in holidays.TET_BREAKS.items():
        days = usual_tet_days(holidays.LUNAR[year][0])
        weekend = sum(day.weekday() >= 5 for day in days)
        assert (days[0], (last - days[-1]).days) == (first, weekend), year
    for year, extra in holidays.NATIONAL_EXTRA.items():
        assert usual_national_extra(year) == extra


@pytest.mark.parametrize(
    ("year", "off"),
    [
        (2018, ["01-01", "02-14", "02-15", "02-16", "02-19", "02-20", "04-25", "04-30", "05-01", "09-03", "12-31"]),
        (2022, ["01-03", "01-31", "02-01", "02-02", "02-03", "02-04", "04-11", "05-02", "05-03", "09-01", "09-02"]),
        (2023, ["01-02", "01-20", "01-23", "01-24", "01-25", "01-26", "05-01", "05-02", "05-03", "09-01", "09-04"]),
        (2025, ["01-01", "01-27", "01-28", "01-29", "01-30", "01-31", "04-07", "04-30", "05-01", "05-02", "09-01", "09-02"]),
    ],
)
def test_the_weekdays_off_of_a_year_are_those_of_the_notices(year: int, off: list[str]) -> None:
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(day) for day in range(first, date(year, 12, 31).toordinal() + 1)]
    assert [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not CALENDAR.is_working_day(day)] == off


def test_every_year_gives_at_least_its_legal_number_of_weekdays_off() -> None:
    for year in range(holidays.FIRST_YEAR, holidays.LAST_YEAR + 1):
        weekdays_off = [day for day in CALENDAR.holidays(year) if day.weekday() < 5]
        assert len(weekdays_off) == (11 if year >= 2021 else 10), year


def test_a_day_says_why_it_is_off() -> None:
    reasons = {
        date(2026, 4, 26): "Giỗ Tổ Hùng Vương",
        date(2026, 4, 27): "Nghỉ bù Giỗ Tổ Hùng Vương",
        date(2026, 1, 2): "Nghỉ hoán đổi, làm bù ngày 10/01/2026",
        date(2026, 1, 10): "Làm bù cho ngày 02/01/2026",
        date(2026, 11, 21): "Thứ Bảy",
        date(2026, 11, 22): "Chủ Nhật",
        date(2026, 11, 23): "Ngày làm việc",
        date(2026, 9, 1): "Quốc khánh",
    }
    assert {day: CALENDAR.explain(day).vi for day in reasons} == reasons
    assert CALENDAR.explain(date(2026, 4, 27)).en == "Day in lieu of Hùng Kings' Commemoration Day"


def test_the_culture_day_is_off_only_once_it_is_switched_on() -> None:
    switched = WorkingCalendar(culture_day_since=2027)
    assert CALENDAR.is_working_day(date(2027, 11, 24))
    assert switched.is_working_day(date(2026, 11, 24))
    assert not switched.is_working_day(date(2027, 11, 24))
    assert not switched.is_working_day(date(2029, 11, 26))  # 24/11/2029 is a Saturday


def test_a_local_change_overrules_the_calendar_and_a_later_one_overrules_it() -> None:
    flood, saturday = date(2026, 11, 23), date(2026, 11, 28)
    local = CALENDAR.with_changes(days_off=[flood], days_worked=[saturday])
    assert not local.is_working_day(flood)
    assert local.is_working_day(saturday)
    assert local.explain(flood).en == "Day off by the local calendar"
    assert local.working_days_between(date(2026, 11, 20), saturday) == 5
    assert local.with_changes(days_worked=[flood]).is_working_day(flood)
    with pytest.raises(ValueError, match="both"):
        WorkingCalendar(days_off=frozenset({flood}), days_worked=frozenset({flood}))


def test_days_outside_the_calendar_are_refused_not_guessed() -> None:
    for ask in (
        lambda: CALENDAR.is_working_day(date(2017, 12, 31)),
        lambda: CALENDAR.add_working_days(date(2040, 12, 30), 5),
        lambda: CALENDAR.holidays(2041),
        lambda: CALENDAR.explain(date(2041, 1, 1)),
        lambda: CALENDAR.working_days_between(date(2017, 1, 1), date(2020, 1, 1)),
    ):
        with pytest.raises(ValueError, match="covers 2018-2040"):
            ask()


@given(known_days, st.integers(1, 200))
def test_adding_and_counting_undo_each_other(day: date, count: int) -> None:
    due = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.working_days_between(day, due) == count
    assert CALENDAR.working_days_between(due, day) == -count


@given(known_days, st.integers(0, 40), st.integers(0, 40))
def test_promises_add_up(day: date, first: int, second: int) -> None:
    start = CALENDAR.add_working_days(day, 1)
    in_two_steps = CALENDAR.add_working_days(CALENDAR.add_working_days(start, first), second)
    assert in_two_steps == CALENDAR.add_working_days(start, first + second)

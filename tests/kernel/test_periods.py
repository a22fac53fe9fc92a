"""Periods cover the days a decree says they cover, and every name leads back to its period."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.kernel.periods import VIETNAM, Grain, Period, Regime, coarser_grains, finer_grains

moments = st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2150, 1, 1))
regimes = st.sampled_from(Regime)
plain_grains = st.sampled_from([grain for grain in Grain if grain is not Grain.NINE_MONTHS])


@st.composite
def some_periods(draw: st.DrawFn) -> Period:
    grain = draw(st.sampled_from(Grain))
    moment = draw(moments)
    if grain is Grain.NINE_MONTHS:
        moment = moment.replace(month=1 + moment.month % 8, day=1)
    cumulative = draw(st.booleans()) and grain is not Grain.SCHOOL_YEAR
    return Period.containing(moment, grain, cumulative=cumulative, regime=draw(regimes))


@pytest.mark.parametrize(
    ("code", "first", "last", "vi", "en"),
    [
        ("2026-11-22T09", "2026-11-22", "2026-11-22", "09:00 22/11/2026", "09:00, 22 November 2026"),
        ("2026-11-22", "2026-11-22", "2026-11-22", "22/11/2026", "22 November 2026"),
        ("2026-W47", "2026-11-16", "2026-11-22", "Tuần 47/2026", "Week 47, 2026"),
        ("2026-W53", "2026-12-28", "2027-01-03", "Tuần 53/2026", "Week 53, 2026"),
        ("2026-10", "2026-10-01", "2026-10-31", "Tháng 10/2026", "October 2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "Tháng 2/2024", "February 2024"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "Quý III/2026", "Q3 2026"),
        ("2026-H1", "2026-01-01", "2026-06-30", "6 tháng đầu năm 2026", "First half 2026"),
        ("2026-H2", "2026-07-01", "2026-12-31", "6 tháng cuối năm 2026", "Second half 2026"),
        ("2026-9M", "2026-01-01", "2026-09-30", "9 tháng 2026", "Nine months 2026"),
        ("2026", "2026-01-01", "2026-12-31", "Năm 2026", "2026"),
        ("2025-2026", "2025-09-01", "2026-08-31", "Năm học 2025-2026", "School year 2025-2026"),
        ("2026-10-ytd", "2026-01-01", "2026-10-31", "Lũy kế 10 tháng 2026", "Ten months to October 2026"),
        ("2026-01-ytd", "2026-01-01", "2026-01-31", "Lũy kế 1 tháng 2026", "One month to January 2026"),
        ("2026-Q3-ytd", "2026-01-01", "2026-09-30", "Lũy kế 9 tháng 2026", "Nine months to September 2026"),
        ("2026-H2-ytd", "2026-01-01", "2026-12-31", "Lũy kế 12 tháng 2026", "Twelve months to December 2026"),
        ("2026-11-22-ytd", "2026-01-01", "2026-11-22", "Lũy kế đến 22/11/2026", "Year to 22 November 2026"),
        ("2026-W53-ytd", "2026-01-01", "2027-01-03", "Lũy kế đến tuần 53/2026", "Year to week 53, 2026"),
        ("2026-11-22T23-ytd", "2026-01-01", "2026-11-22", "Lũy kế đến 00:00 23/11/2026", "Year to 00:00, 23 November 2026"),
    ],
)
def test_a_code_names_its_days_and_its_titles(code: str, first: str, last: str, vi: str, en: str) -> None:
    period = Period.parse(code)
    assert period.code == str(period) == code
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)
    assert (period.title("vi"), period.title("en")) == (vi, en)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-09", "2026-08-15", "2026-09-14"),
        ("2026-01", "2025-12-15", "2026-01-14"),
        ("2026-Q1", "2025-12-15", "2026-03-14"),
        ("2026-Q3", "2026-06-15", "2026-09-14"),
        ("2026-H1", "2025-12-15", "2026-06-14"),
        ("2026-H2", "2026-06-15", "2026-12-14"),
        ("2026-9M", "2025-12-15", "2026-09-14"),
        ("2026", "2025-12-15", "2026-12-14"),
        ("2026-10-ytd", "2025-12-15", "2026-10-14"),
        ("2026-11-22", "2026-11-22", "2026-11-22"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2025-2026", "2025-09-01", "2026-08-31"),
    ],
)
def test_an_administrative_report_runs_from_the_fifteenth_to_the_fourteenth(code: str, first: str, last: str) -> None:
    period = Period.parse(code, Regime.ADMINISTRATIVE)
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)
    assert period.code == code


def test_the_fifteenth_of_september_is_october_in_an_administrative_report() -> None:
    the_day = date(2026, 9, 15)
    assert Period.containing(the_day, Grain.MONTH).code == "2026-09"
    assert Period.containing(the_day, Grain.MONTH, regime=Regime.ADMINISTRATIVE).code == "2026-10"
    assert Period.containing(date(2026, 9, 14), Grain.MONTH, regime=Regime.ADMINISTRATIVE).code == "2026-09"
    assert Period.containing(date(2026, 12, 31), Grain.YEAR, regime=Regime.ADMINISTRATIVE).code == "2027"
    assert Period.containing(date(2026, 12, 31), Grain.NINE_MONTHS, regime=Regime.ADMINISTRATIVE).code == "2027-9M"


def test_days_and_weeks_are_the_same_period_in_both_regimes() -> None:
    for grain in (Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.SCHOOL_YEAR):
        asked = Period.containing(date(2026, 9, 15), grain, regime=Regime.ADMINISTRATIVE)
        assert asked == Period.containing(date(2026, 9, 15), grain)
    assert Period.parse("2026-09") != Period.parse("2026-09", Regime.ADMINISTRATIVE)


def test_an_interval_is_half_open_in_utc_seven_hours_behind() -> None:
    assert Period.parse("2026-10").interval() == (datetime(2026, 9, 30, 17, tzinfo=UTC), datetime(2026, 10, 31, 17, tzinfo=UTC))
    assert Period.parse("2026-11-22T09").interval() == (
        datetime(2026, 11, 22, 2, tzinfo=UTC),
        datetime(2026, 11, 22, 3, tzinfo=UTC),
    )


def test_an_aware_time_belongs_to_its_vietnamese_day() -> None:
    late_evening_utc = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)
    assert Period.containing(late_evening_utc, Grain.MONTH).code == "2026-11"
    assert Period.containing(late_evening_utc, Grain.HOUR).code == "2026-11-01T00"
    assert Period.parse("2026-11").contains(late_evening_utc)
    assert not Period.parse("2026-10").contains(datetime(2026, 11, 1, tzinfo=VIETNAM))


def test_nine_months_hold_no_day_of_the_last_quarter() -> None:
    assert Period.containing(date(2026, 9, 30), Grain.NINE_MONTHS).code == "2026-9M"
    with pytest.raises(ValueError, match="after the nine months"):
        Period.containing(date(2026, 10, 1), Grain.NINE_MONTHS)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("2026-11-22T00", "2026-11-21T23", "2026-11-22T01"),
        ("2026-03-01", "2026-02-28", "2026-03-02"),
        ("2027-W01", "2026-W53", "2027-W02"),
        ("2026-01", "2025-12", "2026-02"),
        ("2026-Q4", "2026-Q3", "2027-Q1"),
        ("2026-H1", "2025-H2", "2026-H2"),
        ("2026-9M", "2025-9M", "2027-9M"),
        ("2026", "2025", "2027"),
        ("2025-2026", "2024-2025", "2026-2027"),
        ("2026-01-ytd", "2025-12-ytd", "2026-02-ytd"),
    ],
)
def test_neighbours_are_of_the_same_kind(code: str, before: str, after: str) -> None:
    assert Period.parse(code).previous().code == before
    assert Period.parse(code).next().code == after


@pytest.mark.parametrize(
    ("code", "year_before"),
    [
        ("2026-10", "2025-10"),
        ("2026-Q3", "2025-Q3"),
        ("2026-10-ytd", "2025-10-ytd"),
        ("2024-02-29", "2023-02-28"),
        ("2024-02-29T05", "2023-02-28T05"),
        ("2025-02-28", "2024-02-28"),
        ("2026-W53", "2025-W52"),
        ("2027-W01", "2026-W01"),
        ("2025-2026", "2024-2025"),
    ],
)
def test_the_same_period_last_year_exists_for_week_53_and_29_february(code: str, year_before: str) -> None:
    assert Period.parse(code).same_last_year().code == year_before


@pytest.mark.parametrize(
    ("code", "grain", "count", "first", "last"),
    [
        ("2026-Q3", Grain.MONTH, 3, "2026-07", "2026-09"),
        ("2026", Grain.QUARTER, 4, "2026-Q1", "2026-Q4"),
        ("2026-9M", Grain.QUARTER, 3, "2026-Q1", "2026-Q3"),
        ("2024-02", Grain.DAY, 29, "2024-02-01", "2024-02-29"),
        ("2026-11-22", Grain.HOUR, 24, "2026-11-22T00", "2026-11-22T23"),
        ("2026-W53", Grain.DAY, 7, "2026-12-28", "2027-01-03"),
        ("2025-2026", Grain.MONTH, 12, "2025-09", "2026-08"),
        ("2026-10-ytd", Grain.MONTH, 10, "2026-01", "2026-10"),
        ("2026-11-22-ytd", Grain.DAY, 326, "2026-01-01", "2026-11-22"),
        ("2026-10", Grain.MONTH, 1, "2026-10", "2026-10"),
    ],
)
def test_a_period_is_made_of_its_parts(code: str, grain: Grain, count: int, first: str, last: str) -> None:
    parts = Period.parse(code).parts(grain)
    assert (len(parts), parts[0].code, parts[-1].code) == (count, first, last)


def test_the_parts_of_an_administrative_quarter_are_administrative_months() -> None:
    months = Period.parse("2026-Q1", Regime.ADMINISTRATIVE).parts(Grain.MONTH)
    assert months[0].span_title() == "15/12/2025 - 14/01/2026"
    assert {month.regime for month in months} == {Regime.ADMINISTRATIVE}


@pytest.mark.parametrize(
    ("code", "grain"),
    [("2021-02", Grain.WEEK), ("2026-10", Grain.QUARTER), ("2026-W01-ytd", Grain.WEEK), ("2025-2026", Grain.QUARTER)],
)
def test_parts_that_do_not_fit_are_refused(code: str, grain: Grain) -> None:
    with pytest.raises(ValueError, match=r"is not made of|does not divide"):
        Period.parse(code).parts(grain)


def test_weeks_add_up_to_nothing_longer_and_months_to_five_longer_periods() -> None:
    assert coarser_grains(Grain.WEEK) == ()
    assert coarser_grains(Grain.MONTH) == (Grain.QUARTER, Grain.HALF, Grain.NINE_MONTHS, Grain.YEAR, Grain.SCHOOL_YEAR)
    assert finer_grains(Grain.QUARTER) == (Grain.MONTH, Grain.DAY, Grain.HOUR)


def test_a_series_runs_from_one_period_to_another() -> None:
    run = Period.parse("2025-11").until(Period.parse("2026-02"))
    assert [period.code for period in run] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert Period.parse("2026-02").until(Period.parse("2025-11")) == ()
    with pytest.raises(ValueError, match="one series"):
        Period.parse("2026-02").until(Period.parse("2026-Q2"))


def test_an_administrative_period_is_named_with_its_days() -> None:
    september = Period.parse("2026-09", Regime.ADMINISTRATIVE)
    assert september.title("vi") == "Tháng 9/2026 (15/08/2026 - 14/09/2026)"
    assert september.title("en") == "September 2026 (15/08/2026 - 14/09/2026)"
    assert september.spelled_out() == september.title()
    assert Period.parse("2026-09").title() == "Tháng 9/2026"
    assert Period.parse("2026-09").spelled_out("en") == "September 2026 (01/09/2026 - 30/09/2026)"


@pytest.mark.parametrize(
    ("code", "vi", "vi_year", "en", "en_year"),
    [
        ("2026-10", "T10", "T10/26", "Oct", "Oct 26"),
        ("2026-10-ytd", "10T", "10T/26", "10M", "10M 26"),
        ("2026-Q3", "Q3", "Q3/26", "Q3", "Q3 26"),
        ("2026-H2", "6T cuối", "6T cuối/26", "H2", "H2 26"),
        ("2026", "2026", "2026", "2026", "2026"),
        ("2025-2026", "25-26", "25-26", "25-26", "25-26"),
        ("2026-11-22", "22/11", "22/11/26", "22 Nov", "22 Nov 26"),
        ("2026-11-22T09", "09:00", "09:00 22/11/26", "09:00", "09:00 22/11/26"),
        ("2024-W01", "Tuần 1", "Tuần 1/24", "W1", "W1 24"),
    ],
)
def test_an_axis_gets_short_titles(code: str, vi: str, vi_year: str, en: str, en_year: str) -> None:
    period = Period.parse(code)
    assert [period.short_title("vi"), period.short_title("vi", with_year=True)] == [vi, vi_year]
    assert [period.short_title("en"), period.short_title("en", with_year=True)] == [en, en_year]


@pytest.mark.parametrize(
    "code",
    ["", "2026-13", "2026-W54", "2025-W53", "2026-Q5", "2026-02-30", "26-10", "2026-2028", "2025-2026-ytd", "9999", "2026-10-YTD",
     "2026-11-22T24", "tháng 10", "2026-10\n", "２０２６"],
)  # fmt: skip
def test_a_code_that_names_no_period_is_refused_with_its_text(code: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        Period.parse(code)


def test_a_period_cannot_start_in_the_middle_of_itself() -> None:
    with pytest.raises(ValueError, match="not the start"):
        Period(datetime(2026, 10, 2), Grain.MONTH)
    with pytest.raises(ValueError, match="naive"):
        Period(datetime(2026, 10, 1, tzinfo=UTC), Grain.MONTH)


@given(some_periods())
def test_every_code_leads_back_to_its_period(period: Period) -> None:
    assert Period.parse(period.code, period.regime) == period


@given(some_periods())
def test_neighbours_undo_each_other_and_the_cumulative_form_ends_on_the_same_day(period: Period) -> None:
    assert period.next().previous() == period
    assert period.shift(3).shift(-3) == period
    if period.grain is not Grain.SCHOOL_YEAR:
        assert period.to_cumulative().last_day == period.last_day
        assert period.to_cumulative().to_single() == period.to_single()


@given(moments, plain_grains, regimes)
def test_the_period_of_a_moment_contains_it_and_touches_its_neighbours(moment: datetime, grain: Grain, regime: Regime) -> None:
    period = Period.containing(moment, grain, regime=regime)
    assert period.contains(moment)
    assert period.span[1] == period.next().span[0]


@given(moments, regimes, st.sampled_from([Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR]))
def test_parts_tile_the_whole_without_gap(moment: datetime, regime: Regime, grain: Grain) -> None:
    whole = Period.containing(moment, grain, regime=regime)
    for finer in finer_grains(grain)[:-1]:
        parts = whole.parts(finer)
        assert parts[0].first_day == whole.first_day
        assert parts[-1].last_day == whole.last_day
        assert all(left.span[1] == right.span[0] for left, right in pairwise(parts))

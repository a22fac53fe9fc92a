"""VN_AQI gives the numbers of the decision, and no number where there should be none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.kernel.rounding import half_up
from toancanh.kernel.scoring.air_quality import (
    BANDS,
    Pollutant,
    Scale,
    band_of,
    daily_aqi,
    eight_hour_means,
    hourly_aqi,
    nowcast,
    sub_index,
)

SAMPLE = [26.9, 24.7, 20.5, 23.5, 19.5, 16.5, 19.0, 16.5, 20.3, 22.4, 19.6, 20.6]  # of the decision, oldest first
concentrations = st.floats(0, 700)


def test_the_nowcast_of_the_decision_is_reproduced() -> None:
    value = nowcast(SAMPLE[::-1])
    assert value is not None
    assert str(half_up(value, 1)) == "20.3"


@pytest.mark.parametrize(
    ("scale", "concentration", "index"),
    [
        (Scale.O3_1H, 136.1, 43),
        (Scale.NO2, 118.7, 59),  # the decision prints 60; its own table gives 59.35
        (Scale.PM25, 20.3, 41),
        (Scale.O3_8H, 89.3, 45),
        (Scale.O3_1H, 114.6, 36),
        (Scale.NO2, 130.8, 65),
        (Scale.PM25, 55.7, 110),  # exactly 109.5
        (Scale.PM25, 0, 0),
        (Scale.PM10, 50, 50),
        (Scale.PM25, 499.9, 500),
        (Scale.PM25, 500, 500),
        (Scale.PM25, 900, 500),
        (Scale.CO, 10_000, 50),
        (Scale.O3_8H, 400, 300),
        (Scale.O3_8H, 400.1, None),
        (Scale.PM25, None, None),
        (Scale.PM25, -1, None),
        (Scale.PM25, math.nan, None),
        (Scale.PM25, math.inf, None),
    ],
)
def test_a_sub_index_follows_the_breakpoints(scale: Scale, concentration: float | None, index: int | None) -> None:
    assert sub_index(scale, concentration) == index


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ([10.0, 10.0], 10.0),
        ([None, 10.0, 20.0], (10 * 0.5 + 20 * 0.25) / 0.75),
        ([20.0, None, 10.0, 10.0], (20 + 10 * 0.25 + 10 * 0.125) / 1.375),
        ([0.0, 0.0, 0.0], 0.0),
        ([8.0, 10.0, 10.0], (8 + 10 * 0.8 + 10 * 0.64) / 2.44),
        ([10.0, None, None, 10.0], None),
        ([None, None, 10.0, 10.0], None),
        ([10.0, math.nan, -3.0, 10.0], None),
        ([], None),
    ],
)
def test_a_nowcast_skips_gaps_and_needs_two_of_the_newest_three(newest_first: list[float | None], expected: float | None) -> None:
    assert nowcast(newest_first) == (None if expected is None else pytest.approx(expected))


def test_a_nowcast_looks_back_twelve_hours_only() -> None:
    assert nowcast([10.0] * 12 + [500.0]) == pytest.approx(10.0)


def test_an_hour_is_as_bad_as_its_worst_pollutant() -> None:
    hour = hourly_aqi({Pollutant.PM25: SAMPLE[::-1], Pollutant.O3: [136.1], Pollutant.NO2: [118.7], Pollutant.SO2: [None]})
    assert hour is not None
    assert (hour.index, hour.leading, hour.band.name.vi) == (59, Pollutant.NO2, "Trung bình")
    assert hour.sub_indices == {Pollutant.PM25: 41, Pollutant.O3: 43, Pollutant.NO2: 59}


def test_an_hour_without_dust_has_no_index() -> None:
    assert hourly_aqi({Pollutant.O3: [136.1], Pollutant.NO2: [118.7]}) is None
    assert hourly_aqi({Pollutant.PM25: [30.0], Pollutant.NO2: [118.7]}) is None
    assert hourly_aqi({}) is None


def test_equal_sub_indices_name_fine_dust_first() -> None:
    hour = hourly_aqi({Pollutant.PM10: [50.0] * 12, Pollutant.PM25: [25.0] * 12})
    assert hour is not None
    assert (hour.index, hour.leading) == (50, Pollutant.PM25)


def test_a_day_uses_the_mean_of_dust_and_the_highest_hour_of_gases() -> None:
    day = daily_aqi({Pollutant.PM25: [55.7] * 24, Pollutant.NO2: [10.0] * 23 + [130.8], Pollutant.CO: [None] * 24})
    assert day is not None
    assert day.sub_indices == {Pollutant.PM25: 110, Pollutant.NO2: 65}
    assert (day.index, day.leading, day.band.code) == (110, Pollutant.PM25, "poor")


def test_ozone_of_a_day_is_the_worse_of_its_hour_and_its_eight_hours() -> None:
    dust = {Pollutant.PM25: [1.0] * 24}
    short_peak = daily_aqi(dust | {Pollutant.O3: [0.0] * 23 + [114.6]})
    long_plateau = daily_aqi(dust | {Pollutant.O3: [89.3] * 24})
    beyond_the_table = daily_aqi(dust | {Pollutant.O3: [500.0] * 24})
    assert short_peak is not None
    assert long_plateau is not None
    assert beyond_the_table is not None
    assert short_peak.sub_indices[Pollutant.O3] == 36
    assert long_plateau.sub_indices[Pollutant.O3] == 45
    assert beyond_the_table.sub_indices[Pollutant.O3] == 225


def test_eight_hour_means_begin_in_the_evening_before() -> None:
    with_evening = eight_hour_means([10.0] * 24, before=[90.0] * 7)
    assert with_evening[0] == pytest.approx(80.0)
    assert with_evening[7] == pytest.approx(10.0)
    assert eight_hour_means([10.0] * 24)[:6] == [None] * 5 + [10.0]


def test_a_day_with_less_than_three_quarters_of_its_hours_of_dust_has_no_index() -> None:
    assert daily_aqi({Pollutant.PM25: [30.0] * 17 + [None] * 7}) is None
    enough = daily_aqi({Pollutant.PM25: [30.0] * 18 + [None] * 5 + [-1.0]})
    assert enough is not None
    assert enough.index == 60
    with pytest.raises(ValueError, match="24 hours"):
        daily_aqi({Pollutant.PM25: [30.0] * 23})


def test_six_bands_cover_the_index_without_gap() -> None:
    assert [band.first for band in BANDS] == [0] + [band.last + 1 for band in BANDS[:-1]]
    assert [band_of(edge).name.vi for edge in (50, 51, 150, 200, 300, 301, 500)] == [
        "Tốt", "Trung bình", "Kém", "Xấu", "Rất xấu", "Nguy hại", "Nguy hại"
    ]  # fmt: skip
    assert [band.hex for band in BANDS] == ["#00E400", "#FFFF00", "#FF7E00", "#FF0000", "#8F3F97", "#7E0023"]
    assert all(band.advice.vi and band.advice.en for band in BANDS)
    with pytest.raises(ValueError, match="0 to 500"):
        band_of(501)


@given(st.sampled_from([scale for scale in Scale if scale is not Scale.O3_8H]), concentrations, concentrations)
def test_more_pollution_never_lowers_the_index(scale: Scale, one: float, other: float) -> None:
    low, high = sub_index(scale, min(one, other)), sub_index(scale, max(one, other))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 500


@given(st.lists(concentrations | st.none(), max_size=14))
def test_a_nowcast_lies_between_the_lowest_and_the_highest_hour(hours: list[float | None]) -> None:
    value = nowcast(hours)
    present = [hour for hour in hours[:12] if hour is not None]
    assert value is None or min(present) - 1e-6 <= value <= max(present) + 1e-6

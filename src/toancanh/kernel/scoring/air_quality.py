"""The Vietnamese air quality index VN_AQI: NowCast, sub-indices, the index of an hour and of a day, its six bands.

Source: Decision 1459/QD-TCMT of 12/11/2019, Tables 1, 2, 4 and 5. Concentrations are in µg/m³ throughout, CO included
(1 mg/m³ = 1,000 µg/m³). The index describes health risk; it is not a test of compliance with the ambient standard.
A negative or non-finite concentration is an instrument fault and counts as missing.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from toancanh.kernel.rounding import half_up_int
from toancanh.kernel.text import Text

Concentration = float | None


class Pollutant(StrEnum):
    """What a station measures. The order breaks ties for the leading pollutant."""

    PM25 = "pm25"
    PM10 = "pm10"
    O3 = "o3"
    NO2 = "no2"
    SO2 = "so2"
    CO = "co"

    @property
    def symbol(self) -> str:
        """As written on a page."""
        return {"pm25": "PM2.5", "o3": "O₃", "no2": "NO₂", "so2": "SO₂"}.get(self.value, self.value.upper())


class Scale(StrEnum):
    """A column of the breakpoint table: ozone has one for 1-hour and one for 8-hour means."""

    PM25 = "pm25"
    PM10 = "pm10"
    O3_1H = "o3_1h"
    O3_8H = "o3_8h"
    NO2 = "no2"
    SO2 = "so2"
    CO = "co"


@dataclass(frozen=True, slots=True)
class Band:
    """One colour of the index: `first`..`last` inclusive, the official colour, and what to do."""

    code: str
    first: int
    last: int
    name: Text
    colour: Text
    hex: str
    advice: Text


BANDS = (
    Band(
        "good", 0, 50, Text("Tốt", "Good"), Text("Xanh", "Green"), "#00E400",
        Text("Mọi người sinh hoạt ngoài trời bình thường.", "Everyone can be active outdoors as usual."),
    ),
    Band(
        "moderate", 51, 100, Text("Trung bình", "Moderate"), Text("Vàng", "Yellow"), "#FFFF00",
        Text(
            "Người nhạy cảm nên theo dõi triệu chứng và giảm vận động mạnh ngoài trời; người khác sinh hoạt bình thường.",
            "Sensitive people should watch for symptoms and cut down heavy exercise outdoors; others can carry on.",
        ),
    ),
    Band(
        "poor", 101, 150, Text("Kém", "Poor"), Text("Da cam", "Orange"), "#FF7E00",
        Text(
            "Người nhạy cảm hạn chế ở ngoài trời và đeo khẩu trang lọc bụi; người khác giảm vận động mạnh kéo dài ngoài trời.",
            "Sensitive people should limit time outdoors and wear a filter mask; others should shorten heavy exercise outdoors.",
        ),
    ),
    Band(
        "bad", 151, 200, Text("Xấu", "Bad"), Text("Đỏ", "Red"), "#FF0000",
        Text(
            "Người nhạy cảm tránh ra ngoài; người khác hạn chế vận động ngoài trời, đeo khẩu trang lọc bụi, đóng cửa sổ.",
            "Sensitive people should stay in; others should limit exercise outdoors, wear a filter mask and close windows.",
        ),
    ),
    Band(
        "very_bad", 201, 300, Text("Rất xấu", "Very bad"), Text("Tím", "Purple"), "#8F3F97",
        Text(
            "Mọi người hạn chế ra ngoài; trường học dừng hoạt động ngoài trời; người có triệu chứng đi khám ngay.",
            "Everyone should limit time outdoors; schools stop outdoor activities; see a doctor at once if symptoms appear.",
        ),
    ),
    Band(
        "hazardous", 301, 500, Text("Nguy hại", "Hazardous"), Text("Nâu", "Maroon"), "#7E0023",
        Text(
            "Mọi người ở trong nhà, đóng cửa, dừng mọi hoạt động ngoài trời; cân nhắc cho học sinh nghỉ học.",
            "Everyone should stay indoors with windows closed and stop all outdoor activity; consider closing schools.",
        ),
    ),
)  # fmt: skip

_POINTS = (0, 50, 100, 150, 200, 300, 400, 500)
_BREAKPOINTS: dict[Scale, tuple[int, ...]] = {
    Scale.O3_1H: (0, 160, 200, 300, 400, 800, 1000, 1200),
    Scale.O3_8H: (0, 100, 120, 170, 210, 400),
    Scale.CO: (0, 10000, 30000, 45000, 60000, 90000, 120000, 150000),
    Scale.SO2: (0, 125, 350, 550, 800, 1600, 2100, 2630),
    Scale.NO2: (0, 100, 200, 700, 1200, 2350, 3100, 3850),
    Scale.PM10: (0, 50, 150, 250, 350, 420, 500, 600),
    Scale.PM25: (0, 25, 50, 80, 150, 250, 350, 500),
}
_HOURLY_SCALE = {
    Pollutant.PM25: Scale.PM25,
    Pollutant.PM10: Scale.PM10,
    Pollutant.O3: Scale.O3_1H,
    Pollutant.NO2: Scale.NO2,
    Pollutant.SO2: Scale.SO2,
    Pollutant.CO: Scale.CO,
}
_DUST = (Pollutant.PM25, Pollutant.PM10)
NOWCAST_HOURS = 12
DAY_HOURS, OZONE_WINDOW = 24, 8
# Three quarters of the hours, the usual completeness of ambient monitoring; the decision itself sets none for means.
DAY_NEEDS, OZONE_NEEDS = 18, 6


@dataclass(frozen=True, slots=True)
class AirQuality:
    """An index with what it came from: the pollutant that sets it and the sub-index of each pollutant that has one."""

    index: int
    leading: Pollutant
    sub_indices: Mapping[Pollutant, int]

    @property
    def band(self) -> Band:
        """The colour of the index."""
        return band_of(self.index)


def band_of(index: int) -> Band:
    """The band of an index 0..500; ValueError outside."""
    for band in BANDS:
        if band.first <= index <= band.last:
            return band
    raise ValueError(f"VN_AQI runs from 0 to 500, not {index}")


def usable(value: Concentration) -> Concentration:
    """The concentration, or None when it is missing, negative, NaN or infinite."""
    return value if value is not None and math.isfinite(value) and value >= 0 else None


def nowcast(newest_first: Sequence[Concentration]) -> float | None:
    """Weighted mean of the last 12 hourly means of PM2.5 or PM10, c1 (now) first, None for gaps; later items are ignored.

    None unless two of the newest three are present. The weights are normalised in every case; the decision leaves them as
    0.5^i when w = 0.5, which over 12 hours is 0.9998 of this and would be wrong with gaps.
    """
    hours = [usable(value) for value in newest_first[:NOWCAST_HOURS]]
    present = [value for value in hours if value is not None]
    if sum(value is not None for value in hours[:3]) < 2:
        return None
    weight = max(min(present) / max(present), 0.5) if max(present) > 0 else 1.0
    weighted = [(weight**age, value) for age, value in enumerate(hours) if value is not None]
    return math.fsum(share * value for share, value in weighted) / math.fsum(share for share, _ in weighted)


def sub_index(scale: Scale, concentration: Concentration) -> int | None:
    """The sub-index 0..500, half-up; 500 from the last breakpoint on, None when missing or above the 8-hour ozone table."""
    value = usable(concentration)
    if value is None:
        return None
    breakpoints = _BREAKPOINTS[scale]
    if value > breakpoints[-1]:
        return None if scale is Scale.O3_8H else _POINTS[-1]
    step = max(1, bisect_left(breakpoints, value))
    low, high = breakpoints[step - 1], breakpoints[step]
    exact = (_POINTS[step] - _POINTS[step - 1]) / (high - low) * (value - low) + _POINTS[step - 1]
    return half_up_int(round(exact, 6))  # six decimals drop the noise of binary fractions: 109.49999999999999 is 109.5


def hourly_aqi(newest_first: Mapping[Pollutant, Sequence[Concentration]]) -> AirQuality | None:
    """VN_AQI of an hour from hourly means, the hour itself first: 12 hours for PM2.5 and PM10, one is enough for gases.

    None without a NowCast of PM2.5 or PM10.
    """
    levels = {}
    for pollutant, hours in newest_first.items():
        level = nowcast(hours) if pollutant in _DUST else next(iter(hours), None)
        levels[pollutant] = sub_index(_HOURLY_SCALE[pollutant], level)
    return _worst(levels)


def daily_aqi(
    hours: Mapping[Pollutant, Sequence[Concentration]], ozone_before: Sequence[Concentration] = ()
) -> AirQuality | None:
    """VN_AQI of a day from its 24 hourly means in time order, None for gaps.

    The decision labels an hour by its end (01:00 to 00:00 of the next day): these are the hours that start at 00:00 to 23:00.
    `ozone_before` holds ozone of the seven hours before, in time order, for the 8-hour means of the morning.
    PM needs 18 hours, an 8-hour mean 6; gases take the highest hour there is. None without PM2.5 or PM10.
    ValueError when a series has not 24 hours.
    """
    levels = {}
    for pollutant, series in hours.items():
        if len(series) != DAY_HOURS:
            raise ValueError(f"a day has {DAY_HOURS} hours, {pollutant.value} has {len(series)}")
        if pollutant in _DUST:
            levels[pollutant] = sub_index(_HOURLY_SCALE[pollutant], mean_of(series, DAY_NEEDS))
        else:
            levels[pollutant] = sub_index(_HOURLY_SCALE[pollutant], _highest(series))
    if Pollutant.O3 in hours:
        eight_hours = sub_index(Scale.O3_8H, _highest(eight_hour_means(hours[Pollutant.O3], ozone_before)))
        both = [level for level in (levels[Pollutant.O3], eight_hours) if level is not None]
        levels[Pollutant.O3] = max(both, default=None)
    return _worst(levels)


def mean_of(series: Sequence[Concentration], needs: int) -> float | None:
    """The mean of the usable values, None when fewer than `needs`."""
    present = [value for value in map(usable, series) if value is not None]
    return math.fsum(present) / len(present) if len(present) >= needs else None


def eight_hour_means(day: Sequence[Concentration], before: Sequence[Concentration] = ()) -> list[float | None]:
    """For each hour of the day the mean of the eight hours ending with it; `before` holds the hours before the day."""
    window = OZONE_WINDOW - 1
    earlier = [None] * max(0, window - len(before)) + list(before)[-window:]
    series = [*earlier, *day]
    return [mean_of(series[place : place + OZONE_WINDOW], OZONE_NEEDS) for place in range(len(day))]


def _highest(series: Sequence[Concentration]) -> float | None:
    return max((value for value in map(usable, series) if value is not None), default=None)


def _worst(levels: Mapping[Pollutant, int | None]) -> AirQuality | None:
    known = {pollutant: level for pollutant in Pollutant if (level := levels.get(pollutant)) is not None}
    if not any(pollutant in known for pollutant in _DUST):
        return None
    leading = max(known, key=lambda pollutant: known[pollutant])
    return AirQuality(known[leading], leading, known)

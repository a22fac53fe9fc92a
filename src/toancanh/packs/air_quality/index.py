"""VN_AQI from a window of readings: lays readings out by hour and asks the scoring rules (Quyết định 1459/QĐ-TCMT)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from toancanh.kernel.measures import Reading
from toancanh.kernel.scoring.air_quality import DAY_HOURS, DAY_NEEDS, Pollutant, daily_aqi, hourly_aqi, mean_of

ORDER = (Pollutant.PM25, Pollutant.PM10, Pollutant.O3, Pollutant.NO2, Pollutant.SO2, Pollutant.CO)
DUST = (Pollutant.PM25, Pollutant.PM10)
HOUR_WINDOW = 12
STAYS = 2  # hours: an hour that a station has not reported yet is judged by the hour before it
DAY_WINDOW = DAY_HOURS + 7  # the morning's 8-hour ozone means reach seven hours back
_HOUR = timedelta(hours=1)


def by_hour(readings: Sequence[Reading], end: datetime, hours: int) -> list[tuple[float | None, ...]]:
    """The values of the `hours` clock hours before `end`, oldest first; a gap is all None, the last reading of an hour counts."""
    empty: tuple[float | None, ...] = (None,) * len(readings[0][1]) if readings else ()
    slots = [empty] * hours
    begin = end - hours * _HOUR
    for moment, values in readings:
        place = (moment - begin) // _HOUR
        if 0 <= place < hours:
            slots[place] = values
    return slots


def index_of_hour(readings: Sequence[Reading], end: datetime) -> float | None:
    """VN_AQI of the hour that ends at `end`, from the twelve hours up to it.

    While that hour is not measured yet, dust follows the NowCast with that gap (two of the newest three hours must be there) and
    gases keep the hour before. None when that one is missing too.
    """
    slots = by_hour(readings, end, HOUR_WINDOW) if readings else []
    newest = next((slot for slot in slots[: -STAYS - 1 : -1] if any(value is not None for value in slot)), None)
    if newest is None:
        return None
    dust = {pollutant: [slot[place] for slot in reversed(slots)] for place, pollutant in enumerate(ORDER) if pollutant in DUST}
    gases = {pollutant: [newest[place]] for place, pollutant in enumerate(ORDER) if pollutant not in DUST}
    found = hourly_aqi(dust | gases)
    return None if found is None else float(found.index)


def index_of_day(readings: Sequence[Reading], end: datetime) -> float | None:
    """VN_AQI of the day that ends at `end`, from its 24 hours and the seven before."""
    if not readings:
        return None
    slots = by_hour(readings, end, DAY_WINDOW)
    before, day = slots[:-DAY_HOURS], slots[-DAY_HOURS:]
    columns = {pollutant: [slot[place] for slot in day] for place, pollutant in enumerate(ORDER)}
    found = daily_aqi(columns, [slot[ORDER.index(Pollutant.O3)] for slot in before])
    return None if found is None else float(found.index)


def dust_of_day(readings: Sequence[Reading], end: datetime) -> float | None:
    """The 24-hour mean of the first input (PM2.5), µg/m³, from at least 18 hours."""
    return mean_of([slot[0] for slot in by_hour(readings, end, DAY_HOURS)], DAY_NEEDS) if readings else None

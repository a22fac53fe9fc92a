"""The rolling sum of 24 hours at one station, and the level that it means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import fsum

from toancanh.kernel.measures import Reading
from toancanh.packs.rainfall.levels import ENOUGH_HOURS, FROM

_HOUR = timedelta(hours=1)


def rain_of_24_hours(readings: Sequence[Reading], end: datetime) -> float | None:
    """The sum of the known hours in mm; None with too few of them while it is below level 1."""
    hours = {(end - moment - timedelta.resolution) // _HOUR: values[0] for moment, values in readings if values[0] is not None}
    total = round(fsum(hours.values()), 1)
    return total if len(hours) >= ENOUGH_HOURS or total >= FROM[0] else None


def level_of_24_hours(readings: Sequence[Reading], end: datetime) -> float | None:
    """How many levels the sum has reached, 0 to 5."""
    total = rain_of_24_hours(readings, end)
    return None if total is None else float(sum(total >= low for low in FROM))

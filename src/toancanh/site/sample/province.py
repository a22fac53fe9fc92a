"""The door of the sample province: everything that a loader needs, deterministic for a given `now`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from toancanh.kernel.periods import Grain, Period
from toancanh.site.sample import rain
from toancanh.site.sample.air import air_deliveries, station_delivery
from toancanh.site.sample.dossiers import dossier_deliveries
from toancanh.site.sample.figure_files import figure_deliveries
from toancanh.site.sample.mistakes import broken_deliveries
from toancanh.site.sample.shapes import SampleDelivery

MONTHS = 36


def history(now: datetime, months: int = MONTHS, air_months: int = MONTHS) -> Iterator[SampleDelivery]:
    """Everything that came in the `months` before `now` (aware), in order of arrival: some 370 deliveries.

    Figures begin with the January before, so that every year's cumulative figures are whole. Hourly air makes the
    most values by far: `air_months` shortens it.
    """
    newest = Period.containing(now, Grain.MONTH)
    first, air_first = (newest.shift(1 - count).interval()[0] for count in (months, min(months, air_months)))
    streams = (
        iter([station_delivery(first), rain.station_delivery(first)]),
        figure_deliveries(first, now),
        dossier_deliveries(first, now),
        air_deliveries(air_first, now),
        rain.rain_deliveries(now),
        broken_deliveries(now),
    )
    yield from merge(*streams, key=lambda each: each.received_at)

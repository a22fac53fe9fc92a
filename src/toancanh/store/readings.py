"""Readings of stations over a window of time, in the shape that a `Series` function takes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from toancanh.kernel.contracts import Dataset
from toancanh.kernel.measures import Reading, Series
from toancanh.store import catalogue, engine
from toancanh.store.columns import quoted
from toancanh.store.compiler.bound import Bound
from toancanh.store.compiler.current import current, of_every_version, time_span

Station = tuple[str, str]  # the station and the area it stands in


def window(
    dataset: Dataset, series: Series, *, stations: Collection[str] | None = None, areas: Collection[str] | None = None,
    utc_from: datetime, utc_to: datetime, known_seq: int | None = None,
) -> dict[Station, list[Reading]]:
    """(station, area) -> its readings from `utc_from` up to but not including `utc_to` (aware times), oldest first.

    A station that was moved has one list for each area. Areas are "" for a dataset without one.
    """
    bound, time = Bound(), dataset.time
    limits = {series.station.name: stations} | ({dataset.area: areas} if dataset.area else {})
    span = time_span(dataset, time, utc_from, utc_to, bound)
    conditions = [span] if time not in dataset.key else []
    visible = [of_every_version(dataset, [time], span)]
    for name, allowed in limits.items():
        if allowed is not None:
            condition = f"{quoted(name)} IN {bound.texts(allowed)}"
            (visible if name in dataset.key else conditions).append(condition)
    inputs = [column.name for column in series.inputs]
    wanted = [series.station.name, *([dataset.area] if dataset.area else []), time, *inputs]
    sql = catalogue.WINDOW.sql(
        station=quoted(series.station.name), area=quoted(dataset.area) if dataset.area else "''", time=quoted(time),
        inputs=", ".join(map(quoted, inputs)), condition=" AND ".join(conditions) or "1",
        current=current(dataset, bound, columns=wanted, known_seq=known_seq, visible=visible),
    )
    found: dict[Station, list[Reading]] = {}
    for station, area, moment, *values in engine.query(sql, bound.values):
        found.setdefault((station, area or ""), []).append((moment, tuple(values)))
    return found


def stations(dataset: Dataset, station: str) -> list[Station]:
    """Every (station, area) that has ever sent, by the field `station`."""
    bound = Bound()
    area = quoted(dataset.area) if dataset.area else "''"
    rows = current(dataset, bound, columns=[station, *([dataset.area] if dataset.area else [])])
    sql = catalogue.STATIONS.sql(station=quoted(station), area=area, current=rows)
    return [(name, place or "") for name, place in engine.query(sql, bound.values)]

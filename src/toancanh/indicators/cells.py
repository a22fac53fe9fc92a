"""Writes cells: compares fresh values with the current versions and adds, renews or closes versions. One writer at a time.

Equal values make no version. A live figure whose period is open keeps one version a minute: within its minute it is renewed in
place. What is compared was read before the transaction that writes begins, so that others wait for the writing alone; that one of
the versions was closed by somebody in between is noticed then.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from toancanh.indicators.evaluators.value import AUTOMATIC, Value
from toancanh.indicators.models import CURRENT, Cell, stored_start
from toancanh.kernel.measures import Outcome
from toancanh.kernel.periods import VIETNAM, Period, Regime

CHUNK = 400
SETTLE = timedelta(seconds=60)  # how much younger data must be before an equal value's as-of time is renewed

_NAMED = ("indicator", "unit_id", "grain", "cumulative", "administrative", "period_start", "dimension")
_VALUED = ("value", "numerator", "denominator", "base", "target")
_SAID = ("status", "method", "coverage_have", "coverage_want", "formula_version")
_DATED = ("as_of", "computed_at", "known_from", "last_seq")
_COLUMNS = (*_NAMED, *_VALUED, *_SAID, *_DATED)
_READ = ("id", *_NAMED, *_VALUED, *_SAID, "as_of", "known_from", "last_seq")

_AGAIN = ("as_of", "computed_at", "last_seq")
_INSERT = f"INSERT INTO {{table}} ({', '.join(_COLUMNS)}) VALUES "  # noqa: S608 - names of our own
_ONE_ROW = f"({', '.join(['%s'] * len(_COLUMNS))})"
_THIS_ONE = "WHERE id = %s AND known_to IS NULL"
_RENEW = f"UPDATE {{table}} SET {', '.join(f'{name} = %s' for name in (*_VALUED, *_SAID, *_AGAIN))} {_THIS_ONE}"  # noqa: S608
_DATE = f"UPDATE {{table}} SET {', '.join(f'{name} = %s' for name in _AGAIN)} {_THIS_ONE}"  # noqa: S608


class Place(NamedTuple):
    """Which value: an indicator of a unit (row id) in a period, whole ("") or one value of a breakdown ("column=value")."""

    indicator: str
    unit: int
    period: Period
    dimension: str = ""


class Current(NamedTuple):
    """The current version as far as a comparison needs it."""

    id: int
    values: tuple[float | None, ...]
    said: tuple[Any, ...]
    as_of: datetime | None
    known_from: datetime
    last_seq: int


@dataclass(slots=True)
class Changes:
    """What one call will write."""

    added: list[tuple[Any, ...]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    renewed: list[tuple[Any, ...]] = field(default_factory=list)
    dated: list[tuple[Any, ...]] = field(default_factory=list)
    moved: set[tuple[str, int]] = field(default_factory=set)


def write(fresh: Mapping[Place, Value], versions: Mapping[str, int], now: datetime) -> set[tuple[str, int]]:
    """Bring the cells to `fresh`; answers the (indicator, unit id) pairs that moved. `versions`: formula version by indicator."""
    changes = compare(fresh, versions, now)
    save(changes, now)
    return changes.moved


def compare(fresh: Mapping[Place, Value], versions: Mapping[str, int], now: datetime) -> Changes:
    """What `fresh` changes. Reads only."""
    current = _current(fresh)
    changes = Changes()
    for place, value in fresh.items():
        _compare(place, value, current.get(_name(place)), versions[place.indicator], now, changes)
    return changes


def save(changes: Changes, now: datetime) -> None:
    """Write what `compare` found, all or nothing. Raises IntegrityError when others wrote the same cells since: compare again."""
    with transaction.atomic():
        for part in _chunks(changes.closed):
            _all_there(Cell.objects.filter(CURRENT, pk__in=part).update(known_to=now), part)
        _add(changes.added)
        _many(_RENEW, changes.renewed, (*_VALUED, *_SAID, *_AGAIN, "id"))
        _many(_DATE, changes.dated, (*_AGAIN, "id"))


def standing(indicators: Iterable[str], unit: int, periods: Iterable[Period], breakdown: str) -> set[Place]:
    """The current cells of one breakdown of a unit in these periods that have a value."""
    asked: dict[tuple[str, bool, bool], dict[datetime, Period]] = defaultdict(dict)
    for period in periods:
        asked[period.grain.value, period.cumulative, period.regime is Regime.ADMINISTRATIVE][_start(period)] = period
    found: set[Place] = set()
    for (grain, cumulative, administrative), starts in asked.items():
        for part in _chunks(sorted(starts)):
            cells = Cell.objects.filter(
                CURRENT, indicator__in=indicators, grain=grain, cumulative=cumulative, administrative__in=[administrative],
                period_start__in=part, unit=unit, dimension__startswith=f"{breakdown}=", value__isnull=False,
            )
            for indicator, start, dimension in cells.values_list("indicator", "period_start", "dimension"):
                found.add(Place(indicator, unit, starts[start], dimension))
    return found


def known_months(indicator: str, units: set[int], months: Iterable[Period]) -> dict[tuple[int, str], dict[Period, Outcome]]:
    """The current values of some months of one regime by (unit, breakdown); what is not known is left out."""
    starts = {_start(month): month for month in months}
    found: dict[tuple[int, str], dict[Period, Outcome]] = defaultdict(dict)
    for part in _chunks(sorted(starts)):
        cells = Cell.objects.filter(CURRENT, indicator=indicator, grain="month", cumulative=False, period_start__in=part)
        cells = cells.filter(administrative__in=sorted({each.regime is Regime.ADMINISTRATIVE for each in starts.values()}))
        cells = cells.filter(unit__in=units) if len(units) <= CHUNK else cells
        columns = ("unit_id", "dimension", "period_start", "value", "numerator", "denominator", "base")
        for unit, dimension, start, *values in cells.values_list(*columns):
            found[unit, dimension][starts[start]] = Outcome(*values)
    return found


def _compare(place: Place, value: Value, current: Current | None, version: int, now: datetime, changes: Changes) -> None:
    outcome = value.outcome
    if current is None and (outcome.value is None or value.quiet):
        return
    values = (outcome.value, outcome.top, outcome.bottom, outcome.base, value.target)
    said = (value.status, value.method, value.have, value.want, version)
    as_of = _aware(value.through) or (current.as_of if current else _aware(value.at_first))
    if current is not None and current.said == said and all(map(_same, current.values, values)):
        if as_of is not None and (current.as_of is None or as_of - current.as_of >= SETTLE):
            changes.dated.append((as_of, now, max(value.seq, current.last_seq), current.id))
            changes.moved.add((place.indicator, place.unit))
        return
    changes.moved.add((place.indicator, place.unit))
    if current is not None and _within_its_minute(place.period, value, current, now):
        changes.renewed.append((*values, *said, as_of, now, max(value.seq, current.last_seq), current.id))
        return
    if current is not None:
        changes.closed.append(current.id)
    seq = max(value.seq, current.last_seq if current else 0)
    changes.added.append((*_name(place), *values, *said, as_of, now, now, seq))


def _within_its_minute(period: Period, value: Value, current: Current, now: datetime) -> bool:
    live = value.status == AUTOMATIC and current.said[0] == AUTOMATIC
    return live and now < period.interval()[1] and current.known_from >= now.replace(second=0, microsecond=0)


def _same(before: float | None, after: float | None) -> bool:
    # Sums made in another order differ in the last bits; that is no correction.
    if before is None or after is None:
        return before is after
    return math.isclose(before, after, rel_tol=1e-11, abs_tol=1e-12)


@lru_cache(maxsize=20_000)
def _start(period: Period) -> datetime:
    return stored_start(period)


def _name(place: Place) -> tuple[Any, ...]:
    period = place.period
    administrative = period.regime is Regime.ADMINISTRATIVE
    return (place.indicator, place.unit, period.grain.value, period.cumulative, administrative, _start(period), place.dimension)


@lru_cache(maxsize=20_000)
def _aware(moment: datetime | None) -> datetime | None:
    # The last moment covered, not the first one after it: a month's figures are "as of" its last day.
    return None if moment is None else (moment - timedelta(seconds=1)).replace(tzinfo=VIETNAM).astimezone(UTC)


def _current(fresh: Iterable[Place]) -> dict[tuple[Any, ...], Current]:
    """The current versions of the places asked for (and of some more in the same periods), as the database says them: the object
    layer would take most of a run's time for values that are compared and thrown away."""
    asked: dict[tuple[str, bool, bool], tuple[set[str], set[Period], set[int]]] = defaultdict(lambda: (set(), set(), set()))
    for place in fresh:
        indicators, periods, units = asked[place.period.grain.value, place.period.cumulative, bool(place.dimension)]
        indicators.add(place.indicator)
        periods.add(place.period)
        units.add(place.unit)
    found: dict[tuple[Any, ...], Current] = {}
    for (grain, cumulative, broken_down), (indicators, periods, units) in asked.items():
        for part in _chunks(sorted({_start(each) for each in periods})):
            cells = Cell.objects.filter(CURRENT, indicator__in=indicators, grain=grain, cumulative=cumulative)
            cells = cells.filter(period_start__in=part)
            cells = cells.exclude(dimension="") if broken_down else cells.filter(dimension="")
            cells = cells.filter(unit__in=units) if len(units) <= CHUNK else cells
            with connection.cursor() as cursor:
                cursor.execute(*cells.values_list(*_READ).query.sql_with_params())
                for row in cursor:
                    said = (_moment(row[18]), _moment(row[19]), row[20])
                    found[row[1], row[2], row[3], bool(row[4]), bool(row[5]), _moment(row[6]), row[7]] = Current(
                        row[0], row[8:13], row[13:18], *said
                    )
    return found


@lru_cache(maxsize=20_000)
def _moment(stored: Any) -> Any:
    """A moment as a cursor reads it: without a zone on SQLite, where all are UTC."""
    return stored if stored is None or stored.tzinfo else stored.replace(tzinfo=UTC)


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(items), CHUNK):
        yield items[begin : begin + CHUNK]


_MOMENTS = ("period_start", "as_of", "computed_at", "known_from")


def _add(rows: Sequence[tuple[Any, ...]]) -> None:
    """Some hundred rows a statement: the engine hands the interpreter over to other threads once each, not once a row."""
    with connection.cursor() as cursor:
        for part in _chunks(_stored(rows, _COLUMNS)):
            cursor.execute(_named(_INSERT) + ", ".join([_ONE_ROW] * len(part)), list(chain.from_iterable(part)))


def _many(sql: str, rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> None:
    """One statement over many rows: on SQLite about ten times as quick as the object layer, which binds 999 values at a time."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_named(sql), _stored(rows, columns))
            _all_there(cursor.rowcount, rows)


def _all_there(met: int, wanted: Sequence[object]) -> None:
    if met != len(wanted):
        raise IntegrityError("current versions of these cells were written by others meanwhile")


def _named(sql: str) -> str:
    return sql.format(table=connection.ops.quote_name(Cell._meta.db_table))


def _stored(rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows with their moments as the database stores them."""
    stored = lru_cache(maxsize=None)(connection.ops.adapt_datetimefield_value)
    by_column = list(zip(*rows, strict=True))
    for place, column in enumerate(columns if rows else ()):
        if column in _MOMENTS:
            by_column[place] = tuple(map(stored, by_column[place]))
    return list(zip(*by_column, strict=True))

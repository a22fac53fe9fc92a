"""Values as pages need them: many indicators of one unit, or one indicator of many units, each in one statement.

`indicators.queries` answers about one indicator at a time; a page of sixty figures cannot ask sixty times. The rule who may see
what is the same (`indicators.policy`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from toancanh.indicators.models import CURRENT, Cell, period_of, stored_start
from toancanh.indicators.policy import visible
from toancanh.indicators.queries import as_known, form_of
from toancanh.indicators.rebased import FORERUNNERS
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.periods import Period, Regime
from toancanh.kernel.rebasing import Method
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor

_COLUMNS = (
    "id", "indicator", "unit_id", "grain", "cumulative", "administrative", "period_start", "dimension", "value", "numerator",
    "denominator", "base", "target", "status", "method", "coverage_have", "coverage_want", "as_of",
)  # fmt: skip

_MOMENTS = frozenset({"period_start", "as_of"})


class Made(NamedTuple):
    """How a value came onto a map that its own time did not have; `coverage` (0 to 1) is the share of the parts that had one."""

    method: Method
    coverage: float | None
    reason: Text | None = None


class Point(NamedTuple):
    """One current value, as `indicators.models.Cell` says it; or one that was `made` for the map on show, which has no id."""

    id: int
    indicator: str
    unit_id: int
    grain: str
    cumulative: bool
    administrative: bool
    period_start: datetime
    dimension: str
    value: float | None
    numerator: float | None
    denominator: float | None
    base: float | None
    target: float | None
    status: str
    method: str
    have: int | None
    want: int | None
    as_of: datetime | None
    made: Made | None = None

    @property
    def period(self) -> Period:
        return _period(self.period_start, self.grain, self.cumulative, self.administrative)

    @property
    def partial(self) -> bool:
        return self.want is not None and (self.have or 0) < self.want

    @property
    def rebased(self) -> Made | None:
        """How it was put on the map; None when it was measured there, or for one unit that only has another code since."""
        if self.made is not None or self.method != FORERUNNERS or self.want == 1:
            return self.made
        return Made(Method.ESTIMATED, (self.have or 0) / self.want) if self.partial and self.want else Made(Method.EXACT, 1.0)


@lru_cache(maxsize=4096)
def _period(start: datetime, grain: str, cumulative: bool, administrative: bool) -> Period:
    return period_of(start, grain, cumulative=cumulative, administrative=administrative)


@dataclass(frozen=True, slots=True)
class Window:
    """The periods of one indicator from `first` to `last`, of the same grain and form."""

    code: str
    first: Period
    last: Period


class Standing(NamedTuple):
    """What a comparison with others needs of a current value."""

    indicator: str
    unit_id: int
    value: float | None
    base: float | None


def cells(actor: Actor, known: datetime | None = None) -> tuple[QuerySet[Cell], ...]:
    """The cells that `actor` may see: the current ones, or those that were current at `known`."""
    return tuple(visible(each, actor) for each in as_known(Cell.objects.all(), known))


def histories(
    actor: Actor, unit_ids: Collection[int], windows: Iterable[Window], *, known: datetime | None = None
) -> list[Point]:
    """The values of `windows` for `unit_ids`, oldest first: one statement whatever the number of indicators."""
    groups: dict[tuple[Period, Period], list[str]] = {}
    for window in windows:
        groups.setdefault((window.first, window.last), []).append(window.code)
    asked = [(codes, unit_ids, "", first, last) for (first, last), codes in groups.items()]
    return sorted(_points(actor, asked, known), key=lambda each: each.period_start)


def standings(
    actor: Actor, unit_ids: Collection[int], periods: Iterable[tuple[str, Period]], *, known: datetime | None = None
) -> list[Standing]:
    """For each (indicator, period) the values of `unit_ids`: one statement, and no more of each value than its rank needs."""
    groups: dict[Period, list[str]] = {}
    for code, period in periods:
        groups.setdefault(period, []).append(code)
    asked = [(codes, unit_ids, "", period, period) for period, codes in groups.items()]
    return [Standing(*row) for row in _rows(actor, Standing._fields, asked, known)]


def breakdown(
    actor: Actor, code: str, period: Period, unit_id: int, column: str, *, known: datetime | None = None
) -> list[tuple[str, Point]]:
    """The values of one indicator by one column: (value of the column, point), largest first."""
    prefix = f"{column}="
    asked = {"indicator": code, "unit": unit_id, "dimension__startswith": prefix, "period_start": stored_start(period)}
    asked |= form_of(period.grain, period.regime, cumulative=period.cumulative)
    parts = [each.filter(**asked).order_by().values_list(*_COLUMNS) for each in cells(actor, known)]
    points = [_point(row) for part in parts for row in part]
    points.sort(key=lambda each: -(each.value if each.value is not None else float("-inf")))
    return [(each.dimension.removeprefix(prefix), each) for each in points]


def by_place(
    actor: Actor, indicator: Indicator, last: Period, unit_ids: Sequence[int], *, exactly: bool, known: datetime | None = None
) -> tuple[Period, dict[int, Point]]:
    """The values of many units in `last`, or (unless `exactly`) in the newest period before it that has any."""
    period = last if exactly else _newest_period(actor, indicator.code, unit_ids, last, known)
    if period is None:
        return last, {}
    return period, {each.unit_id: each for each in _points(actor, [([indicator.code], unit_ids, "", period, period)], known)}


def _newest_period(
    actor: Actor, code: str, unit_ids: Sequence[int], until: Period, known: datetime | None
) -> Period | None:
    """The newest period of the form of `until`, up to it, in which any of `unit_ids` has a value."""
    if not unit_ids:
        return None
    try:
        bases = _bases(actor, ("period_start",), known)
    except EmptyResultSet:
        return None
    table, form = connection.ops.quote_name(Cell._meta.db_table), (until.grain.value, until.cumulative)
    asked: list[Any] = [code, *unit_ids, *form, until.regime is Regime.ADMINISTRATIVE]
    end, found = connection.ops.adapt_datetimefield_value(stored_start(until)), []
    with connection.cursor() as cursor:
        for base, allowed in bases:
            cursor.execute(_NEWEST.format(base=base, c=table, units=_places(unit_ids)), [*allowed, *asked, end])
            found += [_moment(row[0]) for row in cursor.fetchall()]
    return _period(max(found), *form, until.regime is Regime.ADMINISTRATIVE) if found else None


class Version(NamedTuple):
    """One version of a value that has been corrected since."""

    id: int
    indicator: str
    grain: str
    cumulative: bool
    administrative: bool
    period_start: datetime
    value: float | None
    status: str
    known_from: datetime
    known_to: datetime

    @property
    def period(self) -> Period:
        return _period(self.period_start, self.grain, self.cumulative, self.administrative)


def earlier(
    actor: Actor, codes: Collection[str], unit_id: int, *, since: datetime | None = None, known: datetime | None = None
) -> list[Version]:
    """Versions that were closed (since a moment; as far as was known), newest correction first. Live figures are not corrections.
    """
    found = visible(Cell.objects.filter(known_to__isnull=False), actor)
    found = found.filter(indicator__in=codes, unit=unit_id, dimension="").exclude(status="automatic")
    if since is not None:
        found = found.filter(known_to__gte=since)
    if known is not None:
        found = found.filter(known_to__lte=known)
    return [Version(*row) for row in found.order_by("-known_to").values_list(*Version._fields)[:200]]


# (codes, unit ids, dimension, first period, last period)
Asked = tuple[Collection[str], Collection[int], str, Period, Period]
_PART = (
    "{base} AND {c}.indicator IN ({codes}) AND {c}.unit_id IN ({units}) AND {c}.grain = %s AND {c}.cumulative = %s"
    " AND {c}.administrative = %s AND {c}.dimension = %s AND {c}.period_start BETWEEN %s AND %s"
)

_NEWEST = (
    "{base} AND {c}.indicator = %s AND {c}.unit_id IN ({units}) AND {c}.grain = %s AND {c}.cumulative = %s"
    " AND {c}.administrative = %s AND {c}.dimension = '' AND {c}.value IS NOT NULL AND {c}.period_start <= %s"
    " ORDER BY {c}.period_start DESC LIMIT 1"
)


def _points(actor: Actor, asked: Sequence[Asked], known: datetime | None) -> list[Point]:
    return [_point(row) for row in _rows(actor, _COLUMNS, asked, known)]


def _rows(
    actor: Actor, columns: tuple[str, ...], asked: Sequence[Asked], known: datetime | None
) -> list[Sequence[Any]]:
    """The cells that are asked for and may be seen, in one statement: one part for each form of period.

    Joined by OR, SQLite would walk the whole table. Composed as text and read from the cursor: for a page's thousand rows the
    object layer spends more time than the database.
    """
    asked = [each for each in asked if each[0] and each[1]]
    if not asked:
        return []
    try:
        bases = _bases(actor, columns, known)
    except EmptyResultSet:  # the actor may see none at all
        return []
    table, store = connection.ops.quote_name(Cell._meta.db_table), connection.ops.adapt_datetimefield_value
    texts, values = [], []
    for codes, unit_ids, dimension, first, last in asked:
        form = (first.grain.value, first.cumulative, first.regime is Regime.ADMINISTRATIVE, dimension)
        for base, allowed in bases:
            texts.append(_PART.format(base=base, c=table, codes=_places(codes), units=_places(unit_ids)))
            values += [*allowed, *codes, *unit_ids, *form, store(stored_start(first)), store(stored_start(last))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), values)
        return cursor.fetchall()


def _bases(actor: Actor, columns: tuple[str, ...], known: datetime | None) -> list[tuple[str, tuple[Any, ...]]]:
    """The statements about all cells that the actor may see. For those who see everything the one of now is always the same."""
    if known is not None:
        return [_statement(each, columns) for each in cells(actor, known)]
    current = Cell.objects.filter(CURRENT)
    seen = visible(current, actor)
    return [_of_all(columns, connection.vendor) if seen is current else _statement(seen, columns)]


@lru_cache(maxsize=8)
def _of_all(columns: tuple[str, ...], _vendor: str) -> tuple[str, tuple[Any, ...]]:
    return _statement(Cell.objects.filter(CURRENT), columns)


def _statement(seen: QuerySet[Cell], columns: Iterable[str]) -> tuple[str, tuple[Any, ...]]:
    """SQLite's driver would turn every moment into an object of its own: there moments are asked for as text."""
    as_text = _MOMENTS if connection.vendor == "sqlite" else ()
    chosen = [Cast(name, TextField()) if name in as_text else name for name in columns]
    return seen.order_by().values_list(*chosen).query.sql_with_params()


def _places(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _point(row: Sequence[Any]) -> Point:
    as_of = None if row[-1] is None else _moment(row[-1])
    return Point._make((*row[:4], bool(row[4]), bool(row[5]), _moment(row[6]), *row[7:-1], as_of, None))


@lru_cache(maxsize=16_384)
def _moment(stored: str | datetime) -> datetime:
    """A moment as SQLite keeps it: text, in UTC."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""Reads what rules judge: the newest values of many (rule, unit) pairs, and the earlier ones that their conditions look at.

One statement finds the newest values of all rules of a level, one more for each rule that looks back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from toancanh.indicators.models import CURRENT, Cell, period_of, stored_start
from toancanh.indicators.queries import regime_of
from toancanh.kernel.conditions import Overstay, Silent, View, earlier_periods
from toancanh.kernel.contracts import Good, Indicator
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.kernel.rounding import half_up
from toancanh.watch.definitions import Watched

FEW = 400  # units named in one statement
LAST_LOOK = 2  # periods (or paces of delivery, where longer) after which a value is history and wakes nobody any more

Form = tuple[str, str, bool, bool]  # indicator, grain, cumulative, administrative


@dataclass(frozen=True, slots=True)
class Seen:
    """A value as far as a rule needs it: version, unit and subject, period, the value as a person reads it."""

    cell: int
    unit: int
    subject: str
    period: Period
    start: datetime
    value: float | None
    base: float | None
    target: float | None
    as_of: datetime | None


def form_of(watched: Watched) -> Form:
    """Which values a rule judges."""
    indicator = watched.rule.indicator
    administrative = regime_of(indicator) is Regime.ADMINISTRATIVE and watched.rule.watched_grain not in _WITHOUT_REGIME
    return indicator.code, watched.rule.watched_grain.value, watched.rule.cumulative, administrative


_WITHOUT_REGIME = (Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.SCHOOL_YEAR)


def newest(asked: Mapping[str, tuple[Watched, Iterable[int]]], now: datetime) -> dict[str, list[Seen]]:
    """The newest known values of each rule (by code) at the units (row ids) asked for."""
    groups: dict[frozenset[int], list[Watched]] = defaultdict(list)
    for watched, units in asked.values():
        groups[frozenset(units)].append(watched)
    found: dict[str, list[Seen]] = {code: [] for code in asked}
    for units, rules in groups.items():
        indicators = {each.rule.indicator.code: each.rule.indicator for each in rules}
        by_form: dict[Form, list[Seen]] = defaultdict(list)
        forms = sorted({form_of(each) for each in rules})
        for form, row in _newest_rows(forms, sorted(units), now):
            by_form[form].append(seen(indicators[form[0]], form, row))
        for watched in rules:
            whole = by_form[form_of(watched)]
            found[watched.code] = whole if watched.rule.by is None else list(_parts(watched, whole))
    return found


# Materialised: PostgreSQL would look each number up twice, once to hash it and once to compare it.
_NEWEST = """WITH form (number, indicator, grain, cumulative, administrative) AS (VALUES {forms}),
 place (unit) AS (VALUES {places}),
 newest (number, id) AS MATERIALIZED (SELECT form.number, (SELECT x.id FROM {cell} AS x WHERE x.indicator = form.indicator
 AND x.unit_id = place.unit AND x.grain = form.grain AND x.cumulative = form.cumulative AND x.dimension = ''
 AND x.administrative = form.administrative AND x.known_to IS NULL AND x.value IS NOT NULL AND x.period_start <= %s
 ORDER BY x.period_start DESC LIMIT 1) FROM form CROSS JOIN place)
SELECT newest.number, c.id, c.unit_id, c.dimension, c.period_start, c.value, c.base, c.target, c.as_of
FROM newest JOIN {cell} AS c ON c.id = newest.id"""


def _newest_rows(forms: Sequence[Form], units: Sequence[int], now: datetime) -> Iterator[tuple[Form, Sequence[Any]]]:
    table, before = connection.ops.quote_name(Cell._meta.db_table), connection.ops.adapt_datetimefield_value(now)
    for begin in range(0, len(units), FEW):
        part = units[begin : begin + FEW]
        shapes, places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(forms)), ", ".join(["(%s)"] * len(part))
        values: list[Any] = [each for number, form in enumerate(forms) for each in (number, *form)]
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST.format(forms=shapes, places=places, cell=table), [*values, *part, before])
            for row in cursor.fetchall():
                yield forms[row[0]], row[1:]


def _parts(watched: Watched, whole: Sequence[Seen]) -> Iterator[Seen]:
    """The values of the rule's breakdown in the newest period of each unit."""
    form = form_of(watched)
    newest_of = {each.unit: each.start for each in whole}
    cells = cells_of(watched).filter(CURRENT, period_start__in=set(newest_of.values()), unit__in=newest_of)
    for row in cells.values_list("id", "unit_id", "dimension", "period_start", "value", "base", "target", "as_of"):
        if newest_of[row[1]] == row[3]:
            yield seen(watched.rule.indicator, form, row)


def seen(indicator: Indicator, form: Form, row: Sequence[Any]) -> Seen:
    """A row (id, unit, dimension, start, value, base, target, as of) as a rule sees it."""
    cell, unit, dimension, start, value, base, target, as_of = row
    moment = _aware(start)
    period = _period(moment, form[1], form[2], form[3])
    return Seen(cell, unit, dimension, period, moment, as_read(indicator, value), base, target, _aware(as_of) if as_of else None)


def as_read(indicator: Indicator, value: float | None) -> float | None:
    """The value as it is shown: 94.96 shown as 95.0 is not below 95."""
    return None if value is None else float(half_up(value, indicator.places))


@lru_cache(maxsize=5_000)
def _period(start: datetime, grain: str, cumulative: bool, administrative: bool) -> Period:
    return period_of(start, grain, cumulative=cumulative, administrative=administrative)


def _aware(moment: datetime | str) -> datetime:
    """A moment as the database's own cursor gives it: SQLite keeps text in UTC."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def cells_of(watched: Watched) -> QuerySet[Cell]:
    """Every version of every known value that the rule may judge."""
    indicator, grain, cumulative, administrative = form_of(watched)
    cells = Cell.objects.filter(
        indicator=indicator, grain=grain, cumulative=cumulative, administrative=administrative, value__isnull=False
    )
    by = watched.rule.by
    return cells.filter(dimension="") if by is None else cells.filter(dimension__startswith=f"{by.name}=")


class Before:
    """Earlier values of the units of one rule: {(unit id, subject, start of the period): value}."""

    def __init__(self, indicator: Indicator, known: Mapping[tuple[int, str, datetime], float]) -> None:
        self._indicator, self._known = indicator, known

    @classmethod
    def of(cls, watched: Watched, seen: Sequence[Seen]) -> Before:
        """What the rule's condition looks at beside these values, read with one statement."""
        condition = watched.rule.condition
        starts = {stored_start(each) for period in {one.period for one in seen} for each in earlier_periods(condition, period)}
        if not starts:
            return cls(watched.rule.indicator, {})
        cells = cells_of(watched).filter(CURRENT, period_start__in=starts)
        units = {each.unit for each in seen}
        cells = cells.filter(unit__in=units) if len(units) <= FEW else cells
        rows = cells.values_list("unit_id", "dimension", "period_start", "value")
        return cls(watched.rule.indicator, {row[:3]: row[3] for row in rows if row[3] is not None})

    def view(self, one: Seen) -> View:
        """What the condition may look at for one value."""
        return View(
            one.value, one.period, one.target, self._indicator.good is not Good.DOWN,
            lambda period: self._known.get((one.unit, one.subject, stored_start(period))),
        )  # fmt: skip


def is_history(watched: Watched, one: Seen, now: datetime) -> bool:
    """Whether the value is of a time so long past that it wakes nobody: history that was loaded, a series that ended."""
    single = one.period.to_single()
    length = single.span[1] - single.span[0]
    return now - single.interval()[1] > LAST_LOOK * max(length, watched.rule.indicator.dataset.cadence, timedelta(hours=1))


def judges_values(watched: Watched) -> bool:
    """Whether the rule is about values, and not about sources or single records."""
    return not isinstance(watched.rule.condition, Silent | Overstay)


def listens_to_sources(watched: Watched) -> bool:
    """Whether the rule is about a source and not about a value."""
    return isinstance(watched.rule.condition, Silent)

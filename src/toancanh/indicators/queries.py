"""Reads of current and past values. Every question is an index look-up, flat in the number of cells.

All answers hold `Cell` rows that the actor may see. `known` (aware) asks for what was known at that moment instead of now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from toancanh.indicators.models import CURRENT, Cell, stored_start
from toancanh.indicators.overrides import Overrides
from toancanh.indicators.policy import readable, visible
from toancanh.kernel.assessment import Status, assess
from toancanh.kernel.contracts import Figures, Indicator, Level
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Action, Actor
from toancanh.units import queries as units
from toancanh.units.models import Unit

FEW = 900  # ids that fit into one statement on every database


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A unit and its value; None where there is none, which is not zero."""

    unit: Unit
    cell: Cell | None


def indicators(actor: Actor) -> list[Indicator]:
    """The indicators of the fields that `actor` may see, in the order of the packs."""
    return [each for each in registry.indicators() if actor.can(Action.VIEW, registry.pack_of(each).code)]


def cell_count() -> int:
    """How many versions of values have been written so far: the last row's number, a look-up whatever the size."""
    last = Cell.objects.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def regime_of(indicator: Indicator) -> Regime:
    """Under which cut-off its periods run."""
    return indicator.dataset.regime if isinstance(indicator.dataset, Figures) else Regime.STATISTICAL


def latest(
    actor: Actor,
    codes: Iterable[str],
    unit: Unit,
    grain: Grain | None = None,
    *,
    cumulative: bool = False,
    until: date | None = None,
) -> dict[str, Cell]:
    """The newest value of each indicator for `unit`, by code; in `grain` (its own grain by default), begun by `until`.

    Two statements whatever the number of indicators and the length of their history.
    """
    wanted = [found for code in codes if (found := registry.indicator(code)) is not None]
    ids = _newest_ids(wanted, unit, grain, cumulative, until)
    return {each.indicator: each for each in visible(Cell.objects.filter(pk__in=ids), actor)}


def latest_period(
    actor: Actor, code: str, grain: Grain, *, unit: Unit | None = None, cumulative: bool = False, until: date | None = None
) -> Period | None:
    """The newest period in which `unit` (the centre's own place by default) has a value."""
    found = latest(actor, [code], unit or units.root(), grain, cumulative=cumulative, until=until)
    return found[code].period if code in found else None


def series(
    actor: Actor, code: str, unit: Unit, first: Period, last: Period, *, dimension: str = "", known: datetime | None = None
) -> list[Cell]:
    """The values of one unit from `first` to `last` (of the same grain and form), oldest first; missing periods are left out."""
    span = (stored_start(first), stored_start(last))
    found = _of(actor, code, known, unit=unit, dimension=dimension, period_start__range=span, **_form(first))
    return sorted(found, key=lambda each: each.period_start)


def by_unit(
    actor: Actor,
    code: str,
    level: Level,
    period: Period,
    *,
    within: Unit | None = None,
    on: date | None = None,
    known: datetime | None = None,
) -> list[UnitValue]:
    """The value of every unit of `level` in a place (the centre's own by default) on the map of a day (today by default).

    In the order of the units' names. A unit made later than the period shows what its forerunners add up to, and says so
    (method "forerunners").
    """
    place = within or units.root()
    members = units.agencies(on, place) if level is Level.AGENCY else units.descendants(place, level, on)
    few = {"unit__in": [each.pk for each in members]} if len(members) <= FEW else {}
    found = _of(actor, code, known, dimension="", period_start=stored_start(period), **few, **_form(period))
    cells = {each.unit_id: each for each in found}
    return [UnitValue(each, cells.get(each.pk)) for each in members]


def by_dimension(
    actor: Actor, code: str, breakdown: str, period: Period, *, unit: Unit | None = None, top: int | None = None
) -> list[tuple[str, Cell]]:
    """The values of one indicator by the column `breakdown` ("procedure"): (the column's value, cell), largest first."""
    prefix = f"{breakdown}="
    place, start = unit or units.root(), stored_start(period)
    found = _of(
        actor, code, None, unit=place, dimension__startswith=prefix, period_start=start, value__isnull=False, **_form(period)
    )
    pairs = [(each.dimension.removeprefix(prefix), each) for each in sorted(found, key=lambda each: each.dimension)]
    pairs.sort(key=lambda pair: pair[1].value or 0.0, reverse=True)
    return pairs[:top] if top else pairs


def versions(actor: Actor, code: str, unit: Unit, period: Period, dimension: str = "") -> list[Cell]:
    """Every version of one value, newest first."""
    kept = visible(Cell.objects.filter(indicator=code), actor)
    kept = kept.filter(unit=unit, dimension=dimension, period_start=stored_start(period), **_form(period))
    found = [*kept.filter(CURRENT), *kept.filter(known_to__isnull=False)]
    return sorted(found, key=lambda each: (each.known_from, each.pk), reverse=True)


def find(actor: Actor, cell_id: int) -> Cell | None:
    """One version of a value, or None where there is none that the actor may see."""
    return visible(Cell.objects.select_related("unit").filter(pk=cell_id), actor).first()


def assessment(cell: Cell, overrides: Overrides | None = None) -> Status:
    """Is it good enough? By the indicator as it holds for the unit."""
    declared = registry.indicator(cell.indicator)
    if declared is None:
        raise KeyError(cell.indicator)
    indicator = (overrides or Overrides([cell.indicator])).effective(declared, cell.unit_id)
    return assess(indicator, cell.value, cell.target, cell.base)


def as_known(cells: QuerySet[Cell], known: datetime | None) -> tuple[QuerySet[Cell], ...]:
    """The versions that were current at `known`; now when it is None.

    Those still current and those closed since come as two queries, because each has an index of its own.
    """
    if known is None:
        return (cells.filter(CURRENT),)
    return cells.filter(CURRENT, known_from__lte=known), cells.filter(known_to__gt=known, known_from__lte=known)


def _of(actor: Actor, code: str, known: datetime | None, **limits: Any) -> list[Cell]:
    readable(actor, code)
    kept = as_known(visible(Cell.objects.filter(indicator=code), actor), known)
    return [each for part in kept for each in part.filter(**limits)]


def form_of(grain: Grain, regime: Regime, *, cumulative: bool) -> dict[str, Any]:
    """What the cells of a form of period are found by. As lists: "NOT cumulative", which Django writes for False, cannot use an
    index."""
    return {"grain": grain.value, "cumulative__in": [cumulative], "administrative__in": [regime is Regime.ADMINISTRATIVE]}


def _form(period: Period) -> dict[str, Any]:
    return form_of(period.grain, period.regime, cumulative=period.cumulative)


_NEWEST = """SELECT (SELECT id FROM {cell} AS c WHERE c.indicator = w.code AND c.unit_id = %s AND c.grain = w.grain
  AND c.cumulative = %s AND c.dimension = '' AND c.administrative = w.administrative AND c.known_to IS NULL
  AND c.value IS NOT NULL AND c.period_start <= %s ORDER BY c.period_start DESC LIMIT 1) FROM wanted AS w"""


def _newest_ids(
    wanted: Sequence[Indicator], unit: Unit, grain: Grain | None, cumulative: bool, until: date | None
) -> Collection[int]:
    """Row ids of the newest cells: one descent of the index for each indicator, in one statement (no database has the same
    form of it in Django's query language)."""
    if not wanted:
        return []
    rows: list[str | bool] = []
    for each in wanted:
        rows += [each.code, (grain or each.grains[0]).value, regime_of(each) is Regime.ADMINISTRATIVE]
    last = Period.containing(until or date(2199, 1, 1), Grain.DAY)
    before = connection.ops.adapt_datetimefield_value(stored_start(last))
    values = ", ".join(["(%s, %s, %s)"] * len(wanted))
    newest = _NEWEST.format(cell=connection.ops.quote_name(Cell._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH wanted (code, grain, administrative) AS (VALUES {values}) {newest}", [*rows, unit.pk, cumulative, before]
        )
        return [row[0] for row in cursor.fetchall() if row[0] is not None]

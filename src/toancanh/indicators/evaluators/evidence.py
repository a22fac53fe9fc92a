"""Computes one cell again from the rows it rests on, and finds those rows: the working half of a proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from toancanh.indicators.evaluators import figures, series
from toancanh.indicators.evaluators.ledger import Found, Ledger
from toancanh.indicators.evaluators.places import Places
from toancanh.indicators.evaluators.rows import Asked
from toancanh.indicators.models import Cell
from toancanh.indicators.wording import formula
from toancanh.kernel.contracts import Figures, Indicator
from toancanh.kernel.expressions import NOW, Condition
from toancanh.kernel.measures import Growth, Leaf, Outcome, Reported, Series, Stock, leaves, outcome, percent_change
from toancanh.kernel.periods import Period
from toancanh.kernel.text import Text
from toancanh.store.evaluate import evaluate, nothing
from toancanh.store.figures import figure_rows
from toancanh.store.groups import ByAgency, ByArea, ByColumn, Group, Whole
from toancanh.store.rows import StoredRow, drill, drill_count


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the calculation: its words, its period, its value, and which rows it rests on."""

    title: Text
    period: Period
    value: float | None
    rows: int = 0
    leaf: Leaf | None = None
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What came out when the cell was computed again."""

    outcome: Outcome
    parts: tuple[Part, ...] = ()
    limits: dict[str, object] = field(default_factory=dict)  # what the rows are limited to, for `rows_of`


def again(cell: Cell, indicator: Indicator) -> Evidence:
    """The cell computed from the deliveries it rests on, at the moment it was computed. Raises `StoreUnavailable`."""
    if isinstance(indicator.dataset, Figures):
        return _from_figures(cell, indicator, indicator.dataset)
    if isinstance(indicator.measure, Series):
        return _from_series(cell, indicator, indicator.measure)
    return _from_rows(cell, indicator)


def rows_of(
    cell: Cell, indicator: Indicator, evidence: Evidence, part: int, limit: int, offset: int
) -> tuple[list[StoredRow], int]:
    """Some of the rows behind one part of the evidence, and how many there are."""
    if not evidence.parts:
        return [], 0
    chosen = evidence.parts[min(part, len(evidence.parts) - 1)]
    if chosen.found is not None:
        stated = [_as_stored(row, cell) for row in chosen.found.rows()]
        return stated[offset : offset + limit], len(stated)
    where, asked = _selection(cell, indicator, chosen, evidence.limits)
    return drill(indicator.dataset, where, limit=limit, offset=offset, **asked), chosen.rows  # type: ignore[arg-type]


def _from_figures(cell: Cell, indicator: Indicator, dataset: Figures) -> Evidence:
    period, key = cell.period, cell.unit.key
    years = {period.year - 1, period.year, period.last_day.year}
    stated = figure_rows(dataset, figures.items_of(indicator), years=years, known_seq=cell.last_seq or None)
    ledger = Ledger(stated, Places(), dataset.regime)
    value = figures.evaluate(indicator, key, period, ledger)
    sides = [period, period.same_last_year()] if isinstance(indicator.measure, Growth) else [period]
    parts = [_stated_part(leaf, key, side, ledger, indicator) for side in sides for leaf in leaves(indicator.measure)]
    return Evidence(value.outcome if value else Outcome(None), tuple(parts))


def _stated_part(leaf: Leaf, key: str, period: Period, ledger: Ledger, indicator: Indicator) -> Part:
    assert isinstance(leaf, Reported)
    found = ledger.find(leaf, key, period)
    count = sum(1 for _ in found.rows()) if found else 0
    return Part(formula(leaf, indicator.dataset), period, found.value if found else None, count, leaf, found)


def _from_rows(cell: Cell, indicator: Indicator) -> Evidence:
    period, measure = cell.period, indicator.measure
    group, subject, limits = _group(cell)
    growing = isinstance(measure, Growth)
    sides = [period, period.same_last_year()] if growing else [period]
    wanted = list(dict.fromkeys(leaves(measure)))
    answer = evaluate(indicator.dataset, wanted, sides, group, now=cell.computed_at, known_seq=cell.last_seq or None)
    known = {side: answer.get((subject, side)) or nothing(wanted) for side in sides}
    parts = [_counted_part(cell, indicator, leaf, side, known[side][leaf], limits) for side in sides for leaf in wanted]
    if isinstance(measure, Growth):
        now, before = (outcome(measure.of, known[side]).value for side in sides)
        return Evidence(percent_change(now, before), tuple(parts), limits)
    return Evidence(outcome(measure, known[period]), tuple(parts), limits)


def _counted_part(
    cell: Cell, indicator: Indicator, leaf: Leaf, period: Period, value: float | None, limits: dict[str, object]
) -> Part:
    part = Part(formula(leaf, indicator.dataset), period, value, 0, leaf)
    where, asked = _selection(cell, indicator, part, limits)
    return Part(part.title, period, value, drill_count(indicator.dataset, where, **asked), leaf)  # type: ignore[arg-type]


def _from_series(cell: Cell, indicator: Indicator, measure: Series) -> Evidence:
    places, key, period = Places(), cell.unit.key, cell.period
    areas = frozenset(places.territory(key)) if key != settings.ROOT_UNIT else frozenset()
    asked = Asked(
        indicator.dataset, areas or frozenset({key}), frozenset(), settings.ROOT_UNIT, places, cell.computed_at, cell.last_seq,
        known_seq=cell.last_seq or None,
    )  # fmt: skip
    found = {(place.unit, place.dimension): value.outcome for place, value in series.values(asked, indicator, [period])}
    limits: dict[str, object] = {"areas": sorted(areas)} if areas else {}
    name, _, station = cell.dimension.partition("=")
    limits |= {"column_equals": {name: station}} if station else {}
    part = Part(formula(measure, indicator.dataset), period, found.get((cell.unit_id, cell.dimension), Outcome(None)).value)
    where, what = _selection(cell, indicator, part, limits)
    whole = Part(part.title, period, part.value, drill_count(indicator.dataset, where, **what))  # type: ignore[arg-type]
    return Evidence(found.get((cell.unit_id, cell.dimension), Outcome(None)), (whole,), limits)


def _group(cell: Cell) -> tuple[Group, str, dict[str, object]]:
    """How the store is asked for this cell, the name of its answer, and the same limits for its rows."""
    places, key = Places(), cell.unit.key
    if cell.dimension:
        name, _, value = cell.dimension.partition("=")
        return ByColumn(name), value, {"column_equals": {name: value}}
    if places.is_agency(key):
        return ByAgency(), key, {"agency": key}
    if key == settings.ROOT_UNIT:
        return Whole(key), key, {}
    areas = places.territory(key)
    return ByArea(dict.fromkeys(areas, key)), key, {"areas": areas}


def _selection(
    cell: Cell, indicator: Indicator, part: Part, limits: dict[str, object]
) -> tuple[Condition | None, dict[str, object]]:
    """The condition and the limits that pick the rows of a part."""
    start, end = part.period.interval()
    asked: dict[str, object] = limits | {"known_seq": cell.last_seq or None, "now": min(end, cell.computed_at)}
    leaf = part.leaf
    if isinstance(leaf, Stock):
        alive = leaf.begins.at_most(NOW) & ~leaf.ends.at_most(NOW)
        return (alive if leaf.where is None else alive & leaf.where), asked
    if isinstance(indicator.measure, Series):
        return None, asked | {"interval": (end - timedelta(hours=indicator.measure.hours), end)}
    at = getattr(leaf, "at", None)
    asked |= {"interval": (start, end), "column": at.name if at else None}
    return getattr(leaf, "where", None), asked


def _as_stored(row: object, cell: Cell) -> StoredRow:
    names = ("item", "area", "period", "value", "status", "note")
    received: datetime = cell.known_from  # the delivery's own time is looked up by whoever shows it
    return StoredRow({name: getattr(row, name) for name in names}, row.seq, row.line, received)  # type: ignore[attr-defined]

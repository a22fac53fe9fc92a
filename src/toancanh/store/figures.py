"""Reported figures as they stand: the latest report of each item, area and period."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from toancanh.kernel.contracts import Figures
from toancanh.kernel.periods import Period
from toancanh.store import catalogue, engine
from toancanh.store.compiler.bound import Bound
from toancanh.store.compiler.current import current


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: value (None: stated as not available), status (None: not stated), and the delivery and line that state it."""

    item: str
    area: str
    period: Period
    value: float | None
    status: str | None
    note: str | None
    seq: int
    line: int


_COLUMNS = ("item", "area", "period", "period_from", "period_to", "value", "status", "note", "_seq", "_line")


def figure_rows(
    dataset: Figures, items: Collection[str] | None = None, *, years: Iterable[int] | None = None,
    periods: Iterable[Period] | None = None, areas: Collection[str] | None = None, known_seq: int | None = None,
) -> list[FigureRow]:
    """The figures of `items` (all when None) for areas and periods, oldest period first.

    `years`: every period that has a day in one of them; `periods`: just these; neither: all. `known_seq` leaves out later
    deliveries.
    """
    bound, visible = Bound(), list[str]()
    if items is not None:
        visible.append(f"item IN {bound.texts(items)}")
    if areas is not None:
        visible.append(f"area IN {bound.texts(areas)}")
    if periods is not None:
        visible.append(f"period IN {bound.texts({each.code for each in periods})}")
    if years is not None:
        visible.append(_of_years(years, bound))
    rows = current(dataset, bound, columns=_COLUMNS, known_seq=known_seq, visible=visible)
    known: dict[str, Period] = {}
    found = []
    for item, area, code, value, status, note, seq, line in engine.query(catalogue.FIGURES.sql(current=rows), bound.values):
        period = known.get(code) or known.setdefault(code, Period.parse(code, dataset.regime))
        found.append(FigureRow(item, area, period, value, status, note, seq, line))
    return found


def _of_years(years: Iterable[int], bound: Bound) -> str:
    numbers = bound.wholes(sorted(set(years)))
    return f"arrayExists(year -> year >= toYear(period_from) AND year <= toYear(period_to), {numbers})"

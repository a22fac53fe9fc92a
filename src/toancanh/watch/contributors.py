"""Who makes the difference: the parts of an alert's value that lie furthest on the bad side.

The difference is that which the rule judges: from the target, or from what was before where it judges a change or a season.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from toancanh.indicators.models import Cell
from toancanh.indicators.queries import by_dimension, by_unit, series
from toancanh.kernel.conditions import earlier_periods
from toancanh.kernel.contracts import Good, Indicator, Level
from toancanh.kernel.periods import Period
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.watch.definitions import watched
from toancanh.watch.models import Alert

Parts = Sequence[tuple[str, Text, Cell]]  # (what it is known by from period to period, its name, its value)
Read = Callable[[Period], Parts]


@dataclass(frozen=True, slots=True)
class Contributor:
    """A part that makes much of the difference: `name`, its value and its share of the whole (None where parts do not add up)."""

    name: Text
    value: float
    share: float | None
    cell: int


def contributors(actor: Actor, alert: Alert, top: int = 5) -> dict[str, list[Contributor]]:
    """The units inside ("") and the values of each breakdown (its column) that make most of the difference, the worst first.

    None of a part or a record: of these no smaller parts are kept.
    """
    indicator = registry.indicator(alert.indicator)
    cell = Cell.objects.filter(pk=alert.cell).first() if alert.cell else None
    if indicator is None or cell is None or alert.subject or not actor.can(Action.VIEW, registry.pack_of(indicator).code):
        return {}
    rule = watched([alert.rule]).get(alert.rule)
    earlier = earlier_periods(rule.rule.condition, cell.period) if rule else ()
    whole = [one for each in earlier for one in series(actor, indicator.code, alert.unit, each, each)]
    found = {}
    for name, read in _ways(actor, alert, indicator).items():
        now, before = read(cell.period), _usual(read, earlier)
        pulls = _moved(now, before, _rises(cell, whole)) if earlier else _off(now, indicator)
        found[name] = _worst(pulls, top)
    return {name: parts for name, parts in found.items() if parts}


_LEVEL_INSIDE = {Level.COUNTRY: Level.PROVINCE, Level.REGION: Level.PROVINCE, Level.PROVINCE: Level.COMMUNE}


def _ways(actor: Actor, alert: Alert, indicator: Indicator) -> dict[str, Read]:
    """How the value of a period divides into parts."""
    ways: dict[str, Read] = {}
    inside = _LEVEL_INSIDE.get(Level(alert.unit.level))
    if inside is not None:

        def by_place(period: Period) -> Parts:
            rows = by_unit(actor, indicator.code, inside, period, within=alert.unit)
            return [(each.unit.key, each.unit.short, each.cell) for each in rows if each.cell is not None]

        ways[""] = by_place
    for column in indicator.by:

        def by_column(period: Period, column: str = column.name) -> Parts:
            rows = by_dimension(actor, indicator.code, column, period, unit=alert.unit)
            return [(name, Text(name, name), cell) for name, cell in rows]

        ways[column.name] = by_column
    return ways


def _usual(read: Read, earlier: Sequence[Period]) -> dict[str, float]:
    """What each part was in the periods that the rule looks back at: the middle of them."""
    known: dict[str, list[float]] = {}
    for period in earlier:
        for key, _, cell in read(period):
            if cell.value is not None:
                known.setdefault(key, []).append(cell.value)
    return {key: median(values) for key, values in known.items()}


def _rises(cell: Cell, whole: Sequence[Cell]) -> bool:
    before = [each.value for each in whole if each.value is not None]
    return cell.value is not None and bool(before) and cell.value > median(before)


def _moved(parts: Parts, before: dict[str, float], rises: bool) -> list[tuple[float, Text, Cell]]:
    """How much of the movement each part makes, of those that moved with the whole; of a part that is new nothing is known."""
    sign = 1.0 if rises else -1.0
    moves = [
        (sign * (cell.value - before[key]) * (cell.denominator or 1.0), name, cell)
        for key, name, cell in parts if cell.value is not None and key in before
    ]  # fmt: skip
    return [each for each in moves if each[0] > 0]


def _off(parts: Parts, indicator: Indicator) -> list[tuple[float, Text, Cell]]:
    """Of a rate: whose missing (or surplus) records weigh most. Of an amount: the largest, the smallest where more is good."""
    sign = 1.0 if indicator.good is Good.DOWN else -1.0
    return [
        (sign * (cell.value - (cell.target if cell.target is not None else 0.0)) * (cell.denominator or 1.0), name, cell)
        for _, name, cell in parts if cell.value is not None
    ]  # fmt: skip


def _worst(pulls: Sequence[tuple[float, Text, Cell]], top: int) -> list[Contributor]:
    judged = sorted(pulls, key=lambda each: each[0], reverse=True)
    whole = sum(max(pull, 0.0) for pull, _, _ in judged)
    return [
        Contributor(name, cell.value or 0.0, max(pull, 0.0) / whole if whole > 0 else None, cell.pk)
        for pull, name, cell in judged[:top]
    ]

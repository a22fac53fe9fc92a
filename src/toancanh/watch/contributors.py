"""Who makes the difference: the parts of an alert's value that lie furthest on the bad side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toancanh.indicators.models import Cell
from toancanh.indicators.queries import by_dimension, by_unit
from toancanh.kernel.contracts import Good, Indicator, Level
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.watch.models import Alert


@dataclass(frozen=True, slots=True)
class Contributor:
    """A part that makes much of the difference: `name`, its value and its share of the whole (None where parts do not add up)."""

    name: Text
    value: float
    target: float | None
    share: float | None
    cell: int


def contributors(actor: Actor, alert: Alert, top: int = 5) -> dict[str, list[Contributor]]:
    """The units inside ("") and the values of each breakdown (its column) that make most of the difference, the worst first."""
    indicator = registry.indicator(alert.indicator)
    cell = Cell.objects.filter(pk=alert.cell).first() if alert.cell else None
    if indicator is None or cell is None or alert.subject or not actor.can(Action.VIEW, registry.pack_of(indicator).code):
        return {}
    period = cell.period
    found: dict[str, list[Contributor]] = {}
    inside = _LEVEL_INSIDE.get(Level(alert.unit.level))
    if inside is not None:
        pairs = [(each.unit.short, each.cell) for each in by_unit(actor, indicator.code, inside, period, within=alert.unit)]
        found[""] = _worst(indicator, [(name, cell) for name, cell in pairs if cell is not None], top)
    for column in indicator.by:
        rows = by_dimension(actor, indicator.code, column.name, period, unit=alert.unit)
        found[column.name] = _worst(indicator, [(Text(name, name), cell) for name, cell in rows], top)
    return {name: parts for name, parts in found.items() if parts}


_LEVEL_INSIDE = {Level.COUNTRY: Level.PROVINCE, Level.REGION: Level.PROVINCE, Level.PROVINCE: Level.COMMUNE}


def _worst(indicator: Indicator, pairs: Sequence[tuple[Text, Cell]], top: int) -> list[Contributor]:
    """Of a rate: whose missing (or surplus) records weigh most. Of an amount: the largest, the smallest where more is good."""
    judged: list[tuple[float, Contributor]] = []
    for name, cell in pairs:
        value, bottom = cell.value, cell.denominator
        if value is None:
            continue
        target = cell.target
        sign = 1.0 if indicator.good is Good.DOWN else -1.0
        weight = bottom if bottom else 1.0
        pull = sign * (value - (target if target is not None else 0.0)) * weight
        judged.append((pull, Contributor(name, value, target, None, cell.pk)))
    judged.sort(key=lambda pair: pair[0], reverse=True)
    whole = sum(max(pull, 0.0) for pull, _ in judged)
    return [
        Contributor(each.name, each.value, each.target, max(pull, 0.0) / whole if whole > 0 else None, each.cell)
        for pull, each in judged[:top]
    ]

"""Figures for a full centre: every indicator with a year of values, in every condition that a card can say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from toancanh.boards.figures import target_period
from toancanh.boards.selection import Selection
from toancanh.indicators.models import Cell, stored_start
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.registry import registry
from toancanh.units.models import Unit

KEYS = ("sample:MS", "sample:MS01", "sample:MS02", "agency:SYT")
CONDITIONS = ("official", "provisional", "estimate", "automatic")


def give_figures() -> None:
    """Write them: the last three indicators stay without any, every seventh was corrected, every fifth is incomplete."""
    now = timezone.now()
    units = Unit.objects.in_bulk(KEYS, field_name="key")
    told = list(registry.indicators())[:-3]
    made = [each for number, one in enumerate(told) for each in _cells(number, one, list(units.values()), now)]
    Cell.objects.bulk_create(made, ignore_conflicts=True)  # the centre has a value of its own already


def _cells(number: int, indicator: Indicator, units: list[Unit], now: datetime) -> Iterator[Cell]:
    last = target_period(indicator, Selection(now=now))
    periods = [last.shift(-back) for back in range(13)]
    for place, unit in enumerate(units):
        for back, period in enumerate(periods):
            value = 60.0 + (7 * number + 5 * place - back) % 45
            cell = Cell(
                indicator=indicator.code, unit=unit, grain=period.grain.value, cumulative=period.cumulative,
                administrative=period.regime.value == "administrative", period_start=stored_start(period), value=value,
                numerator=value * 3, denominator=300.0, base=300.0, target=75.0, status=CONDITIONS[number % 4], as_of=now,
                coverage_have=9 if number % 5 == 0 else None, coverage_want=11 if number % 5 == 0 else None, computed_at=now,
                known_from=now - timedelta(days=2),
            )  # fmt: skip
            yield cell
            if back == 0 and number % 7 == 0:
                closed = {"value": value - 1, "known_from": now - timedelta(days=9), "known_to": cell.known_from}
                yield Cell(**_fields(cell) | closed)


def _fields(cell: Cell) -> dict[str, object]:
    return {each.attname: getattr(cell, each.attname) for each in cell._meta.concrete_fields if each.name != "id"}

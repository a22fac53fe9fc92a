"""A month to the 14th and a calendar month begin under the same name: they are two periods, and never stand for each other."""

from __future__ import annotations

from typing import Any

import pytest
from tests.indicators.conftest import NOW

from toancanh.indicators.cells import known_months, standing
from toancanh.indicators.models import Cell, stored_start
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.units.models import Unit

CALENDAR = Period.parse("2026-09")
TO_THE_14TH = Period(CALENDAR.start, Grain.MONTH, False, Regime.ADMINISTRATIVE)


@pytest.fixture
def both(units: dict[str, Unit]) -> Unit:
    """One unit with the value of either month, 10 and 14, whole and by channel."""
    unit = next(iter(units.values()))
    for period, amount in ((CALENDAR, 10.0), (TO_THE_14TH, 14.0)):
        for dimension in ("", "channel=1"):
            fields: dict[str, Any] = {"computed_at": NOW, "known_from": NOW, "as_of": NOW, "status": "official"}
            Cell.objects.create(
                indicator="rev", unit=unit, grain="month", cumulative=False, administrative=period is TO_THE_14TH,
                period_start=stored_start(period), dimension=dimension, value=amount, **fields,
            )  # fmt: skip
    return unit


@pytest.mark.parametrize(("month", "amount"), [(CALENDAR, 10.0), (TO_THE_14TH, 14.0)])
def test_the_months_that_are_known_are_those_of_their_own_regime(both: Unit, month: Period, amount: float) -> None:
    found = known_months("rev", {both.pk}, [month])
    assert found[both.pk, ""][month].value == amount


@pytest.mark.parametrize(("month", "other"), [(CALENDAR, TO_THE_14TH), (TO_THE_14TH, CALENDAR)])
def test_a_breakdown_that_stands_is_one_of_its_own_regime(both: Unit, month: Period, other: Period) -> None:
    Cell.objects.filter(administrative=other is TO_THE_14TH, dimension="channel=1").delete()
    assert {each.period for each in standing(["rev"], both.pk, [month, other], "channel")} == {month}

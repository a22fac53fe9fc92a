"""What an indicator can be at all follows from how it is measured, or is declared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from toancanh.kernel.bounds import Bounds, bounds_of
from toancanh.kernel.contracts import Fixed, Indicator, MonthlyPath
from toancanh.kernel.declaration_checks import mistakes
from toancanh.kernel.registry import registry
from toancanh.packs.public_services.pack import PACK as SERVICES


def known(code: str) -> Indicator:
    found = registry.indicator(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "bounds"),
    [
        ("dossiers_received", Bounds(0)),  # a count
        ("dossiers_waiting", Bounds(0)),  # a stock
        ("dossiers_on_time", Bounds(0, 100)),  # a share of a whole, declared
        ("pub_inv_rate", Bounds(0)),  # the share of a plan
        ("budget_rev", Bounds(0)),  # a sum of amounts
        ("grdp_growth", Bounds(-100)),
        ("poverty_rate", Bounds(0, 100)),  # one reported figure: its item's own
        ("air_aqi_day", Bounds(0)),  # a function, declared
        ("fdi_yearly", Bounds()),  # corrections may outweigh what is new
    ],
)
def test_the_bounds_come_from_the_measure_or_the_declaration(code: str, bounds: Bounds) -> None:
    assert bounds_of(known(code)) == bounds


@pytest.mark.parametrize(("value", "holds"), [(0, True), (100, True), (-0.1, False), (100.1, False), (float("nan"), False)])
def test_both_ends_belong_to_it_and_what_is_no_number_does_not(value: float, holds: bool) -> None:
    assert Bounds(0, 100).hold(value) is holds


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target": Fixed(500.0)}, "has the target 500.0"),
        ({"target": MonthlyPath((*[50.0] * 11, 101.0))}, "has the target 101.0"),
        ({"low": 100, "high": 100}, "can be nothing"),
    ],
)
def test_a_pack_that_declares_what_cannot_be_is_refused(changes: dict[str, Any], said: str) -> None:
    wrong = replace(known("dossiers_on_time"), **changes)
    indicators = tuple(wrong if each.code == wrong.code else each for each in SERVICES.indicators)
    assert said in " ".join(what for _, what in mistakes(replace(SERVICES, indicators=indicators)))
    assert not [what for _, what in mistakes(SERVICES)]

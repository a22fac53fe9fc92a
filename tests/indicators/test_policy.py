"""Who may see which values: a permission limited to an agency shows its own values and what it answers for, no more."""

from __future__ import annotations

import pytest
from tests.indicators.conftest import MERGED, Hand
from tests.indicators.sample_pack import CASES, REPORTS
from tests.indicators.test_compute import case, figure

from toancanh.indicators.models import Cell, IndicatorOverride
from toancanh.indicators.policy import visible, within
from toancanh.people.actors import PUBLIC, SYSTEM, StandIn
from toancanh.people.permissions import Permission, reach
from toancanh.people.roles import Action
from toancanh.units.models import Unit

VIEW = frozenset({Action.VIEW})


@pytest.fixture
def sent(hand: Hand, units: dict[str, Unit]) -> dict[str, Unit]:
    """Figures that Finance (S) answers for and records that it handled; T is another agency, that plays no role."""
    hand.send(REPORTS, figure("rev", "2026-10", 100), figure("rev", "2026-10", 40, "A"))
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    return units | {"T": _agency(units["P"])}


def _agency(place: Unit) -> Unit:
    return Unit.objects.create(scheme="t", code="T", level="agency", name="T", full_name="T", parent=place, valid_from=MERGED)


def seen(*permissions: Permission) -> set[tuple[str, str]]:
    """(indicator, unit) of the values that somebody with these permissions sees."""
    actor = StandIn("v", "V", permissions=permissions)
    found = set(visible(Cell.objects.all(), actor).values_list("indicator", "unit__code"))
    every = list(Cell.objects.values_list("indicator", flat=True).distinct())
    places = Unit.objects.filter(pk__in=Cell.objects.values("unit"))
    may = {(code, unit.code) for unit in places for code in within(actor, unit, every)}
    assert found == may.intersection(Cell.objects.values_list("indicator", "unit__code"))  # one rule, asked in two ways
    return found


def test_an_agency_sees_its_own_values_and_the_indicators_it_answers_for(sent: dict[str, Unit]) -> None:
    finance = seen(Permission(VIEW, None, reach(sent["S"])))
    assert {("rev", "P"), ("rev", "A"), ("received", "S"), ("received", "A")} <= finance


def test_an_agency_that_answers_for_nothing_sees_nothing_of_others(sent: dict[str, Unit]) -> None:
    assert seen(Permission(VIEW, None, reach(sent["T"]))) == set()
    assert seen() == set()


def test_what_the_province_gave_to_another_agency_is_seen_no_more(sent: dict[str, Unit]) -> None:
    IndicatorOverride.objects.create(indicator="received", owner="justice")
    finance = seen(Permission(VIEW, None, reach(sent["S"])))
    assert ("received", "S") in finance
    assert ("received", "A") not in finance
    assert ("rev", "A") in finance


def test_the_sides_of_a_permission_hold_together(sent: dict[str, Unit]) -> None:
    assert seen(Permission(VIEW, None, reach(sent["S"]), reach(sent["A"]))) == {
        (code, unit) for code, unit in seen(Permission(VIEW)) if unit in ("A", "XA")
    }  # fmt: skip
    assert seen(Permission(VIEW, "elsewhere", reach(sent["S"]))) == set()


def test_several_permissions_add_up(sent: dict[str, Unit]) -> None:
    both = seen(Permission(VIEW, None, reach(sent["T"])), Permission(VIEW, None, None, reach(sent["B"])))
    assert both == seen(Permission(VIEW, None, None, reach(sent["B"])))
    assert seen(Permission(VIEW, None, reach(sent["T"])), Permission(VIEW)) == seen(Permission(VIEW))


def test_the_system_sees_all_and_the_public_nothing(sent: dict[str, Unit]) -> None:
    assert visible(Cell.objects.all(), SYSTEM).count() == Cell.objects.count()
    assert not visible(Cell.objects.all(), PUBLIC).exists()

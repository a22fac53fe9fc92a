"""Values on the map of a day, and as measured."""

from __future__ import annotations

from datetime import date

import pytest
from tests.indicators.conftest import MERGED, NOW, Hand
from tests.indicators.sample_pack import CASES, REPORTS
from tests.indicators.test_compute import case, figure

from toancanh.indicators.rebased import ValuePoint, Wanted, values
from toancanh.kernel.contracts import Level
from toancanh.kernel.periods import Grain
from toancanh.kernel.problem import Problem
from toancanh.people.actors import SYSTEM
from toancanh.units import register
from toancanh.units.models import Unit, UnitChange

TODAY = NOW.date()


def told(points: list[ValuePoint]) -> list[tuple[str, str, float | None, str]]:
    return [(each.unit.code, each.period.code, each.value, each.method) for each in points]


@pytest.fixture
def history(hand: Hand) -> Hand:
    """The old X and Y reported until June 2025, the new P since."""
    hand.send(REPORTS, figure("rev", "2025-06", 20, "X"), figure("rev", "2025-06", 30, "Y"), figure("rev", "2025-07", 60))
    return hand


def test_as_measured_a_value_stays_under_the_unit_that_existed(history: Hand, units: dict[str, Unit]) -> None:
    found = values(SYSTEM, "rev", Wanted(level=Level.PROVINCE, grain=Grain.MONTH))
    assert told(found) == [("P", "2025-07", 60, "measured"), ("X", "2025-06", 20, "measured"), ("Y", "2025-06", 30, "measured")]


def test_on_todays_map_the_old_provinces_are_summed(history: Hand, units: dict[str, Unit]) -> None:
    found = values(SYSTEM, "rev", Wanted(unit=units["P"], grain=Grain.MONTH, map_day=TODAY))
    assert told(found) == [("P", "2025-06", 50, "exact"), ("P", "2025-07", 60, "measured")]
    assert found[0].coverage == 1


def test_on_the_old_map_a_new_province_is_not_guessed_apart(history: Hand, units: dict[str, Unit]) -> None:
    found = values(SYSTEM, "rev", Wanted(unit=units["X"], grain=Grain.MONTH, map_day=date(2025, 6, 30)))
    assert told(found) == [("X", "2025-06", 20, "measured")]


def test_a_rate_is_divided_again_on_the_new_map(hand: Hand, units: dict[str, Unit]) -> None:
    late = {"due": "2025-03-03T00:00"}
    lines = [
        case("1", "2025-03-02T08:00", "2025-03-05T08:00", area="t:XA", **late),
        case("2", "2025-03-02T08:00", "2025-03-05T08:00", area="t:XA"),
    ]
    hand.send(CASES, *lines)
    found = values(SYSTEM, "on_time", Wanted(unit=units["A"], grain=Grain.MONTH, map_day=TODAY))
    assert told(found) == [("A", "2025-03", 50, "exact")]
    assert (found[0].numerator, found[0].denominator) == (1, 2)


def test_a_unit_that_holds_an_unknown_part_of_another_is_not_comparable(history: Hand, units: dict[str, Unit]) -> None:
    old = Unit.objects.create(scheme="t", code="Z", level="province", name="Z", full_name="Z", valid_to=date(2025, 6, 30))
    UnitChange.objects.create(before=old, after=units["P"], date=MERGED, kind="split", share=None)
    register.forget()
    history.send(REPORTS, figure("rev", "2025-06", 5, "Z"))
    found = values(SYSTEM, "rev", Wanted(unit=units["P"], grain=Grain.MONTH, map_day=TODAY))
    assert found[0].method == "not_comparable"
    assert found[0].value is None
    assert found[0].reason is not None


def test_growth_is_made_again_from_levels(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(REPORTS, *(figure("rev", f"{year}-06", number, area) for year, area, number in
                         ((2024, "X", 20), (2024, "Y", 30), (2025, "X", 22), (2025, "Y", 38))))  # fmt: skip
    found = values(SYSTEM, "rev_growth", Wanted(unit=units["P"], grain=Grain.MONTH, map_day=TODAY))
    assert [(each.period.code, round(each.value or 0, 6), each.method) for each in found] == [("2025-06", 20, "exact")]


def test_days_bound_the_periods(history: Hand, units: dict[str, Unit]) -> None:
    found = values(
        SYSTEM, "rev", Wanted(unit=units["P"], grain=Grain.MONTH, map_day=TODAY, first=date(2025, 7, 1), last=date(2025, 7, 1))
    )
    assert [each.period.code for each in found] == ["2025-07"]


def test_a_grain_that_is_not_kept_is_a_clear_refusal(history: Hand) -> None:
    with pytest.raises(Problem) as refused:
        values(SYSTEM, "rev", Wanted(grain=Grain.HOUR))
    assert "month" in refused.value.detail.en

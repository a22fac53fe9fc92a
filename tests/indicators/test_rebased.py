"""Values on the map of a day, and as measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.indicators.conftest import MERGED, NOW, Hand
from tests.indicators.sample_pack import CASES, REPORTS
from tests.indicators.test_compute import case, figure

from toancanh.indicators.measured import Page
from toancanh.indicators.models import Cell
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


def test_a_unit_that_took_another_in_and_kept_its_key_is_both_of_them_before(hand: Hand, units: dict[str, Unit]) -> None:
    taken = Unit.objects.create(scheme="t", code="Z", level="province", name="Z", full_name="Z", valid_to=date(2025, 12, 31))
    UnitChange.objects.create(before=taken, after=units["P"], date=date(2026, 1, 1), kind="merge", share=1.0)
    register.forget()
    hand.send(REPORTS, figure("rev", "2025-08", 60), figure("rev", "2025-08", 5, "Z"), figure("rev", "2026-01", 70))
    found = values(SYSTEM, "rev", Wanted(unit=units["P"], grain=Grain.MONTH, map_day=TODAY))
    assert told(found) == [("P", "2025-08", 65, "exact"), ("P", "2026-01", 70, "measured")]
    before = values(SYSTEM, "rev", Wanted(unit=units["P"], grain=Grain.MONTH, map_day=date(2025, 12, 31)))
    assert told(before) == [("P", "2025-08", 60, "measured"), ("P", "2026-01", None, "not_comparable")]
    assert before[1].reason is not None
    assert "took in other places" in before[1].reason.en


def test_a_merger_still_to_come_changes_nothing_of_the_month_that_runs(
    hand: Hand, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    merger = date(2026, 11, 28)
    Unit.objects.filter(pk=units["B"].pk).update(valid_to=merger - timedelta(days=1))
    UnitChange.objects.create(before=units["B"], after=units["A"], date=merger, kind="merge", share=1.0)
    register.forget()
    hand.send(REPORTS, figure("rev", "2026-11", 60, "A"), figure("rev", "2026-11", 5, "B"))
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    wanted = Wanted(level=Level.COMMUNE, grain=Grain.MONTH, map_day=TODAY)
    assert told(values(SYSTEM, "rev", wanted)) == [("A", "2026-11", 60, "measured"), ("B", "2026-11", 5, "measured")]
    after = replace(wanted, map_day=merger)
    assert told(values(SYSTEM, "rev", after)) == [("A", "2026-11", 65, "exact")]
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=20))
    assert told(values(SYSTEM, "rev", wanted))[0] == ("A", "2026-11", None, "not_comparable"), "measured with what it took in"
    assert told(values(SYSTEM, "rev", replace(wanted, known=NOW + timedelta(days=1))))[0] == ("A", "2026-11", 60, "measured")


def test_a_map_asks_no_more_of_the_database_for_more_periods(hand: Hand, units: dict[str, Unit]) -> None:
    counts = []
    for months in (range(1, 2), range(2, 7)):
        hand.send(REPORTS, *(figure("rev", f"2025-{month:02}", 20, area) for month in months for area in ("X", "Y")))
        with CaptureQueriesContext(connection) as asked:
            values(SYSTEM, "rev", Wanted(level=Level.PROVINCE, grain=Grain.MONTH, map_day=TODAY))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_unit_on_the_map_loads_its_forerunners_and_not_all_that_lies_in_it(
    communes: Hand, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    communes.send(REPORTS, figure("rev", "2025-06", 20, "X"), figure("rev", "2025-06", 30, "Y"))
    loaded: list[Cell] = []
    build = Cell.from_db.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(Cell, "from_db", classmethod(lambda of, *given: loaded.append(build(of, *given)) or loaded[-1]))
    values(SYSTEM, "rev", Wanted(unit=units["P"], grain=Grain.MONTH, map_day=TODAY))
    assert {each.unit.code for each in loaded} == {"P", "X", "Y"}


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


LATER = NOW + timedelta(hours=2)
BY_MONTH = Wanted(level=Level.COMMUNE, grain=Grain.MONTH)


@pytest.fixture
def communes(hand: Hand) -> Hand:
    """Five months of A, B and the old XA; one of them revised an hour later."""
    months = [f"2026-{number:02}" for number in range(1, 6)]
    hand.send(REPORTS, *(figure("rev", month, 10, area) for area in ("A", "B") for month in months))
    hand.send(REPORTS, figure("rev", "2025-05", 7, "XA"), figure("rev", "2026-03", 11, "B"), now=NOW + timedelta(hours=1))
    return hand


@pytest.mark.parametrize("known", [None, NOW, LATER])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 50])
def test_pages_joined_are_the_whole(communes: Hand, size: int, known: datetime | None) -> None:
    wanted = replace(BY_MONTH, known=known)
    whole = told(values(SYSTEM, "rev", wanted))
    assert len(whole) == (10 if known == NOW else 11)
    assert [each[:2] for each in whole[:6]] == [("A", f"2026-{n:02}") for n in range(1, 6)] + [("B", "2026-01")]
    joined = [told(values(SYSTEM, "rev", wanted, Page(offset, size))) for offset in range(0, 20, size)]
    assert [each for page in joined for each in page] == whole


@pytest.mark.parametrize("wanted", [Wanted(grain=Grain.MONTH), replace(BY_MONTH, map_day=TODAY)])
def test_one_unit_and_a_map_are_paged_too(communes: Hand, wanted: Wanted) -> None:
    whole = told(values(SYSTEM, "rev", wanted))
    assert len(whole) > 4
    assert told(values(SYSTEM, "rev", wanted, Page(2, 2))) == whole[2:4]


def test_a_page_loads_no_more_than_itself(communes: Hand, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Cell] = []
    build = Cell.from_db.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(Cell, "from_db", classmethod(lambda of, *given: made.append(build(of, *given)) or made[-1]))
    with CaptureQueriesContext(connection) as statements:
        assert len(values(SYSTEM, "rev", BY_MONTH, Page(3, 4))) == 4
    assert len(made) <= 4 + 3, "at most the cells of the page, and of its first unit those before"
    assert len(statements) <= 7


@pytest.mark.parametrize("bounds", [{}, {"first": date(2026, 1, 1)}, {"first": date(2025, 1, 1), "last": date(2026, 11, 1)}])
def test_hours_and_days_of_a_whole_level_on_a_map_need_bounds(hand: Hand, bounds: dict[str, date]) -> None:
    with pytest.raises(Problem) as refused:
        values(SYSTEM, "dust_now", Wanted(level=Level.COMMUNE, grain=Grain.HOUR, map_day=TODAY, **bounds))
    assert refused.value.status == 422
    assert "31" in refused.value.detail.vi
    assert values(SYSTEM, "dust_now", Wanted(level=Level.COMMUNE, grain=Grain.HOUR, map_day=TODAY, first=TODAY, last=TODAY)) == []

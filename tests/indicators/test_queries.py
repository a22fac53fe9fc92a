"""Reads: the newest values, a line, a map, a breakdown, what was known, and who may see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.indicators.conftest import NOW, Hand, cell
from tests.indicators.sample_pack import CASES, REPORTS
from tests.indicators.test_compute import case, figure

from toancanh.indicators import compute, queries, services
from toancanh.indicators.freshness import freshness
from toancanh.indicators.models import Cell
from toancanh.indicators.rebased import Wanted, values
from toancanh.kernel.contracts import Level
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.problem import Problem
from toancanh.people.actors import PUBLIC, SYSTEM, StandIn
from toancanh.people.permissions import Permission, reach
from toancanh.people.roles import Action
from toancanh.units.models import Unit

MONTH = Period.parse("2026-11")


def viewer(*permissions: Permission) -> StandIn:
    return StandIn("v", "V", permissions=permissions)


def test_the_newest_values_of_many_indicators_take_two_statements(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(REPORTS, figure("rev", "2026-09", 90), figure("rev", "2026-10", 100))
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    with CaptureQueriesContext(
        connection,
    ) as statements:
        found = queries.latest(SYSTEM, ["rev", "received", "waiting", "rev_growth"], units["P"])
    assert {code: (each.value, each.period.code) for code, each in found.items()} == {
        "rev": (100, "2026-10"), "received": (1, "2026-11"), "waiting": (1, "2026-11"),
    }  # fmt: skip
    assert len(statements) == 2


def test_the_newest_value_until_a_day(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(REPORTS, figure("rev", "2026-09", 90), figure("rev", "2026-10", 100))
    assert queries.latest(SYSTEM, ["rev"], units["P"], until=date(2026, 9, 30))["rev"].value == 90
    assert queries.latest_period(SYSTEM, "rev", Grain.MONTH, unit=units["P"]).code == "2026-10"


def test_a_line_runs_from_first_to_last_and_leaves_gaps_out(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(REPORTS, figure("rev", "2026-07", 70), figure("rev", "2026-09", 90))
    found = queries.series(SYSTEM, "rev", units["P"], Period.parse("2026-06"), Period.parse("2026-10"))
    assert [(each.period.code, each.value) for each in found] == [("2026-07", 70), ("2026-09", 90)]


def test_a_line_as_it_was_known_at_a_moment(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    hand.send(REPORTS, figure("rev", "2026-10", 103), now=NOW + timedelta(hours=2))
    period = Period.parse("2026-10")
    known = [
        queries.series(SYSTEM, "rev", units["P"], period, period, known=NOW + timedelta(hours=hours)) for hours in (-1, 1, 3)
    ]
    assert [[each.value for each in line] for line in known] == [[], [100], [103]]
    assert [each.value for each in queries.versions(SYSTEM, "rev", units["P"], period)] == [103, 100]


def test_a_map_holds_every_unit_also_those_without_a_value(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    found = queries.by_unit(SYSTEM, "received", Level.COMMUNE, MONTH, on=date(2026, 11, 22))
    assert [(each.unit.code, each.cell.value if each.cell else None) for each in found] == [("A", 1), ("B", None)]


def test_a_map_of_the_agencies(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    found = queries.by_unit(SYSTEM, "received", Level.AGENCY, MONTH)
    assert [(each.unit.code, each.cell.value) for each in found] == [("S", 1)]


def test_a_breakdown_comes_largest_first(hand: Hand) -> None:
    hand.send(
        CASES, case("1", "2026-11-02T08:00"), case("2", "2026-11-02T08:00", kind="k2"), case("3", "2026-11-02T08:00", kind="k2")
    )
    found = queries.by_dimension(SYSTEM, "received", "kind", MONTH)
    assert [(name, each.value) for name, each in found] == [("k2", 2), ("k1", 1)]
    assert len(queries.by_dimension(SYSTEM, "received", "kind", MONTH, top=1)) == 1


def test_an_unknown_indicator_is_a_clear_refusal(hand: Hand, units: dict[str, Unit]) -> None:
    with pytest.raises(Problem) as refused:
        queries.series(SYSTEM, "nope", units["P"], MONTH, MONTH)
    assert refused.value.status == 404


def test_values_are_seen_within_the_field_and_the_area_granted(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"), case("2", "2026-11-02T08:00", area="t:B"))
    in_a = viewer(Permission(frozenset({Action.VIEW}), "tried", None, reach(units["A"])))
    elsewhere = viewer(Permission(frozenset({Action.VIEW}), "other"))
    found = queries.by_unit(in_a, "received", Level.COMMUNE, MONTH)
    assert [(each.unit.code, each.cell is not None) for each in found] == [("A", True), ("B", False)]
    assert queries.latest(in_a, ["received"], units["P"]) == {}
    assert queries.latest(elsewhere, ["received"], units["P"]) == {}
    assert queries.find(PUBLIC, Cell.objects.first().pk) is None
    with pytest.raises(Problem) as refused:
        queries.by_unit(elsewhere, "received", Level.COMMUNE, MONTH)
    assert refused.value.status == 403


def test_a_target_that_the_province_sets_holds_at_once_and_is_kept_for_later_values(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00", done="2026-11-05T08:00"))
    services.set_target(SYSTEM, "on_time", 2026, [97], unit=units["A"], basis="NQ 1")
    assert (cell("on_time", "A", "2026-11").target, cell("on_time", "P", "2026-11").target) == (97, 90)
    hand.send(CASES, case("2", "2026-11-02T08:00", done="2026-11-06T08:00", due="2026-11-05T00:00"), now=NOW + timedelta(hours=1))
    assert (cell("on_time", "A", "2026-11").value, cell("on_time", "A", "2026-11").target) == (50, 97)


@pytest.mark.django_db(transaction=True)
def test_a_target_that_is_withdrawn_leaves_the_reported_plan_or_the_provinces_own(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(REPORTS, figure("rev_plan", "2026", 1200), figure("rev", "2026-06", 500))
    declared = cell("rev", "P", "2026-06").target
    everywhere = services.set_target(SYSTEM, "rev", 2026, [70])
    own = services.set_target(SYSTEM, "rev", 2026, [80], unit=units["P"])
    services.withdraw_target(SYSTEM, own, reason="Hết hiệu lực")
    assert cell("rev", "P", "2026-06").target == 70
    services.withdraw_target(SYSTEM, everywhere, reason="Hết hiệu lực")
    assert declared == pytest.approx(100)
    assert cell("rev", "P", "2026-06").target == declared


def test_setting_a_target_is_audited_and_needs_the_right(hand: Hand) -> None:
    from toancanh.audit.models import AuditEntry

    services.set_target(SYSTEM, "on_time", 2026, [97])
    assert AuditEntry.objects.get().action == "indicators.set_target"
    with pytest.raises(Problem) as refused:
        services.set_target(viewer(Permission(frozenset({Action.VIEW}))), "on_time", 2026, [97])
    assert refused.value.status == 403
    with pytest.raises(Problem) as wrong:
        services.set_target(SYSTEM, "on_time", 2026, [1, 2])
    assert wrong.value.status == 422


def test_a_wider_tolerance_changes_the_status(hand: Hand) -> None:
    hand.send(
        CASES,
        *(
            case(str(n), "2026-11-02T08:00", done="2026-11-05T08:00", due=f"2026-11-0{4 if n == 0 else 9}T00:00")
            for n in range(5)
        ),
    )
    found = cell("on_time", "A", "2026-11")
    assert (found.value, queries.assessment(found).kind) == (80, "bad")
    services.override(SYSTEM, "on_time", tolerance=0.2)
    assert queries.assessment(found).kind == "warn"
    services.override(SYSTEM, "on_time", tolerance=None)
    assert queries.assessment(found).kind == "bad"


def test_freshness_says_how_far_the_data_reach_and_who_owes_the_next(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(CASES, case("1", "2026-11-22T08:00"))
    soon, later = (freshness(SYSTEM, "received", units["P"], NOW + timedelta(hours=hours)) for hours in (1, 2))
    assert (soon.late, later.late) == (False, True)
    assert soon.owner == units["S"]
    assert freshness(SYSTEM, "rev", units["P"], NOW).late, "nothing came at all"


def test_every_read_of_values_descends_an_index(hand: Hand, units: dict[str, Unit]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read in SQLite's words; the indexes are the same")
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    with CaptureQueriesContext(connection) as statements:
        queries.latest(SYSTEM, ["received", "waiting"], units["P"])
        queries.series(SYSTEM, "received", units["P"], Period.parse("2026-01"), MONTH, known=NOW)
        queries.by_unit(SYSTEM, "received", Level.COMMUNE, MONTH)
        queries.by_dimension(SYSTEM, "received", "kind", MONTH)
        queries.versions(SYSTEM, "received", units["P"], MONTH)
        hand.send(CASES, case("2", "2026-11-03T08:00"), now=NOW + timedelta(hours=1))
        compute.follow_the_clock(NOW + timedelta(hours=2))
    reads = [each["sql"] for each in statements.captured_queries if 'FROM "indicators_cell"' in each["sql"]]
    assert len(reads) > 6
    with connection.cursor() as cursor:
        for sql in reads:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            scans = [row[3] for row in cursor.fetchall() if row[3].startswith(("SCAN indicators_cell", "SCAN c"))]
            assert not scans, f"{scans} in {sql}"


def test_values_on_a_map_and_as_measured_are_searched_by_form_and_dimension_too(hand: Hand, units: dict[str, Unit]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read in SQLite's words; the indexes are the same")
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    with CaptureQueriesContext(connection) as statements:
        values(SYSTEM, "received", Wanted(unit=units["P"]))
        values(SYSTEM, "received", Wanted(unit=units["P"], map_day=NOW.date()))
        values(SYSTEM, "received", Wanted(level=Level.COMMUNE, map_day=NOW.date()))
    reads = [each["sql"] for each in statements.captured_queries if 'FROM "indicators_cell"' in each["sql"]]
    assert len(reads) == 3
    with connection.cursor() as cursor:
        for sql in reads:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = " ".join(row[3] for row in cursor.fetchall())
            form = "grain=? AND cumulative=? AND dimension=? AND administrative=? AND period_start>?"
            assert form in steps, f"{steps} in {sql}"

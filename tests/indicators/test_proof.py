"""A value proves itself: formula in words, parts, rows with their delivery, and the same value computed again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.indicators.conftest import NOW, Hand, at, cell
from tests.indicators.sample_pack import AIR, CASES, REPORTS
from tests.indicators.test_compute import case, figure, reading

from toancanh.indicators.models import Cell
from toancanh.indicators.proof import Proof, proof
from toancanh.intake.models import Delivery, Source
from toancanh.kernel.problem import Problem
from toancanh.people.actors import PUBLIC, SYSTEM, StandIn
from toancanh.people.permissions import Permission, reach
from toancanh.people.roles import Action
from toancanh.units.models import Unit


def proved(indicator: str, unit: str, code: str, dimension: str = "", **more: int) -> Proof:
    found = cell(indicator, unit, code, dimension)
    assert found is not None
    return proof(SYSTEM, found.pk, **more)


def test_a_reported_year_shows_its_months_and_their_deliveries(hand: Hand) -> None:
    source = Source.objects.create(code="tax", title_vi="Thuế", title_en="Tax", datasets=["tried_reports"])
    Delivery.objects.create(
        pk=1, source=source, dataset="tried_reports", once="1", content_hash="x", via="push", sender="may-thue",
        content_type="text/csv", filename="t10.csv", kept="k", size=1, received_at=NOW, received=2, accepted=2, quarantined=0,
    )  # fmt: skip
    hand.send(REPORTS, figure("rev", "2026-09", 100), figure("rev", "2026-10", 120))
    found = proved("rev", "P", "2026")
    assert (found.recomputed_value, found.equal, found.row_count) == (220, True, 2)
    assert [(row.values["value"], row.line, row.source.vi, row.sender, row.filename) for row in found.rows] == [
        (100, 1, "Thuế", "may-thue", "t10.csv"), (120, 2, "Thuế", "may-thue", "t10.csv"),
    ]  # fmt: skip


def test_growth_shows_both_years(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2025-05", 20, "X"), figure("rev", "2025-05", 30, "Y"), figure("rev", "2026-05", 60))
    found = proved("rev_growth", "P", "2026-05", part=1)
    assert [(each.period.code, each.value, each.rows) for each in found.parts] == [("2026-05", 60, 1), ("2025-05", 50, 2)]
    assert {row.values["area"] for row in found.rows} == {"t:X", "t:Y"}
    assert found.equal


def test_a_rate_over_records_shows_both_sides_and_their_rows(hand: Hand) -> None:
    done = [
        case("1", "2026-11-02T08:00", "2026-11-05T08:00"),
        case("2", "2026-11-02T08:00", "2026-11-06T08:00", due="2026-11-05T00:00"),
    ]
    hand.send(CASES, *done, case("3", "2026-11-03T08:00"))
    found = proved("on_time", "A", "2026-11", part=1)
    assert [(each.value, each.rows) for each in found.parts] == [(1, 1), (2, 2)]
    assert {row.values["code"] for row in found.rows} == {"1", "2"}
    assert found.equal
    assert found.formula.vi == (
        "[số bản ghi Chữ mà “Ngày trả” không quá “Hạn”, theo “Ngày trả” trong kỳ] chia cho "
        "[số bản ghi Chữ, theo “Ngày trả” trong kỳ], nhân 100"
    )


def test_rows_are_paged(hand: Hand) -> None:
    hand.send(CASES, *(case(f"{number:02}", "2026-11-02T08:00") for number in range(30)))
    first, second = (proved("received", "P", "2026-11", limit=20, offset=offset) for offset in (0, 20))
    assert (len(first.rows), len(second.rows), first.row_count) == (20, 10, 30)


@pytest.mark.parametrize(("unit", "dimension"), [("P", ""), ("C", ""), ("S", ""), ("P", "kind=k1")])
def test_each_kind_of_unit_and_breakdown_is_proved(hand: Hand, unit: str, dimension: str) -> None:
    hand.send(
        CASES, case("1", "2026-11-02T08:00"), case("2", "2026-11-02T08:00", kind="k2"), case("3", "2026-11-03T08:00", area="t:B")
    )
    found = proved("received", unit, "2026-11", dimension)
    assert found.equal
    assert found.row_count == found.cell.value


def test_a_stock_shows_what_is_alive(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-08-02T08:00", done="2026-10-05T08:00"), case("2", "2026-09-02T08:00"))
    found = proved("waiting", "P", "2026-11")
    assert [row.values["code"] for row in found.rows] == ["2"]
    assert found.equal


def test_a_function_of_readings_shows_the_readings_it_looked_at(hand: Hand) -> None:
    hand.send(AIR, *(reading("s1", f"2026-11-20T{hour:02}:00", 10.0 * hour) for hour in (1, 2, 3, 4)))
    found = proved("dust", "A", "2026-11-20T04")
    assert sorted(row.values["dust"] for row in found.rows) == [20, 30, 40]
    assert found.equal
    assert found.formula.vi.startswith("hàm “bụi trung bình” trên 3 giờ")
    assert proved("dust", "P", "2026-11-20T04", "station=s1").equal


def test_a_value_that_stays_until_its_station_reports_is_proved(hand: Hand) -> None:
    hand.send(AIR, reading("s1", "2026-11-20T01:00", 90), reading("s2", "2026-11-20T02:00", 10, "B"))
    for unit in ("A", "B", "P"):
        assert proved("dust", unit, "2026-11-20T02").equal


def test_an_old_version_is_proved_from_what_was_known_then(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    hand.send(REPORTS, figure("rev", "2026-10", 103), now=NOW + timedelta(hours=1))
    old = Cell.objects.get(indicator="rev", grain="month", cumulative=False, known_to__isnull=False)
    assert (proof(SYSTEM, old.pk).recomputed_value, proof(SYSTEM, old.pk).equal) == (100, True)


def test_a_value_that_was_tampered_with_is_found_out(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    Cell.objects.update(value=999)
    assert not proved("rev", "P", "2026-10").equal


def test_whoever_may_not_see_the_value_gets_no_proof(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    with pytest.raises(Problem) as refused:
        proof(PUBLIC, cell("rev", "P", "2026-10").pk)
    assert refused.value.status == 404
    assert at("2026-11-22T10:00") == NOW


def delivered(seq: int, owner: Unit | None, via: str = "push", sender: str = "source:one") -> None:
    """Put delivery `seq` on file, as sent by a source of `owner`."""
    source, _ = Source.objects.get_or_create(code="one", defaults={"title_vi": "Một cửa", "title_en": "Desk", "owner": owner})
    Delivery.objects.create(
        pk=seq, source=source, dataset="tried_cases", once=str(seq), content_hash="x", via=via, sender=sender,
        content_type="text/csv", filename="t.csv", kept="k", size=1, received_at=NOW, received=1, accepted=1, quarantined=0,
    )  # fmt: skip


def applicant_seen_by(*enters: Permission) -> object:
    """What the first row of the proof says of the applicant to somebody who may enter there, and see everything."""
    actor = StandIn("v", "V", permissions=(Permission(frozenset({Action.VIEW})), *enters))
    return proof(actor, cell("received", "A", "2026-11").pk).rows[0].values["applicant"]


def test_personal_fields_are_for_those_who_enter_that_field_for_that_agency_and_place(
    hand: Hand, units: dict[str, Unit]
) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00") | {"applicant": "Lê Thị Hoa"})
    enter = frozenset({Action.ENTER})
    assert applicant_seen_by(Permission(enter)) == "•••"  # nobody knows whose row it is
    delivered(1, units["S"])
    for seeing in (Permission(enter), Permission(enter, "tried", reach(units["S"]), reach(units["A"]))):
        assert applicant_seen_by(seeing) == "Lê Thị Hoa"
    for other in (
        Permission(enter, "elsewhere"), Permission(enter, None, reach(units["C"])),
        Permission(enter, None, None, reach(units["B"])),
    ):  # fmt: skip
        assert applicant_seen_by(other) == "•••"
    assert applicant_seen_by() == "•••"


def test_rows_of_a_source_without_an_agency_are_hidden_from_those_who_enter_for_one(hand: Hand, units: dict[str, Unit]) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00") | {"applicant": "Lê Thị Hoa"})
    delivered(1, None)
    assert applicant_seen_by(Permission(frozenset({Action.ENTER}), None, reach(units["S"]))) == "•••"


def test_who_handed_in_a_file_or_mended_a_row_is_named_and_machines_are_said_to_be_machines(
    hand: Hand, units: dict[str, Unit]
) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    hand.send(CASES, case("2", "2026-11-02T08:00"))
    delivered(1, units["S"])
    assert (proved("received", "A", "2026-11").approver, proved("received", "A", "2026-11").automatic) == ("", True)
    delivered(2, units["S"], "fix", "lan.nguyen")
    found = proved("received", "A", "2026-11")
    assert (found.approver, found.automatic) == ("lan.nguyen", True)
    Delivery.objects.filter(pk=1).update(via="file", sender="minh.tran")
    found = proved("received", "A", "2026-11")
    assert (found.approver, found.automatic) == ("lan.nguyen, minh.tran", False)

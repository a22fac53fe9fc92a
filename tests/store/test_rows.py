"""Rows go in once and come out as they were sent, with their delivery."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.store.datasets import AIR, BUDGET, DOSSIERS, VERSIONED

from toancanh.kernel.expressions import NOW, Column
from toancanh.kernel.periods import Period
from toancanh.store import lifecycle, rows
from toancanh.store.rows import Batch

pytestmark = pytest.mark.usefixtures("store")

T0 = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
RECEIVED = datetime(2026, 3, 5, 2, 0, 0, 123000, tzinfo=UTC)


def dossiers(seq: int, *given: dict[str, object]) -> Batch:
    names = {name for each in given for name in each}
    columns = {name: [each.get(name) for each in given] for name in names}
    return Batch(seq, RECEIVED, list(range(1, len(given) + 1)), columns)


def dossier(code: str, commune: str = "sample:MS01", **values: object) -> dict[str, object]:
    return {
        "dossier_code": code,
        "commune": commune,
        "procedure": "1.005129",
        "received_at": T0,
        "agency": "agency:ubnd",
    } | values


def test_a_row_comes_out_as_it_went_in_with_its_delivery_and_line() -> None:
    given = dossier(
        "H1",
        settled_at=T0 + timedelta(hours=5),
        due_day=date(2026, 3, 9),
        fee=12.5,
        channel="online",
        note="Nguyễn 'A' \\ \t{p0:String}",
        due_at=None,
        paused_hours=None,
    )
    assert rows.append(DOSSIERS, dossiers(7, dossier("H0"), given)) == 2
    found = rows.drill(DOSSIERS, Column("dossier_code").equals("H1"))
    assert [(row.values, row.seq, row.line, row.received_at) for row in found] == [(given, 7, 2, RECEIVED)]


def test_the_same_delivery_landed_twice_counts_once() -> None:
    batch = dossiers(7, dossier("H1", fee=5.0), dossier("H2"))
    rows.append(DOSSIERS, batch)
    rows.append(DOSSIERS, batch, dossiers(8, dossier("H3")))
    assert lifecycle.rows_count(DOSSIERS) == 3
    assert rows.drill_count(DOSSIERS) == 3
    assert len(rows.versions(DOSSIERS, {"dossier_code": "H1"})) == 1
    assert rows.landed(DOSSIERS, [7, 8, 9]) == {7: 2, 8: 1}


def test_a_dataset_that_never_had_a_row_is_empty_not_an_error() -> None:
    lifecycle.drop_all()
    assert rows.drill(DOSSIERS) == []
    assert lifecycle.rows_count(AIR) == 0
    lifecycle.drop_all()
    rows.append(DOSSIERS, dossiers(1, dossier("H1")))
    assert rows.drill_count(DOSSIERS) == 1


def test_the_later_delivery_wins_and_the_later_line_within_one() -> None:
    rows.append(DOSSIERS, dossiers(8, dossier("H1", fee=2.0), dossier("H1", fee=3.0)))
    rows.append(DOSSIERS, dossiers(7, dossier("H1", fee=1.0)))
    assert [row.values["fee"] for row in rows.drill(DOSSIERS)] == [3.0]
    assert [row.values["fee"] for row in rows.drill(DOSSIERS, known_seq=7)] == [1.0]
    assert [row.values["fee"] for row in rows.versions(DOSSIERS, {"dossier_code": "H1"})] == [1.0, 2.0, 3.0]


def test_a_value_that_became_missing_is_missing() -> None:
    rows.append(DOSSIERS, dossiers(1, dossier("H1", settled_at=T0, channel="online")))
    rows.append(DOSSIERS, dossiers(2, dossier("H1")))
    (row,) = rows.drill(DOSSIERS)
    assert row.values["settled_at"] is None
    assert row.values["channel"] is None


def test_a_version_column_decides_before_the_order_of_deliveries() -> None:
    def state(seq: int, changed: datetime | None, fee: float) -> Batch:
        columns = {"dossier_code": ["H1"], "commune": ["a"], "received_at": [T0], "changed_at": [changed], "fee": [fee]}
        return Batch(seq, RECEIVED, [1], columns)

    rows.append(VERSIONED, state(1, None, 1.0))
    rows.append(VERSIONED, state(2, T0 + timedelta(days=2), 2.0))
    rows.append(VERSIONED, state(3, T0 + timedelta(days=1), 3.0))
    rows.append(VERSIONED, state(4, None, 4.0))
    assert [row.values["fee"] for row in rows.drill(VERSIONED)] == [2.0]
    assert [row.values["fee"] for row in rows.drill(VERSIONED, known_seq=1)] == [1.0]


def test_touched_names_where_the_rows_are_and_where_they_were() -> None:
    late = datetime(2026, 2, 28, 18, 30, tzinfo=UTC)  # already 1 March in Viet Nam
    rows.append(
        DOSSIERS, dossiers(1, dossier("H1", "sample:MS01", agency="agency:a", received_at=late), dossier("H2", "sample:MS09"))
    )
    rows.append(DOSSIERS, dossiers(2, dossier("H1", "sample:MS02", agency=None, settled_at=T0 + timedelta(days=3))))
    rows.append(DOSSIERS, dossiers(3, dossier("H1", "sample:MS03", agency="agency:c")))
    for seqs in ([2], [3]):
        touched = rows.touched(DOSSIERS, seqs)
        assert touched.areas == {"sample:MS01", "sample:MS02", "sample:MS03"}
        assert touched.agencies == {"agency:a", "agency:c"}
        assert touched.moments["received_at"] == [date(2026, 3, 1)]
        assert touched.moments["settled_at"] == [date(2026, 3, 4)]
        assert touched.moments["due_day"] == []
        assert touched.hours["received_at"] == [datetime(2026, 2, 28, 18, tzinfo=UTC), datetime(2026, 3, 1, 1, tzinfo=UTC)]
    assert rows.touched(DOSSIERS, []).areas == set()
    assert rows.touched(DOSSIERS, [99]).areas == set()


def test_touched_figures_name_their_periods_and_items() -> None:
    columns = {"item": ["revenue"], "area": ["sample:MS"], "period": [Period.parse("2026-10-ytd")], "value": [5.0]}
    rows.append(BUDGET, Batch(4, RECEIVED, [1], columns))
    touched = rows.touched(BUDGET, [4])
    assert (touched.periods, touched.items, touched.areas) == ({"2026-10-ytd"}, {"revenue"}, {"sample:MS"})


def test_drill_narrows_by_area_agency_value_and_interval_and_counts_what_it_would_show() -> None:
    batch = [
        dossier(
            f"H{number}",
            f"sample:MS0{number % 3}",
            received_at=T0 + timedelta(hours=number),
            channel="online" if number % 2 else None,
        )
        for number in range(12)
    ]
    rows.append(DOSSIERS, dossiers(1, *batch))
    asked = {"areas": ["sample:MS01", "sample:MS02"], "agency": "agency:ubnd", "column_equals": {"channel": "online"}}
    inside = (T0 + timedelta(hours=1), T0 + timedelta(hours=7))
    found = rows.drill(DOSSIERS, order="received_at", interval=inside, **asked)
    assert [row.values["dossier_code"] for row in found] == ["H1", "H5"]
    assert rows.drill_count(DOSSIERS, interval=inside, **asked) == 2
    assert [row.values["dossier_code"] for row in rows.drill(DOSSIERS, limit=2, offset=1)] == ["H10", "H9"]
    assert rows.drill_count(DOSSIERS, Column("received_at").below(NOW), now=T0 + timedelta(hours=3)) == 3
    assert rows.drill_count(DOSSIERS, areas=[]) == 0


def test_drill_does_not_show_a_row_where_it_no_longer_is() -> None:
    rows.append(DOSSIERS, dossiers(1, dossier("H1", "sample:MS01")))
    rows.append(DOSSIERS, dossiers(2, dossier("H1", "sample:MS02")))
    assert rows.drill_count(DOSSIERS, areas=["sample:MS01"]) == 0
    assert rows.drill_count(DOSSIERS, areas=["sample:MS01"], known_seq=1) == 1


def test_a_delivery_can_be_shown_even_where_its_rows_were_replaced() -> None:
    rows.append(DOSSIERS, dossiers(1, dossier("H1"), dossier("H2")), dossiers(2, dossier("H1")))
    assert [(row.line, row.values["dossier_code"]) for row in rows.of_delivery(DOSSIERS, 1)] == [(1, "H1"), (2, "H2")]


def test_a_column_of_the_wrong_length_is_refused_before_anything_is_stored() -> None:
    with pytest.raises(ValueError, match="has 1 values for 2 rows"):
        rows.append(AIR, Batch(1, RECEIVED, [1, 2], {"station": ["a"], "area": ["x", "x"], "at": [T0, T0]}))
    assert lifecycle.span(AIR) == lifecycle.Span(0, None, None, 0)


def test_an_unknown_field_is_a_mistake_in_the_program_and_never_reaches_the_engine() -> None:
    with pytest.raises(ValueError, match="no field"):
        rows.drill(DOSSIERS, Column("x` OR 1=1 --").equals("1"))
    with pytest.raises(ValueError, match="no field"):
        rows.drill(DOSSIERS, order="-nothing")

"""Records that are in a state for long are found, the earliest first, with how many there are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.store.datasets import DOSSIERS
from tests.store.test_rows import T0, dossier, dossiers

from toancanh.kernel.conditions import Stay
from toancanh.kernel.expressions import Column
from toancanh.kernel.text import Text
from toancanh.store import rows
from toancanh.store.lasting import Lasting, Sought, lasting

pytestmark = pytest.mark.usefixtures("store")

DAY = timedelta(days=1)
LATE = Stay(
    code="late", title=Text("quá hẹn", "past its day"), begins=Column("due_at"), ends=Column("settled_at"),
    where=Column("fee").missing(),
)  # fmt: skip


def found(at: datetime, until: datetime | None = None, **more: object) -> list[Lasting]:
    return lasting(DOSSIERS, Sought(LATE, "commune", 3 * DAY, **more), at, until or at)  # type: ignore[arg-type]


def names(rows: list[Lasting]) -> list[str]:
    return [each.key[0] for each in rows]


def test_a_record_is_found_once_it_lasted_long_enough_and_until_it_ends() -> None:
    rows.append(DOSSIERS, dossiers(1, dossier("H1", due_at=T0), dossier("H2", due_at=T0, fee=5.0), dossier("H3")))
    assert found(T0 + 3 * DAY) == []
    assert found(T0 + 3 * DAY + timedelta(hours=1)) == [Lasting("sample:MS01", ("H1",), T0, None, 1)]
    rows.append(DOSSIERS, dossiers(2, dossier("H1", due_at=T0, settled_at=T0 + 5 * DAY)))
    assert names(found(T0 + 4 * DAY)) == ["H1"], "it ended later"
    assert found(T0 + 6 * DAY) == []
    (past,) = found(T0, T0 + 30 * DAY)
    assert (past.begins, past.ends) == (T0, T0 + 5 * DAY)
    assert found(T0 + 6 * DAY, T0 + 30 * DAY) == []


def test_each_place_names_its_earliest_and_counts_them_all() -> None:
    here = [dossier(f"H{number}", due_at=T0 + number * timedelta(hours=1)) for number in range(5)]
    there = [dossier("X1", "sample:MS02", due_at=T0 - DAY), dossier("X2", "sample:MS02", due_at=T0 - 9 * DAY)]
    rows.append(DOSSIERS, dossiers(1, *here, *there))
    at = T0 + 4 * DAY
    few = found(at, each=2)
    assert names(few) == ["X2", "X1", "H0", "H1"]
    assert [each.of for each in few] == [2, 2, 5, 5]
    assert names(found(at, own={"sample:MS02": 10 * DAY, "sample:MS01": 4 * DAY - timedelta(minutes=90)})) == ["X2", "H0", "H1"]

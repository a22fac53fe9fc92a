"""The centre's own values can be computed ahead of all others; both halves together are what one run computes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.indicators.conftest import NOW, Hand, value
from tests.indicators.sample_pack import AIR, CASES, REPORTS
from tests.indicators.test_compute import case, figure, reading

from toancanh.indicators import compute
from toancanh.indicators.models import CURRENT, Cell
from toancanh.kernel.contracts import Dataset

SENT: tuple[tuple[Dataset, tuple[dict[str, Any], ...]], ...] = (
    (REPORTS, (figure("rev", "2026-10", 100), figure("rev", "2026-10", 40, "A"), figure("rev_plan", "2026", 1200))),
    (CASES, (case("1", "2026-08-02T08:00", done="2026-10-05T08:00"), case("2", "2026-11-02T08:00"))),
    (AIR, (reading("s1", "2026-11-20T01:00", 10), reading("s2", "2026-11-20T01:00", 90, "B"))),
)  # fmt: skip


@pytest.mark.parametrize(("dataset", "lines"), SENT, ids=[dataset.code for dataset, _ in SENT])
def test_own_values_are_told_first_and_alone(hand: Hand, dataset: Dataset, lines: tuple[dict[str, Any], ...]) -> None:
    seq = hand.store(dataset, *lines)
    assert compute.recompute_own(dataset.code, [seq], NOW) > 0
    assert {key.partition(":")[2] for event in hand.moved for key in event.keys} == {"t:P"}
    assert set(Cell.objects.values_list("unit__key", "dimension")) == {("t:P", "")}
    own = set(Cell.objects.values_list("pk", flat=True))
    compute.recompute(dataset.code, [seq], NOW + timedelta(seconds=1))
    others = Cell.objects.exclude(pk__in=own)
    assert ("t:P", "") not in set(others.values_list("unit__key", "dimension"))
    assert others.filter(unit__key="t:A").exists()


@pytest.mark.parametrize(("dataset", "lines"), SENT, ids=[dataset.code for dataset, _ in SENT])
def test_both_halves_are_what_one_run_computes(hand: Hand, dataset: Dataset, lines: tuple[dict[str, Any], ...]) -> None:
    columns = ("indicator", "unit", "grain", "period_start", "cumulative", "dimension", "value", "target", "as_of")
    seq = hand.store(dataset, *lines)
    compute.recompute(dataset.code, [seq], NOW)
    whole = sorted(map(str, Cell.objects.filter(CURRENT).values_list(*columns)))
    Cell.objects.all().delete()
    compute.recompute_own(dataset.code, [seq], NOW)
    compute.recompute(dataset.code, [seq], NOW)
    assert sorted(map(str, Cell.objects.filter(CURRENT).values_list(*columns))) == whole


def test_a_load_of_history_has_no_first_half_and_is_computed_whole(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "MANY_DAYS", 2)
    seq = hand.store(CASES, *(case(f"{day}", f"2026-11-{day:02d}T08:00") for day in range(1, 8)))
    assert compute.recompute_own(CASES.code, [seq], NOW) == 0
    compute.recompute(CASES.code, [seq], NOW)
    assert value("received", "P", "2026-11") == value("received", "A", "2026-11") == 7


def test_own_values_of_a_later_delivery_are_computed_again(hand: Hand) -> None:
    for count in (1, 2):
        seq = hand.store(CASES, case(str(count), "2026-11-02T08:00"))
        compute.recompute_own(CASES.code, [seq], NOW + timedelta(minutes=count))
        assert (value("received", "P", "2026-11"), value("received", "A", "2026-11")) == (count, count - 1 or None)
        compute.recompute(CASES.code, [seq], NOW + timedelta(minutes=count))
        assert value("received", "A", "2026-11") == count

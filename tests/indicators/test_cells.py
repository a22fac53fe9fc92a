"""What is compared is read before the transaction that writes: a version that somebody closed in between is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from tests.indicators.conftest import NOW, Hand
from tests.indicators.sample_pack import REPORTS
from tests.indicators.test_compute import figure

from toancanh.indicators import cells, compute
from toancanh.indicators.cells import CHUNK, Changes, Place
from toancanh.indicators.evaluators.value import Value
from toancanh.indicators.models import CURRENT, Cell, TargetOverride
from toancanh.kernel.measures import Outcome
from toancanh.kernel.periods import Period
from toancanh.units.models import Unit

LATER = NOW + timedelta(minutes=5)
OCTOBER = Period.parse("2026-10")
VERSIONS = {"revenue": 1}


@pytest.fixture
def place(hand: Hand) -> Place:
    return Place("revenue", Unit.objects.get(key="t:A").pk, OCTOBER)


def reported(amount: float, status: str = "official") -> Value:
    return Value(Outcome(amount, amount), status, seq=1)


def standing() -> list[tuple[float | None, bool]]:
    return [(cell.value, cell.known_to is None) for cell in Cell.objects.order_by("pk")]


def test_a_value_written_by_two_counts_once_and_the_later_one_hears_of_it(place: Place) -> None:
    found = cells.compare({place: reported(1.0)}, VERSIONS, NOW)
    cells.write({place: reported(2.0)}, VERSIONS, NOW)
    with pytest.raises(IntegrityError):
        cells.save(found, NOW)
    assert standing() == [(2.0, True)]


def test_a_version_closed_by_another_is_not_closed_once_more(place: Place) -> None:
    cells.write({place: reported(1.0)}, VERSIONS, NOW)
    found = cells.compare({place: reported(3.0)}, VERSIONS, LATER)
    cells.write({place: reported(2.0)}, VERSIONS, NOW + timedelta(minutes=1))
    with pytest.raises(IntegrityError):
        cells.save(found, LATER)
    assert standing() == [(1.0, False), (2.0, True)]
    assert Cell.objects.get(value=1.0).known_to == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("what", ["renewed", "dated"])
def test_a_version_that_is_past_meanwhile_is_not_renewed(place: Place, what: str) -> None:
    cells.write({place: reported(1.0)}, VERSIONS, NOW)
    cell = Cell.objects.get()
    again = (None, LATER, 7, cell.pk)
    row = again if what == "dated" else (5.0, 5.0, None, None, None, "automatic", "", None, None, 1, *again)
    Cell.objects.filter(pk=cell.pk).update(known_to=LATER)
    with pytest.raises(IntegrityError):
        cells.save(Changes(**{what: [row]}), LATER)
    assert standing() == [(1.0, False)]


def test_more_cells_than_one_statement_takes_are_all_written(place: Place) -> None:
    days = [Period.parse(f"{year}-{month:02d}") for year in range(1970, 2026) for month in range(1, 13)]
    wanted = {place._replace(period=day): reported(float(number)) for number, day in enumerate(days)}
    assert len(wanted) > CHUNK
    cells.write(wanted, VERSIONS, NOW)
    assert sorted(Cell.objects.filter(CURRENT).values_list("value", flat=True)) == [float(each) for each in range(len(days))]


def test_who_was_overtaken_compares_again_with_the_targets_that_hold_now(
    hand: Hand, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 40, "A"))
    seq = hand.store(REPORTS, figure("rev", "2026-10", 50, "A"))
    compare, tries = cells.compare, list[int]()
    of_october = Cell.objects.filter(indicator="rev", unit=units["A"], grain="month", cumulative=False)

    def then_another(fresh: dict[Place, Value], versions: dict[str, int], now: datetime) -> Changes:
        found = compare(fresh, versions, now)
        if not tries:  # a target is set, and the current version closed, before what was found is written
            TargetOverride.objects.create(indicator="rev", unit=units["A"], year=2026, values=[99.0])
            of_october.filter(CURRENT).update(known_to=NOW)
        tries.append(len(found.closed))
        return found

    monkeypatch.setattr(cells, "compare", then_another)
    compute.recompute(REPORTS.code, [seq], LATER)
    assert len(tries) == 2
    assert [(cell.value, cell.known_to is None) for cell in of_october.order_by("pk")] == [(40, False), (50, True)]
    assert of_october.get(CURRENT).target == 99


def test_others_wait_for_one_portion_at_most(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "PORTION", 2)
    save, sizes = cells.save, list[int]()

    def counted(changes: Changes, now: object) -> None:
        sizes.append(len(changes.added))
        save(changes, NOW)

    monkeypatch.setattr(cells, "save", counted)
    hand.send(REPORTS, figure("rev", "2026-10", 100), figure("rev_plan", "2026", 1200))
    assert len(sizes) > 1
    assert max(sizes) <= 2

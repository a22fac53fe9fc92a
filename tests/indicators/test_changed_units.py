"""Units that change take the values that stand on them along: what is added up over other parts than before is computed anew."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from tests.indicators.conftest import NOW, Hand, value
from tests.indicators.sample_pack import CASES, REPORTS
from tests.indicators.test_compute import case, figure

from toancanh.indicators.events import IndicatorMoved
from toancanh.indicators.models import Cell
from toancanh.intake.models import Delivery, Source
from toancanh.jobs import events
from toancanh.kernel.contracts import Dataset, Level
from toancanh.site.wiring import WIRING
from toancanh.units import services
from toancanh.units.events import UnitsChanged
from toancanh.units.loading.records import UnitRecord
from toancanh.units.models import Unit
from toancanh.units.policy import CommandLine

LAW = "Nghị quyết mẫu"
TYPED = CommandLine()

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told after a commit is told at once: a test's own transaction is never committed."""
    monkeypatch.setattr(transaction, "on_commit", lambda told, **_: told())


@pytest.fixture
def wired(hand: Hand) -> Hand:
    """The hand, with the register's news going where the wiring table sends it."""
    events.wire({IndicatorMoved: [hand.moved.append], UnitsChanged: WIRING[UnitsChanged]})
    for dataset in (CASES, REPORTS):
        Source.objects.create(code=dataset.code, title_vi="S", title_en="S", datasets=[dataset.code])
    return hand


def send(hand: Hand, dataset: Dataset, *lines: dict[str, object]) -> None:
    hand.send(dataset, *lines)
    Delivery.objects.create(
        pk=hand.seq, source=Source.objects.get(code=dataset.code), dataset=dataset.code, once=str(hand.seq), content_hash="x",
        via="push", content_type="text/csv", kept="k", size=1, received_at=NOW, received=1, accepted=1, quarantined=0,
    )  # fmt: skip


def test_an_area_of_ones_own_with_other_members_is_counted_anew(wired: Hand, units: dict[str, Unit]) -> None:
    send(wired, CASES, case("1", "2026-11-02T08:00"), case("2", "2026-11-02T08:00", area="t:B"))
    assert value("received", "C", "2026-11") == 1
    record = UnitRecord(scheme="t", code="C", level=Level.CUSTOM, kind="Khu vực", name="C", full_name="C", parent="t:P")
    services.make_custom_area(TYPED, record, ["t:A", "t:B"])
    assert value("received", "C", "2026-11") == 2
    services.make_custom_area(TYPED, record, ["t:B"])
    assert value("received", "C", "2026-11") == 1


def test_a_new_area_of_ones_own_has_the_values_of_its_past(wired: Hand, units: dict[str, Unit]) -> None:
    send(wired, CASES, case("1", "2026-11-02T08:00"), case("2", "2026-10-02T08:00", area="t:B"))
    moved = len(wired.moved)
    named = {"kind": "Khu vực", "name": "Mới", "full_name": "Khu vực mới"}
    record = UnitRecord(scheme="custom", code="moi", level=Level.CUSTOM, parent="t:P", **named)
    services.make_custom_area(TYPED, record, ["t:B"])
    found = Cell.objects.get(indicator="received", unit__key="custom:moi", grain="month", period_start__month=10, known_to=None)
    assert found.value == 1
    told = {key.partition(":")[2] for event in wired.moved[moved:] for key in event.keys}
    assert "custom:moi" in told
    assert not told & {"t:A", "t:B"}, "values that stand on nothing that changed do not move"


def test_a_part_that_went_over_only_in_part_is_no_longer_added_up_whole(wired: Hand, units: dict[str, Unit]) -> None:
    send(wired, REPORTS, figure("rev", "2025-05", 20, "X"), figure("rev", "2025-05", 30, "Y"))
    assert value("rev", "P", "2025-05") == 50
    services.set_share(TYPED, "t:X", "t:P", 0.4, LAW)
    assert value("rev", "P", "2025-05") is None, "it is re-based when it is looked at, and says that it is weighted"
    services.set_share(TYPED, "t:X", "t:P", 1.0, LAW)
    assert value("rev", "P", "2025-05") == 50


def test_a_merger_entered_late_moves_what_was_counted_since(wired: Hand, units: dict[str, Unit]) -> None:
    send(wired, CASES, case("1", "2026-11-02T08:00"), case("2", "2026-11-02T08:00", area="t:B"),
         case("3", "2026-09-02T08:00", area="t:B"))  # fmt: skip
    services.merge_units(TYPED, ["t:B"], "t:A", date(2026, 10, 1), LAW)
    assert [value("received", unit, "2026-11") for unit in ("A", "B", "C", "P")] == [2, None, 2, 2]
    assert value("received", "B", "2026-09") == 1, "before the day it stands under the unit that existed"


def test_a_newer_register_takes_the_values_of_what_it_ended_along(
    wired: Hand, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(wired, CASES, case("1", "2026-11-02T08:00"), case("2", "2026-11-02T08:00", area="t:B"))
    monkeypatch.setattr(services, "tell_after_commit", lambda _event: None)
    services.merge_units(TYPED, ["t:B"], "t:A", date(2026, 10, 1), LAW)
    assert value("received", "B", "2026-11") == 1
    events.tell(UnitsChanged())
    assert [value("received", unit, "2026-11") for unit in ("A", "B", "C", "P")] == [2, None, 2, 2]


def test_without_deliveries_nothing_is_asked_of_the_workers(wired: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("toancanh.jobs.queue.enqueue", lambda *job: asked.append(job))
    services.set_share(TYPED, "t:X", "t:P", 0.4, LAW)
    assert asked == []
    send(wired, REPORTS, figure("rev", "2025-05", 20, "X"))
    services.set_share(TYPED, "t:X", "t:P", 0.5, LAW)
    assert len(asked) == 1


def test_agencies_that_merge_move_no_area(wired: Hand, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch) -> None:
    send(wired, CASES, case("1", "2026-11-02T08:00"))
    asked: list[object] = []
    monkeypatch.setattr("toancanh.jobs.queue.enqueue", lambda *job: asked.append(job))
    record = UnitRecord(scheme="t", code="S2", level=Level.AGENCY, kind="Sở", name="S2", full_name="S2", parent="t:P")
    services.add_agency(TYPED, "t:P", record)
    services.merge_units(TYPED, ["t:S"], "t:S2", date(2026, 10, 1), LAW)
    assert asked == []

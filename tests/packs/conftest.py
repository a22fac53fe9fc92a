"""The sample province on the register, every pack on the shelf, an empty store, and a hand that delivers a pack's samples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.support.shelf import on_the_shelf

from toancanh.indicators import compute
from toancanh.indicators.models import Cell
from toancanh.intake import landing, services
from toancanh.intake.models import QuarantinedRow, Source
from toancanh.intake.reading.payload import Payload
from toancanh.jobs import events
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.periods import VIETNAM, Period
from toancanh.kernel.registry import registry
from toancanh.people.actors import SYSTEM
from toancanh.site.packs import discover
from toancanh.site.sample import agencies, places
from toancanh.site.sample.shapes import UnitDefinition
from toancanh.store import engine, lifecycle, tables
from toancanh.units import register
from toancanh.units.models import Unit

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "src" / "toancanh" / "packs").glob("*/pack.py"))


@pytest.fixture(scope="package")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with engine.use(f"chdb://{tmp_path_factory.mktemp('packs') / 'store'}"):
        yield


@pytest.fixture
def shelf() -> Iterator[None]:
    """Every pack that the folders declare."""
    wiring = dict(events._wiring)
    with on_the_shelf(discover()):
        events.wire({})
        yield
    events.wire(wiring)


@pytest.fixture
def province(db: None, shelf: None, settings: Any) -> Iterator[None]:
    """Minh Sơn as of today, with its agencies."""
    settings.ROOT_UNIT = "sample:MS"
    register.forget()
    put([each for each in places.units() if each.scheme == "sample"] + agencies.agencies())
    yield
    register.forget()


def put(definitions: list[UnitDefinition]) -> None:
    """Write units, parents first."""
    made: dict[str, Unit] = {}
    for each in definitions:
        made[each.key] = Unit.objects.create(
            scheme=each.scheme, code=each.code, level=each.level, kind=each.kind, name=each.name, full_name=each.full_name,
            name_en=each.name_en, parent=made.get(each.parent or ""), valid_from=each.valid_from, role=each.role,
        )  # fmt: skip
    register.forget()


class Hand:
    """Delivers samples of one pack at a fixed moment and lets every room do its work."""

    def __init__(self, folder: Path, expected: dict[str, Any]) -> None:
        self.folder, self.expected = folder, expected
        self.now = datetime.fromisoformat(expected["now"]).astimezone(UTC)
        self.source = services.make_source(
            SYSTEM,
            services.SourceForm(
                code="samples",
                title=registry.pack(folder.name).title,  # type: ignore[union-attr]
                datasets=[each.code for each in registry.pack(folder.name).datasets],  # type: ignore[union-attr]
            ),
        )

    def deliver(self, given: dict[str, Any]) -> Any:
        """Deliver one sample file; answers its receipt."""
        self.now += timedelta(minutes=1)
        body = (self.folder / "samples" / given["file"]).read_bytes()
        payload = Payload(body=body, content_type=given["content_type"], filename=given["file"], key=given["file"])
        receipt = services.receive(self.source, given["dataset"], payload)
        landing.land(given["dataset"])
        compute.recompute(given["dataset"], [receipt.delivery_id], self.now)
        compute.follow_the_clock(self.now)
        return receipt

    def until(self, file: str) -> None:
        """Deliver the samples in their order up to and including `file`."""
        for given in self.expected["deliveries"]:
            self.deliver(given)
            if given["file"] == file:
                return
        raise AssertionError(f"{file} is not among the deliveries of {self.folder.name}")


@pytest.fixture
def hand_of(opened: None, province: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the hand of a pack's folder."""
    settings.DATA = tmp_path
    monkeypatch.setattr(landing, "ask_to_land", lambda _dataset: None)
    lifecycle.drop_all()

    def make(folder: Path) -> Hand:
        expected = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
        for scheme, code, level, name in expected.get("units", []):
            Unit.objects.create(scheme=scheme, code=code, level=level, name=name, full_name=name)
        register.forget()
        hand = Hand(folder, expected)
        monkeypatch.setattr(timezone, "now", lambda: hand.now)
        tables.ensure(registry.pack(folder.name).datasets)  # type: ignore[union-attr]
        return hand

    return make


def cell(indicator: str, unit: str, code: str) -> Cell | None:
    """The current value of a period."""
    period = Period.parse(code)
    return Cell.objects.filter(
        indicator=indicator, unit__key=unit, grain=period.grain.value, cumulative=period.cumulative, dimension="",
        period_start=period.start.replace(tzinfo=VIETNAM), known_to=None,
    ).first()  # fmt: skip


def held(receipt: Any) -> list[list[Any]]:
    """[line, column of its first problem] of every row held back."""
    rows = QuarantinedRow.objects.filter(delivery_id=receipt.delivery_id).order_by("position")
    return [[each.line, each.problems[0]["column"]] for each in rows]


def dataset(code: str) -> Dataset:
    found = registry.dataset(code)
    assert found is not None
    return found


__all__ = ["FOLDERS", "Hand", "Source", "cell", "dataset", "held"]

"""A province P of two communes (made of the old X and Y on 01/07/2025), a small field, an empty store and a hand to send rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.indicators.sample_pack import PACK
from tests.support.shelf import on_the_shelf

from toancanh.indicators import compute
from toancanh.indicators.events import IndicatorMoved
from toancanh.indicators.models import Cell
from toancanh.jobs import events
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.periods import VIETNAM, Period
from toancanh.store import engine, lifecycle, rows, tables
from toancanh.units import register
from toancanh.units.models import CustomMember, Unit, UnitChange

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 10:00 in Viet Nam
MERGED = date(2025, 7, 1)


def at(text: str) -> datetime:
    """A Vietnamese time as the store holds it."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).astimezone(UTC)


@pytest.fixture(scope="package")
def opened(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One store for these tests; the relational database is opened first, away from the engine's start."""
    folder = tmp_path_factory.mktemp("cells") / "store"
    with engine.use(f"chdb://{folder}"):
        yield folder


@pytest.fixture
def field(settings: Any) -> Iterator[None]:
    """The sample field alone on the shelf; nobody listens."""
    wiring = dict(events._wiring)
    settings.ROOT_UNIT = "t:P"
    with on_the_shelf([PACK]):
        events.wire({})
        yield
    events.wire(wiring)


@pytest.fixture
def units(db: None, field: None) -> dict[str, Unit]:
    """P > A, B; custom C = A; agency S; old X (with old commune XA, now A) and Y."""
    register.forget()
    new = {"valid_from": MERGED}
    old = {"valid_to": date(2025, 6, 30)}
    made = {code: _unit(code, "province", **dates) for code, dates in (("P", new), ("X", old), ("Y", old))}
    made |= {code: _unit(code, "commune", parent=made["P"], **new) for code in ("A", "B")}
    made["XA"] = _unit("XA", "commune", parent=made["X"], **old)
    made["C"] = _unit("C", "custom", parent=made["P"], **new)
    made["S"] = _unit("S", "agency", parent=made["P"], role="finance")
    CustomMember.objects.create(custom=made["C"], member=made["A"])
    for before, after in (("X", "P"), ("Y", "P"), ("XA", "A")):
        UnitChange.objects.create(before=made[before], after=made[after], date=MERGED, kind="merge", share=1.0)
    register.forget()
    return made


def _unit(code: str, level: str, **more: Any) -> Unit:
    return Unit.objects.create(scheme="t", code=code, level=level, name=code, full_name=f"Đơn vị {code}", **more)


class Hand:
    """Sends rows as deliveries and lets the room compute."""

    def __init__(self) -> None:
        self.seq = 0
        self.moved: list[IndicatorMoved] = []
        events.wire({IndicatorMoved: [self.moved.append]})

    def store(self, dataset: Dataset, *lines: dict[str, Any]) -> int:
        self.seq += 1
        columns = {each.name: [line.get(each.name) for line in lines] for each in dataset.fields}
        rows.append(dataset, rows.Batch(self.seq, NOW, list(range(1, len(lines) + 1)), columns))
        return self.seq

    def send(self, dataset: Dataset, *lines: dict[str, Any], now: datetime = NOW) -> int:
        return compute.recompute(dataset.code, [self.store(dataset, *lines)], now)


@pytest.fixture
def hand(opened: Path, units: dict[str, Unit]) -> Hand:
    lifecycle.drop_all()
    tables.ensure(PACK.datasets)
    return Hand()


def cell(indicator: str, unit: str, code: str, dimension: str = "") -> Cell | None:
    """The current version."""
    period = Period.parse(code)
    found = Cell.objects.filter(
        indicator=indicator, unit__key=f"t:{unit}", grain=period.grain.value, cumulative=period.cumulative, dimension=dimension,
        period_start=period.start.replace(tzinfo=VIETNAM), known_to=None,
    )  # fmt: skip
    return found.first()


def value(indicator: str, unit: str, code: str, dimension: str = "") -> float | None:
    found = cell(indicator, unit, code, dimension)
    return None if found is None else found.value

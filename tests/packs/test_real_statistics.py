"""The statistics office's real files through the real entrance: thirteen exports, the long table, and the map of another day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.packs.conftest import cell, dataset

from toancanh.indicators import compute
from toancanh.intake import landing, services
from toancanh.intake.models import QuarantinedRow, Source
from toancanh.intake.reading.payload import Payload
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.store import lifecycle, tables
from toancanh.units import register
from toancanh.units import services as units

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.real_data, pytest.mark.slow]


@pytest.fixture
def office(opened: None, shelf: None, db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    """The statistics office as a source; every unit of Viet Nam on the register; an empty store."""
    settings.DATA, settings.ROOT_UNIT = tmp_path, "vn:VN"
    monkeypatch.setattr(landing, "ask_to_land", lambda _dataset: None)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    register.forget()
    units.load_national(SYSTEM)
    lifecycle.drop_all()
    tables.ensure([dataset("statistics_yearbook"), dataset("statistics_series")])
    form = services.SourceForm(
        code="gso", title=Text("Cơ quan thống kê", "Statistics office"), datasets=["statistics_yearbook", "statistics_series"]
    )
    return services.make_source(SYSTEM, form)


def take(office: Source, code: str, path: Path) -> Any:
    payload = Payload(body=path.read_bytes(), content_type="text/csv", filename=path.name, key=path.name)
    return services.receive(office, code, payload)


def value(indicator: str, unit: str, year: str) -> float | None:
    found = cell(indicator, unit, year)
    return None if found is None else found.value


def test_thirteen_exports_become_national_indicators(office: Source, real_data: Path) -> None:
    files = sorted((real_data / "socio-economic" / "raw_samples").glob("*.csv"))
    receipts = [take(office, "statistics_yearbook", each) for each in files]
    landing.land("statistics_yearbook")
    compute.recompute("statistics_yearbook", [each.delivery_id for each in receipts], NOW)
    assert len(receipts) == 13
    assert sum(each.received for each in receipts) == 21_375
    reasons = {(row.raw["area"], row.problems[0]["column"]) for row in QuarantinedRow.objects.all()}
    assert reasons == {("Oil and gas", "area"), ("Pupils in universities", "area"), ("vn:VN", "item")}
    assert value("population", "vn63:06", "2015") == 313.1
    assert value("population", "vn34:19", "2015") == pytest.approx(313.1 + (value("population", "vn63:19", "2015") or 0))
    assert value("population_density", "vn34:19", "2015") == pytest.approx(
        (value("population", "vn34:19", "2015") or 0) * 1000 / (4859.4 + 3526.6), rel=0.01
    )
    assert value("poverty_rate", "vn63:06", "2015") == 17.1
    assert value("poverty_rate", "vn34:19", "2015") is None, "a rate without its parts is not made up for other boundaries"
    assert value("poverty_rate", "vn64:28", "2006") == 12.4
    assert value("population", "vn:VN", "2015") == pytest.approx(91713.3)
    old = (value("retail_yearly", "vn63:01", "2006") or 0) + (value("retail_yearly", "vn64:28", "2006") or 0)
    assert value("retail_yearly", "vn34:01", "2006") == pytest.approx(old), "the Hà Nội of today was Hà Nội and Hà Tây"


def test_the_long_table_comes_in_whole(office: Source, real_data: Path) -> None:
    receipt = take(office, "statistics_series", real_data / "socio-economic" / "gso_provincial_long.csv")
    assert (receipt.received, receipt.accepted, receipt.quarantined) == (153_481, 153_481, 0)
    landing.land("statistics_series")
    assert lifecycle.rows_count(dataset("statistics_series")) == 153_481
    again = take(office, "statistics_series", real_data / "socio-economic" / "gso_provincial_long.csv")
    assert (again.created, again.id) == (False, receipt.id)

"""The statistics office's files, exactly as published, come in through the file door: every figure, none invented, none lost in
silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from toancanh.intake import landing, services
from toancanh.intake.models import Delivery, Source
from toancanh.intake.reading.payload import Payload
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.site.packs import discover
from toancanh.store import rows
from toancanh.units import register
from toancanh.units import services as units
from toancanh.units.policy import CommandLine

pytestmark = [pytest.mark.real_data, pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("no_landing")]


@pytest.fixture(scope="module")
def _national(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """All units of Viet Nam, loaded once for this module and taken away again."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        whole = transaction.atomic()
        whole.__enter__()
        units.load_national(CommandLine("tester"))
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        register.forget()


@pytest.fixture
def office(_national: None, db: None, settings: object, _quiet_house: None) -> Source:
    """The statistics office, at a centre that serves the whole country."""
    settings.ROOT_UNIT = "vn:VN"  # type: ignore[attr-defined]
    registry.install(discover())
    form = services.SourceForm(
        code="thong-ke", title=Text("Thống kê", "Statistics"), datasets=["statistics_yearbook", "statistics_series"]
    )
    return services.make_source(SYSTEM, form)


def test_thirteen_exports_come_in_as_published(office: Source, store: None, real_data: Path) -> None:
    files = sorted((real_data / "socio-economic" / "raw_samples").glob("*.csv"))
    assert len(files) == 13
    for path in files:
        services.receive(office, "statistics_yearbook", Payload(path.read_bytes(), "", path.name, None, "file"))
    landing.land("statistics_yearbook")
    held = {each["value"] for delivery in Delivery.objects.all() for row in delivery.held.all() for each in row.problems}
    contradicted = "cpi_base2009_housing"  # one export prints two rows of housing with different figures
    assert held == {"Oil and gas", "Pupils in universities", contradicted}
    found = {
        (
            row.values["item"], row.values["area"], str(row.values["period"]),
        ): row.values["value"] for row in _all("statistics_yearbook")
    }
    assert found["population_thousand", "vn63:06", "2015"] == 313.1
    assert found["land_area", "vn63:06", "2015"] == 4859.4
    assert found["poor_share", "vn63:06", "2015"] == 17.1
    assert any(area == "vn64:28" for _, area, _ in found), "old Hà Tây keeps its own figures"
    provinces = sum(
        value for (item, area, period), value in found.items() if _is(item, area, period, "population_thousand", "vn63:")
    )
    assert provinces == pytest.approx(found["population_thousand", "vn:VN", "2015"], abs=0.5)


def _is(item: str, area: str, period: str, wanted: str, scheme: str) -> bool:
    return item == wanted and area.startswith(scheme) and period == "2015"


def _all(code: str) -> list[rows.StoredRow]:
    dataset = registry.dataset(code)
    assert dataset is not None
    return rows.drill(dataset, limit=1_000_000)


def test_the_long_table_comes_in_whole(office: Source, store: None, real_data: Path) -> None:
    path = real_data / "socio-economic" / "gso_provincial_long.csv"
    receipt = services.receive(office, "statistics_series", Payload(path.read_bytes(), "text/csv", path.name, None, "file"))
    assert (receipt.received, receipt.quarantined) == (153_481, 0)
    landing.land("statistics_series")
    dataset = registry.dataset("statistics_series")
    assert dataset is not None
    assert rows.drill_count(dataset) == 153_481


def test_five_months_of_hourly_air_come_in_with_their_gaps(office: Source, store: None, real_data: Path) -> None:
    source = services.make_source(
        SYSTEM,
        services.SourceForm(
            code="khong-khi", title=Text("Không khí", "Air"), datasets=["air_hourly"], accepts_since=date(2025, 1, 1)
        ),
    )
    path = real_data / "air-quality" / "aqi_hourly_12cities_2025.csv"
    receipt = services.receive(source, "air_hourly", Payload(path.read_bytes(), "text/csv", path.name, None, "file"))
    landing.land("air_hourly")
    assert (receipt.received, receipt.quarantined) == (37_444, 0)
    found = _all("air_hourly")
    assert len(found) == 37_444
    where = {row.values["station"]: row.values["area"] for row in found}
    assert (where["Bắc Ninh"], where["Hà Nội"], where["Hải Dương"]) == ("vn63:27", "vn63:01", "vn63:30"), "as the map was then"
    assert Counter(row.values["station"] for row in found)["Trà Vinh"] == 2_361

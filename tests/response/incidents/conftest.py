"""A province with a ward, a commune, agencies (one of them merged into another) and the people of its desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.kernel.contracts import Level
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response.models import Incident
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units import register, services
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.models import Unit

ROOT = "sample:MS"
PASSWORD = "mot-mat-khau-rat-dai-2026"


class Clock:
    """The test's time; it moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday 09:00 in Viet Nam

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def province(db: None, settings: Any) -> Iterator[dict[str, Unit]]:
    """The units by key."""
    settings.ROOT_UNIT = ROOT
    register.forget()
    begins = date(2025, 3, 1)

    def unit(scheme: str, code: str, level: Level, name: str, parent: str | None, **more: Any) -> UnitRecord:
        fields = {"full_name": name, "name_en": f"{name} (en)", "sample": True, "valid_from": begins, "kind": ""}
        return UnitRecord(scheme=scheme, code=code, level=level, name=name, parent=parent, **(fields | more))

    agencies = {
        "VP": ("Văn phòng UBND tỉnh", "office"),
        "NNMT": ("Sở Nông nghiệp và Môi trường", "agriculture_environment"),
        "SXD": ("Sở Xây dựng", "construction"),
    }
    services.put_units(
        SYSTEM,
        [
            unit("sample", "MS", Level.PROVINCE, "Tỉnh Minh Sơn", None, lat=22.2, lon=105.7),
            unit("sample", "MS01", Level.COMMUNE, "Phường Đông Sơn", ROOT, lat=22.2, lon=105.7),
            unit("sample", "MS02", Level.COMMUNE, "Xã Thạch Bình", ROOT, lat=22.3, lon=105.8),
            *(unit("agency", code, Level.AGENCY, name, ROOT, role=role) for code, (name, role) in agencies.items()),
            unit("agency", "MS01", Level.AGENCY, "UBND phường Đông Sơn", "sample:MS01"),
            unit(
                "agency",
                "GTVT",
                Level.AGENCY,
                "Sở Giao thông vận tải",
                ROOT,
                valid_to=date(2025, 2, 28),
                valid_from=date(2000, 1, 1),
            ),
        ],
    )
    merged = ChangeRecord(before="agency:GTVT", after="agency:SXD", date=begins, kind="merge", share=1.0, legal_basis="thử")
    services.put_changes(SYSTEM, [merged])
    register.forget()
    yield {each.key: each for each in Unit.objects.all()}
    register.forget()


@pytest.fixture
def person(province: dict[str, Unit]) -> Callable[..., User]:
    """Makes an account: person("operator"), person("officer", "agency:SXD", "Trần Văn Bình")."""

    def make(role: str, agency: str = "", name: str = "Nguyễn Thị Lan") -> User:
        profile = people.Profile(full_name=name, agency=province[agency] if agency else None)
        made = people.create_user(SYSTEM, f"{role}{User.objects.count()}", PASSWORD, role, profile, temporary=False)
        return User.objects.get(pk=made.pk)

    return make


@pytest.fixture
def lan(person: Callable[..., User]) -> User:
    return person("operator")


@pytest.fixture
def binh(person: Callable[..., User]) -> User:
    return person("operator", name="Trần Văn Bình")


@pytest.fixture
def pothole(lan: User, province: dict[str, Unit]) -> Incident:
    """A hole in a road of the ward, called in."""
    form = IncidentForm(
        kind="road", title="Ổ gà sâu, đã có người ngã", unit=province["sample:MS01"], address="128 đường Trần Phú",
        origin="call", origin_key="call:1", severity="medium", lat=22.21, lon=105.71,
    )  # fmt: skip
    return open_incident(lan, form)


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """A browser of somebody who is signed in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make

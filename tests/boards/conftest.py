"""A small province for the pages: six communes, four agencies, people, sources, and cells of the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.boards import memory
from toancanh.indicators.models import Cell, stored_start
from toancanh.intake.models import Delivery, Source
from toancanh.kernel.contracts import Level
from toancanh.kernel.periods import Period
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.units import register, services
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.models import Unit

NOW = datetime(2026, 11, 22, 2, 42, tzinfo=UTC)  # 09:42 in Viet Nam
ROOT = "sample:MS"
PASSWORD = "mot-mat-khau-rat-dai-2026"
COMMUNES = {
    "MS01": ("Phường", "Đông Sơn", 22.2, 105.7),
    "MS02": ("Phường", "Hòa Bình", 22.1, 105.7),
    "MS03": ("Xã", "Thạch Bình", 22.3, 105.8),
    "MS04": ("Xã", "Yên Phong", 22.4, 105.6),
    "MS05": ("Xã", "Văn Lang", 22.0, 105.8),
    "MS06": ("Xã", "Chợ Rã", 22.2, 105.9),
}
AGENCIES = {
    "STC": ("Sở Tài chính", "finance"),
    "NNMT": ("Sở Nông nghiệp và Môi trường", "agriculture_environment"),
    "VP": ("Văn phòng UBND tỉnh", "office"),
    "TK": ("Thống kê tỉnh", "statistics"),
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


@pytest.fixture
def province(db: None, settings: Any) -> Iterator[dict[str, Unit]]:
    """The units by key."""
    settings.ROOT_UNIT = ROOT
    register.forget()
    memory.forget_all()
    merged = date(2025, 7, 1)

    def unit(scheme: str, code: str, level: Level, kind: str, name: str, parent: str | None, **more: Any) -> UnitRecord:
        fields = {"full_name": f"{kind} {name}".strip(), "name_en": f"{name} (en)", "sample": True, "valid_from": merged}
        return UnitRecord(scheme=scheme, code=code, level=level, kind=kind, name=name, parent=parent, **(fields | more))

    services.put_units(
        SYSTEM,
        [
            unit(
                "sample", "MS", Level.PROVINCE, "Tỉnh", "Minh Sơn", None, lat=22.2, lon=105.7, population=120000, area_km2=900.0
            ),
            *(
                unit("sample", code, Level.COMMUNE, kind, name, ROOT, lat=lat, lon=lon, population=20000, area_km2=150.0)
                for code, (kind, name, lat, lon) in COMMUNES.items()
            ),
            *(
                unit("agency", code, Level.AGENCY, "", name, ROOT, role=role, full_name=name)
                for code, (name, role) in AGENCIES.items()
            ),
            unit(
                "sample-old", "DH", Level.COMMUNE, "Xã", "Đại Hà", None, valid_from=date(2000, 1, 1), valid_to=date(2025, 6, 30)
            ),
        ],
    )
    change = ChangeRecord(before="sample-old:DH", after="sample:MS01", date=merged, kind="merge", share=1.0, legal_basis="thử")
    services.put_changes(SYSTEM, [change])
    register.forget()
    yield {each.key: each for each in Unit.objects.all()}
    register.forget()
    memory.forget_all()


@pytest.fixture
def drawn(province: dict[str, Unit]) -> Callable[..., Cell]:
    """Makes one current cell without writing it."""

    def draw(indicator: str, period: str, value: float | None, unit: str = ROOT, **more: Any) -> Cell:
        read = Period.parse(period)
        fields: dict[str, Any] = {
            "grain": read.grain.value,
            "cumulative": read.cumulative,
            "period_start": stored_start(read),
            "value": value,
            "status": "official",
            "as_of": read.interval()[1] - timedelta(seconds=1),
            "computed_at": NOW,
            "known_from": NOW,
        }
        return Cell(indicator=indicator, unit=province[unit], **(fields | more))

    return draw


@pytest.fixture
def cell(drawn: Callable[..., Cell]) -> Callable[..., Cell]:
    """Writes one current cell: cell("pub_inv_rate", "2026-10-ytd", 63.5, target=75)."""

    def write(*what: Any, **more: Any) -> Cell:
        made = drawn(*what, **more)
        made.save()
        return made

    return write


@pytest.fixture
def figures(drawn: Callable[..., Cell]) -> dict[str, Cell]:
    """The figures of the reference picture that these fields have, and their communes."""
    known: dict[str, Cell] = {}
    all_of_them: list[Cell] = []

    def cell(*what: Any, **more: Any) -> Cell:
        all_of_them.append(drawn(*what, **more))
        return all_of_them[-1]

    for month in range(1, 11):
        share = month / 10
        known["pub_inv_rate"] = cell("pub_inv_rate", f"2026-{month:02}-ytd", 63.5 * share, target=75 * share)
        cell("pub_inv_rate", f"2025-{month:02}-ytd", 58.1 * share, target=75 * share)
        cell("pub_inv_rate", f"2026-{month:02}", 6.3, numerator=315.0, denominator=5000.0)
        known["budget_rev"] = cell("budget_rev", f"2026-{month:02}-ytd", 7842 * share, target=7167 * share)
        status = "estimate" if month == 10 else "official"
        known["iip"] = cell("iip", f"2026-{month:02}-ytd", 108.6, target=108.0, status=status)
    known["poor_reduced"] = cell("poor_reduced", "2026-09-ytd", 400, target=420)
    known["on_time"] = cell(
        "dossiers_on_time",
        "2026-11-ytd",
        97.8,
        target=98.0,
        status="automatic",
        as_of=NOW - timedelta(minutes=12),
        numerator=978.0,
        denominator=1000.0,
        base=1000.0,
    )
    for number, code in enumerate(COMMUNES):
        rate = 99.0 - 2.0 * number
        cell(
            "dossiers_on_time",
            "2026-11-ytd",
            rate,
            f"sample:{code}",
            target=98.0,
            status="automatic",
            base=100.0 if number else 5.0,
        )
        cell("pub_inv_rate", "2026-10-ytd", 50.0 + number, f"sample:{code}", target=75.0)
    cell("dossiers_on_time", "2026-11-ytd", 90.0, dimension="channel=1", status="automatic", base=400.0)
    cell("dossiers_on_time", "2026-11-ytd", 99.0, dimension="channel=2", status="automatic", base=600.0)
    Cell.objects.bulk_create(all_of_them)
    return known


@pytest.fixture
def feeds(province: dict[str, Unit]) -> dict[str, Source]:
    """Two sources: the one-stop system sent ten minutes ago, the statistics office last month."""
    found = {}
    for code, owner, dataset, cadence, ago in (
        ("one_stop", "agency:VP", "dossiers", timedelta(minutes=15), timedelta(minutes=10)),
        ("reports", "agency:TK", "socio_economic_figures", timedelta(days=31), timedelta(days=18)),
    ):
        source = Source.objects.create(
            code=code,
            title_vi=f"Nguồn {code}",
            title_en=f"Source {code}",
            owner=province[owner],
            datasets=[dataset],
            cadence=cadence,
        )
        Delivery.objects.create(
            source=source,
            dataset=dataset,
            once=code,
            content_hash=code,
            via="push",
            content_type="application/json",
            kept=code,
            size=1,
            received_at=NOW - ago,
            received=10,
            accepted=10,
            quarantined=0,
            state="done",
        )
        found[code] = source
    return found


@pytest.fixture
def sign_in(province: dict[str, Unit]) -> Callable[..., Client]:
    """A browser of somebody signed in: sign_in("leader"), sign_in("officer", area="sample:MS03", language="en")."""

    def make(role: str = "leader", *, area: str = "", field: str = "", agency: str = "", language: str = "vi") -> Client:
        name = f"{role}{User.objects.count()}"
        user = people.create_user(SYSTEM, name, PASSWORD, role, people.Profile(full_name="Nguyễn Thu Hà"), temporary=False)
        people.set_preferences(user, language=language)
        if area or field or agency:
            people.change_role(SYSTEM, user, role, only_grants=True)
            places = {"area": province[area] if area else None, "agency": province[agency] if agency else None}
            people.add_grant(SYSTEM, user, ["view"], people.Scope(field=field, **places))
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        return client

    return make

"""A small province at work: agencies (one merged into another), its people, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.indicators.models import Cell, stored_start
from toancanh.kernel.contracts import Level
from toancanh.kernel.periods import Period
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response.directing.orders import Goal, Order, TaskOrder, Term
from toancanh.response.models import Directive, Task
from toancanh.response.services import directives, tasks
from toancanh.units import register, services
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.models import Unit

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09:00 in Viet Nam
ROOT = "sample:MS"
PASSWORD = "mot-mat-khau-rat-dai-2026"
MERGED = date(2025, 7, 1)
AGENCIES = {
    "SXD": ("Sở Xây dựng", "construction"),
    "STC": ("Sở Tài chính", "finance"),
    "YT": ("Sở Y tế", "health"),
    "VP": ("Văn phòng UBND tỉnh", "office"),
}


class Clockwork:
    """The time of the test."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def at(self, text: str) -> None:
        """Move to a moment of Viet Nam: "2026-11-26 09:00"."""
        self.now = datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)

    def on(self, **more: float) -> None:
        self.now += timedelta(**more)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    kept = Clockwork(NOW)
    monkeypatch.setattr(timezone, "now", lambda: kept.now)
    return kept


@pytest.fixture
def province(db: None, settings: Any, tmp_path: Any) -> Iterator[dict[str, Unit]]:
    """The units by key."""
    yield from units_of(settings, tmp_path)


def units_of(settings: Any, tmp_path: Any) -> Iterator[dict[str, Unit]]:
    """Write the units; the register forgets them afterwards."""
    settings.ROOT_UNIT, settings.DATA = ROOT, tmp_path
    register.forget()

    def unit(scheme: str, code: str, level: Level, name: str, parent: str | None, **more: Any) -> UnitRecord:
        fields = {"full_name": name, "name_en": f"{name} (en)", "kind": "", "sample": True, "valid_from": MERGED}
        return UnitRecord(scheme=scheme, code=code, level=level, name=name, parent=parent, **(fields | more))

    place = {"lat": 22.2, "lon": 105.7, "population": 120000, "area_km2": 900.0}
    services.put_units(
        SYSTEM,
        [
            unit("sample", "MS", Level.PROVINCE, "Tỉnh Minh Sơn", None, **place),
            unit("sample", "MS01", Level.COMMUNE, "Phường Đông Sơn", ROOT, **place),
            unit("sample", "MS02", Level.COMMUNE, "Xã Thạch Bình", ROOT, **place),
            *(unit("agency", code, Level.AGENCY, name, ROOT, role=role) for code, (name, role) in AGENCIES.items()),
            unit(
                "agency",
                "GTVT",
                Level.AGENCY,
                "Sở Giao thông vận tải",
                ROOT,
                valid_from=date(2000, 1, 1),
                valid_to=date(2025, 6, 30),
            ),
        ],
    )
    merger = ChangeRecord(before="agency:GTVT", after="agency:SXD", date=MERGED, kind="merge", share=1.0, legal_basis="thử")
    services.put_changes(SYSTEM, [merger])
    register.forget()
    yield {each.key: each for each in Unit.objects.all()}
    register.forget()


@dataclass
class Staff:
    """The people of the province."""

    leader: User
    deputy: User
    operator: User
    builder: User  # Sở Xây dựng
    banker: User  # Sở Tài chính
    doctor: User  # Sở Y tế
    clerk: User  # Văn phòng
    analyst: User
    auditor: User


def make_staff(province: dict[str, Unit]) -> Staff:
    works_at = {"builder": "agency:SXD", "banker": "agency:STC", "doctor": "agency:YT", "clerk": "agency:VP"}
    roles = {"leader": "leader", "deputy": "leader", "operator": "operator", "analyst": "analyst", "auditor": "auditor"}
    made = [
        User(
            username=name, full_name=f"Người {name}", role=roles.get(name, "officer"), agency=province.get(works_at.get(name, ""))
        )
        for name in Staff.__dataclass_fields__
    ]
    for each in made:
        each.set_password(PASSWORD)
    User.objects.bulk_create(made)
    return Staff(**User.objects.in_bulk([each.username for each in made], field_name="username"))


@pytest.fixture
def staff(province: dict[str, Unit]) -> Staff:
    return make_staff(province)


@pytest.fixture
def order(province: dict[str, Unit]) -> Callable[..., Order]:
    """An order to Sở Xây dựng, due in three working days unless told otherwise."""

    def make(**more: Any) -> Order:
        usual = {"title": "Đẩy nhanh giải ngân", "lead": province["agency:SXD"], "deadline": Term(3),
                 "person": "Trần Văn Bình", "result": "Giải ngân đạt kế hoạch"}  # fmt: skip
        return Order(**(usual | more))

    return make


@pytest.fixture
def directive(staff: Staff, order: Callable[..., Order]) -> Callable[..., Directive]:
    """Issues a directive: directive(goal=...)."""

    def make(**more: Any) -> Directive:
        return directives.issue(staff.leader, order(**more))

    return make


@pytest.fixture
def task(staff: Staff, province: dict[str, Unit]) -> Callable[..., Task]:
    """Gives a task to Sở Xây dựng: task(parent=...)."""

    def make(actor: User | None = None, **more: Any) -> Task:
        usual = {"title": "Rà soát vướng mắc", "lead": province["agency:SXD"], "deadline": Term(2)}
        return tasks.assign(actor or staff.operator, TaskOrder(**(usual | more)))

    return make


@pytest.fixture
def cell(province: dict[str, Unit]) -> Callable[..., Cell]:
    """Writes one current cell known from now on: cell("pub_inv_rate", "2026-11-ytd", 63.5)."""

    def write(indicator: str, period: str, value: float | None, unit: str = ROOT, **more: Any) -> Cell:
        read = Period.parse(period)
        fields: dict[str, Any] = {
            "grain": read.grain.value, "cumulative": read.cumulative, "period_start": stored_start(read), "value": value,
            "status": "official", "computed_at": timezone.now(), "known_from": timezone.now(), "target": 75.0,
        }  # fmt: skip
        return Cell.objects.create(indicator=indicator, unit=province[unit], **(fields | more))

    return write


@pytest.fixture
def sign_in(staff: Staff) -> Callable[..., Client]:
    """A browser of one of the staff: sign_in("leader")."""

    def make(name: str, language: str = "vi") -> Client:
        user: User = getattr(staff, name)
        people.set_preferences(user, language=language)
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        return client

    return make


GOAL = Goal("pub_inv_rate", 75.0, up=True, periods=2)

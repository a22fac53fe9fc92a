"""A centre that serves the whole country: the map of 34 provinces, and of the 63 before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.boards.conftest import PASSWORD
from tests.boards.test_pages import opens, words

from toancanh.boards import memory
from toancanh.indicators.models import Cell, stored_start
from toancanh.kernel.contracts import Level
from toancanh.kernel.periods import Period
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.units import register, services
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.models import Unit

OLD = {
    "19": ("Thái Nguyên", 21.6, 105.8),
    "06": ("Bắc Kạn", 22.1, 105.8),
    "48": ("Đà Nẵng", 16.0, 108.2),
    "56": ("Khánh Hòa", 12.2, 109.2),
}
NEW = {"19": ("Thái Nguyên", 21.8, 105.8), "48": ("Đà Nẵng", 15.8, 108.1), "56": ("Khánh Hòa", 12.0, 109.1)}


def _change(code: str) -> ChangeRecord:
    """Bắc Kạn and Thái Nguyên became one, the others only have another code."""
    new, kind = ("19", "merge") if code in ("19", "06") else (code, "continue")
    return ChangeRecord(
        before=f"vn63:{code}", after=f"vn34:{new}", date=date(2025, 7, 1), kind=kind, share=1.0,
        legal_basis="Nghị quyết 202/2025/QH15",
    )  # fmt: skip


@pytest.fixture
def country(db: None, settings: Any) -> Iterator[Client]:
    """Viet Nam with a few provinces of both structures, and a poverty rate of each."""
    settings.ROOT_UNIT = "vn:VN"
    register.forget()
    memory.forget_all()

    def province(scheme: str, code: str, known: tuple[str, float, float], first: date, last: date | None) -> UnitRecord:
        name, lat, lon = known
        return UnitRecord(
            scheme=scheme,
            code=code,
            level=Level.PROVINCE,
            kind="Tỉnh",
            name=name,
            full_name=f"Tỉnh {name}",
            parent="vn:VN",
            lat=lat,
            lon=lon,
            valid_from=first,
            valid_to=last,
        )

    nation = UnitRecord(
        scheme="vn", code="VN", level=Level.COUNTRY, kind="", name="Việt Nam", full_name="Việt Nam", name_en="Viet Nam"
    )
    services.put_units(
        SYSTEM,
        [
            nation,
            *(province("vn63", code, known, date(2000, 1, 1), date(2025, 6, 30)) for code, known in OLD.items()),
            *(province("vn34", code, known, date(2025, 7, 1), None) for code, known in NEW.items()),
        ],
    )
    services.put_changes(SYSTEM, [_change(each) for each in OLD])
    register.forget()
    for unit in Unit.objects.all():
        year = Period.parse("2024" if unit.scheme == "vn63" else "2025")
        moment = year.interval()[1]
        Cell.objects.create(
            indicator="poor_rate",
            unit=unit,
            grain="year",
            period_start=stored_start(year),
            value=3.5 + unit.pk / 10,
            status="official",
            target=4.0,
            computed_at=moment,
            known_from=moment,
            as_of=moment,
        )
    user = people.create_user(SYSTEM, "leader", PASSWORD, "leader", people.Profile(full_name="Người Xem"), temporary=False)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    yield client
    register.forget()
    memory.forget_all()


def _places(page: str) -> int:
    return page.count('class="area ')


def test_the_map_of_today_and_of_the_day_before_the_merger(country: Client) -> None:
    today, before = opens(country, "/"), opens(country, "/?map=2025-06-30")
    assert _places(today) == len(NEW)
    assert _places(before) == len(OLD)
    assert "Bắc Kạn" in words(before)
    assert "Năm 2025" in words(today)
    assert "Năm 2024" in words(before)
    assert "3 tỉnh, thành phố (từ 01/07/2025)" in words(today)
    assert "4 tỉnh, thành phố (đến 30/06/2025)" in words(before)


def test_provinces_that_have_no_figure_yet_show_what_their_parts_had(country: Client) -> None:
    Cell.objects.filter(unit__scheme="vn34").delete()
    Cell.objects.filter(unit__key="vn63:19").update(numerator=30, denominator=1000)
    Cell.objects.filter(unit__key="vn63:06").update(numerator=20, denominator=1000)
    page = words(opens(country, "/indicators/poor_rate"))
    assert "Năm 2024" in page
    assert "Tỉnh Thái Nguyên quy đổi: chính xác 2,50%" in page
    assert "Tỉnh Thái Nguyên 3 2,50% 4% Đạt Chính xác" in page


@pytest.mark.parametrize("path", ["/", "/?map=2025-06-30", "/indicators/poor_rate"])
def test_hoang_sa_and_truong_sa_are_named_on_every_national_map(country: Client, path: str) -> None:
    page = opens(country, path)
    for islands in ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa"):
        assert page.count(islands) >= 1, f"{islands} on {path}"


def test_key_figures_are_those_that_the_country_has(country: Client) -> None:
    page = words(opens(country, "/"))
    assert "Tỷ lệ hộ nghèo đa chiều" in page
    assert "Hồ sơ đang quá hạn" not in page.split("Chỉ tiêu trọng tâm")[1].split("theo địa bàn")[0]


def test_an_old_province_keeps_its_page(country: Client) -> None:
    assert "đến hết 30/06/2025" in words(opens(country, "/places/vn63:06"))


@pytest.mark.parametrize("visitor", ["", "1"])
def test_hoang_sa_and_truong_sa_stay_on_the_wall_while_guests_are_in_the_room(country: Client, visitor: str) -> None:
    assert country.post("/wall-control/main/visitor", {"on": visitor}).status_code == 302
    page = opens(country, "/wall/main")
    for islands in ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa"):
        assert page.count(islands) == 2, islands  # the name and the mark

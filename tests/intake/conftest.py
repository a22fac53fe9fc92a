"""A small pack of three shapes, a province with two wards, a source with a key, and a store of its own for every test that lands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from toancanh.intake import landing, services
from toancanh.intake.doors import keys
from toancanh.intake.models import Source
from toancanh.kernel.agency_roles import FINANCE
from toancanh.kernel.contracts import Dataset, Figures, Item, Pack, Readings, Record
from toancanh.kernel.fields import AGENCY, AREA, CODE, NUMBER, TEXT, TIME, Choice, Field, one_of
from toancanh.kernel.figures_dataset import figures
from toancanh.kernel.periods import Grain
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.store import engine
from toancanh.units import register
from toancanh.units.models import Unit


def _field(name: str, kind: object, vi: str, **more: object) -> Field:
    return Field(name, kind, Text(vi, name), **more)  # type: ignore[arg-type]


READINGS = Readings(
    code="test_air", title=Text("Không khí", "Air"), owner=FINANCE, cadence=timedelta(hours=1), key=("station", "measured_at"),
    time="measured_at", area="area", oldest=timedelta(days=366),
    fields=(
        _field("station", CODE, "Trạm"), _field("area", AREA, "Địa bàn", headers=("xa", "phuong")),
        _field("measured_at", TIME, "Thời điểm"), _field("pm25", NUMBER, "PM2.5", required=False, low=0, high=1000),
        _field("pm10", NUMBER, "PM10", required=False, low=0, high=2000), _field("note", TEXT, "Ghi chú", required=False),
    ),
)
DOSSIERS = Record(
    code="test_dossiers", title=Text("Hồ sơ", "Dossiers"), owner=FINANCE, cadence=timedelta(days=1), key=("code",), time="received_at",
    area="area", agency="agency", version="updated_at",
    fields=(
        _field("code", CODE, "Mã hồ sơ", headers=("MaHoSo",)), _field("agency", AGENCY, "Cơ quan"), _field("area", AREA, "Địa bàn"),
        _field("received_at", TIME, "Ngày tiếp nhận", headers=("NgayTiepNhan",)),
        _field("due_at", TIME, "Ngày hẹn trả", required=False, future=True), _field("updated_at", TIME, "Cập nhật lúc"),
        _field(
            "channel", one_of(Choice("direct", Text("Trực tiếp", "Direct"), ("1",)), Choice("online", Text("Trực tuyến", "Online"), ("2",))),
            "Hình thức nộp",
        ),
    ),
)
FIGURES = figures(
    "test_figures", Text("Số liệu", "Figures"), grain=Grain.MONTH, owner=FINANCE, cadence=timedelta(days=31),
    items=(
        Item("revenue", Text("Thu ngân sách", "Budget revenue"), Text("tỷ đồng", "billion dong"), low=0),
        Item("growth", Text("Tăng trưởng GRDP", "GRDP growth"), Text("%", "%"), low=-50, high=50),
    ),
)
PACK = Pack(code="test_pack", title=Text("Thử", "Test"), icon="flask", owner=FINANCE, datasets=(READINGS, DOSSIERS, FIGURES), indicators=())


@pytest.fixture(autouse=True)
def _quiet_house(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test pack on the shelf, kept payloads in a folder of their own, nothing told to other rooms, keys not remembered."""
    packs = list(registry.packs())
    registry.install([PACK])
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    told.clear()
    monkeypatch.setattr(landing, "tell", told.append)
    keys.forget()
    register.forget()
    yield
    registry.install(packs)
    register.forget()


told: list[object] = []


@pytest.fixture
def place(db: None) -> dict[str, Unit]:
    """A province, two wards and an agency, valid since 01/07/2025, and an old commune that ended the day before."""
    new = date(2025, 7, 1)
    province = Unit.objects.create(scheme="sample", code="MS", level="province", name="Minh Sơn", full_name="Tỉnh Minh Sơn", valid_from=new)
    wards = [
        Unit.objects.create(
            scheme="sample", code=f"MS0{number}", level="commune", kind="phường", name=name, full_name=f"Phường {name}", parent=province, valid_from=new
        )
        for number, name in ((1, "An Hòa"), (2, "Bình Thủy"))
    ]
    old = Unit.objects.create(
        scheme="sample-old", code="C1", level="commune", kind="xã", name="Cổ Loan", full_name="Xã Cổ Loan", valid_to=date(2025, 6, 30)
    )
    agency = Unit.objects.create(
        scheme="agency", code="SYT", level="agency", name="Y tế", full_name="Sở Y tế", parent=province, valid_from=new, role="health"
    )
    register.forget()
    return {"province": province, "an_hoa": wards[0], "binh_thuy": wards[1], "old": old, "agency": agency}


@pytest.fixture
def source(place: dict[str, Unit]) -> Source:
    form = services.SourceForm(
        code="station-feed", title=Text("Trạm quan trắc", "Stations"), datasets=[each.code for each in PACK.datasets], owner="agency:SYT"
    )
    return services.make_source(SYSTEM, form)


@pytest.fixture
def key(source: Source) -> str:
    return services.make_key(SYSTEM, source)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[None]:
    """An embedded store of its own."""
    with engine.use(f"chdb://{tmp_path / 'store'}"):
        yield


@pytest.fixture
def no_landing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliveries wait: nobody lands them."""
    monkeypatch.setattr(landing, "ask_to_land", lambda _dataset: None)


def dataset(code: str) -> Dataset | Figures:
    found = registry.dataset(code)
    assert found is not None
    return found

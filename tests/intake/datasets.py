"""A small pack of three shapes: readings, records and figures; and what the rooms above were told."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import FINANCE
from toancanh.kernel.contracts import Dataset, Figures, Item, Pack, Readings, Record
from toancanh.kernel.fields import AGENCY, AREA, CODE, NUMBER, TEXT, TIME, Choice, Field, one_of
from toancanh.kernel.figures_dataset import figures
from toancanh.kernel.periods import Grain
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text

told: list[object] = []  # events, in order


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
    code="test_dossiers", title=Text("Hồ sơ", "Dossiers"), owner=FINANCE, cadence=timedelta(days=1), key=("code",),
    time="received_at",
    area="area", agency="agency", version="updated_at",
    fields=(
        _field("code", CODE, "Mã hồ sơ", headers=("MaHoSo",)), _field("agency", AGENCY, "Cơ quan"),
        _field("area", AREA, "Địa bàn"),
        _field("received_at", TIME, "Ngày tiếp nhận", headers=("NgayTiepNhan",)),
        _field("due_at", TIME, "Ngày hẹn trả", required=False, future=True), _field("updated_at", TIME, "Cập nhật lúc"),
        _field(
            "channel",
            one_of(Choice("direct", Text("Trực tiếp", "Direct"), ("1",)), Choice("online", Text("Trực tuyến", "Online"), ("2",))),
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
PACK = Pack(
    code="test_pack", title=Text("Thử", "Test"), icon="flask", owner=FINANCE, datasets=(READINGS, DOSSIERS, FIGURES),
    indicators=(),
)


def dataset(code: str) -> Dataset | Figures:
    found = registry.dataset(code)
    assert found is not None
    return found

"""The usual shape of reported figures: item, area, period, value, status and an optional note."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import AgencyRole
from toancanh.kernel.contracts import Figures, Item, Parse
from toancanh.kernel.fields import AREA, NUMBER, PERIOD, TEXT, Choice, Field, FieldType, Kind, one_of
from toancanh.kernel.periods import Grain, Regime
from toancanh.kernel.text import Text

STATUSES = (
    Choice("estimate", Text("Ước tính", "Estimate"), ("uoc tinh", "uoc", "est", "est.")),
    Choice("provisional", Text("Sơ bộ", "Provisional"), ("so bo", "prel", "prel.", "preliminary")),
    Choice("official", Text("Chính thức", "Official"), ("chinh thuc", "final")),
    Choice("automatic", Text("Tự động", "Automatic"), ("tu dong",)),
)


def figure_fields(items: tuple[Item, ...]) -> tuple[Field, ...]:
    """The columns of a figures dataset."""
    choices = tuple(Choice(item.code, item.title, (item.title.vi, item.title.en, *item.headers)) for item in items)
    return (
        Field("item", FieldType(Kind.ITEM, choices), Text("Chỉ tiêu", "Figure"), headers=("ma chi tieu", "indicator")),
        Field("area", AREA, Text("Địa bàn", "Area"), headers=("dia ban", "don vi", "xa", "phuong", "tinh", "unit")),
        Field("period", PERIOD, Text("Kỳ báo cáo", "Period"), headers=("ky", "ky bao cao", "thang", "quy", "nam")),
        Field("value", NUMBER, Text("Giá trị", "Value"), headers=("gia tri", "so lieu", "thuc hien")),
        Field("status", one_of(*STATUSES), Text("Trạng thái", "Status"), required=False, headers=("trang thai", "loai so lieu")),
        Field("note", TEXT, Text("Ghi chú", "Note"), required=False, headers=("ghi chu",)),
    )


def figures(  # noqa: PLR0913  (keyword-only: a declaration reads as a form)
    code: str, title: Text, *, items: tuple[Item, ...], grain: Grain, owner: AgencyRole, cadence: timedelta,
    regime: Regime = Regime.STATISTICAL, parse: Parse | None = None,
) -> Figures:
    """A dataset of reported figures; a row is unique by item, area and period, and every version is kept."""
    return Figures(
        code=code, title=title, fields=figure_fields(items), key=("item", "area", "period"), time="period", area="area",
        owner=owner, cadence=cadence, parse=parse, items=items, grain=grain, regime=regime,
    )

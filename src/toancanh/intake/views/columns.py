"""The columns of a dataset as its declaration says them: for the page where files are handed in, and as an empty file to fill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

from django.urls import reverse
from django.utils import timezone

from toancanh.kernel.contracts import Dataset, Figures
from toancanh.kernel.fields import Field, Kind
from toancanh.kernel.periods import VIETNAM, Grain, Period, Regime
from toancanh.ui import formats
from toancanh.ui.language import current, t, tx
from toancanh.ui.parts import Link
from toancanh.ui.tables import Cell, Column, TableView
from toancanh.units import queries as units
from toancanh.units.models import Unit

CHOICES_SHOWN = 6
_KINDS = {
    Kind.CODE: ("Mã, giữ nguyên như văn bản", "Code, kept as text"), Kind.TEXT: ("Văn bản", "Text"),
    Kind.TIME: ("Thời điểm, giờ Việt Nam", "Moment, Viet Nam time"), Kind.DAY: ("Ngày", "Day"), Kind.NUMBER: ("Số", "Number"),
    Kind.AREA: ("Địa bàn: mã hoặc tên", "Area: code or name"), Kind.AGENCY: ("Cơ quan: mã hoặc tên", "Agency: code or name"),
    Kind.PERIOD: ("Kỳ báo cáo", "Reporting period"), Kind.CHOICE: ("Một trong danh sách", "One of a list"),
    Kind.ITEM: ("Chỉ tiêu trong danh sách", "A figure of the list"),
}  # fmt: skip
_GRAINS = {
    Grain.HOUR: ("giờ", "hour"), Grain.DAY: ("ngày", "day"), Grain.WEEK: ("tuần", "week"), Grain.MONTH: ("tháng", "month"),
    Grain.QUARTER: ("quý", "quarter"), Grain.HALF: ("nửa năm", "half-year"), Grain.NINE_MONTHS: ("chín tháng", "nine months"),
    Grain.YEAR: ("năm", "year"), Grain.SCHOOL_YEAR: ("năm học", "school year"),
}  # fmt: skip
_USUAL = 12.5  # an example of a number without bounds


Examples = Mapping[Kind, str]  # the unit that stands as an example of an area or of an agency


def unit_examples(datasets: Iterable[Dataset]) -> Examples:
    """An area and an agency, where a column of these datasets asks for one. Read once for all of their tables."""
    asked = {each.type.kind for dataset in datasets for each in dataset.fields} & {Kind.AREA, Kind.AGENCY}
    if not asked:
        return {}
    root = units.root()
    return {kind: _unit(kind, root) for kind in asked}


def columns_table(dataset: Dataset, examples: Examples) -> TableView:
    """Every column: its names, what it holds, whether it must be there, and an example; with the empty files to take away."""
    title = tx(dataset.title)
    heads = (t("Cột", "Column"), t("Kiểu", "Type"), t("Bắt buộc", "Required"), t("Ví dụ", "Example"))
    return TableView(
        caption=t(f"Các cột của “{title}”", f"Columns of “{title}”"),
        columns=tuple(Column(label=each, long=number in (1, 3)) for number, each in enumerate(heads)),
        rows=tuple(_row(dataset, each, examples) for each in dataset.fields),
        downloads=tuple(
            Link(t(f"Tệp mẫu {form}", f"{form} template"), reverse(f"intake:template_{form.lower()}", args=[dataset.code]))
            for form in ("CSV", "XLSX")
        ),
    )


def headings(dataset: Dataset) -> list[str]:
    """The heading row of a file of this dataset, in the reader's language; the door knows it in both."""
    return [tx(each.title) for each in dataset.fields]


def example(dataset: Dataset, field: Field, examples: Examples) -> str:
    """A value that the door would take."""
    match field.type.kind:
        case Kind.CHOICE | Kind.ITEM:
            return tx(field.type.choices[0].title)
        case Kind.PERIOD:
            return _last_period(dataset).title(current())
        case Kind.NUMBER:
            return formats.number(_number(dataset, field), 1)
        case Kind.TIME | Kind.DAY:
            return f"{_yesterday():%d/%m/%Y}" + (" 09:30" if field.type.kind is Kind.TIME else "")
        case Kind.AREA | Kind.AGENCY:
            return examples[field.type.kind]
        case Kind.CODE:
            return "A001"
    return t("Ghi chú ngắn", "A short note")


def _row(dataset: Dataset, field: Field, examples: Examples) -> tuple[Cell, ...]:
    other: Literal["vi", "en"] = "en" if current() == "vi" else "vi"
    same = field.title.to(other) == tx(field.title)
    key = t("; thuộc khóa của dòng", "; part of the row's key") if field.name in dataset.key else ""
    return (
        Cell(text=tx(field.title), also="" if same else field.title.to(other), also_lang=other, note=field.name),
        Cell(text=t(*_KINDS[field.type.kind]) + key, note=_limits(dataset, field)),
        Cell(text=t("Có", "Yes") if field.required else t("Không", "No")),
        Cell(text=example(dataset, field, examples)),
    )


def _limits(dataset: Dataset, field: Field) -> str:
    """What is said of the values: the bounds, the list, the length and the regime of a period."""
    if field.type.choices:
        shown = "; ".join(tx(each.title) for each in field.type.choices[:CHOICES_SHOWN])
        more = len(field.type.choices) - CHOICES_SHOWN
        return shown + (t(f"; và {more} mục khác", f"; and {more} more") if more > 0 else "")
    if field.type.kind is Kind.PERIOD and isinstance(dataset, Figures):
        length = t(*_GRAINS[dataset.grain])
        said = t(f"Theo {length} hoặc dài hơn", f"By {length} or longer")
        days = t("; tháng từ ngày 15 tháng trước đến ngày 14", "; months from the 15th of the month before to the 14th")
        return said + (days if dataset.regime is Regime.ADMINISTRATIVE else "")
    low, high = (formats.number(each) if each is not None else "" for each in (field.low, field.high))
    if low and high:
        return t(f"Từ {low} đến {high}", f"From {low} to {high}")
    return t(f"Từ {low}", f"From {low}") if low else t(f"Đến {high}", f"Up to {high}") if high else ""


def _number(dataset: Dataset, field: Field) -> float:
    """Within the bounds of the column, or of the figure that the example of the item names."""
    item = dataset.items[0] if isinstance(dataset, Figures) and field.name == "value" else None
    low, high = (item.low, item.high) if item else (field.low, field.high)
    above, below = low is None or low <= _USUAL, high is None or high >= _USUAL
    if above and below:
        return _USUAL
    return (low + high) / 2 if low is not None and high is not None else low or high or 0.0


def _last_period(dataset: Dataset) -> Period:
    """The last one that is over."""
    grain = dataset.grain if isinstance(dataset, Figures) else Grain.MONTH
    return Period.begun_by(timezone.now(), grain).previous()


def _yesterday() -> date:
    return timezone.now().astimezone(VIETNAM).date() - timedelta(days=1)


def _unit(kind: Kind, root: Unit) -> str:
    found = units.agencies(parent=root, most=1) if kind is Kind.AGENCY else units.children(root, most=1)
    return tx((found[0] if found else root).title)

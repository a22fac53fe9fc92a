"""Sheets of figures that are wide: figures as columns, or periods as columns. Turned into one row per figure, area and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.reading.delimited import Grid
from toancanh.intake.reading.headings import heading_key, headings_of, without_unit
from toancanh.intake.reading.table import Table
from toancanh.kernel.contracts import Dataset, Figures
from toancanh.kernel.numbers_in_text import MISSING_MARKS
from toancanh.kernel.period_input import parse_loose, status_mark

_LONG = frozenset({"item", "area", "period", "value"})


@dataclass(frozen=True, slots=True)
class Shape:
    """How a wide sheet is laid out: which columns hold a field, and what each of the others states."""

    dataset: Figures
    heading: tuple[object, ...]
    fields: dict[int, str]
    items: dict[int, str]
    periods: dict[int, str]

    @property
    def score(self) -> int:
        return len(self.fields) + len(self.items) + len(self.periods)


def wide_shape(dataset: Dataset, row: Sequence[object]) -> Shape | None:
    """The shape that heading `row` announces, or None when it is a long table or no heading at all."""
    if not isinstance(dataset, Figures):
        return None
    known = headings_of(dataset)
    fields: dict[int, str] = {}
    items: dict[int, str] = {}
    periods: dict[int, str] = {}
    for number, cell in enumerate(row):
        if cell in (None, ""):
            continue
        item = known.items.get(heading_key(cell)) or known.items.get(heading_key(without_unit(cell)))
        name = known.field_of(cell)
        if name is not None and name not in fields.values():
            fields[number] = name
        elif item is not None:
            items[number] = item
        elif _period_text(cell) is not None:
            periods[number] = str(_period_text(cell))
    if set(fields.values()) >= _LONG or "value" in fields.values() or not (items or len(periods) > 1):
        return None
    return Shape(dataset, tuple(row), fields, items, {} if items else periods)


def _period_text(cell: object) -> str | None:
    """The heading as a period, or a bare month ("T3", "Tháng 3", "Mar.") that waits for its year."""
    text = str(cell)
    if parse_loose(text) is not None or parse_loose(f"{text}/2000") is not None or parse_loose(f"{text} 2000") is not None:
        return text
    return None


def unpivot(shape: Shape, grid: Grid, title: str) -> Table:
    """One row per stated figure; empty cells and missing marks state nothing. `Problem` 422 when item or period cannot be
    known."""
    names = set(shape.fields.values())
    lone_item = None if shape.items or "item" in names else _item_in_title(shape, title)
    if shape.items and "period" not in names:
        raise _unknown("kỳ báo cáo", "the reporting period", "Kỳ")
    long: dict[str, list[object]] = {name: [] for name in ("item", "area", "period", "value", "status", "note")}
    lines: list[int] = []
    headings: list[str] = []
    for row, line in zip(grid.rows, grid.lines, strict=True):
        stated = {name: row[number] for number, name in shape.fields.items()}
        for number, said in (shape.items or shape.periods).items():
            if _states_nothing(row[number]):
                continue
            long["item"].append(said if shape.items else stated.get("item", lone_item))
            long["period"].append(stated["period"] if shape.items else _with_year(said, stated.get("period")))
            long["area"].append(stated.get("area", settings.ROOT_UNIT))
            long["value"].append(row[number])
            long["status"].append(stated.get("status") or status_mark(str(shape.heading[number])))
            long["note"].append(stated.get("note"))
            lines.append(line)
            headings.append(str(shape.heading[number]))
    words = {name: str(shape.heading[number]) for number, name in shape.fields.items()}
    return Table(dict(long), lines, words, grid.broken, cell_headings=headings)


def _states_nothing(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip() in MISSING_MARKS)


def _with_year(heading: str, year: object) -> object:
    """A bare month joined with the row's year."""
    if year in (None, "") or parse_loose(heading) is not None:
        return heading
    number = int(year) if isinstance(year, float) and year.is_integer() else year
    joined = f"{heading}/{number}"
    return joined if parse_loose(joined) else f"{heading} {number}"


def _item_in_title(shape: Shape, title: str) -> str:
    key = heading_key(title)
    found = [
        code for name,
        code in sorted(headings_of(shape.dataset).items.items(), key=lambda each: -len(each[0])) if name and name in key
    ]
    if len(shape.dataset.items) == 1:
        return shape.dataset.items[0].code
    if not found:
        raise _unknown("chỉ tiêu", "the figure", "Chỉ tiêu")
    return found[0]


def _unknown(vi: str, en: str, column: str) -> Exception:
    return refuse_whole(
        "wide-sheet-incomplete", f"Bảng ngang chưa cho biết {vi}. Thêm cột “{column}” rồi gửi lại.",
        f"The wide sheet does not say {en}. Add a column “{column}” and send again.",
    )

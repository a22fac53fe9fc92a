"""From a grid of cells to a table: where the heading is, which column is which field, and sheets that are wide turned long."""

from __future__ import annotations

from collections.abc import Sequence

from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.reading.delimited import Grid, even_rows, open_text, read_rows
from toancanh.intake.reading.even import even_text
from toancanh.intake.reading.headings import headings_of
from toancanh.intake.reading.table import BrokenLine, Table
from toancanh.intake.reading.wide import Shape, unpivot, wide_shape
from toancanh.kernel.contracts import Dataset, Figures
from toancanh.kernel.problem import Problem

SEARCHED_ROWS = 20


def text_as_table(dataset: Dataset, text: str, wide: bool) -> Table:
    """The table in separated text, as `grid_as_table` says."""
    opened = open_text(text)
    even = even_text(opened)
    if even is not None:
        head = even.rows(SEARCHED_ROWS)
        if _find_heading(dataset, head, wide) == (0, None):
            table = _as_table(dataset, head[0], even.columns(), even.line_numbers(), [])
            table.all_text = True
            return table
    return grid_as_table(dataset, read_rows(opened), wide, text.endswith(("\n", "\r")))


def grid_as_table(dataset: Dataset, grid: Grid, wide: bool, ends_with_newline: bool = True) -> Table:
    """The table in `grid`; with `wide`, a sheet of figures across columns is turned long. `Problem` 422 names missing columns."""
    heading_at, shape = _find_heading(dataset, grid.rows[:SEARCHED_ROWS], wide)
    heading = grid.rows[heading_at]
    title = " ".join(str(cell) for row in grid.rows[:heading_at] for cell in row if cell not in (None, ""))
    body = even_rows(grid, heading_at, ends_with_newline)
    if shape is not None:
        return unpivot(shape, body, f"{title} {grid.title}")
    columns: list[Sequence[object]] = list(zip(*body.rows, strict=True)) if body.rows else [()] * len(heading)
    return _as_table(dataset, heading, columns, _line_numbers(body.lines), body.broken)


def _as_table(
    dataset: Dataset, heading: Sequence[object], columns: Sequence[Sequence[object]], lines: Sequence[int],
    broken: list[BrokenLine],
) -> Table:
    matched = headings_of(dataset).match(heading)
    _require(dataset, set(matched.values()), heading)
    return Table(
        {name: columns[number] for number, name in matched.items()}, lines,
        {name: str(heading[number]) for number, name in matched.items()}, broken,
        tuple(str(cell) for number, cell in enumerate(heading) if number not in matched and cell not in (None, "")),
    )


def _line_numbers(lines: list[int]) -> Sequence[int]:
    if lines and lines[-1] - lines[0] == len(lines) - 1:
        return range(lines[0], lines[-1] + 1)
    return lines


def _find_heading(dataset: Dataset, rows: Sequence[Sequence[object]], wide: bool) -> tuple[int, Shape | None]:
    """The row that names most fields (or items, or periods, in a wide sheet); the first row when none does."""
    best, best_score, best_shape = 0, 0, None
    for number, row in enumerate(rows):
        shape = wide_shape(dataset, row) if wide and isinstance(dataset, Figures) else None
        score = shape.score if shape else sum(1 for cell in row if headings_of(dataset).field_of(cell))
        if score > best_score:
            best, best_score, best_shape = number, score, shape
    return best, best_shape


def _require(dataset: Dataset, found: set[str], heading: Sequence[object]) -> None:
    absent = [each for each in dataset.fields if each.required and each.name not in found]
    if absent:
        raise missing_columns(dataset, [each.name for each in absent], heading)


def missing_columns(dataset: Dataset, absent: Sequence[str], heading: Sequence[object]) -> Problem:
    """The refusal of a table that lacks required columns."""
    titles = {each.name: each.title for each in dataset.fields}
    vi = ", ".join(f"“{titles[name].vi}” ({name})" for name in absent)
    en = ", ".join(f"“{titles[name].en}” ({name})" for name in absent)
    seen = ", ".join(str(cell) for cell in heading[:30] if cell not in (None, "")) or "–"
    return refuse_whole(
        "missing-columns", f"Thiếu cột {vi}. Các cột đã thấy: {seen}. Đặt tên cột đúng như mẫu rồi gửi lại.",
        f"Missing columns: {en}. Columns seen: {seen}. Name the columns as in the template and send again.",
    )

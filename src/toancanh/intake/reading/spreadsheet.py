"""XLSX workbooks as a grid: guarded against zip bombs, formulas left visible so that their cells can be held."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from toancanh.intake.checking.refused import refuse_too_many, refuse_whole
from toancanh.intake.reading.delimited import Grid
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

MOST_UNPACKED = 256 * 1024 * 1024
MOST_RATIO = 200
RATIO_MATTERS_FROM = 16 * 1024 * 1024
MOST_PARTS = 2_000
ZIP_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"


def read_workbook(body: bytes) -> list[Grid]:
    """A grid for each visible sheet that has cells, `title` its name. `Problem` for bombs (413) and unreadable files (422)."""
    if body.startswith(OLD_EXCEL_MARK):
        raise refuse_whole(
            "old-excel", "Tệp .xls đời cũ hoặc có mật khẩu. Mở bằng Excel, bỏ mật khẩu, lưu thành .xlsx rồi gửi lại.",
            "This is an old .xls file or has a password. Open it in Excel, remove the password, save as .xlsx and send again.",
        )
    guard(body)
    try:
        return _grids(body)
    except Problem:
        raise
    except Exception as error:  # the library raises whatever its XML met; none of it may become a 500
        raise _unreadable() from error


def guard(body: bytes) -> None:
    """Refuse an archive that would unpack to more than a delivery can sensibly be."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable() from error
    unpacked = sum(part.file_size for part in parts)
    ratio = unpacked / max(1, sum(part.compress_size for part in parts))
    if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS or (unpacked > RATIO_MATTERS_FROM and ratio > MOST_RATIO):
        raise refuse_whole(
            "zip-bomb",
            f"Tệp nén bung ra quá lớn ({unpacked // 1_048_576} MB). Chia nhỏ bảng tính hoặc gửi CSV.",
            f"The file unpacks to far too much ({unpacked // 1_048_576} MB). Split the workbook or send CSV.",
            413, Text("Tệp quá lớn", "File too large"),
        )


def _unreadable() -> Problem:
    return refuse_whole(
        "unreadable-workbook", "Không mở được bảng tính: tệp hỏng hoặc bị cắt. Mở lại bằng Excel, lưu .xlsx rồi gửi lại.",
        "The workbook cannot be opened: it is damaged or cut. Open it in Excel, save as .xlsx and send again.",
    )


def _grids(body: bytes) -> list[Grid]:
    from openpyxl import load_workbook  # slow to import; only spreadsheets need it

    book = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
    try:
        grids = [_grid(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()
    found = [grid for grid in grids if grid.rows]
    if not found:
        raise refuse_whole(
            "empty", "Bảng tính không có ô nào. Kiểm tra tệp rồi gửi lại.",
            "The workbook has no cells. Check the file and send again.",
        )
    return found


def _grid(sheet: Any) -> Grid:
    sheet.reset_dimensions()  # senders' tools write wrong dimensions; count the cells instead
    grid = Grid([], [], title=str(sheet.title), sparse=True)
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in row]
        if any(cell not in (None, "") for cell in cells):
            grid.rows.append(_trimmed(cells))
            grid.lines.append(number)
            refuse_too_many(len(grid.rows), len(grid.rows[-1]))
    return grid


def _cell(value: Any) -> object:
    """The value of a cell. Formulas of arrays and of data tables come as objects of a type `t`; both are shown as formulas."""
    kind = getattr(value, "t", None)
    if kind == "array":
        return f"={str(value.text or '').lstrip('=')}"
    return f"=TABLE({value.r1 or ''})" if kind == "dataTable" else value


def _trimmed(cells: list[object]) -> Sequence[object]:
    end = len(cells)
    while end and cells[end - 1] in (None, ""):
        end -= 1
    return cells[:end]

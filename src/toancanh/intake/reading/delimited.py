"""Separated text (CSV and its kin) as a grid of rows: separator found, lines numbered as an editor numbers them, broken lines
named."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from toancanh.intake.checking.refused import cell_count, cut_row, open_quote, refuse_too_many, refuse_whole
from toancanh.intake.reading.table import MOST_DETAILED, BrokenLine
from toancanh.kernel.problem import Problem

SEPARATORS = (",", ";", "\t", "|")
SEARCHED_LINES = 20
MOST_OPEN_QUOTES = 20
LONGEST_CELL = 1_000_000
csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Opened:
    """A text whose separator is known. Its lines end with a line feed; `skipped` lines stood before it."""

    body: str
    separator: str
    skipped: int


@dataclass(slots=True)
class Grid:
    """Rows of cells with the line each stands on. In a `sparse` one, cells left out at the end of a row are empty."""

    rows: list[Sequence[object]]
    lines: list[int]
    title: str = ""
    broken: list[BrokenLine] = field(default_factory=list)
    sparse: bool = False


def open_text(text: str) -> Opened:
    """What is known of separated text before its rows are read. `Problem` 413 when they would be too many."""
    body = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    first, _, rest = body.partition("\n")
    skipped = 0
    separator = ""
    if first.lower().startswith("sep=") and len(first) <= 6:
        separator, body, skipped = first[4:5], rest, 1
    lines = body.count("\n") + 1
    refuse_too_many(lines, max(map(body.count, (separator,) if separator else SEPARATORS)) // lines)
    return Opened(body, separator or find_separator(body), skipped)


def find_separator(body: str) -> str:
    """The separator that gives the first lines the widest and most even rows."""
    head = "\n".join(body.split("\n", SEARCHED_LINES)[:SEARCHED_LINES])
    best, best_score = ",", (0, 0)
    for separator in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(head), delimiter=separator) if len(row) > 1]
        except csv.Error:  # an enormous cell: with another separator, or named when the rows are read
            continue
        if widths:
            usual = max(set(widths), key=widths.count)
            score = (widths.count(usual) * usual, usual)
            if score > best_score:
                best, best_score = separator, score
    return best


def read_rows(opened: Opened) -> Grid:
    """A grid of the rows. `Problem` 422 when there are none, or a quote never closes over a huge cell."""
    body, separator, skipped = opened.body, opened.separator, opened.skipped
    grid = Grid([], [])
    for _ in range(MOST_OPEN_QUOTES):
        open_at = _read_until_open_quote(grid, body, separator, skipped)
        if open_at is None:
            break
        lines = body.split("\n", open_at)
        grid.broken.append(BrokenLine(skipped + open_at, lines[open_at - 1][:200], open_quote(lines[open_at - 1])))
        body, skipped = lines[open_at], skipped + open_at
    else:
        raise _malformed(skipped)
    if not grid.rows:
        raise refuse_whole(
            "empty", "Tệp không có dòng nào. Kiểm tra tệp rồi gửi lại.", "The file has no lines. Check the file and send again.",
        )
    return grid


def _read_until_open_quote(grid: Grid, body: str, separator: str, skipped: int) -> int | None:
    """Add the rows of `body`; the line (from 1) on which a quote opens that never closes, or None when all is well."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise _malformed(reader.line_num + skipped) from error
    lines = list(
        range(skipped + 1, skipped + len(rows) + 1),
    ) if reader.line_num == len(rows) else _first_lines(body, separator, skipped)
    filled = list(map(any, rows))
    grid.rows += rows if all(filled) else compress(rows, filled)
    grid.lines += lines if all(filled) else compress(lines, filled)
    if rows and body.count('"') % 2 and any("\n" in cell for cell in rows[-1]):
        grid.rows.pop()
        return grid.lines.pop() - skipped
    return None


def _first_lines(body: str, separator: str, skipped: int) -> list[int]:
    """The line on which each row begins, where some cells hold line breaks."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    return [skipped + 1, *(skipped + reader.line_num + 1 for _ in reader)][:-1]


def _malformed(line: int) -> Problem:
    return refuse_whole(
        "malformed-csv", f"Tệp sai ở dòng {line}: dấu nháy kép không đóng hoặc ô quá dài. Sửa dòng đó rồi gửi lại.",
        f"The file is wrong at line {line}: an unclosed quote or an enormous cell. Mend that line and send again.",
    )


def even_rows(grid: Grid, heading_at: int, ends_with_newline: bool) -> Grid:
    """The rows after the heading, all as wide as it; others become broken lines (the last one as cut, when nothing ends it)."""
    width = len(grid.rows[heading_at])
    rows, lines = grid.rows[heading_at + 1 :], grid.lines[heading_at + 1 :]
    refuse_too_many(len(rows), width)
    if grid.sparse:
        nothing = [None] * width
        return Grid([[*row[:width], *nothing[len(row) :]] for row in rows], lines, grid.title, grid.broken)
    if set(map(len, rows)) <= {width}:
        return Grid(rows, lines, grid.title, grid.broken)
    even = Grid([], [], grid.title, list(grid.broken))
    for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
        fitted = row[:width] if not any(row[width:]) else row
        if len(fitted) == width:
            even.rows.append(fitted)
            even.lines.append(line)
            continue
        if len(even.broken) >= MOST_DETAILED:
            even.broken.append(even.broken[-1])
            continue
        text = ";".join(str(cell) for cell in row)[:200]
        cut = number == len(rows) - 1 and not ends_with_newline and len(fitted) < width
        even.broken.append(BrokenLine(line, text, cut_row(text) if cut else cell_count(len(fitted), width)))
    return even

"""A report as PDF, with its font inside: the same layout as the Word document, ready to be read and printed anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toancanh.response.printed.after_action import MOTTO, NATION, Report, Table
from toancanh.ui.assets.printed_fonts import font_file

FAMILY = "Inter"
LINE, MOST_LINES = 5, 36  # millimetres; as many as stand on a page below the heads, with room to spare
SHORT = 400  # letters that fit on a page in the narrowest column
_NEXT = {"new_x": "LMARGIN", "new_y": "NEXT"}


def pdf(report: Report) -> bytes:
    """The file. The library is slow to import, so that only who prints waits for it."""
    from fpdf import FPDF

    class Page(FPDF):
        """A page with its number centred above, from the second on."""

        def header(self) -> None:
            if self.page_no() > 1:
                self.set_font(FAMILY, "", 11)
                self.cell(0, 8, str(self.page_no()), align="C", new_x="LMARGIN", new_y="NEXT")

    page = Page(format="A4")
    page.add_font(FAMILY, "", font_file())
    page.add_font(FAMILY, "B", font_file(bold=True))
    page.set_margins(30, 20, 20)
    page.set_auto_page_break(True, 20)
    page.set_title(report.subject)
    page.set_lang("vi")
    page.add_page()
    _heads(page, report)
    _say(page, report.kind, 14, bold=True, align="C", before=6)
    _say(page, report.subject, 13, bold=True, align="C")
    for number, section in enumerate(report.sections, 1):
        _say(page, f"{number}. {section.title}", 12, bold=True, before=4)
        for words in section.words:
            _say(page, words, 11.5)
        if section.table:
            _table(page, section.table)
    _feet(page, report)
    return bytes(page.output())


def _heads(page: Any, report: Report) -> None:
    """Who issues it on the left, the nation and its motto on the right."""
    top, half = page.get_y(), page.epw / 2
    left = ((report.above, ""), (report.issuer, "B"), (report.number, ""))
    right = ((NATION, "B"), (MOTTO, "B"), (report.place_and_day, ""))
    lowest = top
    for x, lines in ((page.l_margin - 8, left), (page.l_margin + half - 2, right)):
        page.set_xy(x, top)
        for words, style in lines:
            page.set_font(FAMILY, style, 9.5)
            page.set_x(x)
            page.multi_cell(half + 8, 5.4, words, align="C", **_NEXT)
        lowest = max(lowest, page.get_y())
    page.set_xy(page.l_margin, lowest)


def _feet(page: Any, report: Report) -> None:
    page.ln(6)
    top = page.get_y()
    page.set_font(FAMILY, "B", 11)
    page.set_x(page.l_margin + page.epw / 2)
    page.multi_cell(page.epw / 2, 6, report.signature, align="C", **_NEXT)
    page.set_xy(page.l_margin, top)
    _say(page, "Nơi nhận:", 10.5, bold=True)
    for each in report.recipients:
        _say(page, f"- {each}", 10)
    if report.sample:
        _say(page, "Dữ liệu mẫu", 10)


def _table(page: Any, table: Table) -> None:
    page.set_font(FAMILY, "", 9.5)
    rows = [each for row in table.rows for each in _rows_that_fit(page, row)]
    with page.table(line_height=LINE, padding=1, text_align="LEFT") as made:
        for each in (table.heads, *rows):
            made.row([_plain(cell) for cell in each])
    page.ln(2)


def _rows_that_fit(page: Any, row: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A row as it is, or, with more words than a page holds, as several rows under each other."""
    if all(len(cell) <= SHORT and cell.count("\n") < MOST_LINES for cell in row):
        yield row
        return
    width = page.epw / len(row) - 2
    lines = [page.multi_cell(width, LINE, _plain(cell), dry_run=True, output="LINES") if cell else [] for cell in row]
    for begin in range(0, max(len(each) for each in lines), MOST_LINES):
        yield tuple("\n".join(each[begin : begin + MOST_LINES]) for each in lines)


def _say(page: Any, words: str, size: float, *, bold: bool = False, align: str = "L", before: float = 0) -> None:
    page.ln(before)
    page.set_font(FAMILY, "B" if bold else "", size)
    page.multi_cell(0, size * 0.52, _plain(words), align=align, **_NEXT)
    page.ln(1)


def _plain(words: str) -> str:
    """Letters that the font can print; what it cannot (pictographs) is left out."""
    return "".join(each for each in words if (each >= " " or each == "\n") and ord(each) < 0x2E80)

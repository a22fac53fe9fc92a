"""A report as a Word document in the layout of official documents (Nghị định 30/2020/NĐ-CP)."""

from __future__ import annotations

import io
from typing import Any

from toancanh.response.printed.after_action import MOTTO, NATION, Report, Table

FONT = "Times New Roman"


def docx(report: Report) -> bytes:
    """The file. The library is slow to import, so that only who prints waits for it."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH as AT
    from docx.shared import Mm, Pt

    document = Document()
    _page(document, Mm)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", FONT)
    _heads(document, report, AT, Pt)
    _line(document, report.kind, AT.CENTER, Pt(14), bold=True, before=Pt(14))
    _line(document, report.subject, AT.CENTER, Pt(14), bold=True, after=Pt(12))
    for number, section in enumerate(report.sections, 1):
        _line(document, f"{number}. {section.title}", AT.LEFT, Pt(13), bold=True, before=Pt(8))
        for words in section.words:
            paragraph = _line(document, words, AT.JUSTIFY, Pt(13), after=Pt(6))
            paragraph.paragraph_format.first_line_indent = Mm(10)
        if section.table:
            _table(document, section.table, Pt)
    _feet(document, report, AT, Pt)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, mm: Any) -> None:
    """A4, margins as prescribed, the page number centred above from the second page on."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section = document.sections[0]
    section.page_width, section.page_height = mm(210), mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = mm(20)
    section.left_margin = mm(30)
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = 1
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)


def _heads(document: Any, report: Report, at: Any, pt: Any) -> None:
    """Who issues it on the left, the nation and its motto on the right."""
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    for cell, lines in (
        (
            left,
            ((report.above, pt(12), False, False), (report.issuer, pt(12), True, False), (report.number, pt(13), False, False)),
        ),
        (right, ((NATION, pt(12), True, False), (MOTTO, pt(13), True, False), (report.place_and_day, pt(13), False, True))),
    ):
        for words, size, bold, italic in lines:
            _words(cell.paragraphs[-1], words, at.CENTER, size, bold, italic)
            cell.add_paragraph()


def _feet(document: Any, report: Report, at: Any, pt: Any) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    _words(left.paragraphs[0], "Nơi nhận:", at.LEFT, pt(12), True, True)
    for each in report.recipients:
        _words(left.add_paragraph(), f"- {each}", at.LEFT, pt(11))
    _words(right.paragraphs[0], report.signature, at.CENTER, pt(13), True)
    if report.sample:
        _line(document, "Dữ liệu mẫu", at.LEFT, pt(11))


def _table(document: Any, table: Table, pt: Any) -> None:
    made = document.add_table(rows=1, cols=len(table.heads))
    made.style = "Table Grid"
    for cell, head in zip(made.rows[0].cells, table.heads, strict=True):
        _words(cell.paragraphs[0], head, 0, pt(12), True)
    for row in table.rows:
        for cell, words in zip(made.add_row().cells, row, strict=True):
            _words(cell.paragraphs[0], words, 0, pt(12))


def _line(document: Any, words: str, align: Any, size: Any, **more: Any) -> Any:
    paragraph = document.add_paragraph()
    _words(paragraph, words, align, size, more.get("bold", False))
    paragraph.paragraph_format.space_before = more.get("before")
    paragraph.paragraph_format.space_after = more.get("after", 0)
    return paragraph


def _words(paragraph: Any, words: str, align: Any, size: Any, bold: bool = False, italic: bool = False) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = 0
    run = paragraph.add_run("".join(each for each in words if _in_xml(each)))
    run.font.size, run.bold, run.italic, run.font.name = size, bold, italic, FONT


def _in_xml(letter: str) -> bool:
    """Whether XML allows it: no control characters, no halves of surrogate pairs, no two codes that are not characters."""
    return letter in "\t\n" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")

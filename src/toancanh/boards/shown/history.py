"""One figure through time, as tables: every period with what it is compared with, and what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from toancanh.boards.figures import Figure
from toancanh.boards.reading import Point, Version
from toancanh.boards.selection import Selection
from toancanh.boards.shown import lines, rebasing, words
from toancanh.boards.shown.proofs import proved
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.periods import Period
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, StatusView
from toancanh.ui.tables import Cell, Column, TableView


def revisions(figure: Figure, versions: Sequence[Version]) -> TableView:
    """What was corrected: the old value and what it became."""
    indicator = figure.indicator
    now: dict[Period, Point] = {}
    after: dict[Period, Version] = {}
    for point in figure.points.values():
        now[point.period] = point
    rows = []
    for each in versions:
        became = after.get(each.period, now.get(each.period))
        after[each.period] = each
        if became is None or each.value is None or words.value(indicator, became.value) == words.value(indicator, each.value):
            continue
        rows.append(
            (
                Cell(text=formats.moment(each.known_to)),
                Cell(text=words.period(each.period)),
                proved(words.short(indicator, each.value), each, replaced=True),
                proved(words.short(indicator, became.value), became),
                Cell(text=t(*words.QUALITY.get(each.status, ("", "")))),
            )
        )
    columns = (
        Column(label=t("Điều chỉnh lúc", "Revised at")),
        Column(label=t("Kỳ", "Period")),
        Column(label=t("Số cũ", "Before"), number=True),
        Column(label=t("Số mới", "After"), number=True),
        Column(label=t("Bản cũ là", "It was")),
    )
    title = t("Điều chỉnh", "Revisions")
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=tuple(rows[:20]),
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có lần điều chỉnh nào.", "Never revised."),
    )


def numbers(figure: Figure, points: Mapping[Period, Point], selection: Selection) -> TableView:
    """The table behind the line, newest first; with a column that says how values were re-based where any was."""
    indicator = figure.indicator
    pairs = {each: (points.get(each), points.get(each.same_last_year())) for each in reversed(lines.axis(figure.period))}
    pairs = {period: pair for period, pair in pairs.items() if pair != (None, None)}
    made = any(each is not None and each.rebased for pair in pairs.values() for each in pair)
    rows = [
        (*_number_row(indicator, period, *pair), *((_made_cell(*pair),) if made else ())) for period, pair in pairs.items()
    ]
    address = f"/indicators/{indicator.code}/values"
    columns = (
        Column(label=t("Kỳ", "Period")),
        Column(label=tx(indicator.unit), number=True),
        Column(label=t("Cùng kỳ", "Last year"), number=True),
        Column(label=words.target_word(indicator), number=True),
        Column(label=t("Tình trạng", "Condition")),
        Column(label=t("Số liệu đến", "Data until"), number=True),
        *((Column(label=rebasing.heading(), long=True),) if made else ()),
    )
    return TableView(
        title=t("Bảng số", "Table"),
        caption=t(f"{words.title(indicator)} theo kỳ", f"{words.title(indicator)} by period"),
        columns=columns,
        rows=tuple(rows),
        downloads=(
            Link("CSV", selection.link(f"{address}.csv", unit=figure.unit.key)),
            Link("XLSX", selection.link(f"{address}.xlsx", unit=figure.unit.key)),
        ),
        state="ready" if rows else "missing",
    )


def _made_cell(point: Point | None, before: Point | None) -> Cell:
    cell, last_year = rebasing.cell(point), before.rebased if before else None
    if last_year is None:
        return cell
    word = rebasing.word(last_year)
    said = t(f"cùng kỳ: {word[0].lower()}{word[1:]}", f"last year: {word[0].lower()}{word[1:]}")
    return replace(cell, note=" · ".join(each for each in (cell.note, said) if each))


def _number_row(indicator: Indicator, period: Period, point: Point | None, before: Point | None) -> tuple[Cell, ...]:
    note = t(f"{point.have}/{point.want} nơi", f"{point.have} of {point.want}") if point and point.partial else ""
    missing = point is None or (point.value is None and point.rebased is None)
    return (
        Cell(text=words.period(period)),
        proved(words.value(indicator, point.value if point else None), point),
        proved(words.value(indicator, before.value if before else None), before),
        Cell(text=words.value(indicator, point.target if point else None)),
        Cell(status=StatusView("none", t("Chưa có số liệu", "No data")))
        if point is None or missing
        else Cell(text=t(*words.QUALITY.get(point.status, ("", ""))), note=note),
        Cell(text=formats.day(point.as_of) if point and point.as_of else formats.MISSING),
    )

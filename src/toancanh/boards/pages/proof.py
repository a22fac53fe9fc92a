"""The proof of a figure, from the value back to who sent the rows; and the rows themselves, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from toancanh.boards.selection import Selection
from toancanh.boards.shown import words
from toancanh.boards.shown.guard import guarded
from toancanh.indicators.overrides import target_here
from toancanh.indicators.proof import Proof, ProofRow, proof
from toancanh.indicators.queries import find, versions
from toancanh.kernel.contracts import Dataset, Indicator
from toancanh.kernel.fields import Kind
from toancanh.kernel.measures import Ratio
from toancanh.kernel.periods import Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import current, t, tx
from toancanh.ui.parts import Link, StatusView
from toancanh.ui.tables import Cell, Column, Fact, PagerView, ProofView, Step, Tab, TableView, TabsView, TrailView
from toancanh.units import queries as units

FIRST_ROWS = 8
PAGE = 50
LONGEST_NAME = 70
_COLUMNS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPage:
    """The rows behind one part of a value."""

    title: str
    below: str
    trail: TrailView
    parts: TabsView | None
    table: TableView
    pager: PagerView


def proof_view(actor: Actor, cell_id: int, selection: Selection) -> ProofView:
    """The proof of the value `cell_id`. Without the rows' store the value is told, and that it cannot be proved now."""
    try:
        found = proof(actor, cell_id, limit=FIRST_ROWS)
    except Problem as problem:
        if problem.status < 500:
            raise
        return _unproved(actor, cell_id, problem)
    indicator, cell = found.indicator, found.cell
    verdict = (
        StatusView("ok", t("Tính lại bây giờ: bằng nhau", "Recomputed now: equal"))
        if found.equal
        else StatusView(
            "bad",
            t(
                f"Tính lại bây giờ: {words.short(indicator, found.recomputed_value)}, khác số đang hiển thị",
                f"Recomputed now: {words.short(indicator, found.recomputed_value)}, not what is shown",
            ),
        )
    )
    return ProofView(
        title=f"{words.title(indicator)} · {tx(cell.unit.title)} · {words.period(cell.period)}",
        value_text=words.value(indicator, cell.value),
        unit_text=tx(indicator.unit),
        verdict=verdict,
        steps=(_value_step(actor, found), _formula_step(found), _rows_step(found, selection), _sender_step(found)),
    )


def rows_page(actor: Actor, cell_id: int, part: int, offset: int, selection: Selection) -> RowsPage:
    """One page of the rows behind the value `cell_id`. Raises `Problem` 404, 503."""
    found = proof(actor, cell_id, part=part, limit=PAGE, offset=offset)
    indicator, cell = found.indicator, found.cell
    address = f"/indicators/{indicator.code}/rows"
    first, last = (offset + 1 if found.rows else 0), offset + len(found.rows)

    def page(start: int, which: int = part) -> str:
        return selection.link(address, value=str(cell_id), part=str(which), offset=str(start))

    tabs = tuple(Tab(label=name, href=page(0, number), current=number == part) for number, name in enumerate(_part_names(found)))
    title = words.title(indicator)
    return RowsPage(
        title=t(f"Bản ghi của “{title}”", f"Rows behind “{title}”"),
        below=f"{tx(cell.unit.title)} · {words.period(cell.period)}",
        trail=TrailView(
            (
                Link(t("Tổng quan", "Overview"), selection.link("/")),
                Link(title, selection.indicator(indicator.code, unit=cell.unit.key)),
                Link(t("Bản ghi", "Rows"), page(offset)),
            )
        ),
        parts=TabsView(label=t("Thành phần của phép tính", "Parts of the calculation"), tabs=tabs) if len(tabs) > 1 else None,
        table=_rows_table(found, t("Bản ghi", "Rows")),
        pager=PagerView(
            text=t(
                f"{first}–{last} trong {formats.number(found.row_count)}", f"{first}–{last} of {formats.number(found.row_count)}"
            ),
            earlier_href=page(max(offset - PAGE, 0)) if offset else "",
            later_href=page(offset + PAGE) if last < found.row_count else "",
        ),
    )


def _value_step(actor: Actor, found: Proof) -> Step:
    cell, indicator = found.cell, found.indicator
    facts = [
        Fact(t("Kỳ", "Period"), cell.period.spelled_out(current())),
        Fact(t("Tình trạng", "Condition"), t(*words.QUALITY.get(cell.status, words.QUALITY["automatic"]))),
        Fact(t("Số liệu đến", "Data until"), formats.moment(cell.as_of)),
        Fact(t("Biết từ", "Known since"), formats.moment(cell.known_from)),
    ]
    if cell.numerator is not None and cell.denominator is not None:
        pair = f"{formats.number(cell.numerator)} / {formats.number(cell.denominator)}"
        facts.insert(0, Fact(t("Tử số / mẫu số", "Numerator / denominator"), pair))
    if cell.target is not None:
        facts.append(Fact(words.target_word(indicator), words.with_unit(indicator, cell.target)))
        local = target_here(cell.indicator, cell.unit_id, cell.period.year)
        if local is not None:
            said = local.basis or t("không ghi căn cứ", "no basis given")
            facts.append(Fact(t("Mục tiêu do tỉnh đặt", "Target set here"), said))
    if cell.coverage_want:
        facts.append(Fact(t("Độ phủ", "Coverage"), words.covered(cell.method, cell.coverage_have, cell.coverage_want)))
    older = [each for each in versions(actor, cell.indicator, cell.unit, cell.period, cell.dimension) if each.pk != cell.pk]
    if older and cell.status != "automatic":
        said = "; ".join(f"{words.short(indicator, each.value)} ({formats.moment(each.known_from)})" for each in older[:5])
        facts.append(Fact(t("Các bản khác", "Other versions"), said))
    return Step(title=t("Giá trị", "Value"), facts=tuple(facts))


def _formula_step(found: Proof) -> Step:
    text = tx(found.formula)
    return Step(
        title=t(f"Công thức, bản {found.version}", f"Formula, version {found.version}"),
        text=text[:1].upper() + text[1:] + ".",
        facts=tuple(
            Fact(f"{name} · {words.period(each.period)}", formats.number(each.value))
            for name, each in zip(_part_names(found), found.parts, strict=True)
        ),
    )


def _part_names(found: Proof) -> list[str]:
    """The parts by short names: the two sides of a rate, else their own words where those are short."""
    if isinstance(found.indicator.measure, Ratio) and len(found.parts) == 2:
        return [t("Tử số", "Numerator"), t("Mẫu số", "Denominator")]
    said = [tx(each.title) for each in found.parts]
    return [
        text if len(text) <= LONGEST_NAME else t(f"Thành phần {number}", f"Part {number}")
        for number, text in enumerate(said, 1)
    ]  # fmt: skip


def _rows_step(found: Proof, selection: Selection) -> Step:
    table = _rows_table(found, t("Bản ghi", "Rows"))
    more = Link(
        t(f"Xem cả {formats.number(found.row_count)} bản ghi", f"See all {formats.number(found.row_count)} rows"),
        selection.link(f"/indicators/{found.indicator.code}/rows", value=str(found.cell.pk)),
    )
    return Step(title=t("Bản ghi", "Rows"), table=replace(table, title="", more=more if found.rows else None))


def _sender_step(found: Proof) -> Step:
    senders = {each.source.vi: each for each in found.rows}
    facts = [
        Fact(
            tx(each.source),
            t(f"nhận lúc {formats.moment(each.received_at)}", f"received at {formats.moment(each.received_at)}"),
            href=f"/data/deliveries/{each.delivery}" if each.delivery else "",
        )
        for each in senders.values()
    ]
    taken = t("máy gửi, nhận tự động", "sent by machine, taken automatically") if found.automatic else ""
    facts.append(Fact(t("Người chịu trách nhiệm", "Answered for by"), "; ".join(filter(None, (found.approver, taken)))))
    return Step(title=t("Người gửi", "Sender"), facts=tuple(facts))


def _rows_table(found: Proof, title: str) -> TableView:
    dataset = found.indicator.dataset
    names = _shown_fields(dataset)
    titles = {each.name: each.title for each in dataset.fields}
    places = _names(dataset, found.rows)
    rows = tuple(
        (
            *(_cell(dataset, name, row, places) for name in names),
            Cell(text=f"#{row.seq}, {row.line}", href=f"/data/deliveries/{row.delivery}" if row.delivery else ""),
            Cell(text=tx(row.source), note=formats.moment(row.received_at)),
        )
        for row in found.rows
    )
    columns = (
        *(Column(label=tx(titles[name]), number=_is_number(dataset, name)) for name in names),
        Column(label=t("Lần gửi, dòng", "Delivery, line")),
        Column(label=t("Nguồn", "Source")),
    )
    return TableView(
        title=title,
        caption=t(
            f"{len(rows)} trong {formats.number(found.row_count)} bản ghi",
            f"{len(rows)} of {formats.number(found.row_count)} rows",
        ),
        columns=columns,
        rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Phép tính này không dựa trên bản ghi nào.", "This calculation rests on no row."),
    )


def _shown_fields(dataset: Dataset) -> list[str]:
    """The key, then what else fits on a screen."""
    names = [each.name for each in dataset.fields]
    first = [name for name in dataset.key if name in names]
    return [*first, *(name for name in names if name not in first)][:_COLUMNS]


def _names(dataset: Dataset, rows: tuple[ProofRow, ...]) -> dict[str, str]:
    """Names of the units in the rows, by key."""
    columns = [each.name for each in dataset.fields if each.type.kind in (Kind.AREA, Kind.AGENCY)]
    keys = {str(row.values[name]) for row in rows for name in columns if row.values.get(name)}
    return {key: tx(unit.title) for key, unit in units.by_keys(keys).items()} if keys else {}


def _cell(dataset: Dataset, name: str, row: ProofRow, places: dict[str, str]) -> Cell:
    value = row.values.get(name)
    field = next(each for each in dataset.fields if each.name == name)
    if isinstance(value, Period):
        return Cell(text=words.period(value))
    if isinstance(value, datetime):
        return Cell(text=formats.moment(value))
    if isinstance(value, date):
        return Cell(text=formats.day(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(text=formats.number(value))
    if field.type.choices:
        value = next((tx(each.title) for each in field.type.choices if each.code == value), value)
    text = "" if value is None else str(value)
    return Cell(text=places.get(text, text) or formats.MISSING)


def _is_number(dataset: Dataset, name: str) -> bool:
    return next(each for each in dataset.fields if each.name == name).type.kind is Kind.NUMBER


def again(actor: Actor, cell_id: int, selection: Selection, *, beside: bool) -> ProofView | TableView:
    """The proof; where it cannot be made now, what can be said and the way to try again: in the drawer too (`beside`)."""
    retry = Link(t("Thử lại", "Try again"), selection.link(f"/values/{cell_id}/proof"), drawer=beside)
    view = guarded(t("Chứng minh số này", "Prove this figure"), lambda: proof_view(actor, cell_id, selection))
    return replace(view, action=retry) if view.state == "error" else view


def _unproved(actor: Actor, cell_id: int, problem: Problem) -> ProofView:
    cell = find(actor, cell_id)
    indicator: Indicator | None = registry.indicator(cell.indicator) if cell else None
    if cell is None or indicator is None:
        raise problem
    return ProofView(
        title=f"{words.title(indicator)} · {tx(cell.unit.title)} · {words.period(cell.period)}",
        value_text=words.value(indicator, cell.value),
        unit_text=tx(indicator.unit),
        verdict=StatusView("none", tx(problem.title)),
        steps=(),
        state="error",
        message=tx(problem.detail),
    )

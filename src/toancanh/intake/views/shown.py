"""What the pages of this room show: deliveries, held rows and previews as the parts of the kit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from toancanh.intake import queries
from toancanh.intake.checking.check import Checked, HeldRow
from toancanh.intake.models import Delivery, DeliveryState, QuarantinedRow, RowState
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.fields import Kind
from toancanh.kernel.periods import Period
from toancanh.kernel.registry import registry
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import Cell, Column, Fact, FactsView, PagerView, TableView
from toancanh.units import queries as units

PREVIEW_ROWS = 10
_VIA = {
    "push": ("Gửi qua API", "Pushed by API"), "file": ("Tải tệp lên", "File upload"), "pull": ("Hệ thống lấy về", "Pulled"),
    "mqtt": ("MQTT", "MQTT"), "drop": ("Thư mục thả tệp", "Drop folder"), "fix": ("Sửa dòng", "Corrected row"),
    "replay": ("Nạp lại", "Replay"), "sample": ("Dữ liệu mẫu", "Sample data"),
}
_STATES = {
    DeliveryState.RECEIVED: ("info", "Chờ nạp", "Waiting"), DeliveryState.LANDING: ("info", "Đang nạp", "Landing"),
    DeliveryState.LANDED: ("info", "Đang tính", "Computing"), DeliveryState.DONE: ("ok", "Đã nạp", "Done"),
    DeliveryState.FAILED: ("bad", "Lỗi", "Failed"),
}
_ROW_STATES = {
    RowState.OPEN: ("warn", "Chờ rà soát", "Waits for review"), RowState.FIXED: ("ok", "Đã sửa", "Fixed"),
    RowState.DISMISSED: ("none", "Đã bỏ", "Dismissed"),
}


def via_words(via: str) -> str:
    return t(*_VIA.get(via, (via, via)))


def delivery_status(delivery: Delivery) -> StatusView:
    kind, vi, en = _STATES[DeliveryState(delivery.state)]
    return StatusView(kind, t(vi, en))  # type: ignore[arg-type]


def row_status(row: QuarantinedRow) -> StatusView:
    kind, vi, en = _ROW_STATES[RowState(row.state)]
    return StatusView(kind, t(vi, en))  # type: ignore[arg-type]


def digits(text: str) -> str:
    """A number as an address may carry it; anything else is not repeated on the page."""
    return text if text.isascii() and text.isdigit() and len(text) < 12 else ""


def decided_before(query: Mapping[str, str]) -> str:
    """What became of the row that one comes from: ?taken= or ?dismissed= its line."""
    if taken := digits(query.get("taken", "")):
        return t(f"Đã nhận dòng {taken}.", f"Row {taken} is taken.")
    if dismissed := digits(query.get("dismissed", "")):
        return t(f"Đã bỏ dòng {dismissed}.", f"Row {dismissed} is dismissed.")
    return ""


def dataset_title(code: str) -> str:
    found = registry.dataset(code)
    return tx(found.title) if found else code


def deliveries_table(found: Sequence[Delivery]) -> TableView:
    """Deliveries, newest first."""
    columns = (
        Column(label=t("Nhận lúc", "Received at")), Column(label=t("Bộ dữ liệu", "Dataset")), Column(label=t("Nguồn", "Source")),
        Column(label=t("Cách gửi", "Door")), Column(label=t("Nhận", "Received"), number=True),
        Column(label=t("Chờ rà soát", "Held"), number=True), Column(label=t("Trạng thái", "State")),
    )
    rows = tuple(
        (
            Cell(text=formats.moment(each.received_at), href=reverse("intake:delivery", args=[each.uid])),
            Cell(text=dataset_title(each.dataset), note=each.filename), Cell(text=tx(each.source.title)),
            Cell(text=via_words(each.via)),
            Cell(text=formats.number(each.received)), Cell(text=formats.number(each.quarantined)),
            Cell(status=delivery_status(each)),
        )
        for each in found
    )
    return TableView(
        caption=t("Các lần gửi, mới nhất trước", "Deliveries, newest first"), columns=columns, rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có lần gửi nào.", "No deliveries yet."),
    )


def delivery_facts(delivery: Delivery) -> FactsView:
    """Where a delivery came from and what became of it."""
    owner = delivery.source.owner
    facts = [
        Fact(t("Trạng thái", "State"), "", status=delivery_status(delivery)),
        Fact(t("Nguồn", "Source"), tx(delivery.source.title)),
        Fact(t("Cơ quan", "Agency"), tx(owner.title) if owner else "–"),
        Fact(t("Nhận lúc", "Received at"), formats.moment(delivery.received_at)),
        Fact(t("Cách gửi", "Door"), via_words(delivery.via)),
        Fact(t("Người gửi", "Sender"), delivery.sender or "–"),
        Fact(t("Tệp", "File"), delivery.filename or "–"),
        Fact(t("Nhận", "Received"), formats.number(delivery.received)),
        Fact(t("Đưa vào", "Accepted"), formats.number(delivery.accepted)),
        Fact(t("Trùng lặp nguyên dòng", "Exact repeats"), formats.number(delivery.repeated)),
        Fact(t("Chờ rà soát", "Held"), formats.number(delivery.quarantined)),
        Fact("SHA-256", delivery.content_hash),
    ]
    if delivery.follows is not None:
        facts.append(
            Fact(
                t("Sửa cho lần gửi", "Mends the delivery"), formats.moment(delivery.follows.received_at), _href(delivery.follows),
            ),
        )
    if delivery.failure:
        facts.append(Fact(t("Lỗi", "Failure"), tx(queries.not_landed(1))))
    return FactsView(facts=tuple(facts))


def _href(delivery: Delivery) -> str:
    return reverse("intake:delivery", args=[delivery.uid])


def held_table(found: Iterable[QuarantinedRow], *, with_delivery: bool) -> TableView:
    """Held rows: line, column, what came, why, and how to cure it. Across deliveries all are open, so the state makes room."""
    columns = [Column(label=t("Dòng", "Row")), Column(label=t("Cột", "Column")), Column(label=t("Giá trị", "Value"))]
    columns.append(Column(label=t("Vì sao và cách sửa", "Why, and the cure"), long=True))
    last = t("Bộ dữ liệu", "Dataset") if with_delivery else t("Trạng thái", "State")
    columns.append(Column(label=last))
    rows = tuple(_held_cells(row, with_delivery) for row in found)
    return TableView(
        caption=t("Dữ liệu chờ rà soát", "Rows held for review"), columns=tuple(columns), rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Không có dòng nào chờ rà soát.", "No rows wait for review."),
    )


def _held_cells(row: QuarantinedRow, with_delivery: bool) -> tuple[Cell, ...]:
    first, more = row.problems[0], len(row.problems) - 1
    note = t(f"và {more} lỗi khác", f"and {more} more") if more else ""
    cells = [
        Cell(text=t(f"Dòng {row.line}", f"Row {row.line}"), href=reverse("intake:held_row", args=[row.pk])),
        Cell(text=first["heading"] or "–"), Cell(text=first["value"] or "–", mark="refused" if first["value"] else ""),
        Cell(text=t(first["vi"], first["en"]), note=note),
    ]
    received = formats.moment(row.delivery.received_at) if with_delivery else ""
    last = Cell(text=dataset_title(row.delivery.dataset), note=received) if with_delivery else Cell(status=row_status(row))
    return (*cells, last)


def tried_table(held: Sequence[HeldRow], most: int = 50) -> TableView:
    """Rows that a check would hold, of a file that was only tried."""
    columns = (
        Column(label=t("Dòng", "Row")), Column(label=t("Cột", "Column")), Column(label=t("Giá trị", "Value")),
        Column(label=t("Vì sao và cách sửa", "Why, and the cure"), long=True),
    )
    rows = tuple(
        (
            Cell(text=t(f"Dòng {row.line}", f"Row {row.line}")), Cell(text=problem.heading or "–"),
            Cell(text=problem.value or "–"),
            Cell(text=tx(problem.why.text)),
        )
        for row in held[:most]
        for problem in row.problems
    )
    return TableView(
        caption=t("Các dòng cần sửa", "Rows to mend"), title=t("Các dòng cần sửa", "Rows to mend"), columns=columns, rows=rows,
    )


def preview_table(dataset: Dataset, checked: Checked) -> TableView:
    """The first accepted rows as they were understood; places by their names."""
    fields = [each for each in dataset.fields if any(value is not None for value in checked.columns[each.name][:PREVIEW_ROWS])]
    columns = (Column(label=t("Dòng", "Row")), *(Column(label=tx(each.title)) for each in fields))
    names = _names_of(checked, [each.name for each in fields if each.type.kind in (Kind.AREA, Kind.AGENCY)])
    rows = tuple(
        (Cell(text=str(line)), *(Cell(text=plain_words(checked.columns[each.name][number], names)) for each in fields))
        for number, line in enumerate(checked.lines[:PREVIEW_ROWS])
    )
    title = t("Các dòng đầu như hệ thống hiểu", "The first rows as understood")
    return TableView(
        caption=title, title=title, columns=columns, rows=rows, state="ready" if rows else "empty",
        message="" if rows else t("Không có dòng nào đúng để xem trước.", "There is no right row to preview."),
    )


def _names_of(checked: Checked, columns: Sequence[str]) -> dict[object, str]:
    """Unit keys of the first rows -> names."""
    keys = {str(value) for name in columns for value in checked.columns[name][:PREVIEW_ROWS] if value is not None}
    return {key: tx(unit.title) for key, unit in units.by_keys(keys).items()}


def plain_words(value: object, names: Mapping[object, str]) -> str:
    """A stored value as a person reads it; a unit's key by its name."""
    if value is None:
        return "–"
    if isinstance(value, Period):
        return value.title(t("vi", "en"))
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return formats.day(value)
    return formats.number(value) if isinstance(value, float) else names.get(value, str(value))


def pager(page: int, size: int, total: int, query: Mapping[str, str]) -> PagerView:
    """Where we are in a list of `total`, pages counted from 1."""
    first, last = (page - 1) * size + 1, min(page * size, total)
    text = t(f"{first}–{last} trong {formats.number(total)}", f"{first}–{last} of {formats.number(total)}") if total else ""

    def link(number: int) -> str:
        return "?" + urlencode({**query, "page": str(number)})

    return PagerView(
        text=text, earlier_href=link(page - 1) if page > 1 else "", later_href=link(page + 1) if last < total else "",
    )



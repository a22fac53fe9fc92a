"""Where data come from, on pages that are about figures: what is late, and what arrived last."""

from __future__ import annotations

from collections.abc import Sequence

from toancanh.boards.selection import Selection
from toancanh.boards.sources import in_trouble
from toancanh.intake.queries import SourceHealth
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Kind, Link, SegmentView, Share, StatusView
from toancanh.ui.tables import Cell, Column, TableView, WorkRow, WorkView

SOURCES_PAGE = "/sources"
SHOWN = 4
_KINDS: dict[str, Kind] = {"ok": "ok", "late": "warn", "silent": "none", "errors": "bad", "off": "none"}


def word(line: SourceHealth) -> str:
    """The state of a source in words."""
    return {
        "ok": t("Đúng hạn", "On time"),
        "late": t("Chậm", "Late"),
        "silent": t("Chưa gửi", "Nothing yet"),
        "errors": t("Gửi lỗi", "Failing"),
        "off": t("Tạm tắt", "Switched off"),
    }.get(line.state, line.state)


def status(line: SourceHealth) -> StatusView:
    return StatusView(_KINDS.get(line.state, "none"), word(line))


def sentence(lines: Sequence[SourceHealth]) -> str:
    """The answer first: "21 nguồn đúng hạn, 2 chậm"."""
    late, fine = len(in_trouble(lines)), sum(each.state == "ok" for each in lines)
    if not lines:
        return t("Chưa có nguồn dữ liệu nào", "No data source yet")
    if not late:
        return t(f"Cả {fine} nguồn gửi đúng hạn", f"All {fine} sources are on time")
    return t(f"{late} nguồn cần chú ý, {fine} đúng hạn", f"{late} sources need attention, {fine} on time")


def shares(lines: Sequence[SourceHealth], *, noun: str = "") -> SegmentView:
    """One bar of all sources by state; `noun` says of the first what is counted."""
    order = (("ok", "ok"), ("late", "warn"), ("errors", "bad"), ("silent", "none"), ("off", "none"))
    found: list[Share] = []
    for state, kind in order:
        members = [each for each in lines if each.state == state]
        if members:
            said = " ".join(part for part in (str(len(members)), "" if found else noun, word(members[0]).lower()) if part)
            found.append(Share(kind, len(members), said))  # type: ignore[arg-type]
    return SegmentView(shares=tuple(found), state="ready" if found else "empty")


def arrivals(lines: Sequence[SourceHealth], selection: Selection, *, title: str = "") -> WorkView:
    """What needs attention first, then the newest deliveries."""
    late = in_trouble(lines)
    sent = [(each.last_delivery, each) for each in lines if each.state == "ok" and each.last_delivery]
    fine = [each for _, each in sorted(sent, key=lambda pair: pair[0], reverse=True)]
    rows = [_row(each, selection) for each in (*late, *fine)[:SHOWN]]
    return WorkView(
        title=title or t("Dữ liệu mới đến", "Data arriving"),
        more=Link(t(f"Xem cả {len(lines)}", f"See all {len(lines)}"), SOURCES_PAGE) if lines else None,
        rows=tuple(rows),
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có nguồn dữ liệu nào.", "No data source yet."),
        key="sources@*",
        live_href="/fragments/sources",
    )


def table(lines: Sequence[SourceHealth], selection: Selection, title: str) -> TableView:
    """Every source with its freshness."""
    rows = tuple(
        (
            Cell(text=tx(each.source.title), note=tx(each.dataset_title), href=f"/data/deliveries?source={each.source.code}"),
            Cell(text=tx(each.source.owner.title) if each.source.owner else formats.MISSING),
            Cell(text=formats.as_of(each.last_delivery, selection.now)),
            Cell(text=formats.duration(each.cadence) if each.cadence else formats.MISSING),
            Cell(text=formats.number(each.rows_today)),
            Cell(text=formats.number(each.errors)),
            Cell(text=formats.number(each.quarantined)),
            Cell(status=status(each), note=tx(each.last_error) if each.last_error else _lag(each)),
        )
        for each in lines
    )
    columns = (
        Column(label=t("Nguồn", "Source")),
        Column(label=t("Cơ quan gửi", "Sent by")),
        Column(label=t("Lần gửi cuối", "Last delivery"), number=True),
        Column(label=t("Nhịp gửi", "Pace"), number=True),
        Column(label=t("Dòng hôm nay", "Rows today"), number=True),
        Column(label=t("Lỗi 24 giờ", "Errors, 24 h"), number=True),
        Column(label=t("Chờ rà soát", "Held"), number=True),
        Column(label=t("Trạng thái", "Status")),
    )
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=rows,
        key="sources@*",
        live_href="",
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có nguồn dữ liệu nào.", "No data source yet."),
    )


def _lag(line: SourceHealth) -> str:
    if line.lag is None or line.state == "ok":
        return ""
    return t(f"im lặng {formats.duration(line.lag)}", f"silent for {formats.duration(line.lag)}")


def _row(line: SourceHealth, selection: Selection) -> WorkRow:
    owner = tx(line.source.owner.title) if line.source.owner else tx(line.dataset_title)
    if line.state == "ok":
        clock = formats.as_of(line.last_delivery, selection.now)
        today = formats.number(line.rows_today)
        detail = t(f"{owner} · {today} dòng", f"{owner} · {today} rows") if line.rows_today else owner
    else:
        clock = (
            word(line)
            if line.lag is None or line.state == "errors"
            else t(f"chậm {formats.duration(line.lag)}", f"{formats.duration(line.lag)} late")
        )
        detail = owner
    return WorkRow(
        kind=_KINDS.get(line.state, "none"), title=tx(line.source.title), detail=detail, clock=clock, href=SOURCES_PAGE
    )

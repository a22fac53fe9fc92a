"""Places with limits of their own: those that hold, and everything that was ever set."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from toancanh.kernel.condition_words import describe
from toancanh.kernel.conditions import with_limits
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Cell, Column, TableView
from toancanh.watch.definitions import Watched, fits
from toancanh.watch.models import LocalLimit


@dataclass(frozen=True)
class LocalView:
    """What holds and what was set before; None where there is nothing to show."""

    now: TableView | None
    before: TableView | None


def view_of(held: Watched, rows: Sequence[LocalLimit], changeable: Collection[int]) -> LocalView:
    """`rows`: every change, the newest first; `changeable`: row ids of the units whose limits may be changed here."""
    newest: dict[int, LocalLimit] = {}
    for row in rows:
        newest.setdefault(row.unit_id, row)
    holding = sorted((each for each in newest.values() if not each.follows_rule), key=lambda each: each.unit.order_key)
    head = (
        Column(label=t("Nơi", "Place")),
        Column(label=t("Mức riêng", "Its limits"), long=True),
        Column(label=t("Lý do", "Why"), long=True),
    )
    who = Column(label=t("Ai, lúc nào", "Who, when"))
    now_title, title = t("Nơi có mức riêng", "Places with limits of their own"), t("Lịch sử mức riêng", "History of these limits")
    now = tuple(_row(each, held, each.unit_id in changeable) for each in holding)
    before = tuple(
        (*_row(each, held, False), Cell(text="–" if each.rule_version is None else str(each.rule_version))) for each in rows
    )
    version = Column(label=t("Đặt khi quy tắc ở phiên bản", "Set at version of the rule"), number=True)
    return LocalView(
        now=TableView(caption=now_title, title=now_title, columns=(*head, who), rows=now) if now else None,
        before=TableView(caption=title, columns=(*head, who, version), rows=before) if before else None,
    )


def _row(row: LocalLimit, held: Watched, may_change: bool) -> tuple[Cell, ...]:
    href = f"/rules/{held.code}?unit={row.unit.key}#local" if may_change else ""
    return (
        Cell(text=tx(row.unit.short), href=href),
        Cell(text=_said(row, held)),
        Cell(text=row.reason),
        Cell(text=row.made_by, note=formats.moment(row.made_at)),
    )


def _said(row: LocalLimit, held: Watched) -> str:
    if row.follows_rule:
        return t("theo quy tắc chung", "as the rule has it")
    if not row.limits:
        return t("không theo dõi", "not watched")
    rule = held.rule
    if not fits(row, rule.condition):
        pairs = "; ".join(formats.number(each[0]) for each in row.limits)
        return t(f"{pairs} (không còn dùng: điều kiện đã đổi dạng)", f"{pairs} (no longer used: the condition has another shape)")
    own = with_limits(rule.condition, [(each[0], each[1]) for each in row.limits])
    return tx(describe(own, rule.indicator.unit, rule.indicator.places))

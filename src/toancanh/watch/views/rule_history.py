"""The versions of a rule: who saved each, when and why, and in words what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from toancanh.kernel.contracts import Rule
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Cell, Column, TableView
from toancanh.watch.models import RuleVersion
from toancanh.watch.views import words

Read = Callable[[Rule], str]


@dataclass(frozen=True)
class Edition:
    """One version of a rule; without `row` it is what its field declares. `rule` None: it cannot be read any more."""

    number: int
    rule: Rule | None
    active: bool = True
    row: RuleVersion | None = None


def _sample(rule: Rule) -> str:
    return t("theo chỉ tiêu", "as the indicator has it") if rule.smallest_base is None else formats.number(rule.smallest_base, 0)


def _aspects() -> tuple[tuple[str, Read], ...]:
    """What a rule consists of, in the order in which a reader asks for it."""
    whole = t("lũy kế", "year to date"), t("từng kỳ", "each period")
    return (
        (t("Tên tiếng Việt", "Vietnamese name"), lambda rule: rule.title.vi),
        (t("Tên tiếng Anh", "English name"), lambda rule: rule.title.en),
        (t("Điều kiện", "Condition"), words.condition),
        (t("Theo dõi ở", "Watches"), lambda rule: tx(words.LEVEL_TITLES[rule.every])),
        (t("Giá trị theo", "Values by"), lambda rule: tx(words.GRAIN_TITLES[rule.watched_grain])),
        (t("Cách tính", "Counted"), lambda rule: whole[0] if rule.cumulative else whole[1]),
        (t("Tách riêng theo", "Taken apart by"), lambda rule: rule.by.name if rule.by else formats.MISSING),
        (t("Kéo dài ít nhất", "Must last"), lambda rule: words.span(rule.hold)),
        (t("Số bản ghi tối thiểu", "Smallest sample"), _sample),
        (t("Mức độ", "Severity"), lambda rule: words.severity(rule.severity).word),
        (t("Nâng mức", "Rises"), lambda rule: words.steps(rule.rises) or formats.MISSING),
        (t("Hạ mức", "Falls"), lambda rule: words.steps(rule.falls) or formats.MISSING),
        (t("Việc cần làm, tiếng Việt", "What to do, in Vietnamese"), lambda rule: rule.advice.vi if rule.advice else "–"),
        (t("Việc cần làm, tiếng Anh", "What to do, in English"), lambda rule: rule.advice.en if rule.advice else "–"),
        (t("Căn cứ", "Legal basis"), lambda rule: rule.basis),
    )


def changes(old: Rule, new: Rule) -> list[str]:
    """What is different in `new`, an aspect a line: "Kéo dài ít nhất: ngay → 2 giờ"."""
    found = []
    for label, read in _aspects():
        before, after = read(old), read(new)
        if before != after:
            found.append(f"{label}: {before} → {after}")
    if not found and old != new:
        found.append(t("Chi tiết của điều kiện", "Details of the condition"))
    return found


def table(editions: Sequence[Edition], code: str, holds: int) -> TableView:
    """The versions, the newest first; `holds` is the one that holds."""
    columns = (
        Column(label=t("Phiên bản", "Version")),
        Column(label=t("Thay đổi", "What changed"), long=True),
        Column(label=t("Ai, lúc nào", "Who, when")),
        Column(label=t("Lý do", "Why"), long=True),
        Column(label=t("Xem lại", "Go back")),
    )
    pairs = [*pairwise(editions), (editions[-1], None)] if editions else []
    return TableView(
        title=t("Các phiên bản", "Versions"),
        caption=t("Các phiên bản, mới nhất trước", "Versions, newest first"),
        columns=columns,
        rows=tuple(_row(one, before, code, holds) for one, before in pairs),
    )


def _row(one: Edition, before: Edition | None, code: str, holds: int) -> tuple[Cell, ...]:
    note = t("đang dùng", "holds now") if one.number == holds else ""
    off = "" if one.active else t("tắt", "off")
    back = Cell(text="–") if one.number == holds or one.rule is None else _back(one, code)
    return (
        Cell(text=str(one.number), note=" · ".join(each for each in (note, off) if each)),
        Cell(text="; ".join(_told(one, before)) or "–", status=words.severity(one.rule.severity) if one.rule else None),
        Cell(text=one.row.made_by, note=formats.moment(one.row.made_at)) if one.row else Cell(text=t("Lĩnh vực", "Its field")),
        Cell(text=(one.row.note if one.row else "") or "–"),
        back,
    )


def _back(one: Edition, code: str) -> Cell:
    return Cell(text=t(f"Phiên bản {one.number}", f"Version {one.number}"), href=f"/rules/{code}?version={one.number}")


def _told(one: Edition, before: Edition | None) -> list[str]:
    if one.rule is None:
        return [t("Không còn đọc được", "Cannot be read any more")]
    if before is None or before.rule is None:
        first = t("Khai báo của lĩnh vực", "As its field declares it") if one.row is None else t("Tạo quy tắc", "Made here")
        return [f"{first}: {words.condition(one.rule)}"]
    found = changes(before.rule, one.rule)
    if one.active != before.active:
        found.append(t("Bật quy tắc", "Switched on") if one.active else t("Tắt quy tắc", "Switched off"))
    return found or [t("Không đổi gì", "Nothing changed")]

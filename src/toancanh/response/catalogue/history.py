"""The versions of a kind or procedure as a table: who saved each, when, from which day on, why, and what it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils import timezone

from toancanh.kernel.text import Text
from toancanh.response.handling import kinds, local, procedures
from toancanh.response.handling.kept import LocalVersion, Of
from toancanh.response.handling.kinds import IncidentKind
from toancanh.response.handling.procedures import Procedure
from toancanh.ui import formats
from toancanh.ui.language import t
from toancanh.ui.tables import Cell, Column, TableView

T = TypeVar("T", IncidentKind, Procedure)
DECLARED = Text("Mặc định của hệ thống", "The product's default")


@dataclass(frozen=True)
class Edition(Generic[T]):
    """One version; without `row` it is what the product declares."""

    number: int
    content: T
    row: LocalVersion | None = None


def of_kind(code: str) -> list[Edition[IncidentKind]]:
    """Every version of a kind that can be read, the oldest first."""
    declared = kinds.DECLARED.get(code)
    first = [Edition(kinds.DECLARED_NUMBER, declared)] if declared else []
    rows = ((row, kinds.kept(row)) for row in local.history(Of.KIND).get(code, ()))
    return [*first, *(Edition(row.version, kind, row) for row, kind in rows if kind is not None)]


def of_procedure(code: str) -> list[Edition[Procedure]]:
    """Every version of a procedure that can be read, the oldest first."""
    declared = procedures.DECLARED.get(code)
    first = [Edition(declared.version, declared)] if declared else []
    rows = ((row, procedures.kept(row)) for row in local.history(Of.PROCEDURE).get(code, ()))
    return [*first, *(Edition(row.version, each, row) for row, each in rows if each is not None)]


def in_force(of: Of, code: str, editions: list[Edition[T]]) -> int:
    """The number of the version that holds today; that of the declaration when none was made here yet."""
    row = local.in_force(of).get(code)
    declared = code in (kinds.DECLARED if of is Of.KIND else procedures.DECLARED)
    return row.version if row else editions[0].number if declared else 0


def table(editions: list[Edition[T]], holds: int, differ: Callable[[T, T], list[str]]) -> TableView:
    """The versions, the newest first."""
    heads = (
        ("Phiên bản", "Version"), ("Áp dụng từ", "Holds from"), ("Thay đổi", "What changed"), ("Ai, lúc nào", "Who, when"),
        ("Lý do", "Why"), ("Xem lại", "Go back"),
    )  # fmt: skip
    title = t("Các phiên bản", "Versions")
    return TableView(
        title=title, caption=t("Các phiên bản, mới nhất trước", "Versions, newest first"),
        columns=tuple(Column(label=t(*names), long=names[0] in ("Thay đổi", "Lý do")) for names in heads),
        rows=tuple(_row(editions, place, holds, differ) for place in reversed(range(len(editions)))),
    )  # fmt: skip


def _row(editions: list[Edition[T]], place: int, holds: int, differ: Callable[[T, T], list[str]]) -> tuple[Cell, ...]:
    one = editions[place]
    row = one.row
    note = t("đang dùng", "holds now") if one.number == holds else ""
    if _given_up(editions, place):
        note = t("không áp dụng nữa", "given up")
    back = Cell(text="–")
    if one.number != holds:
        back = Cell(text=t(f"Phiên bản {one.number}", f"Version {one.number}"), href=f"?version={one.number}")
    if row is None:
        return (
            Cell(text=str(one.number), note=note), Cell(text="–"), Cell(text=t(DECLARED.vi, DECLARED.en)), Cell(text="–"),
            Cell(text="–"), back,
        )  # fmt: skip
    changed: list[str] = differ(editions[place - 1].content, one.content) if place else [t("Tạo mới", "Made here")]
    if row.definition is None:
        changed = [t("Trở về mặc định", "Back to the default"), *changed]
    return (
        Cell(text=str(one.number), note=note), Cell(text=formats.day(row.valid_from)),
        Cell(text="; ".join(changed) or t("Không đổi gì", "Nothing changed")),
        Cell(text=row.made_by, note=formats.moment(row.made_at)), Cell(text=row.note), back,
    )  # fmt: skip


def _given_up(editions: list[Edition[T]], place: int) -> bool:
    """Whether one that was planned never holds: before its day another was saved that holds from then or earlier on."""
    row, later = editions[place].row, (each.row for each in editions[place + 1 :])
    return row is not None and any(
        each is not None and each.valid_from <= row.valid_from and timezone.localdate(each.made_at) < row.valid_from
        for each in later
    )

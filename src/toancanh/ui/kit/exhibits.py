"""The kit: every part in every state, and two whole pages made of sample views. Pictures and access tests look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from toancanh.ui.kit import charts, samples, tables
from toancanh.ui.language import t
from toancanh.ui.parts import KINDS, STATES, ChipView, Link, Part, StatusView


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A part on the kit page: its name, its views in all states, and how wide it wants to stand ("card", "half", "full")."""

    name: str
    views: tuple[tuple[str, Part], ...]
    width: str = "half"


_STATED: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("map", charts.place_map, "half"),
    ("ranking", charts.ranking, "half"),
    ("work", samples.work, "half"),
    ("line", charts.line, "half"),
    ("flow", charts.flow, "half"),
    ("stack", charts.stack, "half"),
    ("strip", charts.strip, "half"),
    ("table", tables.table, "half"),
    ("facts", tables.facts, "half"),
)


def exhibits() -> tuple[Exhibit, ...]:
    """All parts that have states, each in every state."""
    tiles = samples.state_tiles()
    shown = [Exhibit("tile", tuple((v.state, v) for v in tiles), "card")]
    for name, make, width in _STATED:
        ready = make()
        shown.append(Exhibit(name, tuple((s, _in(ready, s, name)) for s in STATES), width))
    return tuple(shown)


def _in(view: Part, state: str, name: str) -> Part:
    words = {
        "stale": t("Số liệu lúc 07:15, nguồn mất kết nối", "Data of 07:15, the source is disconnected"),
        "partial": t("35/39 xã đã báo", "35 of 39 communes have reported"),
        "revised": t("Đã điều chỉnh 12/11: 62,9 → 63,5", "Revised 12/11: 62.9 → 63.5"),
        "empty": t("Chưa có hồ sơ nào hôm nay.", "No dossier today."),
        "error": t(
            "Không đọc được nguồn Cổng dịch vụ công. Mã: DVC-504", "The public service portal cannot be read. Code: DVC-504"
        ),
    }
    acts = {
        "error": Link(t("Thử lại", "Try again"), "#retry"),
        "missing": Link(t("Nhắc nộp số liệu", "Ask for the data"), "#ask"),
    }
    return replace(
        view,
        state=state,  # type: ignore[arg-type]
        message=words.get(state, ""),
        action=acts.get(state, view.action if state == "ready" else None),
        key=f"kit-{name}-{state}",
    )


def statuses() -> tuple[StatusView, ...]:
    """One status of each kind with its usual word."""
    words = (
        t("Đạt", "On target"),
        t("Cần chú ý", "Watch"),
        t("Chưa đạt", "Off target"),
        t("Khẩn cấp", "Urgent"),
        t("Đang xử lý", "In hand"),
        t("Chưa có số liệu", "No data"),
    )
    return tuple(StatusView(kind, word) for kind, word in zip(KINDS, words, strict=True))


def chips() -> tuple[ChipView, ...]:
    """One chip of each kind, the sample chip among them."""
    return (
        *(ChipView(s.kind, s.word) for s in statuses()),
        ChipView("plain", t("Tự động", "Automatic")),
        ChipView("sample", t("Dữ liệu mẫu", "Sample data")),
    )

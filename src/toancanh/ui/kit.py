"""The kit: every part in every state, and two whole pages made of sample views. Pictures and access tests look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from toancanh.ui import kit_charts as charts
from toancanh.ui import kit_samples as samples
from toancanh.ui import kit_tables
from toancanh.ui.language import t
from toancanh.ui.parts import KINDS, STATES, ChipView, Kind, Link, Part, Share, StatusView
from toancanh.ui.tables import NavGroup, NavLink, PickerView, ShellView, Tab, UserView, WallView


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
    ("table", kit_tables.table, "half"),
    ("facts", kit_tables.facts, "half"),
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


def _field_link(icon: str, word: str, kind: str, spoken: dict[Kind, str]) -> NavLink:
    worst = StatusView(kind, spoken=spoken[kind]) if kind else None  # type: ignore[arg-type, index]
    return NavLink(label=word, href="#field", icon=icon, status=worst)


def shell(theme: str = "light") -> ShellView:
    """The frame around the kit pages."""
    fields = (
        ("chart", t("Kinh tế – xã hội", "Economy and society"), "warn"),
        ("stamp", t("Hành chính công", "Public services"), "warn"),
        ("heart", t("Y tế", "Health"), "warn"),
        ("school", t("Giáo dục", "Education"), ""),
        ("traffic", t("Giao thông", "Traffic"), ""),
        ("leaf", t("Môi trường, đất đai", "Environment, land"), "none"),
        ("building", t("Du lịch", "Tourism"), ""),
        ("shield", t("An toàn thông tin", "Cyber security"), "bad"),
        ("document", t("Văn bản điện tử", "E-documents"), ""),
    )
    spoken = {s.kind: s.word for s in statuses()}
    home = NavLink(label=t("Tổng quan", "Overview"), href="#home", icon="home", current=True)
    watch = (home, *(_field_link(*f, spoken) for f in fields))
    run = tuple(
        NavLink(label=word, href="#run", icon=icon, count=count)
        for icon, word, count in (
            ("bell", t("Sự việc", "Incidents"), "5"),
            ("message", t("Phản ánh", "Reports"), "37"),
            ("tasks", t("Nhiệm vụ được giao", "Assigned tasks"), "9"),
            ("camera", "Camera", ""),
            ("source", t("Nguồn dữ liệu", "Data sources"), "3"),
        )
    )
    month = PickerView(
        label=t("Kỳ báo cáo", "Period"),
        current=t("Tháng 10/2026", "October 2026"),
        options=(
            Tab(label=t("Tháng 10/2026", "October 2026"), href="#m10", current=True),
            Tab(label=t("Tháng 9/2026", "September 2026"), href="#m9"),
        ),
    )
    span = PickerView(
        label=t("Cách tính", "Span"),
        current=t("Lũy kế từ đầu năm", "Cumulative this year"),
        options=(
            Tab(label=t("Lũy kế từ đầu năm", "Cumulative this year"), href="#cum", current=True),
            Tab(label=t("Riêng tháng", "Month alone"), href="#alone"),
        ),
    )
    tabs = (watch[0], run[0], replace(run[2], label=t("Nhiệm vụ", "Tasks")), run[1])
    user = UserView(
        initials="TH",
        name="Nguyễn Thu Hà",
        post=t("Văn phòng UBND tỉnh", "Provincial office"),
        links=(Link(t("Tài khoản", "Account"), "#account"),),
        sign_out_href="#out",
    )
    return ShellView(
        province=t("Tỉnh Minh Sơn", "Minh Sơn province"),
        place_note=t("39 xã, phường", "39 communes and wards"),
        home_href="#home",
        nav=(NavGroup(title=t("Theo dõi", "Watch"), links=watch), NavGroup(title=t("Điều hành", "Run"), links=run)),
        tabs=tabs,
        pickers=(month, span),
        search_href="#find",
        preferences_href="#preferences",
        user=user,
        theme=theme,  # type: ignore[arg-type]
        sample=True,
    )


def wall() -> WallView:
    """The frame around the sample wall scene."""
    names = (
        t("Tổng quan", "Overview"),
        t("Kinh tế – xã hội", "Economy"),
        t("Hành chính công", "Public services"),
        t("Y tế – Giáo dục", "Health, education"),
        t("Giao thông", "Traffic"),
        t("Phản ánh", "Reports"),
    )
    shares = (
        (28, "ok", t("đạt", "on target")),
        (5, "warn", t("cần chú ý", "to watch")),
        (2, "bad", t("chưa đạt", "off target")),
        (1, "none", t("chưa có số liệu", "without data")),
    )
    return WallView(
        code="kit",
        title=t("Trung tâm điều hành thông minh", "Intelligent operations centre"),
        subtitle=t("Tổng quan tỉnh", "Province overview"),
        province=t("Tỉnh Minh Sơn", "Minh Sơn province"),
        clock_text="09:42",
        date_text=t("Chủ nhật, 22/11/2026", "Sunday, 22/11/2026"),
        scene="overview",
        counts=tuple(Share(kind, n, word) for n, kind, word in shares),  # type: ignore[arg-type]
        scenes=tuple(Tab(label=n, href="#scene", current=i == 0) for i, n in enumerate(names)),
        sources=(
            StatusView("ok", t("21 nguồn đúng giờ", "21 sources on time")),
            StatusView("warn", t("2 chậm", "2 late")),
            StatusView("bad", t("1 mất kết nối", "1 disconnected")),
        ),
        sample=True,
    )

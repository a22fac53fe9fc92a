"""The frames around the kit's whole pages: shell and wall of a fictional province."""

from __future__ import annotations

from dataclasses import replace

from toancanh.ui.kit.exhibits import statuses
from toancanh.ui.language import t
from toancanh.ui.parts import Kind, Link, Share, StatusView
from toancanh.ui.tables import NavGroup, NavLink, PickerView, ShellView, Tab, UserView, WallView


def _field_link(icon: str, word: str, kind: str, spoken: dict[Kind, str]) -> NavLink:
    worst = StatusView(kind, spoken=spoken[kind]) if kind else None  # type: ignore[arg-type, index]
    return NavLink(label=word, href="#field", icon=icon, status=worst)


def _pickers() -> tuple[PickerView, ...]:
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
    return (month, span)


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
        pickers=_pickers(),
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

"""Sample views of tables, facts, proofs, forms and ways around for the kit page."""

from __future__ import annotations

from toancanh.ui.formats import number
from toancanh.ui.language import t
from toancanh.ui.parts import Link, StatusView
from toancanh.ui.tables import (
    Cell,
    Choice,
    Column,
    Fact,
    FactsView,
    FieldView,
    PagerView,
    ProofView,
    Step,
    Tab,
    TableView,
    TabsView,
    TrailView,
)


def table(**more: object) -> TableView:
    """Deliveries of a source: accepted, with refused rows, late."""
    word = {
        "ok": t("Nhận đủ", "All accepted"),
        "warn": t("Có dòng chờ rà soát", "Rows to review"),
        "bad": t("Từ chối", "Refused"),
    }
    rows = ((1204, 1204, 0, "ok"), (1198, 1191, 7, "warn"), (0, 0, 0, "bad"))
    fields: dict[str, object] = {
        "title": t("Lần gửi gần đây", "Recent deliveries"),
        "caption": t("Các lần gửi của Cổng dịch vụ công", "Deliveries of the public service portal"),
        "columns": (
            Column(label=t("Thời điểm", "Time"), sort_href="#sort", sorted="descending"),
            Column(label=t("Dòng", "Rows"), number=True),
            Column(label=t("Nhận", "Accepted"), number=True),
            Column(label=t("Rà soát", "Review"), number=True),
            Column(label=t("Trạng thái", "Status")),
        ),
        "rows": tuple(
            (
                Cell(text=f"09:{30 - i * 10:02d} 22/11/2026", href="#delivery"),
                Cell(text=number(a)),
                Cell(text=number(b)),
                Cell(text=number(c)),
                Cell(status=StatusView(kind, word[kind])),  # type: ignore[arg-type]
            )
            for i, (a, b, c, kind) in enumerate(rows)
        ),
        "downloads": (Link("CSV", "#csv"), Link("XLSX", "#xlsx")),
        "more": Link(t("Xem tất cả", "See all"), "#all"),
    }
    return TableView(**(fields | more))  # type: ignore[arg-type]


def pager() -> PagerView:
    """The second page of many."""
    return PagerView(text=t("51–100 trong 1.234", "51–100 of 1,234"), earlier_href="#earlier", later_href="#later")


def facts(**more: object) -> FactsView:
    """The definition of an indicator."""
    fields: dict[str, object] = {
        "title": t("Định nghĩa", "Definition"),
        "facts": (
            Fact(
                t("Cách tính", "Formula"),
                t("Hồ sơ giải quyết đúng hạn / hồ sơ đã giải quyết", "Dossiers settled on time / dossiers settled"),
            ),
            Fact(t("Căn cứ", "Legal basis"), "Quyết định 766/QĐ-TTg 2022"),
            Fact(t("Cơ quan chủ quản", "Owner"), t("Văn phòng UBND tỉnh", "Provincial office"), href="#owner"),
            Fact(
                t("Tình trạng", "Condition"),
                t("cập nhật 10 phút một lần", "updated every 10 minutes"),
                status=StatusView("ok", t("Đúng giờ", "On time")),
            ),
        ),
    }
    return FactsView(**(fields | more))  # type: ignore[arg-type]


def proof() -> ProofView:
    """A figure back to its rows and its sender."""
    rows = TableView(
        caption=t("Ba dòng đầu trong 1.204 dòng", "First three of 1,204 rows"),
        columns=(
            Column(label=t("Mã hồ sơ", "Dossier")),
            Column(label=t("Lần gửi, dòng", "Delivery, line")),
            Column(label=t("Hạn", "Due")),
        ),
        rows=tuple(
            (Cell(text=f"000.12.{i}", href="#row"), Cell(text=f"#4512, {i}"), Cell(text="21/11/2026")) for i in (11, 12, 13)
        ),
    )
    return ProofView(
        title=t(
            "Hồ sơ giải quyết đúng hạn · Tỉnh Minh Sơn · Tháng 11/2026", "Dossiers settled on time · Minh Sơn · November 2026"
        ),
        value_text=number(97.8, 1),
        unit_text="%",
        verdict=StatusView("ok", t("Tính lại bây giờ: bằng nhau", "Recomputed now: equal")),
        steps=(
            Step(
                title=t("Giá trị", "Value"),
                facts=(
                    Fact(t("Tử số / mẫu số", "Numerator / denominator"), "1.177 / 1.204"),
                    Fact(t("Biết từ", "Known since"), "09:31 22/11/2026"),
                ),
            ),
            Step(
                title=t("Công thức, bản 3", "Formula, version 3"),
                text=t(
                    "Đếm hồ sơ có ngày giải quyết không quá ngày hẹn, chia cho hồ sơ đã giải quyết.",
                    "Count dossiers settled by the due date, divided by dossiers settled.",
                ),
            ),
            Step(title=t("Bản ghi", "Rows"), table=rows),
            Step(
                title=t("Người gửi", "Sender"),
                facts=(
                    Fact(t("Nguồn", "Source"), t("Cổng dịch vụ công", "Public service portal"), href="#source"),
                    Fact(t("Phê duyệt", "Approved by"), t("tự động", "automatic")),
                ),
            ),
        ),
    )


def form() -> tuple[FieldView, ...]:
    """One field of each kind, one of them wrong."""
    return (
        FieldView(name="account", label=t("Tên đăng nhập", "Account"), required=True, autocomplete="username", value="thuha"),
        FieldView(
            name="secret", label=t("Mật khẩu", "Password"), kind="password", required=True, autocomplete="current-password"
        ),
        FieldView(
            name="phone",
            label=t("Điện thoại", "Phone"),
            value="0912",
            required=True,
            hint=t("Dùng khi có sự việc khẩn cấp.", "Used in urgent matters."),
            error=t(
                "Nhập số điện thoại gồm 10 chữ số, ví dụ 0912 345 678.",
                "Enter a phone number of 10 digits, for example 0912 345 678.",
            ),
        ),
        FieldView(name="beds", label=t("Số giường bệnh", "Hospital beds"), kind="number", value="1.064"),
        FieldView(
            name="period",
            label=t("Kỳ báo cáo", "Period"),
            kind="select",
            required=True,
            choices=(
                Choice(value="10", label=t("Tháng 10", "October"), chosen=True),
                Choice(value="11", label=t("Tháng 11", "November")),
            ),
        ),
        FieldView(
            name="file",
            label=t("Tệp số liệu", "Data file"),
            kind="file",
            required=True,
            accept=".csv,.xlsx,.json",
            hint="CSV, XLSX, JSON",
        ),
        FieldView(name="reason", label=t("Lý do", "Reason"), kind="textarea"),
        FieldView(
            name="keep", label=t("Nhớ máy này trong 12 giờ", "Remember this machine for 12 hours"), kind="checkbox", checked=True
        ),
    )


def tabs() -> TabsView:
    """Three pages of a set."""
    return TabsView(
        label=t("Phần của chỉ tiêu", "Parts of the indicator"),
        tabs=(
            Tab(label=t("Diễn biến", "Trend"), href="#trend", current=True),
            Tab(label=t("Địa bàn", "Places"), href="#places", count="39"),
            Tab(label=t("Điều chỉnh", "Revisions"), href="#revisions"),
        ),
    )


def trail() -> TrailView:
    """From the overview to a place."""
    return TrailView(
        (
            Link(t("Tổng quan", "Overview"), "#home"),
            Link(t("Hành chính công", "Public services"), "#field"),
            Link(t("Hồ sơ đúng hạn", "Dossiers on time"), "#indicator"),
        )
    )

"""Sample views for the kit page: the figures and matters of a fictional province, enough to show every part."""

from __future__ import annotations

from toancanh.ui.formats import number, percent
from toancanh.ui.language import t
from toancanh.ui.parts import BulletView, DecisionView, Kind, Link, SegmentView, Share, SparkView, StatusView, TileView
from toancanh.ui.tables import WorkRow, WorkView

RISING = (8.1, 13.6, 17.2, 19.4, 24.8, 28.6, 33.2, 37.9, 39.6, 43.5, 50.8, 53.4, 63.5)
LAST_YEAR = (7.7, 12.3, 14.8, 20.9, 22.4, 27.3, 32.3, 34.1, 39.8, 42.7, 45.7, 49.8, 58.1)
WOBBLE = (21.0, 23.5, 14.2, 17.0, 29.3, 30.5, 32.2, 30.0, 36.3, 38.9, 41.0, 38.0, 44.1)
LOW = tuple(v * 0.6 for v in WOBBLE)
_WAVE = SparkView(points=WOBBLE, before=LOW, target=48)


def tile(title: str, value: str, unit: str, kind: Kind, word: str, **more: object) -> TileView:
    """A tile with a line, its target and its comparison; `more` overrides any field."""
    fields: dict[str, object] = {
        "title": title,
        "value_text": value,
        "unit_text": unit,
        "status": StatusView(kind, word),
        "href": "#tile",
        "proof_href": "#proof",
        "quality_text": t("Chính thức · 31/10", "Official · 31/10"),
        "spark": SparkView(points=RISING, before=LAST_YEAR, target=75),
        "target_text": t("Kế hoạch 75%", "Plan 75%"),
        "change_text": t("▲ 5,4 điểm %", "▲ 5.4 pp"),
        "change_note": t("so cùng kỳ", "on last year"),
        "field_text": t("Kinh tế – xã hội", "Economy and society"),
        "field_icon": "chart",
        "bullet": BulletView(value=63.5, target=75, before=58.1, top=100, kind=kind),
    }
    return TileView(**(fields | more))  # type: ignore[arg-type]


def state_tiles() -> tuple[TileView, ...]:
    """The same tile in each of the ten states."""
    title, bad = t("Giải ngân đầu tư công", "Public investment disbursed"), t("Chậm", "Behind")
    value, unit = number(63.5, 1), "%"
    late, none = t("Số liệu chậm", "Late data"), t("Chưa có số liệu", "No data")
    return (
        tile(title, value, unit, "bad", bad),
        tile(title, value, unit, "none", "", state="loading"),
        tile(
            title,
            "–",
            "",
            "none",
            none,
            state="empty",
            message=t("Chưa có dự án nào trong kỳ này.", "No project in this period."),
        ),
        tile(
            title,
            value,
            unit,
            "none",
            late,
            state="stale",
            message=t("Số liệu lúc 07:15, kho bạc mất kết nối", "Data of 07:15, the treasury is disconnected"),
        ),
        tile(
            title,
            value,
            unit,
            "bad",
            bad,
            state="partial",
            message=t("9/11 chủ đầu tư đã báo", "9 of 11 project owners have reported"),
        ),
        tile(
            title,
            value,
            unit,
            "bad",
            bad,
            state="provisional",
            quality_text=t("Sơ bộ · 21/11", "Provisional · 21/11"),
            spark=SparkView(points=RISING, before=LAST_YEAR, target=75, provisional=2),
        ),
        tile(
            title,
            value,
            unit,
            "bad",
            bad,
            state="revised",
            message=t("Đã điều chỉnh 12/11: 62,9 → 63,5", "Revised 12/11: 62.9 → 63.5"),
        ),
        *_states_without_value(),
    )


def _states_without_value() -> tuple[TileView, ...]:
    """The states in which there is no figure to show."""
    title, none = t("Giải ngân đầu tư công", "Public investment disbursed"), t("Chưa có số liệu", "No data")
    return (
        tile(
            title,
            "–",
            "",
            "none",
            none,
            state="missing",
            message=t("Sở Tài chính trễ 7 ngày", "Department of Finance is 7 days late"),
            quality_text=t("Gần nhất: 30/9", "Latest: 30/9"),
            action=Link(t("Nhắc nộp số liệu", "Ask for the data"), "#ask"),
        ),
        tile(
            title,
            "–",
            "",
            "none",
            "",
            state="error",
            message=t("Không đọc được nguồn Kho bạc. Mã: KB-504", "The treasury source cannot be read. Code: KB-504"),
            action=Link(t("Thử lại", "Try again"), "#retry"),
        ),
        tile(
            title,
            "–",
            "",
            "none",
            "",
            state="denied",
            message=t(
                "Bạn chưa có quyền xem. Đề nghị Sở Tài chính cấp quyền.", "You may not see this. Ask the Department of Finance."
            ),
        ),
    )


def overview_tiles() -> tuple[TileView, ...]:
    """Nine figures in the mix of statuses that a normal day has."""
    ok = t("Đạt", "On target")
    warn = t("Cần chú ý", "Watch")
    bad = t("Chậm", "Behind")
    service = t("Hành chính công", "Public services")
    return (
        tile(
            t("Thu ngân sách nhà nước", "State budget revenue"),
            number(7842),
            t("tỷ đồng", "bn VND"),
            "ok",
            ok,
            target_text=t("Dự toán 8.600", "Estimate 8,600"),
            change_text="▲ " + percent(8.4),
            caption_text=t("91,2% dự toán năm", "91.2% of the year's estimate"),
            bullet=BulletView(value=91.2, before=84, target=83, top=100, kind="ok"),
            spark=SparkView(points=RISING, before=LAST_YEAR),
        ),
        tile(
            t("Giải ngân đầu tư công", "Public investment disbursed"),
            number(63.5, 1),
            "%",
            "bad",
            bad,
            caption_text=t("Kế hoạch 75% đến 31/10", "Plan 75% by 31/10"),
            worst=True,
        ),
        tile(
            t("Hồ sơ giải quyết đúng hạn", "Dossiers settled on time"),
            number(97.8, 1),
            "%",
            "warn",
            warn,
            field_text=service,
            field_icon="stamp",
            target_text=t("Mục tiêu 98%", "Target 98%"),
            change_text=t("▲ 0,9 điểm %", "▲ 0.9 pp"),
            quality_text=t("Tự động · 09:30", "Automatic · 09:30"),
            caption_text=t("Mục tiêu 98% · 412 hồ sơ quá hạn", "Target 98% · 412 dossiers late"),
            bullet=BulletView(value=89, target=90, before=84, top=100, kind="warn"),
            worst=True,
            spark=_WAVE,
        ),
        *_middle_tiles(),
        *_last_tiles(),
    )


def _middle_tiles() -> tuple[TileView, ...]:
    """On target, to watch and provisional."""
    ok = t("Đạt", "On target")
    warn = t("Cần chú ý", "Watch")
    service = t("Hành chính công", "Public services")
    health = t("Y tế", "Health")
    return (
        tile(
            t("Hồ sơ nộp trực tuyến", "Dossiers filed online"),
            number(94.1, 1),
            "%",
            "ok",
            ok,
            field_text=service,
            field_icon="stamp",
            target_text=t("Mục tiêu 90%", "Target 90%"),
            change_text=t("▲ 6,1 điểm %", "▲ 6.1 pp"),
            quality_text=t("Tự động · 09:40", "Automatic · 09:40"),
            caption_text=t("Mục tiêu 90%", "Target 90%"),
            bullet=BulletView(value=94.1, target=90, before=88, top=100, kind="ok"),
            spark=_WAVE,
        ),
        tile(
            t("Công suất giường bệnh", "Hospital bed use"),
            number(86),
            "%",
            "warn",
            warn,
            field_text=health,
            field_icon="heart",
            target_text=t("Ngưỡng 85%", "Limit 85%"),
            change_text=t("▲ 7 điểm %", "▲ 7 pp"),
            change_note=t("so tuần trước", "on last week"),
            quality_text=t("Sơ bộ · 21/11", "Provisional · 21/11"),
            state="provisional",
            caption_text=t("Ngưỡng 85% · 9/11 viện đã báo", "Limit 85% · 9 of 11 hospitals reported"),
            bullet=BulletView(value=86, target=85, before=79, top=100, kind="warn"),
            worst=True,
            spark=SparkView(points=WOBBLE, before=LOW, target=38, provisional=1),
        ),
        tile(
            t("Chỉ số sản xuất công nghiệp", "Industrial production index"),
            number(108.6, 1),
            "%",
            "ok",
            ok,
            target_text=t("Mục tiêu 108%", "Target 108%"),
            change_text=t("▲ 1,9 điểm %", "▲ 1.9 pp"),
            quality_text=t("Ước tính · 10/2026", "Estimate · 10/2026"),
            caption_text=t("Mục tiêu 108%", "Target 108%"),
            bullet=BulletView(value=108.6, target=108, before=106.7, top=120, kind="ok"),
            spark=_WAVE,
        ),
    )


def _last_tiles() -> tuple[TileView, ...]:
    """On target, stale and missing."""
    ok = t("Đạt", "On target")
    return (
        tile(
            t("Số doanh nghiệp thành lập mới", "New enterprises"),
            number(618),
            t("doanh nghiệp", "firms"),
            "ok",
            ok,
            target_text=t("Kế hoạch 600", "Plan 600"),
            change_text="▼ " + percent(2.1),
            caption_text=t("Kế hoạch 600", "Plan 600"),
            bullet=BulletView(value=618, target=600, before=631, kind="ok"),
            spark=_WAVE,
        ),
        tile(
            t("Chất lượng không khí", "Air quality"),
            number(64),
            "VN_AQI",
            "none",
            t("Số liệu chậm", "Late data"),
            field_text=t("Môi trường", "Environment"),
            field_icon="leaf",
            state="stale",
            change_text=t("mức", "level"),
            change_note=t("trung bình", "moderate"),
            message=t("Số liệu lúc 07:15 · 3 trạm lỗi", "Data of 07:15 · 3 stations down"),
            target_text=t("Ngưỡng 100", "Limit 100"),
            bullet=BulletView(value=64, target=100, before=58, top=150, kind="none"),
            spark=_WAVE,
        ),
        tile(
            t("Hộ nghèo giảm trong năm", "Fall in poor households"),
            "–",
            "",
            "none",
            t("Chưa có số liệu", "No data"),
            state="missing",
            quality_text=t("Gần nhất: 30/9", "Latest: 30/9"),
            worst=True,
            target_text=t("Hạn nộp 15/11", "Due 15/11"),
            message=t("Sở NN và MT trễ 7 ngày", "Department of Agriculture is 7 days late"),
            change_text="",
            change_note="",
            action=Link(t("Nhắc nộp số liệu", "Ask for the data"), "#ask"),
            bullet=None,
        ),
    )


def decisions() -> tuple[DecisionView, ...]:
    """Three matters, the most urgent first."""
    return (
        DecisionView(
            kind="urgent",
            chip=t("Khẩn cấp", "Urgent"),
            title=t("Sạt lở quốc lộ 3B, km 41", "Landslide on road 3B, km 41"),
            detail=t("Xã Thượng Minh · còn 22 phút để phản hồi", "Commune Thượng Minh · 22 min left to answer"),
            action=Link(t("Vào phòng xử lý", "Open the room"), "#room"),
        ),
        DecisionView(
            kind="bad",
            chip=t("Chưa đạt", "Off target"),
            title=t("Giải ngân đầu tư công 63,5%, kế hoạch 75%", "Public investment 63.5%, plan 75%"),
            detail=t("5 dự án chiếm 71% phần vốn còn lại", "5 projects hold 71% of what is left"),
            action=Link(t("Xem 5 dự án", "See 5 projects"), "#five"),
        ),
        DecisionView(
            kind="warn",
            chip=t("Đến hạn hôm nay", "Due today"),
            title=t("Sở Xây dựng có 5 nhiệm vụ quá hạn", "Department of Construction has 5 tasks overdue"),
            detail=t("Lâu nhất quá 12 ngày: hồ sơ cầu Nậm Cắt", "Longest 12 days: the Nậm Cắt bridge file"),
            action=Link(t("Đôn đốc", "Chase"), "#chase"),
        ),
    )


def segment() -> SegmentView:
    """Thirty-six indicators by status."""
    words = (
        (28, "ok", t("đạt", "on target")),
        (5, "warn", t("cần chú ý", "to watch")),
        (2, "bad", t("chưa đạt", "off target")),
        (1, "none", t("chưa có số liệu", "without data")),
    )
    return SegmentView(shares=tuple(Share(kind, n, f"{n} {word}") for n, kind, word in words))  # type: ignore[arg-type]


def work(**more: object) -> WorkView:
    """Matters with their clocks."""
    rows = (
        WorkRow(
            kind="urgent",
            title=t("Sạt lở quốc lộ 3B, km 41", "Landslide on road 3B, km 41"),
            detail=t("Xã Thượng Minh · Khẩn cấp", "Commune Thượng Minh · Urgent"),
            clock=t("còn 22 phút", "22 min left"),
            clock_note=t("đã 38 phút", "38 min so far"),
            href="#w",
        ),
        WorkRow(
            kind="bad",
            title=t("Mất nước diện rộng", "Water cut off widely"),
            detail=t("Phường Trần Phú · Cao", "Ward Trần Phú · High"),
            clock=t("quá 35 phút", "35 min overdue"),
            clock_note=t("đã 2 giờ 05", "2 h 05 min so far"),
            late=True,
            href="#w",
        ),
        WorkRow(
            kind="warn",
            title=t("Cháy rừng cấp III, 2 điểm nhiệt", "Forest fire level III, 2 hot spots"),
            detail=t("Xã Yên Định · Trung bình", "Commune Yên Định · Medium"),
            clock=t("còn 48 phút", "48 min left"),
            clock_note=t("đã 1 giờ 12", "1 h 12 min so far"),
            href="#w",
        ),
        WorkRow(
            kind="warn",
            title=t("Cổng dịch vụ công phản hồi chậm", "Public service portal is slow"),
            detail=t("Trung tâm dữ liệu · Trung bình", "Data centre · Medium"),
            clock=t("còn 1 giờ 34", "1 h 34 min left"),
            clock_note=t("đã 26 phút", "26 min so far"),
            href="#w",
        ),
        WorkRow(
            kind="info",
            title=t("Ùn tắc cầu Đông Sơn", "Jam on Đông Sơn bridge"),
            detail=t("Phường Đông Sơn · Thấp", "Ward Đông Sơn · Low"),
            clock=t("còn 46 phút", "46 min left"),
            clock_note=t("đã 14 phút", "14 min so far"),
            href="#w",
        ),
    )
    fields: dict[str, object] = {
        "title": t("Sự việc đang xử lý", "Matters in hand"),
        "subtitle": t("5 sự việc · 1 quá hạn", "5 matters · 1 overdue"),
        "rows": rows,
    }
    return WorkView(**(fields | more))  # type: ignore[arg-type]

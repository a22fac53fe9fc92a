"""Sample views for the kit page: the figures of a fictional province, enough to show every part."""

from __future__ import annotations

from toancanh.ui.charts.cells import cells
from toancanh.ui.charts.map import projection
from toancanh.ui.formats import number, percent
from toancanh.ui.language import t
from toancanh.ui.parts import (
    BulletView,
    DecisionView,
    FlowView,
    Kind,
    LineSeries,
    LineView,
    Link,
    MapLabel,
    MapMark,
    MapShape,
    MapView,
    RankingRow,
    RankingView,
    SegmentView,
    Share,
    SparkView,
    StackRow,
    StackView,
    StatusView,
    StripView,
    TileView,
)
from toancanh.ui.tables import WorkRow, WorkView

_RISING = (8.1, 13.6, 17.2, 19.4, 24.8, 28.6, 33.2, 37.9, 39.6, 43.5, 50.8, 53.4, 63.5)
_LAST_YEAR = (7.7, 12.3, 14.8, 20.9, 22.4, 27.3, 32.3, 34.1, 39.8, 42.7, 45.7, 49.8, 58.1)
_PLACES = (
    "Đông Sơn",
    "Minh Khai",
    "Trần Phú",
    "Hòa Bình",
    "Nguyễn Huệ",
    "Lê Lợi",
    "Quang Trung",
    "Tân Thành",
    "Bắc Hà",
    "Nam Giang",
    "Phú Xuân",
    "Tân Lập",
    "Yên Định",
    "Thạch Bình",
    "Cẩm Giàng",
    "Nà Phặc",
    "Bình Trung",
    "Đồng Lạc",
    "Quảng Khê",
    "Thượng Minh",
    "Vĩnh Thông",
    "Ba Bể Hạ",
    "Xuân Dương",
    "Phúc Lộc",
    "Hiệp Lực",
    "Trần Hưng",
    "Kim Hỷ",
    "Văn Lang",
    "Cường Lợi",
    "Yên Phong",
    "Nghĩa Tá",
    "Chợ Rã",
    "Bằng Vân",
    "Ngân Sơn",
    "Thượng Quan",
    "Đức Vân",
    "Côn Minh",
    "Liêm Thủy",
    "Đổng Xá",
)
_WARDS = 11


def place_name(index: int) -> str:
    """A fictional ward or commune of the sample province."""
    kind = t("Phường", "Ward") if index < _WARDS else t("Xã", "Commune")
    return f"{kind} {_PLACES[index]}"


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
        "spark": SparkView(points=_RISING, before=_LAST_YEAR, target=75),
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
            spark=SparkView(points=_RISING, before=_LAST_YEAR, target=75, provisional=2),
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
    ok, warn, bad = t("Đạt", "On target"), t("Cần chú ý", "Watch"), t("Chậm", "Behind")
    service, health = t("Hành chính công", "Public services"), t("Y tế", "Health")
    wobble = (21.0, 23.5, 14.2, 17.0, 29.3, 30.5, 32.2, 30.0, 36.3, 38.9, 41.0, 38.0, 44.1)
    low = tuple(v * 0.6 for v in wobble)
    points = {"spark": SparkView(points=wobble, before=low, target=48)}
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
            spark=SparkView(points=_RISING, before=_LAST_YEAR),
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
            **points,
        ),
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
            **points,
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
            spark=SparkView(points=wobble, before=low, target=38, provisional=1),
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
            **points,
        ),
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
            **points,
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
            **points,
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


def place_map(**more: object) -> MapView:
    """Thirty-nine cells laid in rings, with classes that look like a normal month."""
    points = _points()
    rings = cells(points)
    plane = projection(p for ring in rings.values() for part in ring for p in part)
    buckets = [1 + (i * 7 + i // 3) % 5 for i in range(len(_PLACES))]
    for hole in (22, 32):
        buckets[hole] = 0
    shapes = tuple(
        MapShape(
            id=str(i),
            d=plane.path(rings[name]),
            bucket=buckets[i],
            href="#place",
            title=f"{place_name(i)}: {percent(87.9 + buckets[i] * 2.1) if buckets[i] else t('chưa có số liệu', 'no data')}",
        )
        for i, name in enumerate(_PLACES)
    )
    at = {name: plane.at(*point) for name, point in points.items()}
    marks = (
        MapMark(*at["Thượng Minh"], "urgent", "1", t("Sạt lở quốc lộ 3B", "Landslide on road 3B"), ring=True),
        MapMark(*at["Hòa Bình"], "bad", "2"),
        MapMark(*at["Yên Định"], "warn", "3"),
        MapMark(*at["Bắc Hà"], "info", "5"),
    )
    fields: dict[str, object] = {
        "title": t("Hồ sơ đúng hạn theo xã, phường", "Dossiers on time by commune"),
        "subtitle": t(
            "Tháng 11/2026 · cập nhật 09:30 · Cổng dịch vụ công", "November 2026 · updated 09:30 · Public service portal"
        ),
        "box": plane.box,
        "shapes": shapes,
        "labels": tuple(MapLabel(at[n][0], at[n][1] + 46, n) for n in ("Thượng Minh", "Yên Định", "Thạch Bình")),
        "marks": marks,
        "legend": (
            t("dưới 92%", "under 92%"),
            t("92 – 95", "92 – 95"),
            "95 – 97",
            t("97 – 98,5", "97 – 98.5"),
            t("từ 98,5%", "98.5% and up"),
        ),
        "hatch_text": t("chưa có số liệu", "no data"),
        "note": t("Ranh giới minh họa", "Illustrative boundaries"),
        "key": "kit-map",
        "action": Link(t("Đổi chỉ tiêu", "Change indicator"), "#change"),
    }
    return MapView(**(fields | more))  # type: ignore[arg-type]


def _points() -> dict[str, tuple[float, float]]:
    """Label points on a spiral of even density, a little longer from east to west."""
    places = {}
    for i, name in enumerate(_PLACES):
        turn, reach = i * 2.39996, (i + 0.5) ** 0.5
        bend = 1 + 0.12 * ((i * 37) % 11 - 5) / 5
        places[name] = (105.8 + 0.09 * reach * bend * _cos(turn), 22.1 + 0.07 * reach * bend * _cos(turn - 1.5708))
    return places


def _cos(angle: float) -> float:
    from math import cos

    return cos(angle)


def ranking(**more: object) -> RankingView:
    """The six lowest places."""
    rows = (
        (13, 87.9, 41, "bad"),
        (29, 89.7, 37, "bad"),
        (27, 92.1, 29, "warn"),
        (31, 92.8, 24, "warn"),
        (4, 93.1, 22, "warn"),
        (9, 93.2, 18, "warn"),
    )
    fields: dict[str, object] = {
        "title": t("6 xã, phường thấp nhất", "6 lowest communes"),
        "more": Link(t("Xem cả 39", "See all 39"), "#all"),
        "name_column": t("Xã, phường", "Commune"),
        "columns": (t("Đúng hạn", "On time"), t("Quá hạn", "Late")),
        "bar_column": t("So mục tiêu 98%", "Against the target 98%"),
        "target": 0.87,
        "rows": tuple(
            RankingRow(name=place_name(i), href="#place", figures=(percent(v, 1), number(n)), share=(v - 84) / 16, kind=k)
            for i, v, n, k in rows
        ),  # type: ignore[arg-type]
    }
    return RankingView(**(fields | more))  # type: ignore[arg-type]


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


def line(**more: object) -> LineView:
    """Two years by month: this year, last year, the target path, a gap and a provisional tail."""
    periods = tuple(f"{m:02d}/2025" for m in range(11, 13)) + tuple(f"{m:02d}/2026" for m in range(1, 12))
    this = (*_RISING[:5], None, *_RISING[6:])
    fields: dict[str, object] = {
        "title": t("Giải ngân đầu tư công, lũy kế", "Public investment disbursed, cumulative"),
        "answer": t("Cao hơn cùng kỳ 5,4 điểm %, thấp hơn kế hoạch 11,5 điểm %.", "5.4 pp above last year, 11.5 pp below plan."),
        "unit_text": "%",
        "periods": periods,
        "places": 1,
        "from_zero": True,
        "explore": True,
        "file_name": "giai-ngan",
        "series": (
            LineSeries(role="this", name=t("năm nay", "this year"), points=this, provisional=2),
            LineSeries(role="before", name=t("năm trước", "last year"), points=_LAST_YEAR),
            LineSeries(role="target", name=t("kế hoạch", "plan"), points=tuple(75 * (i + 1) / 13 for i in range(13))),
        ),
        "breaks": ((8, t("Sáp nhập 01/07", "Merger 01/07")),),
        "spoken": t("Đường lũy kế tăng từ 8,1% lên 63,5%.", "The cumulative line rises from 8.1% to 63.5%."),
        "source_text": t("Nguồn: Kho bạc Nhà nước · đến 31/10/2026", "Source: State Treasury · as of 31/10/2026"),
        "table_href": "#table",
    }
    return LineView(**(fields | more))  # type: ignore[arg-type]


def flow(**more: object) -> FlowView:
    """Fourteen days of dossiers in and out; today is not over."""
    fields: dict[str, object] = {
        "title": t("Hồ sơ trong 14 ngày", "Dossiers in 14 days"),
        "subtitle": t("14 ngày", "14 days"),
        "days": tuple(f"{d}/11" for d in range(9, 22)) + (t("hôm nay", "today"),),
        "received": (45, 56, 55, 42, 49, 57, 53, 58, 56, 40, 57, 38, 64, 27),
        "settled": (34, 52, 52, 40, 38, 46, 45, 58, 53, 40, 45, 30, 68, 19),
        "received_word": t("Tiếp nhận", "Received"),
        "settled_word": t("Đã giải quyết", "Settled"),
        "received_text": "27",
        "settled_text": "19",
    }
    return FlowView(**(fields | more))  # type: ignore[arg-type]


def stack(**more: object) -> StackView:
    """Five agencies and what they owe."""
    rows = (
        (t("Sở Xây dựng", "Construction"), 5, 6, 31, "5"),
        (t("Sở Tài chính", "Finance"), 2, 4, 44, "2"),
        (t("Sở Y tế", "Health"), 1, 5, 22, "1"),
        (t("Sở NN và MT", "Agriculture"), 1, 3, 27, "1"),
        (t("Sở Công Thương", "Industry and trade"), 0, 2, 25, "–"),
    )
    fields: dict[str, object] = {
        "title": t("Hồ sơ theo cơ quan", "Dossiers by agency"),
        "subtitle": t("quá hạn", "late"),
        "rows": tuple(StackRow(*r) for r in rows),
        "words": (t("Quá hạn", "Late"), t("Sắp đến hạn", "Due soon"), t("Trong hạn", "In time")),
    }
    return StackView(**(fields | more))  # type: ignore[arg-type]


def strip(**more: object) -> StripView:
    """Twenty-four hours of air quality with a gap of two."""
    bands = (1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 3, 2, 0, 0, 2, 2, 3, 5, 6, 4, 3, 2, 1, 1)
    names = (
        t("Không có số liệu", "No data"),
        t("Tốt", "Good"),
        t("Trung bình", "Moderate"),
        t("Kém", "Poor"),
        t("Xấu", "Bad"),
        t("Rất xấu", "Very bad"),
        t("Nguy hại", "Hazardous"),
    )
    fields: dict[str, object] = {
        "title": t("VN_AQI theo giờ", "VN_AQI by hour"),
        "subtitle": t("Trạm Đông Sơn · 24 giờ qua", "Đông Sơn station · last 24 hours"),
        "bands": bands,
        "words": tuple(f"{h:02d}:00: {names[b]}" for h, b in enumerate(bands)),
        "ticks": ((0, "00:00"), (6, "06:00"), (12, "12:00"), (18, "18:00")),
        "band_words": names[1:],
    }
    return StripView(**(fields | more))  # type: ignore[arg-type]

"""Sample charts for the kit page: map, ranking, lines and bars of a fictional province."""

from __future__ import annotations

from math import cos, pi

from toancanh.ui.charts.cells import cells
from toancanh.ui.charts.map import projection
from toancanh.ui.formats import number, percent
from toancanh.ui.kit.samples import LAST_YEAR, RISING
from toancanh.ui.language import t
from toancanh.ui.parts import (
    FlowView,
    LineSeries,
    LineView,
    Link,
    MapLabel,
    MapMark,
    MapShape,
    MapView,
    RankingRow,
    RankingView,
    StackRow,
    StackView,
    StripView,
)

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
        places[name] = (105.8 + 0.09 * reach * bend * cos(turn), 22.1 + 0.07 * reach * bend * cos(turn - pi / 2))
    return places


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
            RankingRow(
                name=place_name(i),
                href="#place",
                figures=(percent(v, 1), number(n)),
                share=(v - 84) / 16,
                kind=k,  # type: ignore[arg-type]
            )
            for i, v, n, k in rows
        ),
    }
    return RankingView(**(fields | more))  # type: ignore[arg-type]


def line(**more: object) -> LineView:
    """Two years by month: this year, last year, the target path, a gap and a provisional tail."""
    periods = tuple(f"{m:02d}/2025" for m in range(11, 13)) + tuple(f"{m:02d}/2026" for m in range(1, 12))
    this = (*RISING[:5], None, *RISING[6:])
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
            LineSeries(role="before", name=t("năm trước", "last year"), points=LAST_YEAR),
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
        "days": (*(f"{d}/11" for d in range(9, 22)), t("hôm nay", "today")),
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

"""Between parts and templates: which macro prints which view, the geometry it needs, the standard words of states."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from toancanh.kernel.text import Text
from toancanh.ui import parts, tables
from toancanh.ui.charts import bars, bullet, flow, line, map, spark
from toancanh.ui.language import current

MACROS: dict[type, tuple[str, str]] = {
    parts.StatusView: ("status", "status"),
    parts.ChipView: ("status", "chip"),
    parts.Link: ("status", "link"),
    parts.TileView: ("tile", "tile"),
    parts.SparkView: ("tile", "spark"),
    parts.BulletView: ("tile", "bullet"),
    parts.DecisionView: ("decision", "decision"),
    parts.SegmentView: ("bars", "segment"),
    parts.StackView: ("bars", "stack"),
    parts.StripView: ("bars", "strip"),
    parts.MapView: ("map", "map"),
    parts.RankingView: ("ranking", "ranking"),
    parts.LineView: ("line", "line"),
    parts.FlowView: ("line", "flow"),
    tables.TableView: ("table", "table"),
    tables.PagerView: ("table", "pager"),
    tables.WorkView: ("work", "work"),
    tables.FieldView: ("form", "field"),
    tables.FactsView: ("facts", "facts"),
    tables.ProofView: ("facts", "proof"),
    tables.TabsView: ("navigation", "tabs"),
    tables.TrailView: ("navigation", "trail"),
    tables.PickerView: ("navigation", "picker"),
}
GEOMETRY: dict[str, Callable[[Any], Any]] = {
    "spark": spark.draw,
    "bullet": bullet.draw,
    "line": line.draw,
    "explorer": line.explorer,
    "flow": flow.draw,
    "map": map.draw,
    "segment": bars.segment,
    "stack": bars.stacks,
    "strip": bars.strip,
}

WORDS = {
    "loading": Text("Đang tải số liệu…", "Loading figures…"),
    "empty": Text("Chưa có mục nào.", "Nothing here yet."),
    "stale": Text("Số liệu chậm", "Late data"),
    "partial": Text("Mới có một phần số liệu", "Only part of the data has arrived"),
    "provisional": Text("Số liệu sơ bộ", "Provisional figure"),
    "revised": Text("Đã điều chỉnh", "Revised"),
    "missing": Text("Chưa có số liệu", "No data"),
    "error": Text("Không đọc được nguồn số liệu. Thử lại.", "The data source cannot be read. Try again."),
    "denied": Text(
        "Bạn chưa có quyền xem. Đề nghị cơ quan chủ quản cấp quyền.",
        "You may not see this yet. Ask the owning agency for access.",
    ),
}
SHAPES = {"error": "bad", "partial": "info", "revised": "info", **dict.fromkeys(("loading", "empty", "missing", "stale"), "none")}
BLANK = frozenset({"loading", "empty", "missing", "error", "denied"})
"""States in which the part has nothing of its own to draw and prints its line of words instead."""

KEPT = frozenset({parts.TileView, parts.MapView})
"""Parts that cost much to print and are printed again for every reader: a view and a language always give the same text."""


def drawer(environment: Environment) -> Callable[..., Markup]:
    """The `part(view, variant="")` function of templates; a variant is another macro of the same file: `tile_wall`."""

    def printed(view: object, variant: str) -> Markup:
        file, macro = MACROS[type(view)]
        module = environment.get_template(f"ui/parts/{file}.html").module
        return Markup(getattr(module, f"{macro}_{variant}" if variant else macro)(view))  # noqa: S704  macros escape

    @lru_cache(maxsize=1024)
    def known(view: object, variant: str, _language: str) -> Markup:
        return printed(view, variant)

    def part(view: object, variant: str = "") -> Markup:
        return known(view, variant, current()) if type(view) in KEPT else printed(view, variant)

    return part

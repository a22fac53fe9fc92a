"""The standard words of the states a part can be in, used when the room has nothing more exact to say."""

from __future__ import annotations

from toancanh.kernel.text import Text

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

"""What the audit record calls the acts on areas and agencies."""

from __future__ import annotations

from toancanh.kernel.text import Text

ROOM = Text("Địa bàn, cơ quan", "Areas and agencies")
SUBJECTS = {
    "unit": Text("Đơn vị", "Unit"),
    "units": Text("Danh mục đơn vị", "Register of units"),
    "file": Text("Tệp", "File"),
}
ACTS = {
    "units.load": Text("Nạp danh mục đơn vị", "Loaded the units"),
    "units.put": Text("Ghi đơn vị vào danh mục", "Added units to the register"),
    "units.change": Text("Ghi thay đổi của đơn vị", "Recorded changes of units"),
    "units.merge": Text("Nhập đơn vị", "Merged units"),
    "units.rename": Text("Đổi tên đơn vị", "Renamed a unit"),
    "units.share": Text("Ghi tỷ lệ chia tách", "Recorded the share of a split"),
    "units.custom": Text("Đặt vùng tự chọn", "Made a custom area"),
    "units.boundaries": Text("Nạp ranh giới", "Loaded boundaries"),
    "units.illustrate": Text("Vẽ ranh giới minh họa", "Drew boundaries for illustration"),
    "units.measures": Text("Nạp dân số, diện tích", "Loaded populations and sizes"),
}

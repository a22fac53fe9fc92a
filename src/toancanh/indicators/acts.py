"""What the audit record calls the acts on indicators and their values."""

from __future__ import annotations

from toancanh.kernel.text import Text

ROOM = Text("Chỉ tiêu", "Indicators")
SUBJECTS = {
    "indicator": Text("Chỉ tiêu", "Indicator"),
    "value": Text("Giá trị", "Value"),
}
ACTS = {
    "indicators.set_target": Text("Đặt kế hoạch của chỉ tiêu", "Set a target"),
    "indicators.withdraw_target": Text("Bỏ kế hoạch đã đặt của chỉ tiêu", "Withdrew a target"),
    "indicators.override": Text("Sửa khai báo chỉ tiêu", "Changed an indicator's definition"),
    "indicators.read_personal": Text("Xem bản ghi có dữ liệu cá nhân", "Read rows with personal data"),
}

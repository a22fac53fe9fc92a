"""What the audit record calls the acts on rules and alerts."""

from __future__ import annotations

from toancanh.kernel.text import Text

ROOM = Text("Quy tắc, cảnh báo", "Rules and alerts")
SUBJECTS = {
    "rule": Text("Quy tắc", "Rule"),
    "alert": Text("Cảnh báo", "Alert"),
    "silence": Text("Tạm dừng báo", "Silence"),
    "watch": Text("Xét quy tắc", "Judging of rules"),
}
ACTS = {
    "watch.evaluate": Text("Xét quy tắc trên số liệu mới", "Checked new figures against the rules"),
    "watch.make_rule": Text("Tạo quy tắc", "Made a rule"),
    "watch.save_rule": Text("Lưu phiên bản quy tắc", "Saved a version of a rule"),
    "watch.switch_rule": Text("Bật, tắt quy tắc", "Switched a rule"),
    "watch.set_local_limit": Text("Đặt ngưỡng riêng của đơn vị", "Set a unit's own limit"),
    "watch.drop_local_limit": Text("Bỏ ngưỡng riêng của đơn vị", "Dropped a unit's own limit"),
    "watch.silence": Text("Tạm dừng báo", "Silenced alerts"),
    "watch.end_silence": Text("Kết thúc tạm dừng báo", "Ended a silence"),
    "watch.acknowledged": Text("Nhận cảnh báo", "Acknowledged an alert"),
    "watch.false_positive": Text("Đánh dấu báo nhầm", "Marked an alert as a false positive"),
}

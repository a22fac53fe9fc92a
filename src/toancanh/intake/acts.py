"""What the audit record calls the acts on sources, deliveries and held rows."""

from __future__ import annotations

from toancanh.kernel.text import Text

ROOM = Text("Nguồn và số liệu gửi đến", "Sources and deliveries")
SUBJECTS = {
    "source": Text("Nguồn dữ liệu", "Source"),
    "delivery": Text("Lần gửi", "Delivery"),
    "row": Text("Dòng chờ rà soát", "Held row"),
}
ACTS = {
    "intake.upload": Text("Tải tệp số liệu lên", "Uploaded figures"),
    "intake.fix_row": Text("Sửa dòng chờ rà soát", "Fixed a held row"),
    "intake.dismiss_row": Text("Bỏ dòng chờ rà soát", "Dismissed a held row"),
    "intake.replay": Text("Xử lý lại lần gửi", "Replayed a delivery"),
    "intake.make_source": Text("Tạo nguồn dữ liệu", "Made a source"),
    "intake.change_source": Text("Sửa nguồn dữ liệu", "Changed a source"),
    "intake.make_key": Text("Cấp khóa cho nguồn", "Made a source's key"),
    "intake.revoke_key": Text("Thu hồi khóa của nguồn", "Revoked a source's key"),
    "intake.make_pull": Text("Hẹn giờ lấy số liệu", "Arranged a pull"),
    "intake.read_payload": Text("Xem nội dung lần gửi", "Read a delivery"),
    "intake.read_held_row": Text("Xem dòng chờ rà soát", "Read a held row"),
}

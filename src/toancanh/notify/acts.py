"""What the audit record calls the acts on notices, the roster, webhooks and browsers."""

from __future__ import annotations

from toancanh.kernel.text import Text

ROOM = Text("Thông báo, lịch trực", "Notices and roster")
SUBJECTS = {
    "turn": Text("Lượt trực", "Turn of duty"),
    "webhook": Text("Webhook", "Webhook"),
    "notice": Text("Thông báo", "Notice"),
}
ACTS = {
    "notify.confirm": Text("Xác nhận thông báo", "Confirmed a notice"),
    "notify.read_proof": Text("Xem bằng chứng đã báo", "Read the proof of delivery"),
    "notify.retry": Text("Gửi lại những gì đã ngừng gửi", "Sent again what had failed"),
    "notify.set_contact": Text("Sửa cách liên lạc với mình", "Changed own contacts"),
    "notify.make_calendar": Text("Tạo lịch thời hạn của mình", "Made a calendar of own deadlines"),
    "notify.add_turn": Text("Xếp lượt trực", "Added a duty turn"),
    "notify.remove_turn": Text("Bỏ lượt trực", "Removed a duty turn"),
    "notify.add_webhook": Text("Thêm webhook", "Added a webhook"),
    "notify.pause_webhook": Text("Tạm dừng webhook", "Paused a webhook"),
    "notify.resume_webhook": Text("Cho webhook gửi tiếp", "Resumed a webhook"),
    "notify.renew_webhook_secret": Text("Đổi khóa ký của webhook", "Renewed a webhook's secret"),
    "notify.remove_webhook": Text("Bỏ webhook", "Removed a webhook"),
    "notify.subscribe_browser": Text("Nhận thông báo đẩy trên trình duyệt", "Turned push messages on"),
    "notify.unsubscribe_browser": Text("Thôi nhận thông báo đẩy", "Turned push messages off"),
}

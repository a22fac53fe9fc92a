"""What the audit record calls the acts on incidents, directives, tasks, their clocks, shifts and routes."""

from __future__ import annotations

from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.response.catalogue.differences import STAGE_TITLES
from toancanh.response.changes import MACHINES
from toancanh.response.handling.origins import ORIGINS

ROOM = Text("Sự việc, chỉ đạo, nhiệm vụ", "Incidents, directives, tasks")
SUBJECTS = {
    "incident": Text("Sự việc", "Incident"),
    "directive": Text("Ý kiến chỉ đạo", "Directive"),
    "task": Text("Nhiệm vụ", "Task"),
    "shift": Text("Ca trực", "Shift"),
    "route": Text("Phân công", "Route"),
    "calendar": Text("Dòng lịch làm việc", "Line of the calendar"),
}
ACTS = {
    "response.open_incident": Text("Lập sự việc", "Opened an incident"),
    "response.reported_again": Text("Nhận tin báo lại của sự việc", "An incident was reported again"),
    "response.open_directive": Text("Ban hành ý kiến chỉ đạo", "Issued a directive"),
    "response.open_task": Text("Giao nhiệm vụ", "Gave a task"),
    "response.acknowledge": Text("Xác nhận đã biết sự việc", "Acknowledged an incident"),
    "response.take": Text("Nhận xử lý sự việc", "Took an incident"),
    "response.take_over": Text("Nhận tiếp sự việc từ người khác", "Took an incident over"),
    "response.assign": Text("Chuyển sự việc cho cơ quan", "Routed an incident"),
    "response.report_fixed": Text("Báo đã khắc phục", "Reported an incident fixed"),
    "response.refuse": Text("Từ chối sự việc", "Refused an incident"),
    "response.merge": Text("Gộp sự việc vào việc khác", "Merged an incident"),
    "response.took_in": Text("Nhận sự việc được gộp", "Received a merged incident"),
    "response.split_off": Text("Tách lại sự việc", "Split an incident off"),
    "response.set_severity": Text("Đổi mức độ sự việc", "Changed an incident's severity"),
    "response.edit": Text("Sửa nội dung sự việc", "Edited an incident"),
    "response.tick_step": Text("Xong một bước quy trình", "Did a step of the procedure"),
    "response.report": Text("Lấy báo cáo sau sự việc", "Took the after-action report"),
    "response.read_reporter": Text("Xem thông tin người báo tin", "Read who reported an incident"),
    "response.search_reporter": Text("Tìm sự việc theo số điện thoại", "Searched incidents by telephone number"),
    "response.alert": Text("Thêm cảnh báo vào sự việc", "An alert joined an incident"),
    "response.alert_graver": Text("Cảnh báo của sự việc nặng hơn", "An incident's alert became more severe"),
    "response.alert_cleared": Text("Cảnh báo của sự việc đã hết", "An incident's alert cleared"),
    "response.accept": Text("Tiếp nhận ý kiến chỉ đạo", "Accepted a directive"),
    "response.watch": Text("Theo dõi chỉ tiêu sau khi báo xong", "Watched the number after the report"),
    "response.number_seen": Text("Ghi số liệu đang theo dõi", "Noted a value of the watched number"),
    "response.number_missing": Text("Số liệu theo dõi chưa đến", "The watched number is missing"),
    "response.propose": Text("Đề xuất kết thúc chỉ đạo", "Proposed to close a directive"),
    "response.fall_back": Text("Mở lại vì chỉ tiêu chưa đạt", "Reopened: the number has not recovered"),
    "response.recall": Text("Thu hồi ý kiến chỉ đạo", "Recalled a directive"),
    "response.begin": Text("Tiếp nhận nhiệm vụ", "Accepted a task"),
    "response.progress": Text("Cập nhật tiến độ", "Reported progress"),
    "response.hand_to": Text("Giao nhiệm vụ cho người thực hiện", "Assigned a task to a person"),
    "response.hang_under": Text("Đưa nhiệm vụ vào việc lớn hơn", "Put a task under another"),
    "response.confirm": Text("Xác nhận nhiệm vụ hoàn thành", "Confirmed a task as done"),
    "response.cancel": Text("Hủy nhiệm vụ", "Cancelled a task"),
    "response.report_done": Text("Báo hoàn thành", "Reported done"),
    "response.send_back": Text("Trả lại để làm tiếp", "Sent back"),
    "response.close": Text("Kết thúc", "Closed"),
    "response.reopen": Text("Mở lại", "Reopened"),
    "response.add_evidence": Text("Thêm tệp chứng minh", "Added a file of evidence"),
    "response.read_evidence": Text("Tải tệp chứng minh", "Read a file of evidence"),
    "response.ask_extension": Text("Xin gia hạn", "Asked for more time"),
    "response.extension_granted": Text("Cho gia hạn", "Granted more time"),
    "response.extension_refused": Text("Không cho gia hạn", "Refused more time"),
    "response.pause_clock": Text("Tạm dừng thời hạn", "Paused a clock"),
    "response.resume_clock": Text("Cho thời hạn chạy tiếp", "Resumed a clock"),
    "response.climb": Text("Việc quá hạn được báo lên trên", "Late work climbed"),
    "response.begin_shift": Text("Bắt đầu ca trực", "Began a shift"),
    "response.log_shift": Text("Ghi sổ ca trực", "Added to the shift log"),
    "response.hand_over_shift": Text("Bàn giao ca trực", "Handed a shift over"),
    "response.take_shift": Text("Nhận bàn giao ca trực", "Took a shift over"),
    "response.add_route": Text("Phân công loại việc cho cơ quan", "Added a route"),
    "response.end_route": Text("Kết thúc một phân công", "Ended a route"),
    "response.make_kind": Text("Thêm loại việc", "Made a kind of incident"),
    "response.save_kind": Text("Đổi loại việc", "Changed a kind of incident"),
    "response.restore_kind": Text("Đưa loại việc về mặc định", "Took a kind of incident back to its default"),
    "response.make_procedure": Text("Thêm quy trình", "Made a procedure"),
    "response.save_procedure": Text("Đổi quy trình", "Changed a procedure"),
    "response.restore_procedure": Text("Đưa quy trình về mặc định", "Took a procedure back to its default"),
    "response.add_calendar_days": Text("Ghi ngày nghỉ, ngày làm việc vào lịch", "Added days to the calendar"),
    "response.undo_calendar_days": Text("Hủy một dòng lịch làm việc", "Undid a line of the calendar"),
    "response.recount_clock": Text("Tính lại thời hạn theo lịch mới", "Recounted a deadline"),
    "response.set_hours": Text("Đặt giờ làm việc của cơ quan", "Set an agency's hours"),
}
# What values of an entry's details mean.
_STATES = {state.value: title for machine in MACHINES.values() for state, title in machine.words.items()}
DETAILS = {
    "origin": {code: each.title for code, each in ORIGINS.items()},
    "state": _STATES,
    "from": _STATES,
    "severity": {severity.value: title for severity, title in SEVERITY_TITLES.items()},
    "clock": STAGE_TITLES,
}

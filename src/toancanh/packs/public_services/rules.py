"""When dossiers are worth a call: late in a commune, an agency or a procedure, piling up, slow, unusual, silent."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.conditions import Against, AllOf, Behind, By, Change, Overstay, Seasonal, Silent, Stay, Threshold, TooLong
from toancanh.kernel.contracts import After, Level, Rule, Severity
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.public_services.dossiers import DUE, IS_OVER, RECEIVED, SETTLED, STATE
from toancanh.packs.public_services.indicators import (
    AVERAGE_DAYS,
    FULL_ONLINE,
    ON_TIME,
    ON_TIME_OF_RECEIVED,
    ONE_STOP_DECREE,
    ONLINE,
    ONLINE_DECREE,
    OVERDUE,
    PORTAL_RULE,
    PROCEDURE,
    RECEIVED_COUNT,
    SATISFIED,
    WAITING,
)

HOLD = timedelta(hours=4)
APOLOGISE = Text(
    "Rà soát từng hồ sơ quá hạn; gửi thư xin lỗi và hẹn lại ngày trả theo quy định.",
    "Go through each overdue dossier; send the written apology and a new date, as the decree asks.",
)

LOW_ON_TIME = Rule(
    code="dossiers_on_time_low",
    title=Text("Tỷ lệ đúng hạn thấp", "On-time rate low"),
    indicator=ON_TIME,
    every=Level.COMMUNE,
    severity=Severity.HIGH,
    condition=Threshold(below=95.0, clears_at=97.0),
    hold=timedelta(days=2),
    basis=PORTAL_RULE,
)
AGENCY_ON_TIME = Rule(
    code="dossiers_on_time_agency",
    title=Text("Cơ quan có tỷ lệ đúng hạn thấp", "Agency with a low on-time rate"),
    indicator=ON_TIME,
    every=Level.AGENCY,
    severity=Severity.HIGH,
    condition=Threshold(below=95.0, clears_at=97.0),
    hold=timedelta(days=2),
    basis=PORTAL_RULE,
)
PROGRESS_BEHIND = Rule(
    code="dossiers_progress_behind",
    title=Text("Tiến độ giải quyết theo 766 thấp hơn mục tiêu", "Progress by Decision 766 behind its target"),
    indicator=ON_TIME_OF_RECEIVED,
    every=Level.PROVINCE,
    severity=Severity.HIGH,
    condition=Behind(by=By.POINTS, above=3.0, clears_at=1.0),
    cumulative=True,
    hold=timedelta(days=1),
    basis=PORTAL_RULE,
)
MANY_OVERDUE = Rule(
    code="dossiers_overdue_many",
    title=Text("Nhiều hồ sơ quá hạn", "Many dossiers overdue"),
    indicator=OVERDUE,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=20.0, clears_at=10.0),
    hold=HOLD,
    rises=(After(timedelta(days=3), Severity.HIGH),),
    basis=ONE_STOP_DECREE,
    advice=APOLOGISE,
)
AGENCY_OVERDUE = Rule(
    code="dossiers_overdue_agency",
    title=Text("Cơ quan có nhiều hồ sơ quá hạn", "Agency with many dossiers overdue"),
    indicator=OVERDUE,
    every=Level.AGENCY,
    severity=Severity.HIGH,
    condition=Threshold(above=30.0, clears_at=15.0),
    hold=HOLD,
    basis=ONE_STOP_DECREE,
    advice=APOLOGISE,
)
PROCEDURE_OVERDUE = Rule(
    code="dossiers_overdue_procedure",
    title=Text("Thủ tục có nhiều hồ sơ quá hạn", "Procedure with many dossiers overdue"),
    indicator=OVERDUE,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=30.0, clears_at=20.0),
    by=PROCEDURE,
    hold=HOLD,
    basis=ONE_STOP_DECREE,
)
OVERDUE_JUMPS = Rule(
    code="dossiers_overdue_jumps",
    title=Text("Hồ sơ quá hạn tăng vọt trong ngày", "Overdue dossiers jump within a day"),
    indicator=OVERDUE,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=AllOf((Threshold(above=10.0, clears_at=8.0), Change(against=Against.PREVIOUS, above=50.0, clears_at=20.0))),
    hold=HOLD,
    basis=ONE_STOP_DECREE,
)
PILING_UP = Rule(
    code="dossiers_piling_up",
    title=Text("Hồ sơ tồn tăng nhanh", "Dossiers pile up"),
    indicator=WAITING,
    every=Level.AGENCY,
    severity=Severity.LOW,
    condition=AllOf((Threshold(above=50.0), Change(against=Against.PREVIOUS, above=40.0, clears_at=20.0))),
    grain=Grain.MONTH,
    hold=timedelta(days=2),
    basis=ONE_STOP_DECREE,
)
UNUSUAL_ARRIVALS = Rule(
    code="dossiers_received_unusual",
    title=Text("Lượng hồ sơ tiếp nhận tăng bất thường", "Unusually many dossiers come in"),
    indicator=RECEIVED_COUNT,
    every=Level.COMMUNE,
    severity=Severity.LOW,
    condition=Seasonal(above=5.0, clears_at=3.0, least=5.0),
    basis=ONE_STOP_DECREE,
)
SLOW_HANDLING = Rule(
    code="dossiers_slow",
    title=Text("Thời gian giải quyết trung bình quá dài", "Handling takes too long"),
    indicator=AVERAGE_DAYS,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=TooLong(above=15.0, clears_at=12.0),
    smallest_base=20,
    hold=timedelta(days=1),
    basis=ONE_STOP_DECREE,
)
FEW_ONLINE = Rule(
    code="dossiers_online_behind",
    title=Text("Hồ sơ trực tuyến thấp hơn mục tiêu", "Online dossiers behind their target"),
    indicator=ONLINE,
    every=Level.COMMUNE,
    severity=Severity.LOW,
    condition=Behind(above=25.0, clears_at=15.0),
    cumulative=True,
    hold=timedelta(days=3),
    basis=ONLINE_DECREE,
)
FULL_ONLINE_BEHIND = Rule(
    code="dossiers_full_online_behind",
    title=Text("Hồ sơ toàn trình thấp hơn mục tiêu", "Fully online dossiers behind their target"),
    indicator=FULL_ONLINE,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Behind(above=10.0, clears_at=5.0),
    cumulative=True,
    hold=timedelta(days=3),
    basis=ONLINE_DECREE,
)
UNSATISFIED = Rule(
    code="dossiers_unsatisfied",
    title=Text("Mức độ hài lòng thấp", "Applicants are not satisfied"),
    indicator=SATISFIED,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=Threshold(below=85.0, clears_at=88.0),
    hold=timedelta(days=2),
    basis=PORTAL_RULE,
)
SILENT_ONE_STOP = Rule(
    code="dossiers_silent",
    title=Text("Hệ thống một cửa ngừng gửi số liệu", "The one-stop system has gone silent"),
    indicator=RECEIVED_COUNT,
    every=Level.PROVINCE,
    severity=Severity.HIGH,
    condition=Silent(above=3.0),
    basis=ONE_STOP_DECREE,
    advice=Text("Gọi quản trị hệ thống một cửa, kiểm tra kết nối.", "Call the one-stop system's administrator, check the link."),
)
# A single dossier goes with the daily digest; work of its own it becomes when nobody has settled it ten days later.
PAST_DUE = Stay(
    code="dossier_past_due",
    title=Text("quá ngày hẹn trả", "past the promised day"),
    begins=DUE,
    ends=SETTLED,
    where=~STATE.one_of("5", "6") & (SETTLED.known() | ~IS_OVER),  # what waits for the applicant is not late
)
NOT_BEGUN = Stay(
    code="dossier_not_begun",
    title=Text("đã tiếp nhận mà chưa ai xử lý", "accepted and taken up by nobody"),
    begins=RECEIVED,
    ends=SETTLED,
    where=STATE.equals("2"),
)
LONG_OVERDUE = Rule(
    code="dossier_long_overdue",
    title=Text("Hồ sơ quá hạn kéo dài", "Dossier long overdue"),
    indicator=OVERDUE,
    every=Level.COMMUNE,
    severity=Severity.LOW,
    condition=Overstay(stay=PAST_DUE, above=15.0, most=3),
    rises=(After(timedelta(days=10), Severity.MEDIUM),),
    basis=ONE_STOP_DECREE,
    advice=APOLOGISE,
)
AGENCY_LONG_OVERDUE = Rule(
    code="dossier_long_overdue_agency",
    title=Text("Hồ sơ quá hạn kéo dài tại sở, ngành", "Dossier long overdue at a department"),
    indicator=OVERDUE,
    every=Level.AGENCY,
    severity=Severity.LOW,
    condition=Overstay(stay=PAST_DUE, above=15.0, most=5),
    rises=(After(timedelta(days=10), Severity.MEDIUM),),
    basis=ONE_STOP_DECREE,
    advice=APOLOGISE,
)
NOBODY_BEGAN = Rule(
    code="dossier_not_begun",
    title=Text("Hồ sơ tiếp nhận mà chưa xử lý", "Dossier accepted and not begun"),
    indicator=WAITING,
    every=Level.COMMUNE,
    severity=Severity.LOW,
    condition=Overstay(stay=NOT_BEGUN, above=3.0, most=5),
    basis=ONE_STOP_DECREE,
    advice=Text("Hỏi bộ phận một cửa: đã chuyển hồ sơ cho ai xử lý.", "Ask the one-stop desk whom the dossier was passed to."),
)
RULES = (
    LOW_ON_TIME, AGENCY_ON_TIME, PROGRESS_BEHIND, MANY_OVERDUE, AGENCY_OVERDUE, PROCEDURE_OVERDUE, OVERDUE_JUMPS, PILING_UP,
    UNUSUAL_ARRIVALS, SLOW_HANDLING, FEW_ONLINE, FULL_ONLINE_BEHIND, UNSATISFIED, SILENT_ONE_STOP,
    LONG_OVERDUE, AGENCY_LONG_OVERDUE, NOBODY_BEGAN,
)  # fmt: skip

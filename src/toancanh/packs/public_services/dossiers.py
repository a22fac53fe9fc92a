"""The dossier as one-stop systems synchronise it with the national portal: fields, states, and the on-time rule as expressions.

Field headers are the portal's synchronisation names. Applicants' names and identity numbers are not taken: no figure needs them.
"""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import PROVINCIAL_OFFICE
from toancanh.kernel.contracts import Record
from toancanh.kernel.expressions import NOW, Choose, Column, Condition, Earlier, Expression, HoursBetween, first_known
from toancanh.kernel.fields import AGENCY, AREA, CODE, NUMBER, TIME, Choice, Field, one_of
from toancanh.kernel.text import Text

STATES = (
    Choice("1", Text("Mới đăng ký", "Registered"), ("moi dang ky",)),
    Choice("2", Text("Được tiếp nhận", "Accepted"), ("duoc tiep nhan", "da tiep nhan")),
    Choice("3", Text("Không được tiếp nhận", "Not accepted"), ("khong duoc tiep nhan", "tu choi")),
    Choice("4", Text("Đang xử lý", "In progress"), ("dang xu ly",)),
    Choice("5", Text("Yêu cầu bổ sung giấy tờ", "Supplement asked"), ("yeu cau bo sung giay to",)),
    Choice("6", Text("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment asked"), ("yeu cau thuc hien nghia vu tai chinh",)),
    Choice("7", Text("Công dân yêu cầu rút hồ sơ", "Withdrawn"), ("cong dan yeu cau rut ho so",)),
    Choice("8", Text("Dừng xử lý", "Stopped"), ("dung xu ly",)),
    Choice("9", Text("Đã xử lý xong", "Settled"), ("da xu ly xong",)),
    Choice("10", Text("Đã trả kết quả", "Result returned"), ("da tra ket qua",)),
)
CHANNELS = (
    Choice("1", Text("Trực tiếp", "In person"), ("truc tiep",)),
    Choice("2", Text("Trực tuyến", "Online"), ("truc tuyen",)),
    Choice("3", Text("Bưu chính công ích", "Public postal service"), ("buu chinh cong ich",)),
)
APPLICANTS = (
    Choice("0", Text("Công dân", "Citizen"), ("cong dan",)),
    Choice("1", Text("Doanh nghiệp", "Enterprise"), ("doanh nghiep",)),
    Choice("2", Text("Hộ kinh doanh", "Household business"), ("ho kinh doanh",)),
)
PAYMENTS = (
    Choice("0", Text("Không thanh toán trực tuyến", "Not paid online"), ("khong",)),
    Choice("1", Text("Qua Cổng Dịch vụ công quốc gia", "Through the national portal"), ("qua cong dvcqg",)),
    Choice("2", Text("Qua cổng thanh toán của bộ, tỉnh", "Through a ministry's or the province's gateway")),
)
LEVELS = (
    Choice("full", Text("Toàn trình", "Fully online"), ("toan trinh", "4")),
    Choice("partial", Text("Một phần", "Partly online"), ("mot phan", "3", "2", "1")),
)
SATISFACTION = (
    Choice("1", Text("Hài lòng", "Satisfied"), ("hai long",)),
    Choice("2", Text("Chấp nhận", "Acceptable"), ("chap nhan", "binh thuong")),
    Choice("3", Text("Không hài lòng", "Dissatisfied"), ("khong hai long",)),
)
YES_NO = (Choice("0", Text("Không", "No"), ("khong", "false")), Choice("1", Text("Có", "Yes"), ("co", "true")))


def _time(name: str, vi: str, en: str, header: str, *, required: bool = False, future: bool = False) -> Field:
    return Field(name, TIME, Text(vi, en), required=required, headers=(header,), future=future)


def _choice(name: str, vi: str, en: str, header: str, choices: tuple[Choice, ...], *, required: bool = False) -> Field:
    return Field(name, one_of(*choices), Text(vi, en), required=required, headers=(header,))


# `commune` is where the desk that handles the dossier serves: a commune, or the province for a department.
DOSSIERS = Record(
    code="dossiers",
    title=Text("Hồ sơ thủ tục hành chính", "Administrative dossiers"),
    fields=(
        Field("dossier_code", CODE, Text("Mã hồ sơ", "Dossier code"), headers=("MaHoSo",)),
        Field("procedure", CODE, Text("Mã thủ tục", "Procedure"), headers=("MaTTHC",)),
        Field("service_field", CODE, Text("Mã lĩnh vực", "Service field"), required=False, headers=("MaLinhVuc",)),
        Field("agency", AGENCY, Text("Đơn vị xử lý", "Handling agency"), headers=("DonViXuLy",)),
        Field("commune", AREA, Text("Địa bàn", "Area"), required=False, headers=("MaDiaBan", "MaXa")),
        _choice("state", "Trạng thái hồ sơ", "State", "TrangThaiHoSo", STATES, required=True),
        _choice("channel", "Kênh thực hiện", "Channel", "KenhThucHien", CHANNELS),
        _choice("applicant", "Loại đối tượng", "Kind of applicant", "LoaiDoiTuong", APPLICANTS),
        _choice("service_level", "Mức độ dịch vụ công", "Online level", "MucDo", LEVELS),
        _time("submitted_at", "Ngày nộp hồ sơ", "Submitted", "NgayNopHoSo", required=True),
        _time("received_at", "Ngày tiếp nhận", "Received", "NgayTiepNhan"),
        _time("due_at", "Ngày hẹn trả", "Due", "NgayHenTra", future=True),
        _time("finished_at", "Ngày kết thúc xử lý", "Handling ended", "NgayKetThucXuLy"),
        _time("returned_at", "Ngày trả kết quả", "Result returned", "NgayTra"),
        _time("refused_at", "Ngày từ chối", "Refused", "NgayTuChoi"),
        _time("supplement_asked_at", "Ngày yêu cầu bổ sung", "Supplement asked", "NgayYeuCauBoSung"),
        _time("supplement_done_at", "Ngày bổ sung xong", "Supplement given", "NgayBoSung"),
        Field(
            "supplements",
            NUMBER,
            Text("Số lần yêu cầu bổ sung", "Supplement requests"),
            required=False,
            low=0,
            high=20,
            headers=("SoLanBoSung",),
        ),
        Field(
            "limit_hours",
            NUMBER,
            Text("Thời hạn giải quyết theo quy định (giờ)", "Statutory limit (hours)"),
            required=False,
            low=0,
            headers=("ThoiHanGiaiQuyet",),
        ),
        Field("fee", NUMBER, Text("Phí, lệ phí (đồng)", "Fee (VND)"), required=False, low=0, headers=("LePhi", "Gia")),
        _choice("payment", "Thanh toán trực tuyến", "Online payment", "DuocThanhToanTrucTuyen", PAYMENTS),
        _choice("digitised", "Hồ sơ có thành phần số hóa", "Digitised", "HoSoCoThanhPhanSoHoa", YES_NO),
        _choice("satisfaction", "Mức độ hài lòng", "Satisfaction", "MucDoHaiLong", SATISFACTION),
        _time("updated_at", "Thời điểm cập nhật", "Updated", "NgayCapNhat", required=True),
    ),
    key=("dossier_code",),
    time="submitted_at",
    area="commune",
    agency="agency",
    version="updated_at",
    owner=PROVINCIAL_OFFICE,
    cadence=timedelta(minutes=15),
)

STATE = Column("state")
RECEIVED, DUE, FINISHED = Column("received_at"), Column("due_at"), Column("finished_at")
ASKED, GIVEN = Column("supplement_asked_at"), Column("supplement_done_at")

SETTLED = first_known(FINISHED, Column("returned_at"), Column("refused_at"))
IS_DONE = STATE.one_of("7", "9", "10")
# The national portal's rule (Quyết định 766/QĐ-TTg). An open dossier that waits for its first supplement is judged at the moment
# it asked; one that asked twice or more is late; any other is judged now, or at the end of the period.
_RUNS_UNTIL = Choose(ASKED.known() & GIVEN.missing(), ASKED, NOW)
_ASKED_TOO_OFTEN = SETTLED.missing() & Column("supplements").at_least(2)


def _in_time(end: Expression) -> Condition:
    """Whether handling that ends at `end`, less the wait for a supplement, keeps the due time, or else the statutory limit."""
    judged = Earlier(end, HoursBetween(ASKED, GIVEN))
    return judged.at_most(DUE) | (DUE.missing() & HoursBetween(RECEIVED, judged).at_most(Column("limit_hours")))


SETTLED_IN_TIME = _in_time(SETTLED)  # of a settled dossier: does not ask for the present, so no clock moves it
IS_ON_TIME = _in_time(first_known(SETTLED, _RUNS_UNTIL)) & ~_ASKED_TOO_OFTEN
IS_OVERDUE = DUE.below(NOW) & ~STATE.one_of("5", "6")
# Ended, whether or not the system says when: such a dossier waits for nobody.
IS_OVER = SETTLED.known() | STATE.one_of("3", "7", "8", "9", "10")
HANDLING_HOURS = HoursBetween(RECEIVED, Earlier(FINISHED, HoursBetween(ASKED, GIVEN)))

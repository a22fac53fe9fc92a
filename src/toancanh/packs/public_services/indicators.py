"""What is counted about dossiers: how many come and go, on time or not, through which door, and how people judge it."""

from __future__ import annotations

from toancanh.kernel.agency_roles import PROVINCIAL_OFFICE
from toancanh.kernel.contracts import Fixed, Good, Indicator
from toancanh.kernel.expressions import Column
from toancanh.kernel.measures import Count, Measure, Ratio, Stock, Total, count, percent
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.public_services.dossiers import (
    DOSSIERS,
    FINISHED,
    HANDLING_HOURS,
    IS_DONE,
    IS_ON_TIME,
    IS_OVERDUE,
    RECEIVED,
    SETTLED,
    SETTLED_IN_TIME,
)

PORTAL_RULE = "Quyết định 766/QĐ-TTg ngày 23/6/2022"
ONE_STOP_DECREE = "Nghị định 118/2025/NĐ-CP"
ONLINE_DECREE = "Nghị định 42/2022/NĐ-CP"
FILES, PERCENT = Text("hồ sơ", "dossiers"), Text("%", "%")
PROCEDURE, CHANNEL = Column("procedure"), Column("channel")
MONTHS = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.NINE_MONTHS, Grain.YEAR)
DAYS = (Grain.DAY, *MONTHS)

RECEIVED_COUNT = Indicator(
    code="dossiers_received",
    title=Text("Hồ sơ tiếp nhận", "Dossiers received"),
    dataset=DOSSIERS,
    measure=count(at=RECEIVED),
    unit=FILES,
    definition=Text(
        "Hồ sơ được tiếp nhận trong kỳ qua mọi kênh; chưa gồm kỳ trước chuyển sang.",
        "Dossiers accepted in the period through any channel, without those carried over.",
    ),
    basis=ONE_STOP_DECREE,
    owner=PROVINCIAL_OFFICE,
    good=Good.NEUTRAL,
    grains=DAYS,
    places=0,
    cumulative=True,
    by=(PROCEDURE, CHANNEL),
    short=Text("Tiếp nhận", "Received"),
)
DONE_COUNT = Indicator(
    code="dossiers_done",
    title=Text("Hồ sơ đã giải quyết", "Dossiers settled"),
    dataset=DOSSIERS,
    measure=count(IS_DONE, at=FINISHED),
    unit=FILES,
    definition=Text(
        "Hồ sơ đã xử lý xong, đã trả kết quả hoặc công dân rút, theo ngày kết thúc xử lý.",
        "Dossiers settled, returned or withdrawn, by the day handling ended.",
    ),
    basis=ONE_STOP_DECREE,
    owner=PROVINCIAL_OFFICE,
    good=Good.NEUTRAL,
    grains=DAYS,
    places=0,
    cumulative=True,
    short=Text("Đã giải quyết", "Settled"),
)
ON_TIME = Indicator(
    code="dossiers_on_time",
    title=Text("Hồ sơ giải quyết đúng hạn", "Dossiers settled on time"),
    dataset=DOSSIERS,
    measure=percent(count(IS_DONE & SETTLED_IN_TIME, at=FINISHED), count(IS_DONE, at=FINISHED)),
    unit=PERCENT,
    high=100,
    definition=Text(
        "Hồ sơ kết thúc trong kỳ trước hoặc đúng hạn, chia cho mọi hồ sơ kết thúc. Trừ thời gian chờ bổ sung giấy tờ.",
        "Dossiers that ended in the period by their due time, divided by all that ended. Waits for supplements are given back.",
    ),
    basis=PORTAL_RULE,
    owner=PROVINCIAL_OFFICE,
    good=Good.UP,
    grains=MONTHS,
    cumulative=True,
    target=Fixed(98.0),
    smallest_base=20,
    classes=(92.0, 95.0, 97.0, 98.5),
    by=(PROCEDURE, CHANNEL),
    short=Text("Đúng hạn", "On time"),
)
ON_TIME_OF_RECEIVED = Indicator(
    code="dossiers_on_time_766",
    title=Text("Tiến độ giải quyết (cách tính 766)", "Progress by Decision 766"),
    dataset=DOSSIERS,
    measure=percent(count(IS_ON_TIME, at=RECEIVED), count(at=RECEIVED)),
    unit=PERCENT,
    high=100,
    definition=Text(
        "Hồ sơ tiếp nhận trong kỳ đã giải quyết đúng hạn hoặc còn trong hạn, chia cho hồ sơ tiếp nhận trong kỳ.",
        "Dossiers accepted in the period that were settled on time or are still within their time, divided by those accepted.",
    ),
    basis=PORTAL_RULE,
    owner=PROVINCIAL_OFFICE,
    good=Good.UP,
    grains=MONTHS,
    cumulative=True,
    target=Fixed(97.0),
    smallest_base=20,
    classes=(92.0, 95.0, 97.0, 98.5),
)
OVERDUE = Indicator(
    code="dossiers_overdue",
    title=Text("Hồ sơ đang quá hạn", "Dossiers overdue"),
    dataset=DOSSIERS,
    measure=Stock(begins=RECEIVED, ends=SETTLED, where=IS_OVERDUE),
    unit=FILES,
    definition=Text(
        "Hồ sơ đang giải quyết đã qua ngày hẹn trả, không gồm hồ sơ tạm dừng chờ bổ sung hoặc nộp phí.",
        "Open dossiers past their due time, without those paused for supplements or payment.",
    ),
    basis=ONE_STOP_DECREE,
    owner=PROVINCIAL_OFFICE,
    good=Good.DOWN,
    grains=DAYS,
    places=0,
    by=(PROCEDURE,),
    short=Text("Quá hạn", "Overdue"),
)
WAITING = Indicator(
    code="dossiers_waiting",
    title=Text("Hồ sơ đang giải quyết", "Dossiers in hand"),
    dataset=DOSSIERS,
    measure=Stock(begins=RECEIVED, ends=SETTLED),
    unit=FILES,
    definition=Text("Hồ sơ đã tiếp nhận và chưa kết thúc.", "Dossiers accepted and not yet ended."),
    basis=ONE_STOP_DECREE,
    owner=PROVINCIAL_OFFICE,
    good=Good.NEUTRAL,
    grains=DAYS,
    places=0,
    by=(PROCEDURE,),
)


def _share(code: str, title: Text, definition: Text, measure: Ratio, target: float, basis: str = PORTAL_RULE) -> Indicator:
    """A share of dossiers that should rise to `target` per cent."""
    return Indicator(
        code=code,
        title=title,
        dataset=DOSSIERS,
        measure=measure,
        unit=PERCENT,
        high=100,
        definition=definition,
        basis=basis,
        owner=PROVINCIAL_OFFICE,
        good=Good.UP,
        grains=MONTHS,
        cumulative=True,
        target=Fixed(target),
        smallest_base=20,
    )


_ALL: Measure = count(at=RECEIVED)
_PAYING = Column("fee").above(0)
_FINISHED: Count = count(IS_DONE, at=FINISHED)
_JUDGED = Column("satisfaction").known()
ONLINE = _share(
    "dossiers_online",
    Text("Hồ sơ nộp trực tuyến", "Dossiers submitted online"),
    Text("Hồ sơ nộp trực tuyến chia cho hồ sơ tiếp nhận.", "Dossiers submitted online divided by those accepted."),
    percent(count(CHANNEL.equals("2"), at=RECEIVED), _ALL),
    80.0,
    ONLINE_DECREE,
)
FULL_ONLINE = _share(
    "dossiers_full_online",
    Text("Hồ sơ trực tuyến toàn trình", "Dossiers handled fully online"),
    Text(
        "Hồ sơ nộp trực tuyến của thủ tục toàn trình chia cho hồ sơ tiếp nhận của thủ tục toàn trình.",
        "Online dossiers of fully online procedures divided by all dossiers of those procedures.",
    ),
    percent(
        count(CHANNEL.equals("2") & Column("service_level").equals("full"), at=RECEIVED),
        count(Column("service_level").equals("full"), at=RECEIVED),
    ),
    70.0,
    ONLINE_DECREE,
)
PAID_ONLINE = _share(
    "dossiers_paid_online",
    Text("Thanh toán trực tuyến", "Fees paid online"),
    Text(
        "Hồ sơ có phí đã thanh toán trực tuyến chia cho hồ sơ có phí.",
        "Dossiers with a fee that was paid online divided by all with a fee.",
    ),
    percent(count(_PAYING & Column("payment").one_of("1", "2"), at=RECEIVED), count(_PAYING, at=RECEIVED)),
    60.0,
)
DIGITISED = _share(
    "dossiers_digitised",
    Text("Hồ sơ được số hóa", "Dossiers digitised"),
    Text(
        "Hồ sơ đã giải quyết có thành phần được số hóa chia cho hồ sơ đã giải quyết.",
        "Settled dossiers with digitised papers divided by settled dossiers.",
    ),
    percent(count(IS_DONE & Column("digitised").equals("1"), at=FINISHED), _FINISHED),
    80.0,
)
SATISFIED = _share(
    "dossiers_satisfied",
    Text("Người dân, doanh nghiệp hài lòng", "Applicants satisfied"),
    Text(
        "Lượt đánh giá hài lòng hoặc chấp nhận chia cho tổng lượt đánh giá.",
        "Answers of satisfied or acceptable divided by all answers.",
    ),
    percent(count(_JUDGED & Column("satisfaction").one_of("1", "2"), at=FINISHED), count(_JUDGED, at=FINISHED)),
    90.0,
)
AVERAGE_DAYS = Indicator(
    code="dossiers_average_days",
    title=Text("Thời gian giải quyết trung bình", "Average handling time"),
    dataset=DOSSIERS,
    measure=Ratio(Total(HANDLING_HOURS, IS_DONE, FINISHED), _FINISHED, 1 / 24),
    unit=Text("ngày", "days"),
    definition=Text(
        "Từ lúc tiếp nhận đến khi kết thúc xử lý, trừ thời gian chờ bổ sung; tính theo ngày lịch 24 giờ, gồm cả ngày nghỉ.",
        "From acceptance to the end of handling, without waiting for supplements; in calendar days, days off included.",
    ),
    basis=ONE_STOP_DECREE,
    owner=PROVINCIAL_OFFICE,
    low=0,
    good=Good.DOWN,
    grains=MONTHS,
    cumulative=True,
    by=(PROCEDURE,),
)
INDICATORS = (
    ON_TIME,
    RECEIVED_COUNT,
    DONE_COUNT,
    OVERDUE,
    WAITING,
    ON_TIME_OF_RECEIVED,
    ONLINE,
    FULL_ONLINE,
    PAID_ONLINE,
    DIGITISED,
    SATISFIED,
    AVERAGE_DAYS,
)

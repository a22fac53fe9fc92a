"""Work of the sample province: some directives and tasks, given and moved through the services like any other, marked as sample.

They were given some days before the province was loaded, so that a new centre has work that is due, late and done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from toancanh.people.models import User
from toancanh.response import clocks
from toancanh.response.directing.clarity import Clear
from toancanh.response.directing.orders import Goal, Order, TaskOrder, Term
from toancanh.response.models import Clock, Directive, Entry, Task, Work
from toancanh.response.services import directives, tasks
from toancanh.response.services.steps import is_step
from toancanh.units import queries as units
from toancanh.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTask:
    """One task: `upto` is how far it has come ("assigned", "doing", "reported", "done")."""

    title: str
    lead: str
    days: int
    upto: str = "assigned"
    per_cent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOrder:
    """One directive, given `ago` days before and due after `days` working days, with its parts."""

    title: str
    lead: str
    ago: int
    days: int
    unit: str = "sample:MS"
    goal: Goal | None = None
    result: str = ""
    number: str = ""
    upto: str = "issued"
    parts: tuple[SampleTask, ...] = field(default_factory=tuple)


SXD, STC, SYT, COMMUNE = "agency:MS-SXD", "agency:MS-STC", "agency:MS-SYT", "agency:MS15"
ORDERS = (
    SampleOrder(
        title="Đẩy nhanh giải ngân vốn đầu tư công, đạt tiến độ kế hoạch năm", lead=STC, ago=6, days=15, number="1842/UBND-TH",
        goal=Goal("pub_inv_rate", 85.0), result="Tỷ lệ giải ngân đạt từ 85% kế hoạch", upto="accepted",
        parts=(
            SampleTask(title="Rà soát vướng mắc mặt bằng các dự án trọng điểm", lead=SXD, days=3, upto="doing", per_cent=40),
            SampleTask(title="Điều chuyển vốn của các dự án chậm", lead=STC, days=8, upto="doing", per_cent=25),
            SampleTask(title="Tổng hợp tiến độ theo tuần", lead="agency:MS-KBNN", days=2, upto="done"),
        ),
    ),
    SampleOrder(
        title="Khắc phục hồ sơ trễ hạn tại xã Thạch Bình", lead=COMMUNE, ago=9, days=5, unit="sample:MS15",
        goal=Goal("dossiers_on_time", 98.0), result="Không còn hồ sơ trễ hạn", upto="accepted",
        parts=(SampleTask(title="Bố trí thêm người trực bộ phận một cửa", lead=COMMUNE, days=4, upto="doing", per_cent=70),),
    ),
    SampleOrder(
        title="Kiểm tra an toàn các công trình đang thi công trước mùa mưa", lead=SXD, ago=12, days=10, upto="reported",
        result="Báo cáo kết quả kiểm tra", number="1790/UBND-XD",
    ),
    SampleOrder(title="Rà soát nhân lực trạm y tế xã sau sắp xếp", lead=SYT, ago=15, days=5),
    SampleOrder(title="Công khai danh mục thủ tục cung cấp trực tuyến", lead="agency:MS-TTPVHCC", ago=20, days=10, upto="closed"),
)  # fmt: skip


def give() -> int:
    """Give all of it, once. How many records there are."""
    leader, operator = (User.objects.get(username=name) for name in ("lanhdao", "truc"))
    if Directive.objects.filter(sample=True).exists():
        return 0
    for each in ORDERS:
        _give(each, leader, operator)
    return Directive.objects.filter(sample=True).count() + Task.objects.filter(sample=True).count()


def _give(each: SampleOrder, leader: User, operator: User) -> None:
    order = Order(
        title=each.title, lead=units.by_key(each.lead), deadline=Term(each.days), unit=units.by_key(each.unit), goal=each.goal,
        result=each.result, document_number=each.number, once=each.title[:30], sample=True,
    )  # fmt: skip
    made = directives.issue(leader, order)
    parts = [_part(part, made, operator) for part in each.parts]
    if each.upto != "issued":
        clear = Clear(person=f"Lãnh đạo {order.lead.name}", result="Báo cáo kết quả kèm số liệu chứng minh")
        made = directives.accept(_hand(order.lead, operator), made, clear=clear)
    if each.upto in ("reported", "closed"):
        made = directives.report_done(_hand(order.lead, operator), made, "Đã hoàn thành theo yêu cầu, kèm báo cáo.")
    if each.upto == "closed":
        made = directives.close(leader, made)
    given: list[Directive | Task] = [made, *parts]
    for record in given:
        set_back(record, timedelta(days=each.ago))


def _part(part: SampleTask, whole: Directive, operator: User) -> Task:
    lead = units.by_key(part.lead)
    hand = _hand(lead, operator)
    made = tasks.assign(operator, TaskOrder(title=part.title, lead=lead, deadline=Term(part.days), directive=whole, sample=True))
    if part.upto != "assigned":
        made = tasks.begin(hand, made)
    if part.per_cent:
        made = tasks.progress(hand, made, part.per_cent, "Cập nhật tiến độ tuần")
    if part.upto in ("reported", "done"):
        made = tasks.report_done(hand, made, "Đã hoàn thành")
    return tasks.confirm(operator, made) if part.upto == "done" else made


def _hand(agency: Unit, operator: User) -> User:
    """An officer of the agency with an account, else the operator for it."""
    return User.objects.filter(agency=agency, role="officer").first() or operator


def set_back(record: Work, ago: timedelta) -> None:
    """Move a sample record's history back: it was given `ago`, and its deadline is counted from then."""
    kind = record._meta.model_name or ""
    Entry.objects.filter(kind=kind, subject=record.pk).update(at=F("at") - ago)
    due, running = record.due_at, list[datetime]()
    for clock in clocks.of(kind, record.pk):
        begun = clock.started_at - ago
        at = clocks.due_at(begun, clock.amount, clock.regime, clock.agency)
        ended = clock.stopped_at - ago if clock.stopped_at else None
        due = due if is_step(clock) else at
        running += [at] if ended is None else []
        Clock.objects.filter(pk=clock.pk).update(started_at=begun, due_at=at, stopped_at=ended)
    times = {name: getattr(record, name, None) for name in ("opened_at", "acknowledged_at", "reported_at", "closed_at")}
    moved = {name: at - ago for name, at in times.items() if at is not None}
    type(record)._default_manager.filter(pk=record.pk).update(due_at=due, next_due_at=min(running, default=None), **moved)

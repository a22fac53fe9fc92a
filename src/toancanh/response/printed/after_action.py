"""The after-action report of an incident, from its record alone: what the printers lay out. Official documents are Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from toancanh.kernel.contracts import Severity
from toancanh.kernel.periods import VIETNAM
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.people.permissions import Actor
from toancanh.response import clocks
from toancanh.response.handling.competence import DUTY_DESK
from toancanh.response.handling.kinds import kind_of
from toancanh.response.handling.origins import origin_of
from toancanh.response.handling.procedures import ROLES, procedure_named
from toancanh.response.models import Clock, Incident, Kind, Step
from toancanh.response.queries import incidents as queries
from toancanh.response.states import DIRECTIVE, INCIDENT, TASK
from toancanh.ui import formats
from toancanh.units import queries as units

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
STAGES = {"take": "Tiếp nhận", "route": "Chuyển xử lý", "handle": "Khắc phục", "confirm": "Xác nhận"}
_BY_HAND = "Trung tâm Điều hành thông minh"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part: words, and perhaps a table."""

    title: str
    words: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole document. `above` issues through `issuer`; the number is left to the office that signs."""

    above: str
    issuer: str
    number: str
    place_and_day: str
    kind: str
    subject: str
    sections: tuple[Section, ...]
    signature: str
    recipients: tuple[str, ...]
    sample: bool


def report_of(actor: Actor, incident: Incident, now: datetime) -> Report:
    """What the record says, in the order in which a leader reads it."""
    root = units.root()
    return Report(
        above=f"ỦY BAN NHÂN DÂN {root.full_name.upper()}", issuer=_BY_HAND.upper(), number="Số:        /BC-TTĐH",
        place_and_day=f"{root.name}, {_long_day(now)}", kind="BÁO CÁO",
        subject=f"Kết quả xử lý sự việc {incident.code}: {incident.title}",
        sections=(
            Section("Tóm tắt", _summary(incident)), Section("Thời hạn từng bước", table=_clocks(incident)),
            *_procedure(incident), *_orders(actor, incident), *_tasks(actor, incident),
            Section("Các quyết định", table=_log(incident, decisions=True)),
            Section("Diễn biến", table=_log(incident)), *_told_the_public(incident), Section("Kết quả", _result(incident)),
        ),
        signature="TL. CHỦ TỊCH", recipients=_recipients(incident), sample=incident.sample or root.sample,
    )  # fmt: skip


def _summary(incident: Incident) -> tuple[str, ...]:
    place = incident.unit.full_name if incident.unit else ""
    where = ", ".join(each for each in (incident.address, place) if each)
    lead = incident.lead.full_name if incident.lead else DUTY_DESK.vi
    supporting = ", ".join(each.full_name for each in incident.supporting.all())
    lines = [
        f"Loại việc: {kind_of(incident.kind).title.vi}; mức độ: {SEVERITY_TITLES[Severity(incident.severity)].vi.lower()}.",
        f"Tiếp nhận lúc {formats.moment(incident.opened_at)} {_through(incident)}, tại {where}.",
        f"Cơ quan chủ trì: {lead}." + (f" Phối hợp: {supporting}." if supporting else ""),
        f"Tình trạng: {INCIDENT.word(incident.state).vi}"
        + (f", kết thúc lúc {formats.moment(incident.closed_at)}" if incident.closed_at else "")
        + (", trễ hạn." if incident.late else "."),
    ]
    return (*lines, incident.text) if incident.text and incident.text != incident.title else tuple(lines)


def _through(incident: Incident) -> str:
    through, numbers = origin_of(incident.origin).through.vi, queries.report_numbers(incident)
    return f"{through} (số {', '.join(numbers)})" if numbers else through


def _clocks(incident: Incident) -> Table:
    found = clocks.of(Kind.INCIDENT, incident.pk).filter(name__in=STAGES).order_by("started_at", "id")
    return Table(("Bước", "Bắt đầu", "Hạn", "Kết thúc", "Đánh giá"), tuple(_clock(each) for each in found))


def _clock(clock: Clock) -> tuple[str, ...]:
    ended = _ended(clock)
    if ended is None:
        verdict = "tạm dừng" if clocks.is_paused(clock) else "đang chạy"
    else:
        verdict = "trong hạn" if ended <= clock.due_at else "quá hạn"
    begun, due = formats.moment(clock.started_at), formats.moment(clock.due_at)
    return STAGES.get(clock.name, clock.name), begun, due, formats.moment(ended), verdict


def _ended(clock: Clock) -> datetime | None:
    """When its time ended: for one that was stopped while it stood still, when it had begun to stand still."""
    if clock.stopped_at is None or not clocks.is_paused(clock):
        return clock.stopped_at
    return datetime.fromisoformat(clock.pauses[-1]["from"])


def _procedure(incident: Incident) -> tuple[Section, ...]:
    steps = queries.steps(queries.family(incident))
    rows = tuple(
        (str(each.number), each.words_vi, ROLES[each.role].vi if each.role in ROLES else each.role,
         f"{each.done_by}, {formats.moment(each.done_at)}" if each.done_at else "chưa thực hiện")
        for each in steps
    )  # fmt: skip
    table = Table(("Bước", "Nội dung", "Vai trò", "Thực hiện"), rows)
    return (Section("Quy trình đã áp dụng", _procedures(steps), table),) if rows else ()


def _procedures(steps: list[Step]) -> tuple[str, ...]:
    """Each procedure by its name at that version: "Ứng phó mưa lũ, sạt lở (phiên bản 2)."."""
    found = ((name, procedure_named(name)) for name in dict.fromkeys(each.procedure for each in steps))
    return tuple(f"{each.title.vi} (phiên bản {each.version})." if each else f"{name}." for name, each in found)


def _orders(actor: Actor, incident: Incident) -> tuple[Section, ...]:
    rows = tuple(
        (each.code, each.title, each.lead.full_name if each.lead else "", formats.moment(each.due_at),
         DIRECTIVE.word(each.state).vi)
        for each in queries.directives(actor, queries.family(incident))
    )  # fmt: skip
    heads = ("Mã", "Nội dung", "Cơ quan", "Hạn", "Tình trạng")
    return (Section("Ý kiến chỉ đạo", table=Table(heads, rows)),) if rows else ()


def _told_the_public(incident: Incident) -> tuple[Section, ...]:
    lines = tuple(each for each in incident.public_message.splitlines() if each.strip())
    return (Section("Thông tin cho người dân", lines),) if lines else ()


def _tasks(actor: Actor, incident: Incident) -> tuple[Section, ...]:
    rows = tuple(
        (each.code, each.title, each.lead.full_name if each.lead else "", formats.moment(each.due_at), TASK.word(each.state).vi)
        for each in queries.tasks(actor, queries.family(incident))
    )
    return (Section("Nhiệm vụ", table=Table(("Mã", "Nội dung", "Cơ quan", "Hạn", "Tình trạng"), rows)),) if rows else ()


def _log(incident: Incident, decisions: bool = False) -> Table:
    rows = reversed(queries.entries(queries.family(incident), decisions=decisions, most=None))
    return Table(
        ("Thời điểm", "Người thực hiện", "Nội dung"),
        tuple((formats.moment(each.at), each.actor_name or each.actor, each.words_vi) for each in rows),
    )


def _result(incident: Incident) -> tuple[str, ...]:
    last = next((each for each in queries.entries([incident]) if each.act in ("close", "refuse", "report_fixed")), None)
    lines = [last.words_vi] if last else ["Sự việc đang được xử lý."]
    if incident.overdue_reason:
        lines.append(f"Giải trình trễ hạn: {incident.overdue_reason}")
    if incident.hand_over:
        lines.append(f"Lưu ý: {incident.hand_over}")
    return tuple(lines)


def _recipients(incident: Incident) -> tuple[str, ...]:
    agencies = [each for each in (incident.lead, *incident.supporting.all()) if each]
    return ("Như trên;", *(f"{each.full_name};" for each in agencies), "Lưu: VT, TTĐH.")


def _long_day(moment: datetime) -> str:
    """`ngày 05 tháng 01 năm 2026`: days below ten and the first two months take a leading zero."""
    day = moment.astimezone(VIETNAM)
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"

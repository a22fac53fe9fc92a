"""What is done with an incident from the first call to its end. A verb is one transaction: row, audit, timeline, clocks, notices.

Four clocks follow each other: take, route, handle, confirm (see `handling.kinds`); the record's own deadline is that of handling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Severity
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import fold
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed, read_only, require, require_all
from toancanh.people.roles import Action, Role
from toancanh.response import changes, clocks, policy, timeline
from toancanh.response.changes import next_code
from toancanh.response.directing import orders
from toancanh.response.events import IncidentChanged, IncidentOpened
from toancanh.response.handling import alarms, competence, positions
from toancanh.response.handling import notices as incident_notices
from toancanh.response.handling.kinds import SEVERITIES, kind_of, known
from toancanh.response.handling.origins import BY_SYSTEM, ORIGINS, origin_of
from toancanh.response.models import Entry, Incident, Kind
from toancanh.response.services import parts, stages, steps
from toancanh.response.states import INCIDENT, By, IncidentState
from toancanh.units import queries as units
from toancanh.units.models import Unit

AWAITING = "Đã báo khắc phục, chờ xác nhận"  # the ground on which the agency's clock stands still
LONGEST_TITLE = 240
LONGEST_NUMBER = 80
LONGEST_NOTE = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentForm:
    """What is known when an incident is opened. `unit` None: somewhere in the centre's own place. `origin_key` makes it once:
    the same origin and key (a call's id, an alert) is one incident, however often it is sent."""

    kind: str
    title: str
    title_en: str = ""
    text: str = ""
    text_en: str = ""
    severity: str = ""
    unit: Unit | None = None
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    reporter: str = ""
    field: str = ""
    origin: str = "operator"
    number: str = ""  # the reporter's, or the other system's, own number of the matter
    origin_key: str = ""
    alert: int | None = None


def open_incident(actor: Actor, form: IncidentForm) -> Incident:
    """Open an incident; the same origin and key again is the one that was opened. Raises `Problem` 403, 422."""
    place = require_opening(actor, form)
    check_form(actor, form)
    for _ in range(2):  # two doors at once: the second finds what the first wrote
        found = _known(form)
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return _open(actor, form, place)
        except IntegrityError:
            if not form.origin_key:
                raise
    return Incident.objects.get(origin=form.origin, origin_key=form.origin_key)


def require_opening(actor: Actor, form: IncidentForm) -> Unit:
    """The place of the form. Raises `Problem` 403 unless the actor may open an incident there."""
    place = form.unit or units.root()
    if actor is not SYSTEM:
        if _by_system(actor, form):  # a system only tells: what is done the centre decides
            require(actor, Action.ENTER, field=form.field or None, area=place)
        else:
            require_all(actor, Action.DIRECT, field=form.field or None, area=place)
    return place


def _by_system(actor: Actor, form: IncidentForm) -> bool:
    return form.origin in BY_SYSTEM and actor.role == Role.MACHINE


def check_form(actor: Actor, form: IncidentForm) -> None:
    """Raises `Problem` (422) for what no incident may be opened with."""
    title = form.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise _bad(Text(f"Nhập tiêu đề ngắn, tối đa {LONGEST_TITLE} chữ.", f"Enter a title of at most {LONGEST_TITLE} letters."))
    if form.origin not in ORIGINS:
        raise _bad(Text("Chọn việc đến từ đâu trong danh mục.", "Choose of the list how it came."))
    if len(form.number.strip()) > LONGEST_NUMBER:
        raise _bad(Text(f"Số phản ánh tối đa {LONGEST_NUMBER} chữ.", f"A report's number has at most {LONGEST_NUMBER} letters."))
    if not known(form.kind):
        raise _bad(Text("Chọn loại việc trong danh mục.", "Choose a kind of the list."))
    if form.severity and form.severity not in {each.value for each in SEVERITIES}:
        raise _bad(Text("Chọn mức độ trong danh mục.", "Choose a severity of the list."))
    wrong = positions.mistake(form.lat, form.lon, anywhere=_by_system(actor, form) or _is_emergency(form))
    if wrong is not None:
        raise _bad(wrong)


def _is_emergency(form: IncidentForm) -> bool:
    severity = form.severity or kind_of(form.kind).severity.value
    return form.origin in positions.EMERGENCY_ORIGINS or severity == Severity.URGENT.value


def take(actor: Actor, incident: Incident, version: int | None = None) -> Incident:
    """Somebody on duty has it. One that another has is taken over from them."""
    now = timezone.now()
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        mine = {"taken_by": user_of(actor), "acknowledged_at": held.acknowledged_at or now}
        if held.state == IncidentState.NEW:
            changes.move(actor, held, "take", words=Text("Nhận xử lý", "Took it"), values=mine)
            stages.next_clock(held, "route", ends=("take",))
        elif held.closed_at is None:
            require_centre(actor, held)
            if held.taken_by == mine["taken_by"]:
                return held  # nobody takes over from themselves
            words = Text("Nhận tiếp từ người khác", "Took it over")
            changes.edit(actor, held, "take_over", words, mine)
        else:
            changes.move(actor, held, "take")  # refused by the table, with its words
        clocks.look_again(Kind.INCIDENT, held.pk)  # what climbed by the ladder of its opening climbs by its own clock now
        incident_notices.taken(actor, held)
        alarms.acknowledge(actor, held)
    return held


def acknowledge(actor: Actor, incident: Incident) -> Incident:
    """Somebody at the centre knows: nobody else is woken and the walls go on. It still has to be taken."""
    with transaction.atomic():
        held = changes.hold(actor, incident)
        require_centre(actor, held)
        if held.closed_at is None and held.acknowledged_at is None:
            held.acknowledged_at = timezone.now()
            held.save(update_fields=["acknowledged_at"])
            clocks.look_again(Kind.INCIDENT, held.pk)
            timeline.write(Kind.INCIDENT, held.pk, actor, "acknowledge", Text("Đã biết, chưa nhận xử lý", "Known, not taken yet"))
            audit.record(
                actor.label, "response.acknowledge", f"incident:{held.pk}", detail={"code": held.code}, address=actor.address
            )
            tell_after_commit(IncidentChanged(held.pk))
            incident_notices.acknowledged(actor, held)
            alarms.acknowledge(actor, held)
    return held


def assign(
    actor: Actor, incident: Incident, lead: Unit | None = None, supporting: Iterable[Unit] = (), *,
    words: str = "", version: int | None = None,
) -> Incident:  # fmt: skip
    """Route it to the agency that leads (None: the competent one by the routing table) and those that support.

    Raises `Problem` 422 for an agency that has ended (its successor is named) and for a matter that nobody is competent for.
    """
    supporting = list(supporting)
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        agency = lead or competence.propose_for(held).agency
        if agency is None:
            raise _unroutable()
        clock = stages.handling(held, agency)
        orders.check_agencies([agency, *supporting], (timezone.localdate(), clock.due_at.astimezone(VIETNAM).date()))
        values = {
            "lead": agency, "due_at": clock.due_at, "taken_by": held.taken_by or user_of(actor),
            "acknowledged_at": held.acknowledged_at or timezone.now(),
        }  # fmt: skip
        changes.move(actor, held, "assign", words=_assigned(agency, supporting, words.strip()), values=values)
        held.supporting.set(supporting)
        clocks.look_again(Kind.INCIDENT, held.pk)
        incident_notices.assigned(actor, held, [agency, *supporting])
        alarms.acknowledge(actor, held)
    return held


def report_fixed(actor: Actor, incident: Incident, words: str = "", version: int | None = None) -> Incident:
    """The agency says it is mended; its clock stands still while the centre confirms."""
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        said = with_words(Text("Báo đã khắc phục", "Reported fixed"), words)
        late = {"overdue_reason": words.strip()} if clocks.overdue(held) else {}
        changes.move(actor, held, "report_fixed", words=said, values=late)
        for clock in clocks.of(Kind.INCIDENT, held.pk).filter(name="handle", stopped_at=None):
            if not clocks.is_paused(clock):
                clocks.pause(clock, AWAITING)
        stages.next_clock(held, "confirm")
        incident_notices.fixed(held)
    return held


def send_back(actor: Actor, incident: Incident, reason: str, version: int | None = None) -> Incident:
    """Not mended yet: the agency's clock runs on, later by the time that the centre took to look."""
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        clocks.stop_all(Kind.INCIDENT, held.pk, "confirm")
        running = [clocks.resume(each) for each in clocks.of(Kind.INCIDENT, held.pk).filter(name="handle", stopped_at=None)]
        values = {"due_at": running[0].due_at} if running else {}
        changes.move(actor, held, "send_back", reason=reason, values=values)
        incident_notices.assigned(actor, held, [held.lead] if held.lead else [], again=held.version)
    return held


def close(actor: Actor, incident: Incident, reason: str, version: int | None = None) -> Incident:
    """The end, with the words that the report will carry."""
    return _end(actor, incident, "close", reason, version)


def refuse(actor: Actor, incident: Incident, reason: str, version: int | None = None) -> Incident:
    """Not a matter for this centre, with the reason that the reporter will hear."""
    return _end(actor, incident, "refuse", reason, version)


def reopen(actor: Actor, incident: Incident, reason: str, version: int | None = None) -> Incident:
    """Back to the desk: it has to be routed again."""
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        values = {"taken_by": user_of(actor) or held.taken_by, "due_at": None}
        changes.move(actor, held, "reopen", reason=reason, values=values)
        stages.next_clock(held, "route")
        steps.go_on(held)
    return held


def note(actor: Actor, incident: Incident, words: str, *, decision: bool = False, once: str = "") -> Entry:
    """A line of the timeline; `decision` puts it into the decision log. It changes nothing else, so nobody's version is old.
    With the same `once` from the same actor it is written once."""
    said = words.strip()
    if not said:
        raise _empty()
    if len(said) > LONGEST_NOTE:
        raise _long()
    with transaction.atomic():
        held = changes.hold(actor, incident)
        require_part(actor, held)
        known = timeline.of(Kind.INCIDENT, held.pk).filter(actor=actor.label, data__once=once).first() if once else None
        if known is not None:
            return known
        data = {"once": once} if once else {}
        made = timeline.write(Kind.INCIDENT, held.pk, actor, "note", Text(said, said), data, decision=decision)
        tell_after_commit(IncidentChanged(held.pk))
    return made


def draft_public_message(actor: Actor, incident: Incident, text: str, version: int | None = None) -> Incident:
    """What will be said to the public: a draft that the spokesperson takes from here."""
    words = Text("Sửa dự thảo thông tin cho người dân", "Edited the draft for the public")
    return _texts(actor, incident, version, words, public_message=text.strip())


def write_hand_over(actor: Actor, incident: Incident, text: str, version: int | None = None) -> Incident:
    """What whoever comes next must know about this incident."""
    return _texts(actor, incident, version, Text("Sửa ghi chú bàn giao", "Edited the hand-over note"), hand_over=text.strip())


def user_of(actor: Actor) -> User | None:
    """The person behind the actor; None for the system itself."""
    return actor if isinstance(actor, User) else None


def require_centre(actor: Actor, held: Incident) -> None:
    """Raises `Problem` (403) unless the actor runs the desk for this incident."""
    if actor.read_only:
        raise read_only()
    if By.CENTRE not in policy.hats(actor, held):
        raise not_allowed(Action.DIRECT)


def require_part(actor: Actor, held: Incident) -> None:
    """Raises `Problem` (403) unless the actor runs the desk or works for an agency that has the incident."""
    if actor.read_only:
        raise read_only()
    if not policy.hats(actor, held):
        raise not_allowed(Action.HANDLE)


def with_words(title: Text, words: str) -> Text:
    """The act, and what was said with it."""
    said = words.strip()
    return Text(f"{title.vi}: {said}", f"{title.en}: {said}") if said else title


def _open(actor: Actor, form: IncidentForm, place: Unit) -> Incident:
    now, kind = timezone.now(), kind_of(form.kind)
    code = next_code(Kind.INCIDENT, now)
    sought = (code, form.title, form.title_en, form.address, form.reporter, form.number)
    incident = Incident.objects.create(
        code=code, sought=fold(" ".join(filter(None, sought))),
        title=form.title.strip(), text=form.text.strip(), title_en=form.title_en, text_en=form.text_en, kind=kind.code,
        severity=form.severity or kind.severity.value, field=form.field, unit=place, origin=form.origin,
        origin_key=form.origin_key, alert=form.alert, address=form.address.strip()[:240], lat=form.lat, lon=form.lon,
        reporter=form.reporter.strip()[:160], opened_by=actor.label[:200], opened_at=now, sample=place.sample,
    )  # fmt: skip
    stages.next_clock(incident, "take", ends=())
    detail = {"origin": form.origin, "number": form.number, "kind": kind.code, "severity": incident.severity}
    changes.opened(actor, incident, _received(incident, kind.title, form), detail)
    steps.begin(incident)
    incident_notices.opened(incident)
    tell_after_commit(IncidentOpened(incident.pk))
    return incident


def _received(incident: Incident, kind: Text, form: IncidentForm) -> Text:
    through, number = origin_of(form.origin).through, form.number.strip()
    came = Text(f"{through.vi}, số {number}", f"{through.en}, number {number}") if number else through
    said = Text(f"Tiếp nhận {incident.code} {came.vi}: {kind.vi}", f"Received {incident.code} {came.en}: {kind.en}")
    far = positions.outside(form.lat, form.lon)
    return Text(f"{said.vi}. {positions.OUTSIDE.vi}", f"{said.en}. {positions.OUTSIDE.en}") if far else said


def _end(actor: Actor, incident: Incident, verb: str, reason: str, version: int | None) -> Incident:
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        parts.check_closed(held)
        changes.move(actor, held, verb, reason=reason, words=_last_words(held, verb, reason))
        incident_notices.ended(actor, held)
    return held


def _last_words(held: Incident, verb: str, reason: str) -> Text | None:
    """The end of an incident whose directives wait for their number says so; None: the usual words."""
    waiting = ", ".join(parts.open_orders(held).values_list("code", flat=True)) if reason.strip() else ""
    if not waiting:
        return None
    title = INCIDENT.move(held.state, verb).title
    return Text(
        f"{title.vi}: {reason.strip()}. Chỉ đạo còn theo dõi: {waiting}",
        f"{title.en}: {reason.strip()}. Directives still followed: {waiting}",
    )


def _texts(actor: Actor, incident: Incident, version: int | None, words: Text, **values: str) -> Incident:
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        require_centre(actor, held)
        return changes.edit(actor, held, "edit", words, values)


def _assigned(agency: Unit, supporting: list[Unit], words: str) -> Text:
    vi, en = f"Chuyển xử lý: {agency.full_name} chủ trì", f"Routed: {agency.title.en} leads"
    if supporting:
        vi += "; phối hợp: " + ", ".join(each.full_name for each in supporting)
        en += "; supporting: " + ", ".join(each.title.en for each in supporting)
    return Text(f"{vi}. {words}", f"{en}. {words}") if words else Text(vi, en)


def _known(form: IncidentForm) -> Incident | None:
    if not form.origin_key:
        return None
    return Incident.objects.filter(origin=form.origin, origin_key=form.origin_key).first()


def _bad(detail: Text) -> Problem:
    return Problem("bad-incident", 422, Text("Chưa lập được sự việc", "The incident was not opened"), detail)


def _unroutable() -> Problem:
    desk = competence.DUTY_DESK
    return Problem(
        "no-competent-agency", 422, Text("Chưa rõ cơ quan chủ trì", "No competent agency"),
        Text(f"Chưa có phân công cho loại việc và nơi này; việc đang ở {desk.vi}. Chọn cơ quan chủ trì.",
             f"No route for this kind and place; it stays at the {desk.en}. Choose the lead agency."),
    )  # fmt: skip


def _empty() -> Problem:
    return Problem(
        "empty-note", 422, Text("Chưa có nội dung", "Nothing was written"), Text("Nhập nội dung ghi chú.", "Write the note.")
    )


def _long() -> Problem:
    return Problem(
        "long-note", 422, Text("Ghi chú quá dài", "The note is too long"),
        Text(f"Viết gọn trong {LONGEST_NOTE} chữ, phần còn lại đính kèm thành tệp ở nhiệm vụ.",
             f"Say it in {LONGEST_NOTE} letters and attach the rest to a task as a file."),
    )  # fmt: skip

"""Steps of a procedure in one incident: started by its opening, each with its clock, ticked off by whoever plays its role."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.clocks import Counting
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed, read_only
from toancanh.people.roles import Action
from toancanh.response import changes, clocks, policy, timeline
from toancanh.response.events import IncidentChanged
from toancanh.response.handling.kinds import kind_of
from toancanh.response.handling.procedures import ROLES, procedure_of
from toancanh.response.models import Clock, Incident, Kind, Step
from toancanh.response.states import By

CLOCK = "step "  # how the name of a step's clock begins; its number follows
_TICKS = {
    "duty": {By.CENTRE}, "press": {By.CENTRE}, "leader": {By.LEADER}, "lead": {By.AGENCY, By.CENTRE},
    "supporting": {By.SUPPORT, By.AGENCY, By.CENTRE},
}  # fmt: skip


def begin(incident: Incident) -> None:
    """Write the steps of the procedure of this kind, each with its clock from the opening; nothing for a kind without one."""
    procedure = procedure_of(kind_of(incident.kind).procedure)
    if procedure is None:
        return
    Step.objects.bulk_create(
        [
            Step(
                incident=incident, procedure=procedure.name, number=number, words_vi=each.words.vi, words_en=each.words.en,
                role=each.role, basis=each.basis,
            )
            for number, each in enumerate(procedure.stages, 1)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    for number, each in enumerate(procedure.stages, 1):
        if each.minutes is not None:
            name, hours = _clock_name(number), each.minutes / 60
            clocks.start(Kind.INCIDENT, incident.pk, name, hours, Counting.CALENDAR_HOURS, at=incident.opened_at)


def go_on(incident: Incident) -> None:
    """An incident that had ended goes on: each step that is not done gets the time that it had at first, from now."""
    for step in Step.objects.filter(incident=incident, done_at=None):
        clock = clocks.of(Kind.INCIDENT, incident.pk).filter(name=_clock_name(step.number)).order_by("-id").first()
        if clock is not None and clock.stopped_at is not None:
            clocks.start(Kind.INCIDENT, incident.pk, clock.name, clock.amount, Counting(clock.regime))


def is_step(clock: Clock) -> bool:
    """Whether a clock runs for a step of the procedure, not for a stage."""
    return clock.name.startswith(CLOCK)


def of_clock(clock: Clock) -> Step | None:
    """The step that a clock runs for; None for the clock of a stage."""
    return Step.objects.filter(incident=clock.subject, number=clock.name.removeprefix(CLOCK)).first() if is_step(clock) else None


def may_tick(role: str, hats: frozenset[By]) -> bool:
    """Whether one of these qualities plays the role of a step. What people without an account here did, the desk ticks."""
    return bool(hats & _TICKS.get(role, _TICKS["duty"]))


def tick(actor: Actor, incident: Incident, number: int, note: str = "") -> Step:
    """Step `number` is done. Ticked twice, it was done once. Raises `Problem` 403 for another role, 404, 409 after the end."""
    with transaction.atomic():
        held = changes.hold(actor, incident)
        if actor.read_only:
            raise read_only()
        step = Step.objects.select_for_update().filter(incident=held, number=number).first()
        if step is None:
            raise _unknown()
        hats = policy.hats(actor, held)
        if not may_tick(step.role, hats):
            raise _another_role(step) if hats else not_allowed(Action.HANDLE)
        if held.closed_at is not None:
            raise _over(held)
        if step.done_at is None:
            _done(actor, step, note.strip())
    return step


def _done(actor: Actor, step: Step, note: str) -> None:
    step.done_at, step.done_by, step.note = timezone.now(), actor.name[:200] or actor.label[:200], note
    step.save(update_fields=["done_at", "done_by", "note"])
    clocks.stop_all(Kind.INCIDENT, step.incident_id, _clock_name(step.number))
    tail = f". {note}" if note else ""
    words = Text(f"Xong bước {step.number}: {step.words_vi}{tail}", f"Step {step.number} done: {step.words_en}{tail}")
    timeline.write(Kind.INCIDENT, step.incident_id, actor, "step", words, {"step": step.number})
    detail = {"step": step.number, "procedure": step.procedure}
    audit.record(actor.label, "response.tick_step", f"incident:{step.incident_id}", detail=detail, address=actor.address)
    tell_after_commit(IncidentChanged(step.incident_id))


def _clock_name(number: int) -> str:
    return f"{CLOCK}{number}"


def _another_role(step: Step) -> Problem:
    role = ROLES.get(step.role, ROLES["duty"])
    return Problem(
        "step-of-another", 403, Text("Bước này do vai trò khác xác nhận", "This step is another role's"),
        Text(f"Bước {step.number} thuộc vai trò “{role.vi}”. Báo bàn trực điều hành nếu việc đã xong.",
             f"Step {step.number} belongs to “{role.en}”. Tell the duty desk if it is done."),
    )  # fmt: skip


def _over(held: Incident) -> Problem:
    return Problem(
        "incident-over", 409, Text("Sự việc đã kết thúc", "The incident has ended"),
        Text(f"{held.code} đã kết thúc, quy trình không thay đổi nữa. Mở lại sự việc nếu cần.",
             f"{held.code} has ended and its procedure stays as it is. Reopen the incident if that is needed."),
    )  # fmt: skip


def _unknown() -> Problem:
    return Problem(
        "unknown-step", 404, Text("Không có bước này", "No such step"),
        Text("Tải lại phòng xử lý rồi chọn lại.", "Reload the incident room and choose again."),
    )  # fmt: skip

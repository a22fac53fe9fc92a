"""Steps of a procedure in one incident: started by its opening, ticked off by whoever did them."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed, read_only
from toancanh.people.roles import Action
from toancanh.response import changes, policy, timeline
from toancanh.response.events import IncidentChanged
from toancanh.response.handling.kinds import kind_of
from toancanh.response.handling.procedures import procedure_of
from toancanh.response.models import Incident, Kind, Step


def begin(incident: Incident) -> list[Step]:
    """Write the steps of the procedure of this kind, with timers from the opening; nothing for a kind without one."""
    procedure = procedure_of(kind_of(incident.kind).procedure)
    if procedure is None:
        return []
    return Step.objects.bulk_create(
        [
            Step(
                incident=incident, procedure=procedure.name, number=number, words_vi=each.words.vi, words_en=each.words.en,
                role=each.role, basis=each.basis,
                due_at=incident.opened_at + timedelta(minutes=each.minutes) if each.minutes is not None else None,
            )
            for number, each in enumerate(procedure.stages, 1)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def tick(actor: Actor, incident: Incident, number: int, note: str = "") -> Step:
    """Step `number` is done. Ticked twice, it was done once. Raises `Problem` 403, 404."""
    with transaction.atomic():
        held = changes.hold(actor, incident)
        if actor.read_only:
            raise read_only()
        if not policy.hats(actor, held):
            raise not_allowed(Action.HANDLE)
        step = Step.objects.select_for_update().filter(incident=held, number=number).first()
        if step is None:
            raise _unknown()
        if step.done_at is None:
            _done(actor, step, note.strip())
    return step


def _done(actor: Actor, step: Step, note: str) -> None:
    step.done_at, step.done_by, step.note = timezone.now(), actor.name[:200] or actor.label[:200], note
    step.save(update_fields=["done_at", "done_by", "note"])
    tail = f". {note}" if note else ""
    words = Text(f"Xong bước {step.number}: {step.words_vi}{tail}", f"Step {step.number} done: {step.words_en}{tail}")
    timeline.write(Kind.INCIDENT, step.incident_id, actor, "step", words, {"step": step.number})
    detail = {"step": step.number, "procedure": step.procedure}
    audit.record(actor.label, "response.tick_step", f"incident:{step.incident_id}", detail=detail, address=actor.address)
    tell_after_commit(IncidentChanged(step.incident_id))


def _unknown() -> Problem:
    return Problem(
        "unknown-step", 404, Text("Không có bước này", "No such step"),
        Text("Tải lại phòng xử lý rồi chọn lại.", "Reload the incident room and choose again."),
    )  # fmt: skip

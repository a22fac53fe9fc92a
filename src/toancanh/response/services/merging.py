"""Two incidents that are one, and one that turned out to be two: both histories stay, earlier clock and later stage go on."""

from __future__ import annotations

from django.db import transaction

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.response import changes, clocks
from toancanh.response.handling import notices as incident_notices
from toancanh.response.handling.kinds import CLOCK_WORDS, Term
from toancanh.response.models import Clock, Incident, Kind
from toancanh.response.services import severity, stages, steps
from toancanh.response.services.incidents import require_centre, user_of
from toancanh.response.states import IncidentState

_BEFORE_HANDLING = (IncidentState.NEW, IncidentState.TAKEN)


def merge(actor: Actor, incident: Incident, into: Incident, version: int | None = None) -> Incident:
    """`incident` becomes part of `into`, which goes on with the graver severity and the earlier deadline. Returns `into`.

    Raises `Problem` 409 when either has ended, 422 for an incident merged into itself.
    """
    if incident.pk == into.pk:
        raise _itself()
    with transaction.atomic():
        rows = {each.pk: each for each in (incident, into)}
        held = {pk: changes.hold(actor, rows[pk], version if pk == incident.pk else None) for pk in sorted(rows)}
        one, other = held[incident.pk], held[into.pk]
        require_centre(actor, other)
        if other.closed_at is not None:
            raise _ended(other)
        if other.acknowledged_at is None and one.acknowledged_at is not None:  # nobody is woken for what somebody has
            other.acknowledged_at = one.acknowledged_at
            other.save(update_fields=["acknowledged_at"])
            incident_notices.taken(actor, other)
        if severity.graver(one.severity, other.severity):
            severity.weigh(actor, other, one.severity, Text(one.code, one.code))
        _carry_stage(actor, one, other)
        carried = _carry_clock(one, other)
        words = Text(f"Gộp vào {other.code}: {other.heading.vi}", f"Merged into {other.code}: {other.heading.en}")
        changes.move(actor, one, "merge", words=words, values={"merged_into": other})
        words = Text(f"Nhận gộp {one.code}: {one.heading.vi}", f"Took in {one.code}: {one.heading.en}")
        changes.edit(actor, other, "took_in", words, carried)
        incident_notices.ended(actor, one)
    return other


def split_off(actor: Actor, incident: Incident, reason: str, version: int | None = None) -> Incident:
    """It was another matter after all: it goes on by itself and has to be routed."""
    with transaction.atomic():
        held, other = _held_apart(actor, incident, version)
        values = {"merged_into": None, "taken_by": user_of(actor), "due_at": None}
        changes.move(actor, held, "split_off", reason=reason, values=values)
        stages.next_clock(held, "route")
        steps.go_on(held)
        if other is not None:
            words = Text(f"Tách {held.code}: {reason.strip()}", f"Split off {held.code}: {reason.strip()}")
            changes.edit(actor, other, "split_off", words)
    return held


def _held_apart(actor: Actor, incident: Incident, version: int | None) -> tuple[Incident, Incident | None]:
    """The incident and the one that it was merged into, both locked before anything is written, in the order of their numbers."""
    into = Incident.objects.filter(merged=incident.pk).first()
    rows = {each.pk: each for each in (incident, into) if each is not None}
    held = {pk: changes.hold(actor, rows[pk], version if pk == incident.pk else None) for pk in sorted(rows)}
    one = held[incident.pk]
    return one, held.get(one.merged_into_id) if one.merged_into_id else None


def _carry_stage(actor: Actor, one: Incident, other: Incident) -> None:
    """What is further on keeps its stage in `other`: who has it, which agency leads and by when. Its agencies stay anyhow."""
    agencies = [each for each in (one.lead, *one.supporting.all()) if each is not None]
    if one.lead is not None and other.state in _BEFORE_HANDLING and one.state not in _BEFORE_HANDLING:
        clock = _handed_on(one, other)
        words = Text(
            f"Tiếp tục xử lý của {one.code}: {one.lead.full_name} chủ trì",
            f"Goes on with the handling of {one.code}: {one.lead.title.en} leads",
        )
        values = {"lead": one.lead, "due_at": clock.due_at, "taken_by": other.taken_by or one.taken_by}
        changes.move(actor, other, "assign", words=words, values=values)
        incident_notices.assigned(actor, other, agencies)
    elif other.state == IncidentState.NEW and one.state == IncidentState.TAKEN:
        words = Text(f"Đã có người nhận từ {one.code}", f"Taken already with {one.code}")
        changes.move(actor, other, "take", words=words, values={"taken_by": one.taken_by})
        stages.next_clock(other, "route", ends=("take",))
    other.supporting.add(*(each for each in agencies if each.pk != other.lead_id))


def _handed_on(one: Incident, other: Incident) -> Clock:
    """The clock of handling of the one goes on for the other, also when it stood still for a look: nothing is mended yet."""
    running = clocks.of(Kind.INCIDENT, one.pk).filter(name=stages.HANDLE, stopped_at=None).first()
    assert one.lead is not None
    if running is None:
        return stages.handling(other, one.lead)
    for name in ("take", "route", "confirm"):
        clocks.stop_all(Kind.INCIDENT, other.pk, name)
    return clocks.resume(stages.anew(running, other.pk, Term(running.amount, running.regime)))


def _carry_clock(one: Incident, other: Incident) -> dict[str, object]:
    """Of two clocks of the same stage the earlier deadline goes on, counted again for `other`; what this changes there."""
    changed: dict[str, object] = {}
    for clock in list(clocks.of(Kind.INCIDENT, one.pk).filter(stopped_at=None, name__in=CLOCK_WORDS)):
        same = clocks.of(Kind.INCIDENT, other.pk).filter(stopped_at=None, name=clock.name).first()
        if same is not None and clock.due_at < same.due_at:
            clocks.stop(same)
            earlier = stages.anew(clock, other.pk, Term(clock.amount, clock.regime))
            if clock.name == stages.HANDLE:
                changed["due_at"] = earlier.due_at
    return changed


def _itself() -> Problem:
    return Problem(
        "merge-itself", 422, Text("Không gộp được", "Cannot merge"),
        Text("Chọn một sự việc khác để gộp vào.", "Choose another incident to merge into."),
    )  # fmt: skip


def _ended(other: Incident) -> Problem:
    return Problem(
        "merge-into-ended", 409, Text("Không gộp được", "Cannot merge"),
        Text(f"{other.code} đã kết thúc. Mở lại việc đó trước, hoặc chọn việc khác.",
             f"{other.code} has ended. Reopen it first, or choose another."),
    )  # fmt: skip

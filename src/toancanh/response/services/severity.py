"""How grave an incident is, changed by a person, by the alert behind it, or by a merge: its clocks and who is woken follow."""

from __future__ import annotations

from django.db import transaction

from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.people.actors import SYSTEM
from toancanh.people.permissions import Actor
from toancanh.response import changes, clocks
from toancanh.response.handling import notices as incident_notices
from toancanh.response.handling.kinds import SEVERITIES, kind_of
from toancanh.response.models import Incident, Kind
from toancanh.response.services import stages, steps
from toancanh.response.services.incidents import require_centre

_ORDER = [each.value for each in SEVERITIES]  # gravest first


def graver(one: str, other: str) -> bool:
    """Whether the first severity is graver than the second."""
    return _ORDER.index(one) < _ORDER.index(other)


def set_severity(actor: Actor, incident: Incident, severity: str, reason: str, version: int | None = None) -> Incident:
    """Graver or lighter than thought: the stage that runs gets the term of the new severity, from when it began."""
    if severity not in _ORDER or not reason.strip():
        raise _bad_severity()
    with transaction.atomic():
        held = changes.hold(actor, incident, version)
        if actor is not SYSTEM:
            require_centre(actor, held)
        if held.closed_at is None and held.severity != severity:
            weigh(actor, held, severity, Text(reason.strip(), reason.strip()))
    return held


def weigh(actor: Actor, held: Incident, severity: str, reason: Text) -> None:
    """Give a row that the caller holds another severity, its running clocks that severity's terms, and tell whom it concerns."""
    values: dict[str, object] = {"severity": severity}
    kind = kind_of(held.kind, held.opened_at)
    for clock in list(clocks.of(Kind.INCIDENT, held.pk).filter(stopped_at=None)):
        if steps.is_step(clock):
            continue  # a step has its own term
        again = stages.anew(clock, held.pk, kind.term(clock.name, severity))
        if clock.name == stages.HANDLE:
            values["due_at"] = again.due_at
    new, was = SEVERITY_TITLES[Severity(severity)], held.severity
    words = Text(f"Mức {new.vi.lower()}: {reason.vi}", f"Severity {new.en.lower()}: {reason.en}")
    changes.edit(actor, held, "set_severity", words, values, decision=True)
    clocks.look_again(Kind.INCIDENT, held.pk)
    incident_notices.weighed(actor, held, was)


def _bad_severity() -> Problem:
    return Problem(
        "bad-severity", 422, Text("Chưa đổi được mức độ", "The severity was not changed"),
        Text("Chọn mức độ trong danh mục và nêu lý do.", "Choose a severity of the list and give the reason."),
    )  # fmt: skip

"""Who is told what about an incident. Urgent ones climb from the duty desk to the leaders until a human has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify import audience
from toancanh.notify import services as notify
from toancanh.notify.messages import Message, Step
from toancanh.notify.models import How
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.response.directing import notices
from toancanh.response.models import Incident, Work
from toancanh.units.models import Unit

LADDER = (
    Step(timedelta(0), audience.DUTY),
    Step(timedelta(minutes=3), audience.OPERATORS),
    Step(timedelta(minutes=10), audience.LEADERS),
)


def opened(incident: Incident) -> None:
    """The duty desk is told; an urgent one climbs.

    Of an incident that an alert opened the same people know already: the alert told them, and climbs itself.
    """
    notices.published(incident, "opened")
    if incident.origin != "alert":
        _wake(incident, _message(incident, "opened", Text("Sự việc mới", "New incident")))


def weighed(actor: Actor, incident: Incident, was: str) -> None:
    """It is graver or lighter than it was: what climbed because it was urgent stops, and the desk is told (by the alert itself
    when that is the cause)."""
    notices.published(incident, "severity_changed")
    if was == Severity.URGENT:
        notices.settled(actor, incident, Text("Không còn khẩn cấp", "No longer urgent"))
    if actor is not SYSTEM:
        _wake(incident, _message(incident, f"severity:{incident.version}", Text("Đổi mức độ", "Severity changed")))


def acknowledged(actor: Actor, incident: Incident) -> None:
    """A human at the centre knows of it: nobody higher up is woken for it."""
    notices.settled(actor, incident, Text("Đã biết, chưa nhận xử lý", "Known, not taken yet"), How.ACKNOWLEDGED)


def taken(actor: Actor, incident: Incident) -> None:
    """A human has it: nobody else needs to be woken."""
    notices.settled(actor, incident, Text(f"{actor.name} đã nhận", f"{actor.name} took it"), How.TOOK)


def assigned(actor: Actor, incident: Incident, agencies: Iterable[Unit], again: int = 0) -> None:
    """The people of the agencies that have to act are told."""
    told: dict[int, User] = {}
    for agency in agencies:
        told.update({each.pk: each for each in audience.people_of(agency)})
    what = f"returned:{again}" if again else f"assigned:{incident.version}"
    title = Text("Cần xử lý tiếp", "Needs more work") if again else Text("Chuyển xử lý", "Routed to you")
    notices.settled(actor, incident, Text("Đã chuyển xử lý", "Routed"), How.TOOK)
    notify.tell(_message(incident, what, title), told.values())
    notices.published(incident, "assigned")


def fixed(incident: Incident) -> None:
    """Whoever has it on duty has to confirm."""
    title = Text("Chờ xác nhận đã khắc phục", "Fixed, to be confirmed")
    people = [incident.taken_by] if incident.taken_by and incident.taken_by.is_active else audience.on_duty()
    notify.tell(_message(incident, f"fixed:{incident.version}", title), people)
    notices.published(incident, "fixed")


def reported_again(incident: Incident, key: str) -> None:
    """Whoever has it hears that somebody told of it again; and those on duty, unless whoever has it is one of them."""
    title, duty = Text("Được báo lại", "Reported again"), audience.on_duty()
    taker = [incident.taken_by] if incident.taken_by and incident.taken_by.is_active else []
    notify.tell(_message(incident, f"again:{key}", title), taker if set(taker) & set(duty) else [*taker, *duty])


def ended(actor: Actor, incident: Incident) -> None:
    """Closed, refused or merged: nothing about it climbs any further."""
    notices.settled(actor, incident, Text("Sự việc đã kết thúc", "The incident has ended"))
    notices.published(incident, "ended")


def players(role: str, record: Work) -> list[User]:
    """Who plays a role of the procedure in this incident; the operators where nobody does."""
    if role == "lead":
        return notices.heads(record)
    if role == "supporting":
        return [each for agency in record.supporting.all() for each in audience.people_of(agency)] or audience.operators()
    return {"duty": audience.on_duty, "leader": audience.leaders}.get(role, audience.operators)()


def _wake(incident: Incident, message: Message) -> None:
    if incident.severity == Severity.URGENT and incident.acknowledged_at is None:
        notify.climb(message, LADDER)
    else:
        notify.tell(message, audience.on_duty())


def _message(incident: Incident, what: str, title: Text) -> Message:
    return notices.message(incident, what, Text(f"{title.vi}: {incident.heading.vi}", f"{title.en}: {incident.heading.en}"))

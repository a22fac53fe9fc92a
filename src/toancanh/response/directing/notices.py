"""Who is told about work, and in which words: the one place where this room speaks to `notify`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from toancanh.kernel.contracts import Severity
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text
from toancanh.notify import audience, services
from toancanh.notify.messages import Answer, Message, Topic
from toancanh.notify.models import How
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.response.models import Directive, Task, Work
from toancanh.units import queries as units

_TOPICS = {"directive": Topic.DIRECTIVE, "task": Topic.TASK, "incident": Topic.INCIDENT}
_PATHS = {"directive": "directives", "task": "tasks", "incident": "incidents"}


def told(actor: Actor, record: Work, what: str, title: Text, people: Iterable[User], *, needs_answer: bool = False) -> int:
    """Tell `people` (but not who did it) about a change; the record's version makes it one notice. How many it is new to."""
    others = {each.pk: each for each in people if each.username != actor.label}
    return services.tell(message(record, f"{what}:{record.version}", title, needs_answer=needs_answer), others.values())


def message(
    record: Work, key: str, title: Text, *, severity: Severity | None = None, needs_answer: bool = False,
    due_at: datetime | None = None,
) -> Message:  # fmt: skip
    """What is said about a record: `title`, then its number, name and deadline (its own, or that of one of its clocks)."""
    kind = record._meta.model_name or ""
    ends = due_at or record.due_at
    due = f"{ends.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if ends else "–"
    return Message(
        key=f"{kind}:{record.pk}:{key}", topic=_TOPICS[kind], severity=severity or Severity(record.severity), title=title,
        body=Text(f"{record.code} · {record.heading.vi} · hạn {due}", f"{record.code} · {record.heading.en} · due {due}"),
        link=f"/{_PATHS[kind]}/{record.pk}", subject=f"{kind}:{record.pk}", needs_answer=needs_answer,
    )  # fmt: skip


def settled(actor: Actor, record: Work, reason: Text, how: How = How.CLOSED) -> None:
    """Somebody has the work, or it is over: nothing about it waits for an answer any more."""
    answer = Answer(actor.label, how) if isinstance(actor, User) else None
    services.settle(f"{record._meta.model_name}:{record.pk}", reason, answer)


def published(record: Work, event: str) -> None:
    """Tell other systems by webhook."""
    services.publish(
        f"{record._meta.model_name}.{event}", f"{record._meta.model_name}:{record.pk}",
        {
            "code": record.code, "title": record.title, "state": record.state,  # type: ignore[attr-defined]
            "lead": record.lead.key if record.lead else "", "due_at": record.due_at.isoformat() if record.due_at else "",
        },
    )  # fmt: skip


def workers(record: Work) -> list[User]:
    """Who does the work: the assignee, else the officers of the lead agency; the operators when it has none."""
    assignee = record.assignee if isinstance(record, Task) else None
    if assignee is not None and assignee.is_active:
        return [assignee]
    return agency_people(record)


def everyone(record: Work) -> list[User]:
    """The officers of every agency that has a part in it."""
    found = list(workers(record))
    for agency in record.supporting.all():
        found += audience.people_of(agency)
    return found


def agency_people(record: Work) -> list[User]:
    """The officers of the lead agency; the operators when it has none, so that work never falls to nobody."""
    return (audience.people_of(record.lead) if record.lead else []) or audience.operators()


def heads(record: Work) -> list[User]:
    """Who answers for the lead agency: those of its people who approve there; all of them when nobody does."""
    people = agency_people(record)
    return [each for each in people if each.can(Action.APPROVE, record.field or None, record.lead, record.unit)] or people


def office() -> list[User]:
    """Those who chase: the operators, and the officers of the agency that plays the office."""
    agency = units.agency_for_role("office")
    return [*audience.operators(), *(audience.people_of(agency) if agency else [])]


def giver(record: Work) -> list[User]:
    """Who waits for the result: the leader that issued the directive, else those who run the centre."""
    whole = record.directive if isinstance(record, Task) else record
    if isinstance(whole, Directive):
        return [whole.issued_by]
    return audience.operators()

"""What the other rooms ask of this one: tell people, climb a ladder until somebody confirms, settle, publish to other systems.

Everything is written in the caller's transaction: the notice, and in the outbox what leaves the centre. A notice carries its own
record (when read, when confirmed, what was handed over); a human's answer is audited.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify import ladders, policy
from toancanh.notify.channels.events import event_body
from toancanh.notify.events import InboxChanged, NoticeConfirmed
from toancanh.notify.messages import Answer, Message, Step, Topic
from toancanh.notify.models import Escalation, How, Notice
from toancanh.notify.outbox import routing
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import read_only

_ONE_MATTER = frozenset({Topic.ALERT.value, Topic.INCIDENT.value})


def tell(message: Message, people: Iterable[User]) -> int:
    """Put `message` into the inbox of `people` and into the outbox for their other channels. How many it is new to."""
    return tell_each([(message, people)])


def tell_each(tellings: Iterable[tuple[Message, Iterable[User]]]) -> int:
    """Tell many messages, each to its people, with a handful of statements. How many inboxes something new came into."""
    users: dict[int, User] = {}
    wanted: dict[tuple[str, int], Message] = {}
    for message, people in tellings:
        for each in people:
            if each.is_active:
                users[each.pk] = each
                wanted.setdefault((message.key, each.pk), message)
    with transaction.atomic(savepoint=False):
        notices = Notice.objects.filter(key__in={key for key, _ in wanted}, user__in=users)
        for known in notices.values_list("key", "user_id") if wanted else ():
            wanted.pop(known, None)
        if not wanted:
            return 0
        routes = _routes(wanted, users)
        Notice.objects.bulk_create(
            [_notice(message, routes[message.severity, pk]) for (_, pk), message in wanted.items()], ignore_conflicts=True
        )
        routing.write([each for each in notices.all() if (each.key, each.user_id) in wanted], routes)
        tell_after_commit(InboxChanged(tuple({pk for _, pk in wanted})))
    return len(wanted)


def _routes(wanted: Mapping[tuple[str, int], Message], users: Mapping[int, User]) -> dict[tuple[str, int], routing.Route]:
    """How each person is reached about things of each severity."""
    concerned: dict[Severity, dict[int, User]] = {}
    for (_, pk), message in wanted.items():
        concerned.setdefault(message.severity, {})[pk] = users[pk]
    now = timezone.now()
    found = {severity: routing.routes_of(people, severity, now) for severity, people in concerned.items()}
    return {(severity, pk): route for severity, routes in found.items() for pk, route in routes.items()}


def climb(message: Message, ladder: Sequence[Step]) -> Escalation:
    """Tell the first rung of `ladder` now and the next ones by the clock, until `confirm` or `settle`. A key climbs once."""
    with transaction.atomic():
        return ladders.begin(message, ladder, timezone.now(), tell)


def climb_due() -> None:
    """The clock's part of `climb`: every open escalation whose next rung has come."""
    ladders.climb_due(timezone.now(), tell)


def settle(subject: str, reason: Text, answer: Answer | None = None) -> None:
    """The matter is over by itself, or by a human's `answer`: open escalations about it stop, and nobody is asked to confirm."""
    with transaction.atomic():
        ladders.end(subject, timezone.now(), answer, reason)
        _ask_nobody(subject)


def confirm(actor: Actor, notice_id: int) -> Notice:
    """A human has it: the notice is confirmed, what climbed stops, and nobody else is asked the same.

    Of an alert or an incident whoever has it has all of it. Of work each question stands for itself, and where no ladder asked
    it, each agency answers for its own people.

    Raises `Problem` 403, 404.
    """
    _may_write(actor)
    now = timezone.now()
    with transaction.atomic():
        notice = policy.own(actor).select_for_update().filter(pk=notice_id).first()
        if notice is None:
            raise missing()
        if notice.confirmed_at is None:
            Notice.objects.filter(pk=notice.pk).update(confirmed_at=now, read_at=notice.read_at or now)
            notice.confirmed_at, notice.read_at = now, notice.read_at or now
            question = "" if notice.topic in _ONE_MATTER else ladders.question_of(notice.key)
            ladders.end(notice.subject, now, Answer(actor.label, How.ACKNOWLEDGED), question=question)
            detail = {"notice": notice.pk, "key": notice.key}
            record(actor.label, "notify.confirm", notice.subject, detail=detail, address=actor.address)
            tell_after_commit(InboxChanged((notice.user_id,)))
            _ask_nobody(notice.subject, _same_question(notice, question) if question else None)
            tell_after_commit(NoticeConfirmed(notice.user_id, actor.address, notice.subject, notice.at))
    return notice


def mark_read(actor: Actor, notice_ids: Iterable[int] | None = None) -> int:
    """Mark one's own notices read (None: all of them). How many were unread. The notice keeps the time; nothing else changes."""
    _may_write(actor)
    unread = policy.own(actor).filter(read_at=None)
    if notice_ids is not None:
        unread = unread.filter(pk__in=list(notice_ids))
    with transaction.atomic():
        changed = unread.update(read_at=timezone.now())
        if changed and isinstance(actor, User):
            tell_after_commit(InboxChanged((actor.pk,)))
    return changed


def _same_question(notice: Notice, question: str) -> Q:
    """The notices that ask what `notice` asked: of everybody on its ladder, else of the people of the same agency."""
    if Escalation.objects.filter(key=question).exists():
        return Q(key=question) | Q(key__startswith=f"{question}{ladders.RUNG}")
    return Q(key=question, user__agency=notice.user.agency_id)


def _ask_nobody(subject: str, which: Q | None = None) -> None:
    """What was told about `subject` and not confirmed (of the notices `which`, when given) needs no answer any more."""
    waiting = Notice.objects.filter(subject=subject, needs_answer=True, confirmed_at=None)
    if which is not None:
        waiting = waiting.filter(which)
    users = tuple(set(waiting.values_list("user_id", flat=True)))
    if users:
        Notice.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(needs_answer=False)
        tell_after_commit(InboxChanged(users))


def publish(event_type: str, subject: str, data: Mapping[str, object]) -> None:
    """Write a CloudEvent for every webhook that wants `event_type` ("alert.raised") into the outbox."""
    publish_each(event_type, [(subject, data)])


def publish_each(event_type: str, events: Sequence[tuple[str, Mapping[str, object]]]) -> None:
    """Write CloudEvents of one type, each a subject and its data."""
    if not events:
        return
    with transaction.atomic(savepoint=False):
        endpoints = routing.listening(event_type)
        if endpoints:
            now = timezone.now()
            made = [(uuid.uuid4(), subject, data) for subject, data in events]
            routing.write_events(endpoints, [
                (number, subject, event_body(number, event_type, subject, data, now)) for number, subject, data in made
            ], now)  # fmt: skip


def missing() -> Problem:
    """There is no such thing, or it is somebody else's."""
    return Problem(
        "not-found",
        404,
        Text("Không tìm thấy", "Not found"),
        Text("Quay lại hộp thư và chọn lại.", "Go back to the inbox and choose again."),
    )


def _may_write(actor: Actor) -> None:
    if actor.read_only:
        raise read_only()


def _notice(message: Message, route: routing.Route) -> Notice:
    return Notice(
        key=message.key, user_id=route.user, topic=message.topic, severity=message.severity,
        title_vi=message.title.vi[:300], title_en=message.title.en[:300], body_vi=message.body.vi, body_en=message.body.en,
        link=message.link, subject=message.subject, needs_answer=message.needs_answer, digest_on=route.digest_on, at=route.now,
    )  # fmt: skip

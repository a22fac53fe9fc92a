"""Reads: one's own inbox, how much of it is unread, and the proof of what was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.lookups import IsNull

from toancanh.audit.services import record
from toancanh.notify import policy, services
from toancanh.notify.models import Dispatch, Escalation, Notice, State, WebhookEndpoint
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_everywhere
from toancanh.people.roles import Action


def inbox(actor: Actor) -> QuerySet[Notice]:
    """One's own notices: unread first, newest first."""
    return policy.own(actor).order_by(IsNull(F("read_at"), True).desc(), "-at", "-id")


def unread(actor: Actor) -> int:
    """How many of one's notices are unread."""
    return policy.own(actor).filter(read_at=None).count()


def notice(actor: Actor, pk: int) -> Notice:
    """One of one's own notices. Raises `Problem` 404."""
    found = policy.own(actor).filter(pk=pk).first()
    if found is None:
        raise services.missing()
    return found


def told(key: str) -> frozenset[int]:
    """The ids of the people who were told `key`: for whoever would tell it."""
    return frozenset(Notice.objects.filter(key=key).values_list("user_id", flat=True))


def proof_of(actor: Actor, notice: Notice) -> QuerySet[Dispatch]:
    """What one's own notice set off, with every attempt."""
    return _proved(Dispatch.objects.filter(notice__in=policy.own(actor).filter(pk=notice.pk)))


@dataclass(frozen=True, slots=True)
class Proof:
    """All that was told about a subject: who saw it in the inbox, what left the centre, and how far it climbed."""

    notices: QuerySet[Notice]
    dispatches: QuerySet[Dispatch]
    escalations: QuerySet[Escalation]


def proof(actor: Actor, subject: str) -> Proof:
    """Everything about `subject`. It names people and where they are reached, so that looking is recorded.

    Raises `Problem` 403 for who neither directs everywhere nor reads the record.
    """
    policy.may_see_proof(actor)
    if subject:
        record(actor.label, "notify.read_proof", subject, address=actor.address)
    return Proof(
        Notice.objects.filter(subject=subject).select_related("user").order_by("at", "id"),
        _proved(Dispatch.objects.filter(subject=subject)),
        Escalation.objects.filter(subject=subject).order_by("begun_at"),
    )


def webhooks(actor: Actor) -> QuerySet[WebhookEndpoint]:
    """Every webhook with how much waits for it and was given up. Raises `Problem` 403."""
    require_everywhere(actor, Action.ADMINISTER)
    return WebhookEndpoint.objects.annotate(
        waiting=Count("dispatches", filter=Q(dispatches__state=State.WAITING)),
        given_up=Count("dispatches", filter=Q(dispatches__state=State.GIVEN_UP)),
    ).order_by("id")


def last_dispatches(actor: Actor, endpoint: WebhookEndpoint, most: int = 20) -> list[Dispatch]:
    """The newest things sent to a webhook, with their attempts. Raises `Problem` 403."""
    require_everywhere(actor, Action.ADMINISTER)
    return list(_proved(Dispatch.objects.filter(endpoint=endpoint)).order_by("-id")[:most])


@dataclass(frozen=True, slots=True)
class Backlog:
    """The outbox by channel: how much waits, since when the oldest was due, and how much was given up."""

    channel: str
    waiting: int
    given_up: int
    oldest: datetime | None


def backlog() -> list[Backlog]:
    """For whoever runs the machine."""
    rows = Dispatch.objects.order_by("channel").values("channel").annotate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        given_up=Count("pk", filter=Q(state=State.GIVEN_UP)),
        oldest=Min("due_at", filter=Q(state=State.WAITING)),
    )  # fmt: skip
    return [Backlog(row["channel"], row["waiting"], row["given_up"], row["oldest"]) for row in rows]


def _proved(found: QuerySet[Dispatch]) -> QuerySet[Dispatch]:
    return found.select_related("user", "endpoint", "notice").prefetch_related("attempts").order_by("id")

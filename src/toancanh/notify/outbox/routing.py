"""The rules of delivery: who is reached by which channel and when; and the outbox rows that follow, in the caller's transaction.

Minor things wait for the person's daily digest by e-mail. From medium on: e-mail and push. Urgent things also go to the telephone
through a gateway, and they alone pass through quiet hours.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zlib import crc32

from django.utils import timezone

from toancanh.kernel.contracts import Severity
from toancanh.notify.channels.mail_server import is_set
from toancanh.notify.models import Channel, Contact, Dispatch, Notice, PushSubscription, WebhookEndpoint
from toancanh.notify.outbox.waking import wake_after_commit
from toancanh.people.models import User

DIGEST_CLOSES = timedelta(minutes=5)  # before the digest goes out: what comes later belongs to the next one
SIDE_BY_SIDE = 4  # letters go by so many connections, those to one person in their order; posts by subject in the same way


@dataclass(frozen=True, slots=True)
class Route:
    """How one person is reached about one thing. `due_at`: when it may go out; `digest_on`: with which day's digest it goes."""

    user: int
    now: datetime
    due_at: datetime
    email: str = ""
    digest_on: date | None = None
    phone: str = ""
    subscriptions: tuple[PushSubscription, ...] = ()
    gateways: tuple[WebhookEndpoint, ...] = ()


def routes_of(users: Mapping[int, User], severity: Severity, now: datetime) -> dict[int, Route]:
    """The route of each of `users` by id."""
    contacts = {each.user_id: each for each in Contact.objects.filter(user__in=users)}
    pushed: dict[int, list[PushSubscription]] = {}
    if severity != Severity.LOW:
        for each in PushSubscription.objects.filter(user__in=users):
            pushed.setdefault(each.user_id, []).append(each)
    gateways = _gateways() if severity == Severity.URGENT else ()
    mail = is_set()
    found = {}
    for pk in users:
        contact = contacts.get(pk) or Contact(user_id=pk)
        email = contact.email if mail else ""
        if severity == Severity.LOW:
            found[pk] = _minor(contact, email, now)
            continue
        found[pk] = Route(
            user=pk, now=now, due_at=now if severity == Severity.URGENT else after_quiet(contact, now), email=email,
            phone=contact.phone, subscriptions=tuple(pushed.get(pk, ())), gateways=gateways if contact.phone else (),
        )  # fmt: skip
    return found


def _minor(contact: Contact, email: str, now: datetime) -> Route:
    """With the digest, or in the inbox alone."""
    hour = contact.digest_hour
    if not email or hour is None:
        return Route(user=contact.user_id, now=now, due_at=now)
    day = timezone.localdate(now)
    if now >= _moment(day, time(hour)) - DIGEST_CLOSES:
        day += timedelta(days=1)
    return Route(user=contact.user_id, now=now, due_at=_moment(day, time(hour)), email=email, digest_on=day)


def after_quiet(contact: Contact, now: datetime) -> datetime:
    """`now`, or the end of the quiet hours that it lies in."""
    begin, end = contact.quiet_from, contact.quiet_to
    if begin is None or end is None or begin == end:
        return now
    local = timezone.localtime(now)
    at = local.time()
    inside = begin <= at < end if begin < end else at >= begin or at < end
    if not inside:
        return now
    day = local.date() + timedelta(days=1) if at >= end else local.date()
    return _moment(day, end)


def write(notices: Iterable[Notice], routes: Mapping[tuple[str, int], Route]) -> None:
    """The outbox rows of freshly written notices, by the routes of each (severity, user id); a row that is there already stays
    as it is."""
    rows: list[Dispatch] = []
    for notice in notices:
        route = routes[notice.severity, notice.user_id]
        if route.digest_on:
            rows.append(_digest(route))
        elif route.email:
            rows.append(_of_notice(notice, route, Channel.EMAIL, route.email, mail_lane(route.user)))
        for each in route.subscriptions:
            row = _of_notice(notice, route, Channel.PUSH, f"subscription:{each.pk}", push_lane(each))
            row.subscription = each
            rows.append(row)
        for gateway in route.gateways:
            lane = webhook_lane(gateway, notice.subject)
            row = _of_notice(notice, route, Channel.GATEWAY, f"webhook:{gateway.pk}:{route.phone}", lane)
            row.endpoint = gateway
            rows.append(row)
    _keep(rows)


def listening(event_type: str) -> list[WebhookEndpoint]:
    """The webhooks that want events of this type."""
    active = WebhookEndpoint.objects.filter(active=True, kind=Channel.WEBHOOK)
    return [each for each in active if not each.types or event_type.startswith(tuple(each.types))]


def write_events(endpoints: Sequence[WebhookEndpoint], events: Iterable[tuple[uuid.UUID, str, str]], now: datetime) -> None:
    """The outbox rows of events, each an id, a subject and a body."""
    _keep([
        Dispatch(
            cause=f"event:{event_id}", channel=Channel.WEBHOOK, address=f"webhook:{each.pk}", lane=webhook_lane(each, subject),
            subject=subject, endpoint=each, body=body, due_at=now, made_at=now, begun_at=now,
        )
        for event_id, subject, body in events
        for each in endpoints
    ])  # fmt: skip


def mail_lane(user: int) -> str:
    """One of the connections to the mail server; people who follow each other are spread evenly."""
    return f"mail:{user % SIDE_BY_SIDE}"


def push_lane(subscription: PushSubscription) -> str:
    """What fails together: one push service."""
    return f"push:{urlsplit(subscription.endpoint).hostname}"[:120]


def webhook_lane(endpoint: WebhookEndpoint, subject: str) -> str:
    """One of the connections to one address."""
    return f"webhook:{endpoint.pk}.{_place(subject)}"


def _place(key: str) -> int:
    return crc32(key.encode()) % SIDE_BY_SIDE


def _of_notice(notice: Notice, route: Route, channel: Channel, address: str, lane: str) -> Dispatch:
    return Dispatch(
        cause=f"notice:{notice.pk}", channel=channel, address=address, lane=lane, subject=notice.subject, user_id=route.user,
        notice=notice, due_at=route.due_at, made_at=route.now, begun_at=route.due_at,
    )  # fmt: skip


def _digest(route: Route) -> Dispatch:
    return Dispatch(
        cause=f"digest:{route.user}:{route.digest_on}", channel=Channel.EMAIL, address=route.email, lane=mail_lane(route.user),
        subject=f"digest:{route.digest_on}", user_id=route.user, digest_on=route.digest_on, due_at=route.due_at,
        made_at=route.now, begun_at=route.due_at,
    )  # fmt: skip


def _keep(rows: list[Dispatch]) -> None:
    if rows:
        Dispatch.objects.bulk_create(rows, ignore_conflicts=True)
        wake_after_commit()


def _gateways() -> tuple[WebhookEndpoint, ...]:
    return tuple(WebhookEndpoint.objects.filter(active=True, kind=Channel.GATEWAY))


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_default_timezone())

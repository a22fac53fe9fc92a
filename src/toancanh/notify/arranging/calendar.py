"""A person's deadlines as an iCalendar feed. What the deadlines are comes from the rooms above, which register a provider here.

The feed has a secret address instead of a sign-in, which calendar programs cannot do; a new address ends the old one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from icalendar import Calendar, Event

from toancanh.audit.services import record
from toancanh.kernel.text import Text
from toancanh.notify.channels.mail_server import absolute
from toancanh.notify.models import CalendarToken
from toancanh.people.actors import token_hash
from toancanh.people.models import User
from toancanh.people.policy import read_only

PRODUCT = "-//Toàn Cảnh//Deadlines//VI"
DRAWN_AS = timedelta(minutes=30)  # how long a deadline looks in a calendar


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline. `key` never changes ("task:7"); `changed_at` is when its record was last written."""

    key: str
    title: Text
    due_at: datetime
    changed_at: datetime
    link: str
    note: Text | None = None


Provider = Callable[[User], Iterable[Deadline]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let `provider` say which deadlines a person has. Called once by the site; a second time changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def make_token(actor: User) -> str:
    """The secret of the actor's feed, shown once; the one before it is worth nothing from now on."""
    if actor.read_only:
        raise read_only()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        columns = {"token_hash": token_hash(token), "made_at": timezone.now()}
        CalendarToken.objects.update_or_create(user=actor, defaults=columns)
        record(actor.label, "notify.make_calendar", f"user:{actor.username}", address=actor.address)
    return token


def owner_of(token: str) -> User | None:
    """Whose feed it is; None for an unknown secret or a closed account."""
    found = CalendarToken.objects.select_related("user").filter(token_hash=token_hash(token), user__is_active=True).first()
    return found.user if found else None


def feed(user: User) -> bytes:
    """The deadlines of `user`. The same records give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", Text("Hạn công việc", "Deadlines").to(user.language))
    deadlines = {each.key: each for provider in _providers for each in provider(user)}
    for each in sorted(deadlines.values(), key=lambda deadline: (deadline.due_at, deadline.key)):
        calendar.add_component(_event(each, user.language))
    return calendar.to_ical()


def _event(deadline: Deadline, language: str) -> Event:
    event = Event()
    event.add("uid", f"{deadline.key}@toancanh")
    event.add("dtstamp", deadline.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", deadline.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", deadline.due_at.astimezone(UTC) - DRAWN_AS)
    event.add("dtend", deadline.due_at.astimezone(UTC))
    event.add("summary", deadline.title.to(language))
    if deadline.note is not None:
        event.add("description", deadline.note.to(language))
    where = absolute(deadline.link)
    if "://" in where:  # a calendar program knows no page that this address could be beside
        event.add("url", where)
    return event

"""Hands over what is due: claimed by compare-and-set until a deadline, tried, and the try written down with the new state.

Whoever dies between handing over and writing leaves a claim that runs out; the next try carries the same identity. A lane whose
other side is away is left alone for a while as a whole, longer each time.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from toancanh.jobs.disk import not_waiting
from toancanh.notify.channels.handing import Result, Session, dropped, failed
from toancanh.notify.channels.mail import MailSession
from toancanh.notify.channels.push import PushSession
from toancanh.notify.channels.webhook import WebhookSession
from toancanh.notify.models import Attempt, Dispatch, Outcome, State

log = logging.getLogger(__name__)

CLAIMED = timedelta(minutes=2)
BATCH = 50
GROUP, GROUP_SECONDS = 10, 0.1  # tries that are written down together
BATCH_SECONDS = 90.0  # within a claim; what a slow lane has not managed by then is claimed again
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=10)
GIVE_UP = timedelta(hours=24)
_SESSIONS: dict[str, type[MailSession] | type[WebhookSession] | type[PushSession]] = {
    "mail": MailSession, "webhook": WebhookSession, "push": PushSession,
}  # fmt: skip
_ENDS = {Outcome.REFUSED: State.GIVEN_UP, Outcome.DROPPED: State.DROPPED}


@dataclass(frozen=True, slots=True)
class _Tried:
    """One try: how it ended, when it began and how long it took."""

    dispatch: Dispatch
    result: Result
    at: datetime
    ms: int


@dataclass
class Lane:
    """One way out with its open session. `closed_until`: the other side is away and not asked before then."""

    name: str
    falls: int = 0
    closed_until: datetime | None = None
    _session: Session | None = field(default=None, repr=False)
    _tried: list[_Tried] = field(default_factory=list, repr=False)

    def send_due(self) -> int:
        """Hand over a batch of what is due. How many were tried."""
        now = timezone.now()
        if self.closed_until is not None and now < self.closed_until:
            return 0
        with not_waiting():
            return self._send_batch(now)

    def _send_batch(self, now: datetime) -> int:
        claimed = _claim(self.name, now)
        # Mail is written down letter by letter, because not every mail program knows a repeat; a backlog leaves no time for that.
        group = 1 if self.name.startswith("mail:") and len(claimed) < GROUP else GROUP
        try:
            return self._hand_over(claimed, group)
        finally:
            self._write_down()

    def _hand_over(self, claimed: list[Dispatch], group: int) -> int:
        began = written = time.monotonic()
        for place, dispatch in enumerate(claimed):
            result = self._try(dispatch)
            if len(self._tried) >= group or time.monotonic() - written > GROUP_SECONDS:
                self._write_down()
                written = time.monotonic()
            if result.lane_down or time.monotonic() - began > BATCH_SECONDS:
                _release(claimed[place + 1 :])
                return place + 1
        return len(claimed)

    def _try(self, dispatch: Dispatch) -> Result:
        began, at = time.monotonic(), timezone.now()
        try:
            closed = dispatch.user is not None and not dispatch.user.is_active
            result = dropped("the account was closed") if closed else self._opened().hand_over(dispatch)
        except Exception as error:  # one that cannot be made must not stop the others
            log.exception("dispatch %s failed in an unknown way", dispatch.pk)
            self.close()
            result = failed(error)
        self._tried.append(_Tried(dispatch, result, at, round((time.monotonic() - began) * 1000)))
        if result.lane_down:
            self.falls += 1
            self.closed_until = timezone.now() + pause_after(self.falls)
        elif result.outcome == Outcome.SENT:
            self.falls, self.closed_until = 0, None
        return result

    def _write_down(self) -> None:
        tried, self._tried = self._tried, []
        if tried:
            _write_down(tried)

    def _opened(self) -> Session:
        if self._session is None:
            self._session = _SESSIONS[self.name.partition(":")[0]]()
        return self._session

    def close(self) -> None:
        """End the session; the next hand-over begins another."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


def waiting(lane: str | None = None) -> QuerySet[Dispatch]:
    """What has not been handed over and may be: nothing for a webhook that is paused."""
    found = Dispatch.objects.filter(state=State.WAITING).exclude(endpoint__active=False)
    return found.filter(lane=lane) if lane is not None else found


def pause_after(falls: int) -> timedelta:
    """How long to wait after so many failures in a row: 1 s, 2 s, 4 s ... 10 minutes."""
    return min(FIRST_PAUSE * 2 ** min(falls - 1, 20), LONGEST_PAUSE)


def take_over() -> None:
    """What the worker before us held when it fell is free at once, not when its claim runs out. Not while another worker lives on
    this data folder: what is claimed may be in its hands."""
    if _alone():
        Dispatch.objects.filter(state=State.WAITING).exclude(claimed_until=None).update(claimed_until=None)


def _alone() -> bool:
    """Whether this process is the first that sends from the data folder. Its lock ends with the process, however it ends."""
    place = os.open(Path(settings.DATA) / "outbox.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(place)
        return False
    return True


def _claim(lane: str, now: datetime) -> list[Dispatch]:
    """What is ours until the deadline: one statement decides, whoever else tries at the same time."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    found = waiting(lane).filter(free, due_at__lte=now).order_by("due_at", "id")
    batch = list(found.select_related("notice", "user", "endpoint", "subscription")[:BATCH])
    ids = [each.pk for each in batch]
    until = now + CLAIMED + timedelta(microseconds=secrets.randbelow(1_000_000))  # tells our claim from another's
    taken = Dispatch.objects.filter(free, pk__in=ids, state=State.WAITING).update(claimed_until=until) if ids else 0
    if taken < len(ids):
        ours = set(Dispatch.objects.filter(pk__in=ids, claimed_until=until).values_list("pk", flat=True))
        batch = [each for each in batch if each.pk in ours]
    for each in batch:
        each.claimed_until = until
    return batch


def _release(rest: list[Dispatch]) -> None:
    if rest:
        ids = [each.pk for each in rest]
        Dispatch.objects.filter(pk__in=ids, state=State.WAITING, claimed_until=rest[0].claimed_until).update(claimed_until=None)


def _write_down(tried: list[_Tried]) -> None:
    """The attempts and the new states, together. What was handed over is one statement."""
    now = timezone.now()
    sent = [each.dispatch.pk for each in tried if each.result.outcome == Outcome.SENT]
    with transaction.atomic():
        if sent:  # a try that outlived its claim may say so as well
            Dispatch.objects.filter(pk__in=sent, state=State.WAITING).update(
                state=State.SENT, sent_at=now, claimed_until=None, tries=F("tries") + 1
            )
        for each in tried:
            if each.result.outcome != Outcome.SENT:
                _write_failure(each, now)
        Attempt.objects.bulk_create(
            [
                Attempt(
                    dispatch_id=each.dispatch.pk, at=each.at, outcome=each.result.outcome, detail=each.result.detail, ms=each.ms
                )
                for each in tried
            ]
        )


def _write_failure(tried: _Tried, now: datetime) -> None:
    dispatch = tried.dispatch
    ended = _ENDS.get(tried.result.outcome)
    if ended is None and now - dispatch.begun_at > GIVE_UP:
        ended = State.GIVEN_UP
        log.warning("dispatch %s was given up: %s", dispatch.pk, tried.result.detail)
    columns: dict[str, object] = {"state": ended or State.WAITING, "claimed_until": None, "tries": F("tries") + 1}
    if ended is None:
        columns["due_at"] = now + pause_after(dispatch.tries + 1)
    own = Dispatch.objects.filter(pk=dispatch.pk, state=State.WAITING, claimed_until=dispatch.claimed_until)
    own.update(**columns)

"""Escalation: a message is told rung after rung until a human confirms it or the matter is settled.

A rung is taken by compare-and-set in the transaction that tells it, so that two clocks tell it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from toancanh.kernel.text import Text
from toancanh.notify.audience import resolve
from toancanh.notify.messages import Answer, Message, Step
from toancanh.notify.models import Course, Escalation
from toancanh.people.models import User

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=30)  # how often the top of a ladder is told again while nobody answers
RUNG = ":rung"
Tell = Callable[[Message, Iterable[User]], int]


def begin(message: Message, ladder: Sequence[Step], now: datetime, tell: Tell) -> Escalation:
    """The escalation of `message.key`, begun when it is new."""
    rungs = [[step.after.total_seconds(), step.people if isinstance(step.people, str) else list(step.people)] for step in ladder]
    escalation, new = Escalation.objects.get_or_create(
        key=message.key,
        defaults={
            "subject": message.subject, "message": replace(message, needs_answer=True).as_values(), "ladder": rungs,
            "begun_at": now, "due_at": now,
        },
    )  # fmt: skip
    if new:
        _take(escalation, tell)
    return escalation


def climb_due(now: datetime, tell: Tell) -> None:
    """Tell the next rung of every open escalation whose time has come."""
    for escalation in Escalation.objects.filter(state=Course.OPEN, due_at__lte=now).order_by("due_at"):
        try:
            with transaction.atomic():
                _take(escalation, tell)
        except Exception:  # one ladder that breaks must not stop the others
            log.exception("escalation %s could not climb; it is tried again within a minute", escalation.pk)


def end(subject: str, now: datetime, answer: Answer | None, reason: Text | None = None, *, question: str = "") -> int:
    """Stop what is open about `subject` (of one `question`, when given): confirmed by a human's `answer`, settled without one.
    How many."""
    vi, en = (reason.vi[:300], reason.en[:300]) if reason else ("", "")
    open_ = Escalation.objects.filter(subject=subject, state=Course.OPEN)
    return (open_.filter(key=question) if question else open_).update(
        state=Course.CONFIRMED if answer else Course.SETTLED, due_at=None, ended_at=now, reason_vi=vi, reason_en=en,
        ended_by=answer.by[:200] if answer else "", answer=answer.how if answer else "",
    )  # fmt: skip


def question_of(key: str) -> str:
    """What a notice asks: the key of its message, whichever rung of a ladder told it."""
    return key.partition(RUNG)[0]


def _take(escalation: Escalation, tell: Tell) -> None:
    """Tell the next rung. Beyond the last one the people of the top are told again and again: silence is no answer."""
    step, rungs = escalation.step, escalation.ladder
    turn = Escalation.objects.filter(pk=escalation.pk, step=step, state=Course.OPEN)
    due_at = escalation.begun_at + _wait(rungs, step + 1)
    if turn.update(step=step + 1, due_at=due_at):
        escalation.step, escalation.due_at = step + 1, due_at
        tell(_said(escalation, step), resolve(rungs[min(step, len(rungs) - 1)][1]))


def _wait(rungs: Sequence[Sequence[Any]], step: int) -> timedelta:
    """How long after its beginning an escalation comes to rung `step`."""
    beyond = max(0, step - len(rungs) + 1)
    return timedelta(seconds=rungs[min(step, len(rungs) - 1)][0]) + beyond * AGAIN


def _said(escalation: Escalation, step: int) -> Message:
    """The message on rung `step`: from the second on it has its own key, and says for how long nobody has answered."""
    message = Message.of_values(escalation.message)
    if step == 0:
        return message
    minutes = round(_wait(escalation.ladder, step).total_seconds() / 60)
    return replace(
        message,
        key=f"{message.key}{RUNG}{step}",
        title=Text(f"Chưa ai nhận sau {minutes} phút: {message.title.vi}", f"Not taken after {minutes} min: {message.title.en}"),
    )

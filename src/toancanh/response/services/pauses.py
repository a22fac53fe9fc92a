"""A clock stands still on a legal ground and runs on again: acts of the centre, told to everybody who works under it."""

from __future__ import annotations

from django.db import transaction

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.response import changes, clocks, policy
from toancanh.response.directing import notices
from toancanh.response.models import Clock, Work
from toancanh.response.states import By


def pause(actor: Actor, record: Work, name: str, ground: str, version: int | None = None) -> Clock:
    """Stop the running clock `name` of a record. Raises `Problem`: 403, 404, 409 when it does not run, 422 without a ground."""
    with transaction.atomic():
        held = _held(actor, record, version)
        clock = clocks.pause(_running(held, name), ground)
        said = Text(f"Tạm dừng thời hạn: {ground.strip()}", f"Clock paused: {ground.strip()}")
        changes.edit(actor, held, "pause_clock", said, decision=True)
        notices.told(actor, held, "paused", said, notices.everyone(held))
    return clock


def resume(actor: Actor, record: Work, name: str, version: int | None = None) -> Clock:
    """Let it run on; the deadline of the work moves with its clock."""
    with transaction.atomic():
        held = _held(actor, record, version)
        clock = _running(held, name)
        if not clocks.is_paused(clock):
            raise _not_running()
        clock = clocks.resume(clock)
        said = Text("Thời hạn tiếp tục chạy", "The clock runs on")
        changes.edit(actor, held, "resume_clock", said, {"due_at": clock.due_at}, decision=True)
        notices.told(actor, held, "resumed", said, notices.everyone(held))
    return clock


def _held(actor: Actor, record: Work, version: int | None) -> Work:
    held = changes.hold(actor, record, version)
    policy.require_part(actor, held, Action.DIRECT, By.CENTRE)
    return held


def _running(held: Work, name: str) -> Clock:
    found = clocks.of(changes.kind_of(held), held.pk).filter(name=name, stopped_at=None).first()
    if found is None:
        raise _not_running()
    return found


def _not_running() -> Problem:
    return Problem(
        "clock-not-running", 409, Text("Thời hạn không đang chạy", "The clock is not running"),
        Text("Tải lại trang để xem tình trạng mới nhất.", "Reload the page to see how it stands."),
    )  # fmt: skip

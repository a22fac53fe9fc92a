"""More time: asked by the agency with a reason. The centre may grant the first extension of a piece of work; any further one
needs a leader."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify import audience
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.response import changes, clocks, policy
from toancanh.response.clocks import HANDLE
from toancanh.response.directing import notices, orders
from toancanh.response.directing.orders import Due
from toancanh.response.models import Directive, Extension, Task, Work
from toancanh.response.states import RUNS, By

BY_CENTRE = 1  # how many the centre may grant by itself


def ask(actor: Actor, record: Directive | Task, until: datetime, reason: str, version: int | None = None) -> Extension:
    """Ask for more time. Raises `Problem`: 403 for who does not do the work, 409 while one is asked, 422 without a reason."""
    with transaction.atomic():
        held = changes.hold(actor, record, version)
        policy.require_part(actor, held, Action.HANDLE, By.AGENCY)
        kind = changes.kind_of(held)
        _check_runs(held)
        if Extension.objects.filter(kind=kind, subject=held.pk, state="asked").exists():
            raise _refused(
                "already-asked", "Đã có một đề nghị gia hạn đang chờ trả lời.", "An extension is asked for already.",
                409,
            )  # fmt: skip
        _check_until(held, until)
        if not reason.strip():
            raise _refused("reason-missing", "Nêu lý do xin gia hạn.", "Give the reason for more time.")
        number = held.extensions + 1
        made = Extension.objects.create(
            kind=kind, subject=held.pk, asked_by=actor.label, asked_at=timezone.now(), reason=reason.strip(), until=until,
            number=number,
        )  # fmt: skip
        shown = _shown(until)
        said = Text(
            f"Đề nghị gia hạn lần {number} đến {shown}: {made.reason}",
            f"Extension {number} asked until {shown}: {made.reason}",
        )
        changes.edit(actor, held, "ask_extension", said)
        deciders = audience.operators() if number <= BY_CENTRE else []
        notices.told(actor, held, "extension_asked", said, [*deciders, *audience.leaders()], needs_answer=True)
    return made


def decide(actor: Actor, extension: Extension, granted: bool, answer: str = "", version: int | None = None) -> Extension:
    """Grant or refuse. Raises `Problem`: 403 if it needs a leader, 404 unseen, 409 decided already, 422 refused without words."""
    with transaction.atomic():
        record = clocks.MODELS[extension.kind]._default_manager.filter(pk=extension.subject).first()
        if record is None:
            raise policy.unseen(Text("đề nghị gia hạn", "extension"))
        held = changes.hold(actor, record, version)
        asked = Extension.objects.select_for_update().get(pk=extension.pk)
        if asked.state != "asked":
            raise _refused("extension-decided", "Đề nghị này đã được trả lời.", "This was decided already.", 409)
        needed = (Action.APPROVE, By.LEADER) if asked.number > BY_CENTRE else (Action.DIRECT, By.CENTRE)
        policy.require_part(actor, held, *needed)
        if not granted and not answer.strip():
            raise _refused("reason-missing", "Nêu lý do không đồng ý gia hạn.", "Say why no more time is given.")
        asked.state, asked.answer = ("granted" if granted else "refused"), answer.strip()
        asked.decided_by, asked.decided_at = actor.label, timezone.now()
        asked.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        if granted:
            _check_runs(held)
        said = _decided(asked)
        changes.edit(actor, held, f"extension_{asked.state}", said, _extended(held, asked) if granted else None, decision=True)
        notices.told(actor, held, f"extension_{asked.state}", said, notices.everyone(held))
    return asked


def moved(actor: Actor, held: Directive | Task, until: datetime, reason: str) -> dict[str, object]:
    """The columns of work that is sent back with a deadline of its own: one after the present is an extension like any other.

    Raises `Problem` (403) for a further one that no leader gives.
    """
    if held.due_at is None or until <= held.due_at:
        return {}
    number = held.extensions + 1
    if number > BY_CENTRE:
        policy.require_part(actor, held, Action.APPROVE, By.LEADER)
    Extension.objects.create(
        kind=changes.kind_of(held), subject=held.pk, asked_by=actor.label, asked_at=timezone.now(), reason=reason.strip(),
        until=until, number=number, state="granted", decided_by=actor.label, decided_at=timezone.now(),
    )  # fmt: skip
    return {"extensions": number}


def _extended(held: Work, asked: Extension) -> dict[str, object]:
    """The columns of work that got more time; its clock runs anew until the new deadline."""
    due, kind = _check_until(held, asked.until), changes.kind_of(held)
    late = held.late or clocks.overdue(held)  # what is granted after the deadline does not unmake the delay
    clocks.stop_all(kind, held.pk, HANDLE)
    clocks.start(kind, held.pk, HANDLE, due.amount, due.counting, held.lead)
    return {"due_at": due.at, "extensions": asked.number, "late": late}


def _check_runs(held: Work) -> None:
    """Raise `Problem` (409) unless an agency works on it and its deadline runs."""
    if held.state not in RUNS:  # type: ignore[attr-defined]  # directives and tasks have a state
        raise _refused("not-running", "Việc không còn đang thực hiện.", "The work is not running.", 409)
    if clocks.is_held_up(held):
        raise _refused(
            "clock-paused", "Thời hạn đang tạm dừng. Cho thời hạn chạy tiếp rồi gia hạn.",
            "The deadline is paused. Let it run on, then extend it.", 409,
        )  # fmt: skip


def _check_until(held: Work, until: datetime) -> Due:
    """The new deadline. Raises `Problem` (422) unless it is later than now and than the present one, within the whole."""
    assert held.lead is not None  # directives and tasks have an agency
    due = orders.settled(until, held.lead, timezone.now())
    if held.due_at is not None and until <= held.due_at:
        raise _refused("not-later", "Hạn mới phải sau hạn hiện tại.", "The new deadline must be later than the present one.")
    if isinstance(held, Task):
        orders.check_within(until, held.parent or held.directive)
    return due


def _decided(asked: Extension) -> Text:
    shown = _shown(asked.until)
    if asked.state == "granted":
        vi, en = f"Đồng ý gia hạn lần {asked.number} đến {shown}", f"Extension {asked.number} granted until {shown}"
    else:
        vi, en = f"Không đồng ý gia hạn lần {asked.number}", f"Extension {asked.number} refused"
    return Text(f"{vi}: {asked.answer}", f"{en}: {asked.answer}") if asked.answer else Text(vi, en)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _refused(code: str, vi: str, en: str, status: int = 422) -> Problem:
    return orders.refused(code, vi, en, status)

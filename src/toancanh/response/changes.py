"""The one way a record of work changes: seen, locked, its version compared, its move looked up in the table, then the row, the
audit record and the timeline written in one transaction, and the news told after it.

A service that checks more does so between `hold` and `move`, under the same lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.response import clocks, policy, states, timeline
from toancanh.response.events import DirectiveChanged, IncidentChanged, TaskChanged
from toancanh.response.models import Counter, Extension, Kind, Work
from toancanh.response.states import By, Machine, Move

W = TypeVar("W", bound=Work)
MACHINES: dict[str, Machine] = {
    Kind.INCIDENT: states.INCIDENT,
    Kind.DIRECTIVE: states.DIRECTIVE,
    Kind.TASK: states.TASK,
}
WHAT = {
    Kind.INCIDENT: Text("sự việc", "incident"),
    Kind.DIRECTIVE: Text("ý kiến chỉ đạo", "directive"),
    Kind.TASK: Text("nhiệm vụ", "task"),
}
_SERIES = {Kind.INCIDENT: ("SV-%y%m", 5), Kind.DIRECTIVE: ("CD-%Y", 4), Kind.TASK: ("NV-%Y", 5)}
_EVENTS: dict[str, Any] = {Kind.INCIDENT: IncidentChanged, Kind.DIRECTIVE: DirectiveChanged, Kind.TASK: TaskChanged}
_ENDED = frozenset({"closed", "recalled", "done", "cancelled", "refused", "merged"})
_DELIVERED = frozenset({"reported", "watching", "proposed", "fixed"})  # the work had been handed in before
_FINISHING = frozenset({"report_done", "report_fixed", "confirm", "close"})


@dataclass(frozen=True, slots=True)
class _Why:
    """What else is kept about a change."""

    decision: bool = False
    reason: str = ""
    began: str = ""  # the state before a move


def kind_of(record: Work) -> Kind:
    """incident, directive or task."""
    return Kind(record._meta.model_name or "")


def change(
    actor: Actor, record: W, verb: str, version: int | None = None, *,
    reason: str = "", words: Text | None = None, values: Mapping[str, Any] | None = None,
) -> W:  # fmt: skip
    """Make the move `verb`. `version` is the one that the actor looked at (None: a handler that looked just now).

    Raises `Problem`: 404 unseen, 409 changed meanwhile or impossible now, 403 not this actor's move, 422 without its reason.
    """
    with transaction.atomic():
        held = hold(actor, record, version)
        return move(actor, held, verb, reason=reason, words=words, values=values)


def hold(actor: Actor, record: W, version: int | None = None) -> W:
    """The row as it is now, locked until the transaction ends. Raises `Problem` 404 unseen, 409 changed meanwhile.

    No key: rows that name this one are checked when their transaction ends, and must not wait for it then.
    """
    model = type(record)
    seen = policy.visible(model._default_manager.filter(pk=record.pk), actor)
    held = model._default_manager.select_for_update(no_key=True).filter(pk=record.pk).first() if seen.exists() else None
    if held is None:
        raise policy.unseen(WHAT[kind_of(record)])
    if version is not None and held.version != version:
        raise changed_meanwhile(held)
    return held


def move(
    actor: Actor, held: W, verb: str, *, reason: str = "", words: Text | None = None, values: Mapping[str, Any] | None = None
) -> W:
    """Make a move on a row that the caller holds."""
    found = MACHINES[kind_of(held)].move(held.state, verb)  # type: ignore[attr-defined]
    policy.require_hat(actor, held, found)
    reason = reason.strip()
    if found.reason and not reason:
        raise reason_missing(found)
    began = str(held.state)  # type: ignore[attr-defined]
    changed = _ending(held, found, began) | dict(values or {}) | {"state": found.ends.value}
    said = words or (Text(f"{found.title.vi}: {reason}", f"{found.title.en}: {reason}") if reason else found.title)
    decision = By.LEADER in found.by or (By.CENTRE in found.by and found.reason)
    if found.ends not in states.RUNS:
        _drop_requests(actor, held)
    _write(actor, held, verb, changed, said, _Why(decision, reason, began))
    if changed["closed_at"] is not None:
        clocks.stop_all(kind_of(held), held.pk)
    return held


def edit(actor: Actor, held: W, act: str, words: Text, values: Mapping[str, Any] | None = None, *, decision: bool = False) -> W:
    """Change columns of a row that the caller holds, without a move of its state; `words` go to its timeline."""
    _write(actor, held, act, dict(values or {}), words, _Why(decision))
    return held


def next_code(kind: str, at: datetime) -> str:
    """The next number of its series; belongs to the caller's transaction, so that a number is given or it is not."""
    form, width = _SERIES[Kind(kind)]
    series = at.astimezone(VIETNAM).strftime(form)
    Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
    row = Counter.objects.select_for_update().get(pk=series)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{series}-{row.last:0{width}}"


def opened(actor: Actor, record: Work, words: Text, detail: Mapping[str, object] | None = None) -> None:
    """Write the first line of a record that was just made, and its audit entry; tells the news of its kind."""
    kind = kind_of(record)
    timeline.write(kind, record.pk, actor, "open", words, detail, decision=True)
    about = {"code": record.code, "title": record.title} | {name: plain(value) for name, value in (detail or {}).items()}
    audit.record(actor.label, f"response.open_{kind.value}", f"{kind.value}:{record.pk}", detail=about, address=actor.address)
    news(kind, record.pk)


def news(kind: str, subject: int) -> None:
    """Tell, after the commit, that a record looks different now."""
    tell_after_commit(_EVENTS[kind](subject))


def changed_meanwhile(held: Work) -> Problem:
    """The refusal for who saves against an older version: what happened in between, and by whom."""
    last = timeline.of(kind_of(held), held.pk).last()
    who = last.actor_name or last.actor if last else ""
    at = f"{last.at.astimezone(VIETNAM):%H:%M %d/%m}" if last else ""
    what = Text(last.words_vi, last.words_en) if last else held.heading
    return Problem(
        "changed-meanwhile", 409, Text("Người khác vừa thay đổi việc này", "Somebody else has just changed this"),
        Text(f"{who} lúc {at}: “{what.vi}”. Xem lại rồi thực hiện lại nếu còn cần; nội dung bạn nhập vẫn được giữ.",
             f"{who} at {at}: “{what.en}”. Look again and repeat if it is still needed; what you typed is kept."),
    )  # fmt: skip


def reason_missing(of: Move) -> Problem:
    """The refusal for a move whose reason was not given."""
    return Problem(
        "reason-missing", 422, Text("Chưa nêu lý do", "No reason given"),
        Text(f"“{of.title.vi}” cần nêu lý do bằng lời.", f"“{of.title.en}” needs a reason in words."),
    )  # fmt: skip


def plain(value: object) -> object:
    """A value as JSON keeps it."""
    if isinstance(value, models.Model):
        return getattr(value, "key", None) or str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _ending(held: Work, found: Move, began: str) -> dict[str, Any]:
    """What a move says about the end of the work. What was once late stays late, whatever happens to it afterwards."""
    late = held.late or (found.verb in _FINISHING and began not in _DELIVERED and clocks.overdue(held))
    return {"late": late, "closed_at": timezone.now() if found.ends.value in _ENDED else None}


def _drop_requests(actor: Actor, held: Work) -> None:
    """Work that an agency no longer does needs no more time: what was asked for it is no longer needed."""
    Extension.objects.filter(kind=kind_of(held), subject=held.pk, state="asked").update(
        state="lapsed", decided_by=actor.label, decided_at=timezone.now()
    )


def _write(actor: Actor, held: Work, act: str, values: dict[str, Any], words: Text, why: _Why) -> None:
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*values, "version"])
    kind = kind_of(held)
    detail = {name: plain(value) for name, value in values.items()} | ({"from": why.began} if why.began else {})
    detail["version"] = held.version  # a form sent twice is known by the version that it led to
    audit.record(
        actor.label,
        f"response.{act}",
        f"{kind.value}:{held.pk}",
        detail={"code": held.code, **detail},
        reason=why.reason,
        address=actor.address,
    )
    timeline.write(kind, held.pk, actor, act, words, detail, decision=why.decision)
    news(kind, held.pk)

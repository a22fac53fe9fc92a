"""What people do about an alert: acknowledge it, call it a false positive, silence what is known or planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.notify.messages import Answer
from toancanh.notify.models import How
from toancanh.people.permissions import Action, Actor
from toancanh.people.policy import not_allowed, read_only
from toancanh.units.models import Unit
from toancanh.watch import notices
from toancanh.watch.definitions import watched
from toancanh.watch.evaluation import hushing
from toancanh.watch.events import AlertChanged, AlertsMoved
from toancanh.watch.models import Alert, Entry, Silence, State
from toancanh.watch.policy import missing, require_all, visible
from toancanh.watch.services.reasons import said

LONGEST = timedelta(days=92)
TAKEN = Text("{who} đã nhận", "{who} has taken it")
FALSE = Text("Báo nhầm: {reason}", "False positive: {reason}")
# What a person may do with an alert, by its state. Only the value itself clears one.
MOVES = {
    State.OPEN: frozenset({State.ACKNOWLEDGED, State.FALSE_POSITIVE}),
    State.ACKNOWLEDGED: frozenset({State.FALSE_POSITIVE}),
    State.FALSE_POSITIVE: frozenset(),
    State.CLEARED: frozenset({State.FALSE_POSITIVE}),
}


def acknowledge(actor: Actor, alert_id: int, seen: int | None = None) -> Alert:
    """`actor` has it: nobody else is woken. `seen` is the version that was on screen. Raises `Problem` 403, 404, 409."""
    with transaction.atomic():
        alert = _taken(actor, alert_id, State.ACKNOWLEDGED, seen)
        alert.acknowledged_by, alert.acknowledged_at = actor.label, timezone.now()
        words = Text(TAKEN.vi.format(who=actor.name), TAKEN.en.format(who=actor.name))
        _save(actor, alert, State.ACKNOWLEDGED, words, "")
        notices.answered(alert, words, Answer(actor.label, How.ACKNOWLEDGED))
    return alert


def mark_false(actor: Actor, alert_id: int, reason: str, seen: int | None = None) -> Alert:
    """It was no real matter, for a reason that goes into the rule's record. It rings again only after the value was back.

    Raises `Problem` 403, 404, 409, 422 without a reason.
    """
    reason = said(reason)
    with transaction.atomic():
        alert = _taken(actor, alert_id, State.FALSE_POSITIVE, seen)
        alert.ended_by, alert.reason, alert.announced = actor.label, reason, True
        words = Text(FALSE.vi.format(reason=reason), FALSE.en.format(reason=reason))
        _save(actor, alert, State.FALSE_POSITIVE, words, reason)
        notices.answered(alert, words, Answer(actor.label, How.CLOSED))
    return alert


@dataclass(frozen=True)
class Hush:
    """What is to be silent: one rule ("" = all), at one unit and all below it (None = everywhere), for a reason and a time."""

    reason: str
    ends: datetime
    begins: datetime | None = None
    rule: str = ""
    unit: Unit | None = None
    planned: bool = False


def silence(actor: Actor, hush: Hush) -> Silence:
    """Tell nobody of these alerts until `hush.ends`, those that are open already included. They are kept all the same, and told
    of if they are open then.

    Raises `Problem` 403, 404 for an unknown rule, 422 without a reason, an end, or an end that is too far away.
    """
    now = timezone.now()
    begins = hush.begins or now
    reason = said(hush.reason)
    field = None
    if hush.rule:
        known = watched([hush.rule]).get(hush.rule)
        if known is None:
            raise missing()
        field = known.pack.code
    require_all(actor, Action.DIRECT, field, hush.unit)
    _check_span(begins, hush.ends, now)
    with transaction.atomic():
        made = Silence.objects.create(
            rule=hush.rule, unit=hush.unit, planned=hush.planned, reason=reason, begins=begins, ends=hush.ends,
            made_by=actor.label, made_at=now,
        )  # fmt: skip
        where = hush.unit.key if hush.unit else ""
        detail = {"rule": hush.rule, "unit": where, "planned": hush.planned, "begins": begins, "ends": hush.ends}
        if begins <= now:
            hushing.hush(made, now)
        record(actor.label, "watch.silence", f"silence:{made.pk}", detail=_plain(detail), reason=reason, address=actor.address)
        tell_after_commit(AlertsMoved(0))
    return made


def end_silence(actor: Actor, silence_id: int) -> Silence:
    """End a silence now. Raises `Problem` 403, 404."""
    now = timezone.now()
    with transaction.atomic():
        found = Silence.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=silence_id).first()
        if found is None:
            raise missing()
        known = watched([found.rule]).get(found.rule)
        require_all(actor, Action.DIRECT, known.pack.code if known else None, found.unit)
        if found.ends > now:
            found.ends = now
            found.save(update_fields=["ends"])
            record(actor.label, "watch.end_silence", f"silence:{found.pk}", address=actor.address)
            tell_after_commit(AlertsMoved(0))
    return found


def may_answer(actor: Actor, alert: Alert) -> bool:
    """Whether `actor` may acknowledge it or call it false: who handles work of the agency that answers for it."""
    indicator = registry.indicator(alert.indicator)
    field = registry.pack_of(indicator).code if indicator else None
    return not actor.read_only and actor.can(Action.HANDLE, field, alert.owner, alert.unit)


def _taken(actor: Actor, alert_id: int, to: State, seen: int | None) -> Alert:
    """The alert, locked, after every question has been asked."""
    rows = visible(Alert.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "owner"), actor)
    alert = rows.filter(pk=alert_id).first()
    if alert is None:
        raise missing()
    if not may_answer(actor, alert):
        raise read_only() if actor.read_only else not_allowed(Action.HANDLE)
    if to not in MOVES[State(alert.state)]:
        raise _moved_on(alert)
    if seen is not None and seen != alert.version:
        raise _moved_on(alert)
    return alert


def _save(actor: Actor, alert: Alert, to: State, words: Text, reason: str) -> None:
    alert.state, alert.version = to, alert.version + 1
    alert.save(update_fields=["state", "version", "acknowledged_by", "acknowledged_at", "ended_by", "reason", "announced"])
    Entry.objects.create(
        alert=alert, at=timezone.now(), kind=to.value, who=actor.label, words_vi=words.vi[:500], words_en=words.en[:500]
    )
    record(actor.label, f"watch.{to.value}", alert.key, reason=reason, address=actor.address)
    tell_after_commit(AlertChanged(alert.pk))
    tell_after_commit(AlertsMoved(1))


def _moved_on(alert: Alert) -> Problem:
    who = alert.ended_by or alert.acknowledged_by
    return Problem(
        "alert-moved-on", 409, Text("Cảnh báo đã đổi trạng thái", "The alert has moved on"),
        Text(
            f"{who or 'Hệ thống'} vừa cập nhật cảnh báo này. Tải lại trang để xem trạng thái mới rồi quyết định.",
            f"{who or 'The centre'} has just changed this alert. Load the page again, then decide.",
        ),
    )  # fmt: skip


def _check_span(begins: datetime, ends: datetime, now: datetime) -> None:
    if ends <= now or ends <= begins or ends - begins > LONGEST:
        raise Problem(
            "wrong-span", 422, Text("Thời gian chưa đúng", "The time is not right"),
            Text(
                f"Thời điểm kết thúc phải ở sau hiện tại, sau lúc bắt đầu và trong vòng {LONGEST.days} ngày.",
                f"The end must lie after now, after the beginning, and within {LONGEST.days} days of it.",
            ),
        )  # fmt: skip


def _plain(detail: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in detail.items()}

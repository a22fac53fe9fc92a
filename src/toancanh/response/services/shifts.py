"""Shifts of the duty desk: begun, logged, handed over with what is open, taken by the next. A post has one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify import audience
from toancanh.notify import services as notify
from toancanh.notify.messages import Message, Topic
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed, require
from toancanh.people.roles import Action
from toancanh.response import changes, policy
from toancanh.response.events import ShiftChanged
from toancanh.response.models import OPEN_INCIDENT, Incident, Shift, ShiftEntry

POST = "duty"


def begin(actor: Actor, post: str = POST) -> Shift:
    """Begin a shift. Raises `Problem` (409) while another runs: it is taken over, not begun beside."""
    user = _on_duty(actor)
    try:
        with transaction.atomic():
            shift = Shift.objects.create(post=post, begun_at=timezone.now(), begun_by=user)
            _written(actor, shift, "begin_shift", Text(f"{user.name} bắt đầu ca trực", f"{user.name} began the shift"))
    except IntegrityError as error:
        raise _running() from error
    return shift


def log(actor: Actor, shift: Shift, words: str) -> ShiftEntry:
    """A line of the shift log."""
    _on_duty(actor)
    said = words.strip()
    if not said:
        raise Problem(
            "empty-note", 422, Text("Chưa có nội dung", "Nothing was written"), Text("Nhập nội dung sổ trực.", "Write the line.")
        )
    with transaction.atomic():
        held = _held(shift)
        return _written(actor, held, "log_shift", Text(said, said))


def hand_over(actor: Actor, shift: Shift, note: str, items: Sequence[str]) -> Shift:
    """Write down what the next shift must know, and which incidents it gets (codes). The shift runs until somebody takes it.

    Raises `Problem` (422) when neither says anything: whoever comes next must read that there is nothing.
    """
    _on_duty(actor)
    with transaction.atomic():
        held = _held(shift)
        codes = list(
            Incident.objects.filter(OPEN_INCIDENT, code__in=items).order_by("next_due_at", "pk").values_list("code", flat=True)
        )
        held.hand_over, held.open_items = note.strip(), codes
        if not (held.hand_over or codes):
            raise _nothing_said()
        held.save(update_fields=["hand_over", "open_items"])
        words = Text(f"Bàn giao ca, {len(codes)} việc đang mở", f"Handed over with {len(codes)} open items")
        entry = _written(actor, held, "hand_over_shift", words, {"items": codes, "note": held.hand_over})
        notify.tell(_handed(held, actor, entry), [each for each in audience.operators() if each.label != actor.label])
    return held


def take_over(actor: Actor, shift: Shift) -> Shift:
    """Take what was handed over: that shift ends, the next begins, and its open items are one's own. Returns the new shift."""
    user = _on_duty(actor)
    with transaction.atomic():
        held, now = _held(shift), timezone.now()
        if not (held.hand_over or held.open_items):
            raise _not_handed_over()
        items, left = _items(actor, user, held)
        held.ended_at, held.taken_at, held.taken_by = now, now, user
        held.save(update_fields=["ended_at", "taken_at", "taken_by"])
        following = Shift.objects.create(post=held.post, begun_at=now, begun_by=user)
        _written(actor, held, "take_shift", _taken(user, left), {"left": left})
        _written(actor, following, "begin_shift", Text(f"{user.name} bắt đầu ca trực", f"{user.name} began the shift"))
        for each in items:
            changes.edit(actor, each, "take_over", Text("Nhận bàn giao ca", "Taken over with the shift"), {"taken_by": user})
    return following


def _items(actor: Actor, user: User, shift: Shift) -> tuple[list[Incident], list[str]]:
    """The incidents that change hands, locked before anything is written, and the codes of those that this person may not have:
    they stay with who has them. One that has ended meanwhile stays as it is."""
    handed = Incident.objects.filter(OPEN_INCIDENT, code__in=shift.open_items).exclude(taken_by=user)
    theirs = set(policy.visible_incidents(handed, actor).values_list("pk", flat=True))
    held = [changes.hold(actor, each) for each in handed.exclude(taken_by=None).order_by("pk") if each.pk in theirs]
    left = [each.code for each in handed.order_by("pk") if each.pk not in theirs]
    return [each for each in held if each.closed_at is None], left


def _taken(user: User, left: list[str]) -> Text:
    if not left:
        return Text(f"{user.name} nhận bàn giao", f"{user.name} took over")
    codes = ", ".join(left)
    return Text(
        f"{user.name} nhận bàn giao; ngoài phạm vi, vẫn ở người đang giữ: {codes}",
        f"{user.name} took over; out of reach, left with who has them: {codes}",
    )


def _on_duty(actor: Actor) -> User:
    require(actor, Action.DIRECT)
    if not isinstance(actor, User):
        raise not_allowed(Action.DIRECT)
    return actor


def _held(shift: Shift) -> Shift:
    """The shift as it is now, locked. Raises `Problem` (409) when it has ended."""
    held = Shift.objects.select_for_update().filter(pk=shift.pk, ended_at=None).first()
    if held is None:
        raise Problem(
            "shift-ended", 409, Text("Ca trực đã kết thúc", "The shift has ended"),
            Text("Tải lại trang để xem ca đang trực.", "Reload the page to see the shift that runs."),
        )  # fmt: skip
    return held


def _written(actor: Actor, shift: Shift, act: str, words: Text, detail: dict[str, object] | None = None) -> ShiftEntry:
    entry = ShiftEntry.objects.create(
        shift=shift, at=timezone.now(), actor=actor.label[:200], actor_name=actor.name[:160], words=words.vi,
        words_en=words.en,
    )  # fmt: skip
    about = {"post": shift.post, "words": words.vi, **(detail or {})}
    audit.record(actor.label, f"response.{act}", f"shift:{shift.pk}", detail=about, address=actor.address)
    tell_after_commit(ShiftChanged(shift.pk))
    return entry


def _handed(shift: Shift, actor: Actor, entry: ShiftEntry) -> Message:
    count = len(shift.open_items)
    return Message(
        key=f"shift:{shift.pk}:handed:{entry.pk}", topic=Topic.SHIFT, severity=Severity.MEDIUM,
        title=Text(f"{actor.name} bàn giao ca, {count} việc đang mở", f"{actor.name} hands over, {count} open items"),
        body=Text(shift.hand_over, shift.hand_over), link="/shifts", subject=f"shift:{shift.pk}",
    )  # fmt: skip


def _running() -> Problem:
    return Problem(
        "shift-running", 409, Text("Đang có ca trực", "A shift is running"),
        Text("Người đang trực bàn giao trước, rồi bạn nhận ca.", "Whoever is on duty hands over first, then you take it."),
    )  # fmt: skip


def _not_handed_over() -> Problem:
    return Problem(
        "not-handed-over", 409, Text("Ca chưa bàn giao", "Not handed over yet"),
        Text("Người đang trực ghi bàn giao trước, rồi bạn nhận ca.", "Whoever is on duty writes the hand-over first."),
    )  # fmt: skip


def _nothing_said() -> Problem:
    return Problem(
        "empty-hand-over", 422, Text("Chưa ghi bàn giao", "Nothing was handed over"),
        Text("Chọn việc bàn giao hoặc ghi một câu cho ca sau, ví dụ: Không có việc tồn.",
             "Choose what is handed over, or write a line for the next shift, such as: Nothing is open."),
    )  # fmt: skip

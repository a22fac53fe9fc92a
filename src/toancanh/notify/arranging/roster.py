"""The duty roster: turns are set by those who direct. A turn may overlap another: two may be on duty together."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.models import DutyTurn
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_everywhere
from toancanh.people.roles import Action

LONGEST = timedelta(days=7)


def turns(actor: Actor, first: datetime, last: datetime, post: str = "duty") -> QuerySet[DutyTurn]:
    """The turns at `post` that touch the span from `first` to `last`. Raises `Problem` 403."""
    require_everywhere(actor, Action.VIEW)
    return DutyTurn.objects.filter(post=post, starts_at__lt=last, ends_at__gt=first).select_related("user")


def add_turn(actor: Actor, user: User, starts_at: datetime, ends_at: datetime, post: str = "duty") -> DutyTurn:
    """Put `user` on duty. Raises `Problem` 403, 422."""
    require_everywhere(actor, Action.DIRECT)
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise _refused(Text("Giờ kết thúc phải sau giờ bắt đầu, tối đa 7 ngày.", "It must end after it begins, within 7 days."))
    if ends_at <= timezone.now():
        raise _refused(Text("Ca trực này đã qua. Chọn ngày giờ sắp tới.", "This turn is over. Choose a time to come."))
    if not user.is_active or not user.can(Action.HANDLE):
        raise _refused(Text("Người này không nhận việc được. Chọn người khác.", "This person cannot take work. Choose another."))
    with transaction.atomic():
        turn, new = DutyTurn.objects.get_or_create(
            post=post, user=user, starts_at=starts_at, defaults={"ends_at": ends_at, "made_by": actor.label}
        )
        if not new and turn.ends_at != ends_at:
            raise _refused(Text("Người này đã có ca bắt đầu lúc đó.", "This person already has a turn that begins then."))
        if new:
            _note(actor, "add_turn", turn)
    return turn


def remove_turn(actor: Actor, pk: int) -> None:
    """Take a turn back. Raises `Problem` 403, 404."""
    require_everywhere(actor, Action.DIRECT)
    with transaction.atomic():
        turn = DutyTurn.objects.select_for_update().select_related("user").filter(pk=pk).first()
        if turn is None:
            raise Problem(
                "not-found",
                404,
                Text("Không tìm thấy ca trực", "No such turn"),
                Text("Tải lại lịch trực rồi chọn lại.", "Reload the roster and choose again."),
            )
        _note(actor, "remove_turn", turn)
        turn.delete()


def gaps(actor: Actor, first: datetime, last: datetime, post: str = "duty") -> list[tuple[datetime, datetime]]:
    """The spans between `first` and `last` in which nobody has the turn: they fall to the operators."""
    found, at = [], first
    for turn in turns(actor, first, last, post).filter(user__is_active=True).order_by("starts_at"):
        if turn.starts_at > at:
            found.append((at, turn.starts_at))
        at = max(at, turn.ends_at)
    if at < last:
        found.append((at, last))
    return found


def _refused(detail: Text) -> Problem:
    return Problem("turn-refused", 422, Text("Chưa xếp được ca trực", "The turn was not set"), detail)


def _note(actor: Actor, verb: str, turn: DutyTurn) -> None:
    detail = {"user": turn.user.username, "post": turn.post, "from": turn.starts_at, "to": turn.ends_at}
    detail = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in detail.items()}
    record(actor.label, f"notify.{verb}", f"turn:{turn.pk}", detail=detail, address=actor.address)

"""Who sees which alerts and may change which rules: as with the values they are about."""

from __future__ import annotations

from django.db.models import QuerySet

from toancanh.indicators import policy as values
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.watch.definitions import Watched
from toancanh.watch.models import Alert


def visible(alerts: QuerySet[Alert], actor: Actor) -> QuerySet[Alert]:
    """The alerts whose values `actor` may see."""
    return values.visible(alerts, actor)


def may_configure(actor: Actor, rule: Watched) -> bool:
    """Whether `actor` may change the limits of this rule."""
    return not actor.read_only and actor.can(Action.CONFIGURE, rule.pack.code)


def missing() -> Problem:
    """There is no such thing, or the actor may not see it: the two look alike."""
    return Problem(
        "not-found", 404, Text("Không tìm thấy", "Not found"),
        Text(
            "Không có mục này, hoặc bạn chưa có quyền xem. Quay lại danh sách và chọn lại.",
            "There is no such thing, or you may not see it. Go back to the list and choose again.",
        ),
    )  # fmt: skip

"""Who sees which alerts and may change which rules: as with the values they are about."""

from __future__ import annotations

from django.db.models import F, QuerySet, Value

from toancanh.indicators import policy as values
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people import policy
from toancanh.people.permissions import Action, Actor
from toancanh.units.models import Unit
from toancanh.watch.definitions import Watched
from toancanh.watch.models import Alert


def visible(alerts: QuerySet[Alert], actor: Actor) -> QuerySet[Alert]:
    """The alerts whose values `actor` may see."""
    return values.visible(alerts, actor)


def sees_all(actor: Actor) -> bool:
    """Whether nothing at all is hidden from `actor`."""
    return covers(actor, Action.VIEW)


def covers(actor: Actor, action: Action, field: str | None = None, unit: Unit | None = None) -> bool:
    """Whether `action` is allowed for all that is meant: None stands for every field, for every place. A permission that is good
    for some of them is not enough."""
    return policy.covers(actor, action, field=field, agency=unit, area=unit)


def may_see(actor: Actor, rule: Watched, unit: Unit) -> bool:
    """Whether `actor` would see an alert of this rule at a unit: `visible`, before there is one."""
    return sees_all(actor) or seen_places(actor, rule, Unit.objects.filter(pk=unit.pk)).exists()


def seen_places(actor: Actor, rule: Watched, units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of `units` at which `actor` would see an alert of this rule."""
    return values.visible(units.annotate(indicator=Value(rule.rule.indicator.code), unit=F("pk")), actor)


def concerns(actor: Actor, field: str | None, unit: Unit | None) -> bool:
    """Whether `actor` may know of something about a field (None: every one) and a unit (None: everywhere)."""
    return actor.can(Action.VIEW, field, unit, unit)


def require_all(actor: Actor, action: Action, field: str | None, unit: Unit | None) -> None:
    """Raise the `Problem` "not-allowed" (403) unless `covers`."""
    policy.require_all(actor, action, field=field, agency=unit, area=unit)


def may_configure(actor: Actor, rule: Watched, unit: Unit | None = None) -> bool:
    """Whether `actor` may change this rule, or its limits at one unit."""
    return not actor.read_only and covers(actor, Action.CONFIGURE, rule.pack.code, unit)


def may_make(actor: Actor, indicator: Indicator | None = None) -> bool:
    """Whether `actor` may make a rule about an indicator (None: about any at all)."""
    packs = registry.packs() if indicator is None else [registry.pack_of(indicator)]
    return not actor.read_only and any(covers(actor, Action.CONFIGURE, each.code) for each in packs)


def may_hush(actor: Actor, field: str | None, unit: Unit | None) -> bool:
    """Whether `actor` may silence a rule of `field` (None: every rule) at a unit (None: everywhere), or end such a silence."""
    return not actor.read_only and covers(actor, Action.DIRECT, field, unit)


def missing() -> Problem:
    """There is no such thing, or the actor may not see it: the two look alike."""
    return Problem(
        "not-found", 404, Text("Không tìm thấy", "Not found"),
        Text(
            "Không có mục này, hoặc bạn chưa có quyền xem. Quay lại danh sách và chọn lại.",
            "There is no such thing, or you may not see it. Go back to the list and choose again.",
        ),
    )  # fmt: skip

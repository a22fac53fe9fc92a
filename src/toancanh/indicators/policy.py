"""Who may see which values: by field (pack), by unit, and by the agency that answers for them, as a filter on the cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from toancanh.indicators.models import IndicatorOverride
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor, Permission, Reach
from toancanh.units.models import Unit
from toancanh.units.queries import agency_for_role

M = TypeVar("M", bound=Model)


def visible(cells: QuerySet[M], actor: Actor) -> QuerySet[M]:
    """The cells (or other rows with an indicator and a unit) that `actor` may see. For an actor without limits the query stays
    as it is.

    Who sees the field of an agency alone sees that agency's own values, and the indicators it answers for.
    """
    allowed = Q(pk__in=())
    for each in actor.permissions:
        if Action.VIEW not in each.actions:
            continue
        if each.field is None and each.agencies is None and each.areas is None:
            return cells
        allowed |= _box(each)
    return cells.filter(allowed)


def _box(permission: Permission) -> Q:
    """The filter of one permission: its sides hold together."""
    box = Q()
    if permission.field is not None:
        box &= Q(indicator__in=codes_of(permission.field))
    if permission.areas is not None:
        box &= Q(unit__in=permission.areas.ids)
    if permission.agencies is not None:
        box &= Q(unit__in=permission.agencies.ids) | Q(indicator__in=_owned_by(permission.agencies))
    return box


def within(actor: Actor, unit: Unit, codes: Iterable[str]) -> set[str]:
    """Those of the indicators `codes` whose values of `unit` the filter of `visible` would let through."""
    found, wanted = set[str](), set(codes)
    for each in actor.permissions:
        if Action.VIEW not in each.actions or (each.areas is not None and unit.pk not in each.areas.ids):
            continue
        let = wanted if each.field is None else wanted.intersection(codes_of(each.field))
        if each.agencies is not None and unit.pk not in each.agencies.ids:
            let = let.intersection(_owned_by(each.agencies))
        found |= let
    return found


def _owned_by(agencies: Reach) -> Collection[str]:
    """The indicators whose owner's role one of these agencies plays here; the province may have given one to another role."""
    played = set(Unit.objects.filter(pk__in=agencies.ids).exclude(role="").values_list("role", flat=True))
    here = {role for role in played if (agency := agency_for_role(role)) is not None and agency.pk in agencies.ids}
    if not here:
        return []
    changed = dict(IndicatorOverride.objects.filter(unit=None).exclude(owner="").values_list("indicator", "owner"))
    return [each.code for each in registry.indicators() if changed.get(each.code, each.owner.code) in here]


def codes_of(pack_code: str) -> Collection[str]:
    """The indicators of a field."""
    pack = registry.pack(pack_code)
    return [each.code for each in pack.indicators] if pack else []


def readable(actor: Actor, code: str) -> Indicator:
    """The indicator `code`. Raises `Problem`: 404 when no pack declares it, 403 when its field may not be seen."""
    indicator = registry.indicator(code)
    if indicator is None:
        raise Problem(
            "unknown-indicator", 404, Text("Không có chỉ tiêu này", "No such indicator"),
            Text(
                f"Không có chỉ tiêu “{code}”. Xem danh sách mã tại /api/v1/indicators.",
                f"There is no indicator “{code}”. The codes are listed at /api/v1/indicators.",
            ),
        )
    pack = registry.pack_of(indicator)
    if not actor.can(Action.VIEW, pack.code):
        raise Problem(
            "not-allowed", 403, Text("Bạn chưa có quyền xem", "You may not see this"),
            Text(
                f"Bạn chưa có quyền xem lĩnh vực “{pack.title.vi}”. Đề nghị {pack.owner.title.vi} cấp quyền.",
                f"You may not see the field “{pack.title.en}”. Ask the {pack.owner.title.en} for access.",
            ),
        )
    return indicator

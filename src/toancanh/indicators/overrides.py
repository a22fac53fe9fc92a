"""What a pack declares and what the province changed, merged in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q

from toancanh.indicators.models import IndicatorOverride, TargetOverride
from toancanh.kernel.agency_roles import ROLES
from toancanh.kernel.contracts import Fixed, Indicator, MonthlyPath
from toancanh.kernel.registry import registry

_ROLES = {role.code: role for role in ROLES}


class Overrides:
    """All local changes, read once: two small tables."""

    def __init__(self, codes: Iterable[str] | None = None) -> None:
        limit: dict[str, Any] = {} if codes is None else {"indicator__in": list(codes)}
        self._changes = {(each.indicator, each.unit_id): each for each in IndicatorOverride.objects.filter(**limit)}
        targets = TargetOverride.objects.filter(**limit)
        self._targets = {(each.indicator, each.unit_id, each.year): each.values for each in targets}
        self.with_targets = frozenset(code for code, _, _ in self._targets)

    def effective(self, indicator: Indicator, unit_id: int | None = None, year: int | None = None) -> Indicator:
        """The indicator as it holds for a unit (row id) and a year: a unit's own change wins over the province's."""
        for scope in dict.fromkeys((None, unit_id)):
            change = self._changes.get((indicator.code, scope))
            if change is not None:
                indicator = _changed(indicator, change)
            values = self._targets.get((indicator.code, scope, year)) if year else None
            if values:
                target = Fixed(values[0]) if len(values) == 1 else MonthlyPath(tuple(values))
                indicator = replace(indicator, target=target)
        return indicator


def effective(indicator: Indicator | str, unit_id: int | None = None, year: int | None = None) -> Indicator:
    """The same for one indicator alone. KeyError when no pack declares it."""
    found = indicator if isinstance(indicator, Indicator) else registry.indicator(indicator)
    if found is None:
        raise KeyError(indicator)
    return Overrides([found.code]).effective(found, unit_id, year)


def target_here(code: str, unit_id: int, year: int) -> TargetOverride | None:
    """What the province set as the target of a unit for a year; the unit's own wins. None: as the pack declares it."""
    found = TargetOverride.objects.filter(Q(unit=unit_id) | Q(unit=None), indicator=code, year=year)
    return max(found, key=lambda each: each.unit_id is not None, default=None)


def _changed(indicator: Indicator, change: IndicatorOverride) -> Indicator:
    given: dict[str, Any] = {}
    if change.owner in _ROLES:
        given["owner"] = _ROLES[change.owner]
    if change.tolerance is not None:
        given["tolerance"] = change.tolerance
    if change.smallest_base is not None:
        given["smallest_base"] = change.smallest_base
    if change.classes:
        given["classes"] = tuple(change.classes)
    if change.basis:
        given["basis"] = change.basis
    return replace(indicator, **given) if given else indicator

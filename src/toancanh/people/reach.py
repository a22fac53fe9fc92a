"""Which units a scope covers: a unit, everything below it at any date, and the old units that went wholly into those."""

from __future__ import annotations

from toancanh.people.permissions import Reach
from toancanh.units.models import CustomMember, Unit, UnitChange


def reach(unit: Unit) -> Reach:
    """The units a permission on `unit` extends to. A handful of queries; the caller keeps the answer for the request."""
    found = {unit.pk: unit.key}
    edge = set(found)
    while edge:
        below = _below(edge) | _members(edge)
        edge = {pk for pk in below | _wholly_before(set(found) | below) if pk not in found}
        found |= dict(Unit.objects.filter(pk__in=edge).values_list("pk", "key"))
    return Reach(frozenset(found), frozenset(found.values()))


def _below(units: set[int]) -> set[int]:
    return set(Unit.objects.filter(parent__in=units).values_list("pk", flat=True))


def _members(units: set[int]) -> set[int]:
    """The parts of a made-up area that lie in it whole."""
    return set(CustomMember.objects.filter(custom__in=units, whole=True).values_list("member", flat=True))


def _wholly_before(units: set[int]) -> set[int]:
    """Earlier units every part of which went into `units`: who may see a new province may see the old ones it was made of."""
    into = set(UnitChange.objects.filter(after__in=units).values_list("before", flat=True))
    elsewhere = set(UnitChange.objects.filter(before__in=into).exclude(after__in=units).values_list("before", flat=True))
    return into - elsewhere

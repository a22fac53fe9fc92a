"""Which units a scope covers: a unit, everything below it at any date, and the old units that went wholly into those."""

from __future__ import annotations

from toancanh.people.permissions import Reach
from toancanh.units import register
from toancanh.units.models import Unit


def reach(unit: Unit) -> Reach:
    """The units a permission on `unit` extends to: who may see a new province may see the old ones it was made of."""
    known = register.current()
    entry = known.by_key.get(unit.key)
    ids = known.territory(entry) if entry else frozenset({unit.pk})
    keys = {known.entries[pk].key for pk in ids if pk in known.entries} | {unit.key}
    return Reach(ids, frozenset(keys))

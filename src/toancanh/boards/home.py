"""The centre's own place, which every page asks for."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone

from toancanh.boards.memory import Memory
from toancanh.units import queries as units
from toancanh.units.models import Unit

_homes: Memory[Unit] = Memory(15.0)


def home(on: date | None = None) -> Unit:
    """`units.queries.root`, remembered for a moment; not to be changed. Raises `Problem` when the register has no such place."""
    day = on or timezone.localdate()
    return _homes.get((settings.ROOT_UNIT, day), lambda: units.root(day))

"""The worst status of each field at the centre's own place, for the side bar. Worked out at most every few seconds."""

from __future__ import annotations

from datetime import datetime

from toancanh.boards.figures import figures
from toancanh.boards.memory import Memory
from toancanh.boards.selection import Selection
from toancanh.boards.sources import freshness
from toancanh.indicators.policy import within
from toancanh.kernel.assessment import Kind
from toancanh.kernel.registry import registry
from toancanh.people.actors import SYSTEM
from toancanh.people.permissions import Actor
from toancanh.units.models import Unit

_marks: Memory[dict[str, Kind]] = Memory(15.0)


def marks(root: Unit, now: datetime) -> dict[str, Kind]:
    """Pack code -> "bad" or "warn" when one of its figures is, "none" when it has no figure at all; others are left out."""
    return _marks.get(root.pk, lambda: _worked_out(root, now))


def open_marks(actor: Actor, root: Unit, now: datetime) -> dict[str, Kind]:
    """The `marks` of the fields of which `actor` may see a figure of this place: a closed one is not told of."""
    allowed = within(actor, root, (each.code for each in registry.indicators()))
    seen = {registry.pack_of(each).code for each in registry.indicators() if each.code in allowed}
    return {pack: kind for pack, kind in marks(root, now).items() if pack in seen}


def _worked_out(root: Unit, now: datetime) -> dict[str, Kind]:
    kinds: dict[str, set[str]] = {}
    found = figures(SYSTEM, root, registry.indicators(), Selection(now=now), feeds=freshness(), lines=())
    for each in found:
        kinds.setdefault(each.pack.code, set()).add("none" if each.stale else each.status.kind)
    marked: dict[str, Kind] = {}
    for pack, seen in kinds.items():
        if seen & {"bad", "urgent"}:
            marked[pack] = "bad"
        elif "warn" in seen:
            marked[pack] = "warn"
        elif seen == {"none"}:
            marked[pack] = "none"
    return marked

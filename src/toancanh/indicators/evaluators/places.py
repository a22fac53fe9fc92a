"""Places as the evaluators ask about them: what lies inside, around and before a unit. Reads the register of units in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from toancanh.kernel.contracts import Level
from toancanh.units import register
from toancanh.units.register import WHOLE, Entry, Register


class Places:
    """One look at the register. Keys are unit keys; unknown keys have nothing inside or around them."""

    def __init__(self, known: Register | None = None) -> None:
        self._known = known or register.current()
        self._around: dict[str, frozenset[str]] = {}
        self._made_of: dict[tuple[str, date], tuple[str, ...]] = {}
        self._custom_of: dict[int, list[int]] = defaultdict(list)
        for custom, members in self._known.members.items():
            for member in members:
                self._custom_of[member].append(custom)

    def entry(self, key: str) -> Entry | None:
        return self._known.by_key.get(key)

    def id_of(self, key: str) -> int:
        """The row id of a unit. KeyError when there is none."""
        return self._known.by_key[key].id

    def key_of(self, identity: int) -> str:
        return self._known.entries[identity].key

    def is_agency(self, key: str) -> bool:
        entry = self._known.by_key.get(key)
        return entry is not None and entry.level is Level.AGENCY

    def exists(self, key: str, day: date) -> bool:
        entry = self._known.by_key.get(key)
        return entry is not None and entry.valid_on(day)

    def inside(self, key: str, day: date) -> tuple[str, ...]:
        """The areas directly inside `key` on `day`; agencies are not areas."""
        entry = self._known.by_key.get(key)
        if entry is None:
            return ()
        members = (self._known.entries[each] for each in self._known.members.get(entry.id, ()))
        direct = [*self._known.children.get(entry.id, ()), *members]
        return tuple(each.key for each in direct if each.level not in (Level.AGENCY, Level.CUSTOM) and each.valid_on(day))

    def around(self, key: str) -> frozenset[str]:
        """Every area that `key` lies in whole, whenever that one existed: parents, custom areas, what it was merged into."""
        if key not in self._around:
            self._around[key] = self._look_around(key)
        return self._around[key]

    def _look_around(self, key: str) -> frozenset[str]:
        entry = self._known.by_key.get(key)
        if entry is None or entry.level is Level.AGENCY:
            return frozenset()
        found: set[int] = set()
        waiting = [entry.id]
        while waiting:
            for above in self._directly_around(waiting.pop()):
                if above not in found:
                    found.add(above)
                    waiting.append(above)
        return frozenset(self._known.entries[each].key for each in found if each != entry.id)

    def _directly_around(self, unit: int) -> Iterable[int]:
        parent = self._known.entries[unit].parent
        if parent is not None:
            yield parent
        yield from self._custom_of.get(unit, ())
        yield from (edge.after for edge in self._known.edges_from.get(unit, ()) if edge.share is not None and edge.share >= WHOLE)

    def territory(self, key: str) -> list[str]:
        """Every area that lies in `key` whole, itself included, whenever it existed; agencies are not areas."""
        entry = self._known.by_key.get(key)
        if entry is None:
            return []
        inside = (self._known.entries[each] for each in self._known.territory(entry))
        return [each.key for each in inside if each.level is not Level.AGENCY]

    def moved_with(self, areas: Iterable[str], root: str) -> frozenset[str]:
        """`areas` with everything around them inside `root`: one province's figures say nothing of the country."""
        moved = frozenset(areas)
        inside = {*self.territory(root), root}
        return moved.union(*(self.around(each) & inside for each in moved))

    def made_of(self, key: str, day: date) -> tuple[str, ...]:
        """The units of `day` that a later unit is made of; () unless each of them went into it whole.

        One of them may have taken in others after `day`: Hà Nội of 2007 and Hà Tây make up the Hà Nội of today.
        """
        if (key, day) not in self._made_of:
            self._made_of[key, day] = self._look_before(key, day)
        return self._made_of[key, day]

    def _look_before(self, key: str, day: date) -> tuple[str, ...]:
        entry = self._known.by_key.get(key)
        if entry is None or day >= entry.valid_from:
            return ()
        return self._taken_in(entry, day) or ()

    def _taken_in(self, entry: Entry, day: date) -> tuple[str, ...] | None:
        """The units of `day` that went into `entry` after it, whole; None when one of them did not or is not known."""
        found: list[str] = []
        for edge in self._known.edges_into.get(entry.id, ()):
            if edge.before == entry.id or edge.date <= day:
                continue  # an upgrade keeps the unit: a province that became a city is not made of itself
            before = self._known.entries[edge.before]
            own = (before.key,) if before.valid_on(day) else ()
            taken = self._taken_in(before, day)
            if edge.share is None or edge.share < WHOLE or taken is None or not (own or taken):
                return None
            found.extend((*own, *taken))
        return tuple(found)

"""The whole register of units in memory: some 14,000 small entries and their edges, for lookups by the hundred thousand.

`current()` reads it again only when a unit or a change has been written since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from sys import intern

from django.db import connection

from toancanh.kernel.contracts import Level
from toancanh.units.models import CustomMember, FormerName, Unit, UnitChange

WHOLE = 0.999999  # a share from which all of a unit went into its successor


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit. `parent` is the id of its parent; `valid_to` is inclusive."""

    id: int
    key: str
    scheme: str
    code: str
    level: Level
    kind: str
    name: str
    full_name: str
    name_en: str
    aliases: tuple[str, ...]
    parent: int | None
    valid_from: date
    valid_to: date | None
    order_key: str
    sample: bool

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Edge:
    """From `date` on, `share` of unit `before` is in unit `after` (ids); None: a part of unknown size."""

    before: int
    after: int
    date: date
    share: float | None
    kind: str
    basis: str


@dataclass(slots=True)
class Register:
    """Entries by id and key, children in Vietnamese order, edges both ways, members of custom areas."""

    entries: dict[int, Entry] = field(default_factory=dict)
    by_key: dict[str, Entry] = field(default_factory=dict)
    children: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    edges_from: dict[int, list[Edge]] = field(default_factory=lambda: defaultdict(list))
    edges_into: dict[int, list[Edge]] = field(default_factory=lambda: defaultdict(list))
    members: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    territories: dict[int, frozenset[int]] = field(default_factory=dict)

    def ancestors(self, entry: Entry) -> Iterator[Entry]:
        """Parent, grandparent ... up to the country."""
        while entry.parent is not None:
            entry = self.entries[entry.parent]
            yield entry

    def below(self, entry: Entry) -> Iterator[Entry]:
        """Every unit under `entry`, whenever it existed; the members of a custom area and what is under them."""
        waiting, seen = [entry], {entry.id}
        while waiting:
            here = waiting.pop()
            inside = [*self.children.get(here.id, ()), *(self.entries[each] for each in self.members.get(here.id, ()))]
            for child in inside:
                if child.id not in seen:
                    seen.add(child.id)
                    waiting.append(child)
                    yield child

    def territory(self, entry: Entry) -> frozenset[int]:
        """Ids of all units wholly within `entry`, itself included, whenever they existed: below it now, or merged into it."""
        if entry.id not in self.territories:
            self.territories[entry.id] = self._territory(entry)
        return self.territories[entry.id]

    def _territory(self, entry: Entry) -> frozenset[int]:
        found, waiting = {entry.id}, [entry.id]
        while waiting:
            here = waiting.pop()
            merged = (e.before for e in self.edges_into.get(here, ()) if e.share is not None and e.share >= WHOLE)
            inside = (each.id for each in self.children.get(here, ()))
            for unit in (*inside, *merged, *self.members.get(here, ())):
                if unit not in found:
                    found.add(unit)
                    waiting.append(unit)
        return frozenset(found)

    def area_mapping(self, level: Level | None, subjects: Iterable[Entry], on: date | None) -> dict[str, str]:
        """Keys of areas -> key of the subject they lie wholly within. A smaller subject claims its areas before a larger one."""
        territories = sorted(((self.territory(each), each.key) for each in subjects), key=lambda pair: len(pair[0]))
        mapping: dict[str, str] = {}
        for territory, subject in territories:
            for unit in territory:
                entry = self.entries[unit]
                if (level is None or entry.level is level) and (on is None or entry.valid_on(on)):
                    mapping.setdefault(entry.key, subject)
        return mapping


_COLUMNS = (
    "id", "key", "scheme", "code", "level", "kind", "name", "full_name", "name_en", "aliases", "parent_id",
    "valid_from", "valid_to", "order_key", "sample",
)  # fmt: skip
_STAMP = (
    f"SELECT (SELECT MAX(changed_at) FROM {Unit._meta.db_table}), (SELECT MAX(id) FROM {UnitChange._meta.db_table}),"  # noqa: S608
    f" (SELECT MAX(id) FROM {CustomMember._meta.db_table})"
)
_kept: tuple[object, Register] | None = None


def current() -> Register:
    """The register as it stands in the database now."""
    global _kept  # noqa: PLW0603 - one copy for the process
    now = stamp()
    if _kept is None or _kept[0] != now:
        _kept = (now, _read())
    return _kept[1]


def stamp() -> tuple[object, ...]:
    """Another one whenever a unit, a change or a member of a custom area has been written."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        return tuple(cursor.fetchone())


def forget() -> None:
    """Read again at the next use: after changes that no time stamp tells of."""
    global _kept  # noqa: PLW0603
    _kept = None


def _read() -> Register:
    register = Register()
    former: dict[int, list[str]] = defaultdict(list)
    for unit, full_name in FormerName.objects.values_list("unit_id", "full_name"):
        former[unit].append(full_name)
    for row in Unit.objects.order_by("order_key", "key").values_list(*_COLUMNS).iterator(chunk_size=2000):
        identity, key, scheme, code, level, kind, name, full_name, name_en, aliases, *rest = row
        names = (*aliases, *former.get(identity, ()))
        entry = Entry(identity, key, scheme, code, Level(level), kind, name, full_name, name_en, names, *rest)
        register.entries[identity] = register.by_key[key] = entry
        if entry.parent is not None:
            register.children[entry.parent].append(entry)
    columns = ("before_id", "after_id", "date", "share", "kind", "legal_basis")
    edges = UnitChange.objects.exclude(after=None).values_list(*columns)
    for before, after, day, share, kind, basis in edges.iterator(chunk_size=2000):
        edge = Edge(before, after, day, share, intern(kind), intern(basis))
        register.edges_from[edge.before].append(edge)
        register.edges_into[edge.after].append(edge)
    for custom, member in CustomMember.objects.values_list("custom_id", "member_id"):
        register.members[custom].append(member)
    return register

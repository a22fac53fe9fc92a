"""The register's changes as the lineage that re-basing needs: what a unit was made of on another day, and when that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from toancanh.kernel.contracts import Level
from toancanh.kernel.rebasing import Edge, Lineage
from toancanh.units import register
from toancanh.units.models import ChangeKind, Unit
from toancanh.units.register import Register

UNBROKEN = frozenset({ChangeKind.RENAME.value, ChangeKind.CONTINUE.value})  # the same ground under another name or code


@dataclass(frozen=True, slots=True)
class Break:
    """A day on which a unit changed: the kinds of change, the keys of the units that it took from, and the decisions.

    `moved`: from that day on it covers other ground, so that earlier values have to be made again for it.
    """

    day: date
    kinds: frozenset[str]
    units: tuple[str, ...]
    basis: tuple[str, ...]
    moved: bool


@dataclass(frozen=True, slots=True)
class MapSpan:
    """The days on which a level consisted of the same units; None: from the beginning, and until now. `count` of them there were.
    """

    first: date | None
    last: date | None
    count: int


@dataclass(slots=True)
class _Kept:
    known: Register | None = None
    lineage: Lineage | None = None
    spans: dict[tuple[str, str], tuple[MapSpan, ...]] = field(default_factory=dict)


_kept = _Kept()


def lineage() -> Lineage:
    """Every change of every unit; made once for a state of the register. Asks the database whether that is still the state."""
    known = register.current()
    if _kept.known is not known or _kept.lineage is None:
        _kept.known, _kept.lineage, _kept.spans = known, _made(known), {}
    return _kept.lineage


def breaks_of(targets: Collection[str], after: date, until: date) -> dict[str, tuple[Break, ...]]:
    """By unit key, the days after `after` and up to `until` on which it changed, oldest first; units without any are left out.

    A new name or code alone is no break. One question to the database whatever the number of units.
    """
    known = lineage()
    found = {key: _breaks(known.edges_behind(key, after, until)) for key in targets}
    return {key: breaks for key, breaks in found.items() if breaks}


def forerunners(targets: Collection[str]) -> list[int]:
    """Row ids of every unit that went into one of `targets`, whole or in part, at any time."""
    known = lineage()
    befores = {edge.before for key in targets for edge in known.edges_behind(key, date.min, date.max)}
    return [_kept.known.by_key[key].id for key in sorted(befores - set(targets))] if _kept.known is not None else []


def last_change() -> date:
    """The newest day on which any unit came to cover other ground; the first day of the calendar when none ever did."""
    days = (edge.date for edges in lineage().into.values() for edge in edges if edge.before != edge.after)
    return max(days, default=date.min)


def map_spans(place: Unit, level: Level) -> tuple[MapSpan, ...]:
    """The maps that `place` has had by `level`, oldest first: a new one on every day on which units of that level changed ground.
    """
    lineage()
    if (place.key, level.value) not in _kept.spans and _kept.known is not None:
        _kept.spans[place.key, level.value] = tuple(_spans(_kept.known, place.key, level))
    return _kept.spans.get((place.key, level.value), ())


def _spans(known: Register, key: str, level: Level) -> list[MapSpan]:
    inside = [known.entries[each] for each in known.territory(known.by_key[key])] if key in known.by_key else []
    members = [each for each in inside if each.level is level]
    edges = (edge for each in members for edge in known.edges_from.get(each.id, ()) if edge.before != edge.after)
    days = sorted({edge.date for edge in edges if edge.kind not in UNBROKEN})
    bounds = zip((None, *days), (*(day - timedelta(days=1) for day in days), None), strict=True)
    spans = (MapSpan(first, last, sum(each.valid_on(last or first or date.max) for each in members)) for first, last in bounds)
    return [each for each in spans if each.count]


def _breaks(edges: Sequence[Edge]) -> tuple[Break, ...]:
    by_day: dict[date, list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.kind not in UNBROKEN:
            by_day[edge.date].append(edge)
    return tuple(
        Break(
            day,
            frozenset(edge.kind for edge in changed),
            tuple(dict.fromkeys(edge.before for edge in changed)),
            tuple(dict.fromkeys(edge.basis for edge in changed if edge.basis)),
            any(edge.before != edge.after for edge in changed),
        )
        for day, changed in by_day.items()
    )


def _made(known: Register) -> Lineage:
    into: dict[str, Sequence[Edge]] = {}
    out_of: dict[str, Sequence[Edge]] = {}
    key = {identity: entry.key for identity, entry in known.entries.items()}
    for shelf, edges in ((into, known.edges_into), (out_of, known.edges_from)):
        for identity, found in edges.items():
            shelf[key[identity]] = tuple(
                Edge(key[e.before], key[e.after], e.date, e.share, kind=e.kind, basis=e.basis) for e in found
            )

    def exists(unit: str, day: date) -> bool:
        entry = known.by_key.get(unit)
        return entry is not None and entry.valid_on(day)

    return Lineage(into, out_of, exists)

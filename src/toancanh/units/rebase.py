"""The register's changes as the lineage that re-basing needs: what a unit was made of on another day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from toancanh.kernel.measures import Adds
from toancanh.kernel.rebasing import Edge, Known, Lineage, Part, Rebased, rebase
from toancanh.units import register
from toancanh.units.register import Register


@dataclass(slots=True)
class _Kept:
    known: Register | None = None
    lineage: Lineage | None = None


_kept = _Kept()


def lineage() -> Lineage:
    """Every change of every unit; made once for a state of the register."""
    known = register.current()
    if _kept.known is not known or _kept.lineage is None:
        _kept.known, _kept.lineage = known, _made(known)
    return _kept.lineage


def parts_of(target: str, measured_on: date, map_day: date) -> tuple[Part, ...]:
    """What the unit `target` of `map_day` was made of on the day a value was measured: keys with shares; () when not known.

    parts_of("vn34:19", date(2015, 12, 31), date(2026, 1, 1)) == (Part("vn63:19"), Part("vn63:06")) in some order.
    """
    return lineage().parts(target, measured_on, map_day)


def rebased(
    target: str,
    how: Adds,
    values: Mapping[str, Known],
    days: tuple[date, date],
    *,
    scale: float = 1.0,
    mean_of_parts: bool = False,
) -> Rebased:
    """The value of `target` from `values` by unit key; `days` are (measured on, map day). See `kernel.rebasing.rebase`."""
    return rebase(how, parts_of(target, *days), values, scale=scale, mean_of_parts=mean_of_parts)


def edges_between(earlier: date, later: date) -> list[Edge]:
    """Changes that took effect after `earlier` and up to `later`, oldest first; renames are left out."""
    found = [
        edge for edges in lineage().into.values() for edge in edges if edge.before != edge.after and earlier < edge.date <= later
    ]
    return sorted(found, key=lambda edge: (edge.date, edge.before, edge.after))


def _made(known: Register) -> Lineage:
    into: dict[str, Sequence[Edge]] = {}
    out_of: dict[str, Sequence[Edge]] = {}
    key = {identity: entry.key for identity, entry in known.entries.items()}
    for shelf, edges in ((into, known.edges_into), (out_of, known.edges_from)):
        for identity, found in edges.items():
            shelf[key[identity]] = tuple(Edge(key[e.before], key[e.after], e.date, e.share) for e in found)

    def exists(unit: str, day: date) -> bool:
        entry = known.by_key.get(unit)
        return entry is not None and entry.valid_on(day)

    return Lineage(into, out_of, exists)

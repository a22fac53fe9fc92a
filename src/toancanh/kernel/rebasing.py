"""Values on another day's map: what a unit was made of when a value was measured, and what may be made of the parts' values.

Counts are summed, rates are divided again from summed numerators and denominators, indices that cannot be computed again are not
comparable. A unit divided without a known share is never guessed at. Pure: lineage comes in as edges between keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from toancanh.kernel.measures import Adds
from toancanh.kernel.text import Text

WHOLE = 0.999999  # a share from which all of a unit is meant


class Method(StrEnum):
    """How a value came onto another map."""

    EXACT = "exact"  # the same area, or whole parts added up
    WEIGHTED = "weighted"  # by known shares or weights, or by a published rule
    ESTIMATED = "estimated"  # by estimated shares, or from fewer parts than there are
    NOT_COMPARABLE = "not_comparable"


METHODS = {
    Method.EXACT: Text("Tính theo địa giới mới, chính xác", "On the new boundaries, exact"),
    Method.WEIGHTED: Text("Tính theo địa giới mới, có trọng số", "On the new boundaries, weighted"),
    Method.ESTIMATED: Text("Tính theo địa giới mới, ước tính", "On the new boundaries, estimated"),
    Method.NOT_COMPARABLE: Text("Không so sánh được", "Not comparable"),
}


@dataclass(frozen=True, slots=True)
class Edge:
    """From `date` on, `share` (0 to 1) of unit `before` is in unit `after`; None: a part of unknown size.

    `kind` and `basis` are what the register says of the change and the decision that ordered it.
    """

    before: str
    after: str
    date: date
    share: float | None = 1.0
    estimated: bool = False
    kind: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`share` of what was measured for `unit` belongs to the target; None: unknown."""

    unit: str
    share: float | None = 1.0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The value of one part; `top` and `bottom` where it is a ratio."""

    value: float | None
    top: float | None = None
    bottom: float | None = None


@dataclass(frozen=True, slots=True)
class Rebased:
    """A value on another map with the way it was made and how many of its parts had a value."""

    value: float | None
    method: Method
    have: int
    want: int
    top: float | None = None
    bottom: float | None = None
    reason: Text | None = None

    @property
    def coverage(self) -> float:
        """Share (0 to 1) of the parts that had a value."""
        return self.have / self.want if self.want else 0.0


@dataclass(frozen=True, slots=True)
class Lineage:
    """Edges by the unit they lead into and out of, and whether a unit existed on a day."""

    into: Mapping[str, Sequence[Edge]]
    out_of: Mapping[str, Sequence[Edge]]
    exists: Callable[[str, date], bool]

    def parts(self, target: str, measured_on: date, map_day: date) -> tuple[Part, ...]:
        """The units of `measured_on` that `target`, as it stands on `map_day`, is made of; () when that is not known."""
        if measured_on <= map_day:
            return _merged(self._backward(target, measured_on, map_day, 0))
        return self._forward(target, measured_on, map_day, "")

    def edges_behind(self, target: str, after: date, until: date) -> tuple[Edge, ...]:
        """Every change after `after` and up to `until` through which `target` came to be what it is on `until`, its own among
        them, oldest first; and those by which it lost a part while it lived on."""
        found: dict[Edge, None] = {}
        waiting = [(target, until)]
        while waiting:
            unit, last = waiting.pop()
            for edge in (*self.into.get(unit, ()), *self._losses(unit)):
                if after < edge.date <= last and edge not in found:
                    found[edge] = None
                    if edge.after == unit and edge.before != unit:
                        waiting.append((edge.before, edge.date))
        return tuple(sorted(found, key=lambda edge: (edge.date, edge.before, edge.after)))

    def _losses(self, unit: str) -> list[Edge]:
        return [edge for edge in self.out_of.get(unit, ()) if edge.after != unit and self.exists(unit, edge.date)]

    def _backward(self, target: str, measured_on: date, until: date, depth: int) -> list[Part]:
        found = [Part(target)] if self.exists(target, measured_on) else []
        for edge in self.into.get(target, ()):
            if edge.before == target or not measured_on < edge.date <= until or depth > 20:
                continue
            for part in self._backward(edge.before, measured_on, edge.date, depth + 1):
                found.append(Part(part.unit, _product(part.share, edge.share), part.estimated or edge.estimated))
        return found

    def _forward(self, target: str, measured_on: date, since: date, origin: str) -> tuple[Part, ...]:
        """Later units that hold the target as it stood on `since` and nothing else; () when any of them holds more."""
        if self.exists(target, measured_on):
            grown = [e for e in self.into.get(target, ()) if e.before not in (target, origin) and since < e.date <= measured_on]
            return () if grown else (Part(target),)
        found: list[Part] = []
        for edge in self.out_of.get(target, ()):
            others = [each for each in self.into.get(edge.after, ()) if each.before not in (target, edge.after)]
            joined = self.exists(edge.after, edge.date - timedelta(days=1))  # a unit that was there already holds its own too
            if edge.after == target or edge.date > measured_on or others or joined:
                return ()
            later = self._forward(edge.after, measured_on, edge.date, target)
            if not later:
                return ()
            found.extend(later)
        return tuple(found)


def _product(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def _merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    """One part a unit: shares that lead to the target by several ways are added."""
    found: dict[str, Part] = {}
    for part in parts:
        known = found.get(part.unit)
        if known is None:
            found[part.unit] = part
        else:
            share = None if known.share is None or part.share is None else min(known.share + part.share, 1.0)
            found[part.unit] = Part(part.unit, share, known.estimated or part.estimated)
    return tuple(found.values())


def rebase(
    how: Adds, parts: Sequence[Part], known: Mapping[str, Known], *, scale: float = 1.0, mean_of_parts: bool = False
) -> Rebased:
    """The value of a unit from the values of its `parts`, added up over area as `how` says.

    `scale` turns a ratio into its unit (100 for per cent). `mean_of_parts`: the index has a published rule, the plain mean of its
    parts (DTI of the provinces merged in 2025).
    """
    present = [each for each in parts if each.unit in known and known[each.unit].value is not None]
    have, want = len(present), len(parts)
    if not present:
        return Rebased(None, Method.NOT_COMPARABLE, 0, want, reason=_NO_VALUES if want else _UNKNOWN)
    if want == 1 and _whole(parts[0]):
        only = known[parts[0].unit]
        return Rebased(only.value, Method.EXACT, 1, 1, only.top, only.bottom)
    if mean_of_parts:
        return _mean(present, known, want)
    if any(each.share is None for each in parts):
        return Rebased(None, Method.NOT_COMPARABLE, have, want, reason=_NO_SHARE)
    return _combined(how, present, known, want, scale)


def _combined(how: Adds, present: Sequence[Part], known: Mapping[str, Known], want: int, scale: float) -> Rebased:
    if how is Adds.RATIO:
        return _divided_again(present, known, want, scale)
    if how is Adds.SUM:
        return _summed(present, known, want)
    if how is Adds.MAXIMUM:
        method = Method.EXACT if len(present) == want and all(map(_whole, present)) else Method.ESTIMATED
        return Rebased(max(_value(known, each) for each in present), method, len(present), want)
    return Rebased(None, Method.NOT_COMPARABLE, len(present), want, reason=_INDEX)


def _summed(present: Sequence[Part], known: Mapping[str, Known], want: int) -> Rebased:
    if len(present) < want:  # part of a sum is no sum
        return Rebased(None, Method.NOT_COMPARABLE, len(present), want, reason=_INCOMPLETE)
    total = sum(_value(known, each) * (each.share or 0.0) for each in present)
    return Rebased(total, _by_shares(present), want, want)


def _divided_again(present: Sequence[Part], known: Mapping[str, Known], want: int, scale: float) -> Rebased:
    tops = [(each.share or 0.0, known[each.unit].top, known[each.unit].bottom) for each in present]
    if any(top is None or bottom is None for _, top, bottom in tops):
        return Rebased(None, Method.NOT_COMPARABLE, len(present), want, reason=_NO_FRACTION)
    top = sum(share * (up or 0.0) for share, up, _ in tops)
    bottom = sum(share * (down or 0.0) for share, _, down in tops)
    if not bottom:
        return Rebased(None, Method.NOT_COMPARABLE, len(present), want, top, bottom, _NO_FRACTION)
    method = _by_shares(present) if len(present) == want else Method.ESTIMATED
    return Rebased(top / bottom * scale, method, len(present), want, top, bottom)


def _mean(present: Sequence[Part], known: Mapping[str, Known], want: int) -> Rebased:
    if len(present) < want:
        return Rebased(None, Method.NOT_COMPARABLE, len(present), want, reason=_INCOMPLETE)
    return Rebased(sum(_value(known, each) for each in present) / want, Method.WEIGHTED, want, want)


def _by_shares(parts: Sequence[Part]) -> Method:
    if all(map(_whole, parts)):
        return Method.EXACT
    return Method.ESTIMATED if any(each.estimated for each in parts) else Method.WEIGHTED


def _whole(part: Part) -> bool:
    return part.share is not None and part.share >= WHOLE


def _value(known: Mapping[str, Known], part: Part) -> float:
    value = known[part.unit].value
    if value is None:
        raise ValueError(f"{part.unit} has no value")
    return value


_UNKNOWN = Text(
    "Không rõ đơn vị này gồm những đơn vị nào vào thời điểm đó.", "What this unit was made of at that time is not known."
)
GROWN = Rebased(None, Method.NOT_COMPARABLE, 0, 0, reason=Text(
    "Sau ngày của bản đồ, đơn vị này đã nhận thêm địa bàn khác.", "After the day of the map this unit took in other places."
))  # fmt: skip
_NO_VALUES = Text("Các đơn vị hợp thành chưa có số liệu.", "The units it was made of have no figures.")
_NO_SHARE = Text(
    "Một đơn vị bị chia tách mà không có tỷ lệ phân bổ.", "A unit was divided and no share has been published."
)
_INCOMPLETE = Text("Thiếu số liệu của một số đơn vị hợp thành.", "Some of the units it was made of have no figure.")
_NO_FRACTION = Text("Thiếu tử số hoặc mẫu số để tính lại tỷ lệ.", "The rate cannot be divided again: a part of it is missing.")
_INDEX = Text("Chỉ số này không tính lại được từ các phần.", "This index cannot be computed again from parts.")

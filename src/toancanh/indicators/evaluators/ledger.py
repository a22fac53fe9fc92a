"""Reported figures looked up for any unit and period: stated where an agency stated them, else made from parts where they add up.

Pure: rows and places come in, findings go out. The order of trust is fixed:
1. the unit's own row for exactly those days ("nine months" and "cumulative to September" are the same days);
2. the unit's own shorter periods, complete;  3. a cumulative figure less the one before it;
4. the areas inside it (or, before it existed, the units it was made of), complete;
5. the fullest of the incomplete ones, marked with how many of how many are in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from toancanh.kernel.measures import Adds, NeverAdds, Reported, add_up
from toancanh.kernel.periods import Grain, Period, Regime, finer_grains

STRENGTH = {"estimate": 0, "provisional": 1, "official": 2, "automatic": 3}
UNSAID = "provisional"  # the status of a figure whose sender did not say
Span = tuple[datetime, datetime]


class Figure(Protocol):
    """One current row of a figures dataset."""

    @property
    def item(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def period(self) -> Period: ...
    @property
    def value(self) -> float | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def seq(self) -> int: ...


class Geography(Protocol):
    """What the ledger asks about places. Keys are unit keys."""

    def exists(self, key: str, day: date) -> bool: ...
    def inside(self, key: str, day: date) -> tuple[str, ...]: ...
    def around(self, key: str) -> frozenset[str]: ...
    def made_of(self, key: str, day: date) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A value, how it came about ("" is stated), and what it was made of. `want` counts the parts there should be."""

    value: float
    status: str
    through: datetime  # the data reach to here, naive Viet Nam time
    seq: int
    how: str = ""  # "" | periods | difference | areas | forerunners
    want: int = 1
    have: int = 1
    parts: tuple[tuple[str, Found], ...] = ()
    row: Figure | None = None

    @property
    def partial(self) -> bool:
        return self.have < self.want

    def rows(self) -> Iterable[Figure]:
        """The stated rows at the bottom of it."""
        if self.row is not None:
            yield self.row
        for _, part in self.parts:
            yield from part.rows()


class Ledger:
    """The figures of one dataset. Answers are kept, so asking for a year asks for each of its months once."""

    def __init__(self, rows: Iterable[Figure], places: Geography, regime: Regime = Regime.STATISTICAL) -> None:
        self.places = places
        self._regime = regime
        self._stated: dict[tuple[str, str, Span], Figure] = {}
        self._grains: dict[str, set[Grain]] = defaultdict(set)
        self._reach: dict[str, set[str]] = defaultdict(set)
        self._known: dict[tuple[Reported, str, Period], Found | None] = {}
        for row in rows:
            self._enter(row)

    def _enter(self, row: Figure) -> None:
        if row.value is None:
            return
        period = Period(row.period.start, row.period.grain, row.period.cumulative, self._regime)
        key = (row.item, row.area, period.span)
        older = self._stated.get(key)
        if older is None or older.seq <= row.seq:
            self._stated[key] = row
        if not period.cumulative:
            self._grains[row.item].add(period.grain)
        if row.area not in self._reach[row.item]:
            self._reach[row.item] |= {row.area, *self.places.around(row.area)}

    def find(self, leaf: Reported, area: str, period: Period) -> Found | None:
        """The value of `leaf` for `area` in `period`, or nothing."""
        if area not in self._reach[leaf.item]:
            return None
        if leaf.of is not None and (period.grain is not leaf.of or period.cumulative):
            period = Period.begun_by(period.start, leaf.of, regime=self._regime)
        key = (leaf, area, period)
        if key not in self._known:
            self._known[key] = None  # a place that lies around itself would ask for ever
            self._known[key] = self._make(leaf, area, period)
        return self._known[key]

    def _make(self, leaf: Reported, area: str, period: Period) -> Found | None:
        stated = self._stated_on(leaf.item, area, period.span)
        if stated is not None:
            return stated
        halves = []
        for attempt in (self._from_periods, self._from_difference, self._from_areas):
            found = attempt(leaf, area, period)
            if found is not None and not found.partial:
                return found
            if found is not None:
                halves.append(found)
        return max(halves, key=lambda each: each.have / each.want, default=None)

    def _stated_on(self, item: str, area: str, span: Span) -> Found | None:
        row = self._stated.get((item, area, span))
        if row is None or row.value is None:
            return None
        return Found(row.value, row.status or UNSAID, span[1], row.seq, row=row)

    def _from_periods(self, leaf: Reported, area: str, period: Period) -> Found | None:
        if leaf.over_time in (Adds.NEVER, Adds.RECOMPUTE, Adds.RATIO):
            return None
        best: Found | None = None
        for grain in (*((period.grain,) if period.cumulative else ()), *finer_grains(period.grain)):
            if grain not in self._grains[leaf.item]:
                continue
            found = self._from_grain(leaf, area, period, grain)
            if found is not None and not found.partial:
                return found
            if found is not None and (best is None or found.have / found.want > best.have / best.want):
                best = found
        return best

    def _from_grain(self, leaf: Reported, area: str, period: Period, grain: Grain) -> Found | None:
        try:
            spans = period.parts(grain)
        except ValueError:
            return None
        parts = tuple((part.code, found) for part in spans if (found := self.find(leaf, area, part)) is not None)
        if not parts or (period.cumulative and parts[-1][0] != spans[-1].code):
            return None  # "cumulative to December" is not said before December is in
        if leaf.over_time is Adds.LAST:
            return _last(parts[-1], [each.code for each in spans])
        return _whole(leaf.over_time, parts, "periods", len(spans))

    def _from_difference(self, leaf: Reported, area: str, period: Period) -> Found | None:
        if leaf.over_time is not Adds.SUM or period.cumulative or period.grain in (Grain.SCHOOL_YEAR, Grain.WEEK):
            return None
        begin = period.to_cumulative().span[0]
        until_end = self._stated_on(leaf.item, area, (begin, period.span[1]))
        until_start = self._stated_on(leaf.item, area, (begin, period.span[0]))
        if until_end is None or until_start is None:
            return None
        parts = (("until_end", until_end), ("until_start", until_start))
        return Found(
            until_end.value - until_start.value, _weakest([until_end, until_start]), until_end.through,
            max(until_end.seq, until_start.seq), "difference", 1, 1, parts,
        )

    def _from_areas(self, leaf: Reported, area: str, period: Period) -> Found | None:
        if leaf.over_area not in (Adds.SUM, Adds.MAXIMUM):
            return None
        there = self.places.exists(area, period.last_day)
        members = self.places.inside(area, period.last_day) if there else self.places.made_of(area, period.last_day)
        parts = tuple((member, found) for member in members if (found := self.find(leaf, member, period)) is not None)
        if not parts:
            return None
        return _whole(leaf.over_area, parts, "areas" if there else "forerunners", len(members))


def joint(found: dict[Reported, Found]) -> dict[Reported, Found]:
    """The findings of one rate, kept to the parts that all its sides have: 30 communes' spending over the same 30 plans.

    A side that is stated whole cannot be kept to parts; the rate is then a lower bound and stays marked as partial.
    """
    for how, adds in (("areas", "over_area"), ("forerunners", "over_area"), ("periods", "over_time")):
        sides = {leaf: each for leaf, each in found.items() if each.how == how}
        if len(sides) < 2 or not any(each.partial for each in sides.values()):
            continue
        shared = set.intersection(*({key for key, _ in each.parts} for each in sides.values()))
        for leaf, each in sides.items():
            parts = tuple(part for part in each.parts if part[0] in shared)
            if not parts:
                return {}
            if getattr(leaf, adds) is not Adds.LAST:
                found = found | {leaf: _whole(getattr(leaf, adds), parts, how, each.want)}
    return found


def _whole(adds: Adds, parts: Sequence[tuple[str, Found]], how: str, want: int) -> Found:
    founds = [each for _, each in parts]
    have = len(founds)
    if have == want:  # all in, but perhaps one of them is itself incomplete: its gap is the gap of the whole
        worst = min(founds, key=lambda each: each.have / each.want)
        have, want = (worst.have, worst.want) if worst.partial else (have, want)
    try:
        value = add_up(adds, [each.value for each in founds])
    except NeverAdds as wrong:
        raise NeverAdds(f"{how}: {wrong}") from wrong
    through, seq = max(each.through for each in founds), max(each.seq for each in founds)
    return Found(value, _weakest(founds), through, seq, how, want, have, tuple(parts))


def _last(part: tuple[str, Found], codes: list[str]) -> Found:
    found = part[1]
    have, want = codes.index(part[0]) + 1, len(codes)
    if have == want:
        have, want = found.have, found.want
    return Found(found.value, found.status, found.through, found.seq, "periods", want, have, (part,))


def _weakest(founds: Iterable[Found]) -> str:
    return min((each.status for each in founds), key=lambda status: STRENGTH.get(status, 0))

"""Cells by unit and then by period, a page at a time: the database is asked for the cells of the page and no others.

A question comes as the queries of `queries.as_known` (versions still current, versions closed since), with no order of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Count, QuerySet

from toancanh.indicators.models import Cell
from toancanh.indicators.queries import FEW

Versions = tuple[QuerySet[Cell], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`limit` cells from `offset` on; all of them without a limit."""

    offset: int = 0
    limit: int | None = None

    @property
    def end(self) -> int | None:
        return None if self.limit is None else self.offset + self.limit


def cells_of(found: Versions, ids: Sequence[int], page: Page) -> list[Cell]:
    """The page of the cells of the units `ids` (row ids), in their order."""
    if len(ids) == 1:
        return _slice(found, ids[0], page.offset, page.end)
    whole, parts = [], list[Cell]()
    order = {pk: place for place, pk in enumerate(ids)}
    for pk, begin, end, count in _within(_counts(found, ids), page):
        if (begin, end) == (0, count):
            whole.append(pk)
        else:
            parts += _slice(found, pk, begin, end)
    for first in range(0, len(whole), FEW):
        parts += [each for part in found for each in part.filter(unit__in=whole[first : first + FEW])]
    return sorted(parts, key=lambda each: (order[each.unit_id], each.period_start))


def _counts(found: Versions, ids: Sequence[int]) -> list[tuple[int, int]]:
    """How many cells each unit has: (row id, number), in the order of `ids`."""
    numbers: dict[int, int] = {}
    for part in found:
        kept = part.filter(unit__in=ids) if len(ids) <= FEW else part
        for pk, count in kept.order_by().values_list("unit").annotate(Count("pk")):
            numbers[pk] = numbers.get(pk, 0) + count
    return [(pk, numbers[pk]) for pk in ids if pk in numbers]


def _within(counts: Sequence[tuple[int, int]], page: Page) -> Iterator[tuple[int, int, int, int]]:
    """The units that the page reaches: row id, first and last (exclusive) of their cells in it, how many they have."""
    before = 0
    for pk, count in counts:
        begin = max(page.offset - before, 0)
        end = count if page.end is None else min(page.end - before, count)
        before += count
        if begin < end:
            yield pk, begin, end, count


def _slice(found: Versions, unit: int, begin: int, end: int | None) -> list[Cell]:
    """Some of one unit's cells: the first `end` of the merged versions are among the first `end` of each."""
    kept = [each for part in found for each in part.filter(unit=unit).order_by("period_start")[:end]]
    return sorted(kept, key=attrgetter("period_start"))[begin:end]

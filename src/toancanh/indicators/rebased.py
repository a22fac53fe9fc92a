"""Values for takers: of one unit or of all units of a level, as measured or on the map of a day, now or as known at a moment.

As measured, a value stays under the unit that existed then. On the map of a day each unit of that day gets a value made from what
it was made of: summed, divided again, or said to be not comparable; every point tells its method and how many parts were in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from toancanh.indicators.evaluators.ledger import STRENGTH
from toancanh.indicators.measured import Page, Versions, cells_of
from toancanh.indicators.models import Cell
from toancanh.indicators.policy import readable, visible
from toancanh.indicators.queries import FEW, as_known, form_of, regime_of
from toancanh.kernel.contracts import Indicator, Level
from toancanh.kernel.measures import Adds, Growth, Ratio, over_area
from toancanh.kernel.periods import VIETNAM, Grain, Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.rebasing import GROWN, WHOLE, Known, Lineage, Method, Part, Rebased, rebase
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.units import queries as units
from toancanh.units import register
from toancanh.units.models import Unit
from toancanh.units.rebase import lineage

MEASURED = "measured"
FORERUNNERS = "forerunners"  # the method of a cell that the engine added up over what a unit was made of
EVERYTHING = Page()
MOST_DAYS = {Grain.HOUR: 31, Grain.DAY: 400}  # of a whole level on a map in one answer


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """One value. `method`: measured, or how it came onto the map (exact, weighted, estimated, not_comparable, with a `reason`).

    `coverage` is the share (0 to 1) of the parts that were in; None where there were no parts. `parts` is how many units it was
    made of; 0 for a measured value. `cell_id` proves a measured value.
    """

    unit: Unit
    period: Period
    value: float | None
    numerator: float | None
    denominator: float | None
    target: float | None
    status: str
    as_of: datetime | None
    known_from: datetime | None
    known_to: datetime | None
    method: str
    coverage: float | None
    cell_id: int | None = None
    reason: Text | None = None
    parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for. Days bound the starts of periods, both inclusive; `grain` is the indicator's own when None."""

    unit: Unit | None = None
    level: Level | None = None
    grain: Grain | None = None
    cumulative: bool = False
    first: date | None = None
    last: date | None = None
    map_day: date | None = None
    known: datetime | None = None


def values(actor: Actor, code: str, wanted: Wanted, page: Page = EVERYTHING) -> list[ValuePoint]:
    """A page of the values of an indicator, by unit in Vietnamese order and then by period.

    `wanted.unit` alone: that unit. With `level`: the units of that level within it (the centre's place when None).
    Raises `Problem`: 404 unknown indicator, 403 not visible, 422 a grain that the indicator is not kept for, or too many hours
    or days of a whole level on a map (which is made anew for every answer, so it has no pages in the database).
    """
    indicator = readable(actor, code)
    grain = wanted.grain or indicator.grains[0]
    if grain not in indicator.grains:
        raise _no_such_grain(indicator, grain)
    found = _cells(actor, indicator, grain, wanted)
    if wanted.map_day is None:
        return _as_measured(found, wanted, page)
    if wanted.level is not None and _too_long(grain, wanted):
        raise _bounds_missing(grain)
    targets = _targets(wanted, wanted.map_day)
    return _on_the_map(indicator, found, targets, (wanted.map_day, wanted.known))[page.offset : page.end]


def made_for(
    actor: Actor, indicator: Indicator, targets: Sequence[Unit], span: tuple[Period, Period], on: tuple[date, datetime | None]
) -> list[ValuePoint]:
    """The values of `targets` from the first to the last period of `span` (of one form) on the map of a day.

    `on` are the day of the map and the moment of what was known (None: now). The number of queries does not grow with either.
    """
    first, last = span
    wanted = Wanted(cumulative=first.cumulative, first=first.first_day, last=last.start.date(), known=on[1])
    return _on_the_map(indicator, _cells(actor, indicator, first.grain, wanted), targets, on)


def day_of(period: Period, known: datetime | None = None) -> date:
    """The day whose units the values of a period are of: its last, or while it runs the day of what was known (None: today).

    A change of units that the register holds for a later day has touched none of them yet.
    """
    return min(period.last_day, timezone.localdate(known, VIETNAM))


def _too_long(grain: Grain, wanted: Wanted) -> bool:
    most = MOST_DAYS.get(grain)
    return most is not None and (wanted.first is None or wanted.last is None or (wanted.last - wanted.first).days >= most)


def _cells(actor: Actor, indicator: Indicator, grain: Grain, wanted: Wanted) -> Versions:
    first = _aware(wanted.first or date(1900, 1, 1))
    last = _aware((wanted.last or date(2199, 12, 30)) + timedelta(days=1)) - timedelta(seconds=1)
    form = form_of(grain, regime_of(indicator), cumulative=wanted.cumulative)
    kept = visible(Cell.objects.filter(indicator=indicator.code), actor)
    kept = kept.filter(dimension="", period_start__range=(first, last), **form)
    return as_known(kept.select_related("unit"), wanted.known)


def _as_measured(found: Versions, wanted: Wanted, page: Page) -> list[ValuePoint]:
    place = wanted.unit or units.root()
    ids = [place.pk]
    if wanted.level is not None:
        territory = units.territory(place)
        of_level = Unit.objects.filter(level=wanted.level.value).order_by("order_key", "key").values_list("pk", "key")
        ids = [pk for pk, key in of_level if key in territory]
        found = tuple(part.exclude(method=FORERUNNERS) for part in found)
    return [_measured(each.unit, each) for each in cells_of(found, ids, page)]


def _all(found: Versions, ids: Collection[int] | None) -> list[Cell]:
    """The cells of some units; of all when there are too many to name."""
    few = {"unit__in": list(ids)} if ids is not None and len(ids) <= FEW else {}
    return [each for part in found for each in part.filter(**few)]


def _targets(wanted: Wanted, day: date) -> list[Unit]:
    place = wanted.unit or units.root()
    if wanted.level is None:
        return [place]
    return units.agencies(day, place) if wanted.level is Level.AGENCY else units.descendants(place, wanted.level, day)


def _on_the_map(
    indicator: Indicator, found: Versions, targets: Sequence[Unit], on: tuple[date, datetime | None]
) -> list[ValuePoint]:
    by_period: dict[Period, dict[str, Cell]] = defaultdict(dict)
    for cell in sorted(_all(found, _ids_near(targets)), key=lambda each: each.period_start):
        by_period[cell.period][cell.unit.key] = cell
    plane = _Map(indicator, *on, lineage())
    return [point for unit in targets for period, known in by_period.items() for point in plane.point(unit, period, known)]


def _ids_near(targets: Sequence[Unit]) -> Collection[int] | None:
    """Row ids of the targets, of all they may be made of and of all they may have become, parts of unknown size too; None when
    there are so many that all units will do."""
    known = register.current()
    found = {unit.pk for unit in targets}
    for edges, far in ((known.edges_into, "before"), (known.edges_from, "after")):
        waiting = [unit.pk for unit in targets]
        while waiting and len(found) <= FEW:
            fresh = {getattr(edge, far) for edge in edges.get(waiting.pop(), ())} - found
            found |= fresh
            waiting += fresh
    return None if len(found) > FEW else found


@dataclass(frozen=True, slots=True)
class _Map:
    """The map of a day, on which values of one indicator are put."""

    indicator: Indicator
    day: date
    known: datetime | None
    lineage: Lineage

    def point(self, unit: Unit, period: Period, known: Mapping[str, Cell]) -> Iterator[ValuePoint]:
        """The value of `unit` from the cells of the period by unit key; nothing where none of its parts has one."""
        own = known.get(unit.key)
        measured_on = day_of(period, self.known)
        parts = self.lineage.parts(unit.key, measured_on, self.day)
        grown = not parts and self.day < measured_on and self.lineage.exists(unit.key, measured_on)
        if own is not None and not grown and self._stands(own, parts):
            yield _measured(unit, own)
            return
        present = [known[each.unit] for each in parts if each.unit in known] or ([own] if own is not None and grown else [])
        if not present:
            return
        given = {each.unit.key: Known(each.value, each.numerator, each.denominator) for each in present}
        made = GROWN if grown else self._made(parts, given)
        status = min((each.status for each in present), key=lambda each: STRENGTH.get(each, 0))
        as_of = min((each.as_of for each in present if each.as_of), default=None)
        target = own.target if own and own.method == FORERUNNERS else self._target(present)
        yield ValuePoint(
            unit, period, made.value, made.top, made.bottom, target, status, as_of, max(each.known_from for each in present),
            None, made.method.value, made.coverage, None, made.reason, made.want,
        )  # fmt: skip

    def _target(self, present: Sequence[Cell]) -> float | None:
        """The target that all parts share: a rate held against one limit everywhere is held against it as a whole too."""
        targets = {each.target for each in present}
        return targets.pop() if len(targets) == 1 and over_area(self.indicator.measure) is not Adds.SUM else None

    def _stands(self, own: Cell, parts: Sequence[Part]) -> bool:
        """Whether the unit's own value is the one for the map: it was stated for it, or counted whole over what it was made of.

        A unit that lived before it took others in covered less ground then: its value is one part among several.
        """
        if own.method == FORERUNNERS:
            whole = all(each.share is not None and each.share >= WHOLE for each in parts)
            every = not parts or own.coverage_want in (None, len(parts))
            return whole and every and own.coverage_have == own.coverage_want
        return len(parts) < 2 or own.unit.key not in {each.unit for each in parts}

    def _made(self, parts: Sequence[Part], given: Mapping[str, Known]) -> Rebased:
        measure = self.indicator.measure
        if isinstance(measure, Growth):
            made = rebase(Adds.NEVER if isinstance(measure.of, Ratio) else Adds.RATIO, parts, given, scale=100.0)
            return replace(made, value=made.value - 100.0) if len(given) > 1 and made.value else made
        return rebase(over_area(measure), parts, given, scale=measure.scale if isinstance(measure, Ratio) else 1.0)


def _measured(unit: Unit, cell: Cell) -> ValuePoint:
    coverage = None if not cell.coverage_want else (cell.coverage_have or 0) / cell.coverage_want
    made = cell.method == FORERUNNERS
    method = MEASURED if not made else (Method.EXACT if coverage in (None, 1.0) else Method.ESTIMATED).value
    return ValuePoint(
        unit, cell.period, cell.value, cell.numerator, cell.denominator, cell.target, cell.status, cell.as_of, cell.known_from,
        cell.known_to, method, coverage, cell.pk, None, (cell.coverage_want or 0) if made else 0,
    )  # fmt: skip


def _aware(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM).astimezone(UTC)


def _no_such_grain(indicator: Indicator, grain: Grain) -> Problem:
    kept = ", ".join(each.value for each in indicator.grains)
    return Problem(
        "no-such-grain", 422, Text("Chỉ tiêu không có kỳ này", "The indicator is not kept for this period"),
        Text(
            f"“{indicator.title.vi}” không có kỳ “{grain.value}”. Chọn một trong: {kept}.",
            f"“{indicator.title.en}” is not kept by “{grain.value}”. Choose one of: {kept}.",
        ),
    )  # fmt: skip


def _bounds_missing(grain: Grain) -> Problem:
    most = MOST_DAYS[grain]
    return Problem(
        "too-many-values", 422, Text("Cần giới hạn ngày", "Days must be bounded"),
        Text(
            f"Trên bản đồ của một ngày, kỳ “{grain.value}” của cả cấp cần “from” và “to” cách nhau dưới {most} ngày.",
            f"On the map of a day, “{grain.value}” values of a whole level need “from” and “to” less than {most} days apart.",
        ),
    )  # fmt: skip

"""Values as pages need them: many indicators of one unit, or one indicator of many units, each in one statement.

`indicators.queries` answers about one indicator at a time; a page of sixty figures cannot ask sixty times. The rule who may see
what is the same (`indicators.policy`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from toancanh.indicators.models import CURRENT, Cell, period_of, stored_start
from toancanh.indicators.policy import visible
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.people.permissions import Actor

_COLUMNS = (
    "id", "indicator", "unit_id", "grain", "cumulative", "administrative", "period_start", "dimension", "value", "numerator",
    "denominator", "base", "target", "status", "method", "coverage_have", "coverage_want", "as_of", "known_from",
)  # fmt: skip


class Point(NamedTuple):
    """One current value, as `indicators.models.Cell` says it."""

    id: int
    indicator: str
    unit_id: int
    grain: str
    cumulative: bool
    administrative: bool
    period_start: datetime
    dimension: str
    value: float | None
    numerator: float | None
    denominator: float | None
    base: float | None
    target: float | None
    status: str
    method: str
    have: int | None
    want: int | None
    as_of: datetime | None
    known_from: datetime

    @property
    def period(self) -> Period:
        return period_of(self.period_start, self.grain, cumulative=self.cumulative, administrative=self.administrative)

    @property
    def partial(self) -> bool:
        return self.want is not None and (self.have or 0) < self.want


@dataclass(frozen=True, slots=True)
class Window:
    """The periods of one indicator from `first` to `last`, of the same grain and form."""

    code: str
    first: Period
    last: Period


def cells(actor: Actor) -> QuerySet[Cell]:
    """The current cells that `actor` may see."""
    return visible(Cell.objects.filter(CURRENT), actor)


def histories(actor: Actor, unit_ids: Collection[int], windows: Iterable[Window], dimension: str = "") -> list[Point]:
    """The values of `windows` for `unit_ids`, oldest first: one statement whatever the number of indicators."""
    groups: dict[tuple[Period, Period], list[str]] = {}
    for window in windows:
        groups.setdefault((window.first, window.last), []).append(window.code)
    parts = [
        cells(actor)
        .filter(unit__in=unit_ids, indicator__in=codes, dimension=dimension, **_span(first, last))
        .order_by()
        .values_list(*_COLUMNS)
        for (first, last), codes in groups.items()
    ]
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0] if parts else ()
    return sorted((_point(row) for row in found), key=lambda each: each.period_start)


def at(actor: Actor, code: str, period: Period, unit_ids: Collection[int] | None = None) -> list[Point]:
    """The values of one indicator in one period: of `unit_ids`, or of every unit."""
    found = cells(actor).filter(indicator=code, dimension="", **_exactly(period))
    if unit_ids is not None and len(unit_ids) < 900:
        found = found.filter(unit__in=unit_ids)
    return [_point(row) for row in found.order_by().values_list(*_COLUMNS)]


def breakdown(actor: Actor, code: str, period: Period, unit_id: int, column: str) -> list[tuple[str, Point]]:
    """The values of one indicator by one column: (value of the column, point), largest first."""
    prefix = f"{column}="
    found = cells(actor).filter(indicator=code, unit=unit_id, dimension__startswith=prefix, **_exactly(period))
    points = [_point(row) for row in found.order_by().values_list(*_COLUMNS)]
    points.sort(key=lambda each: -(each.value if each.value is not None else float("-inf")))
    return [(each.dimension.removeprefix(prefix), each) for each in points]


def by_place(
    actor: Actor, indicator: Indicator, last: Period, unit_ids: Sequence[int], *, exactly: bool
) -> tuple[Period, dict[int, Point]]:
    """The values of many units in `last`, or (unless `exactly`) in the newest period before it that has any."""
    period: Period | None = last
    if not exactly:
        period = newest_period(actor, indicator.code, last.grain, cumulative=last.cumulative, unit_ids=unit_ids, until=last)
    if period is None:
        return last, {}
    return period, {each.unit_id: each for each in at(actor, indicator.code, period, unit_ids)}


def newest_period(
    actor: Actor, code: str, grain: Grain, *, cumulative: bool, unit_ids: Sequence[int], until: Period
) -> Period | None:
    """The newest period up to `until` in which any of `unit_ids` has a value."""
    found = (
        cells(actor)
        .filter(
            indicator=code,
            unit__in=unit_ids,
            grain=grain.value,
            cumulative=cumulative,
            dimension="",
            value__isnull=False,
            administrative=until.regime is Regime.ADMINISTRATIVE,
            period_start__lte=stored_start(until),
        )
        .order_by("-period_start")
        .values_list("period_start", flat=True)
        .first()
    )
    if found is None:
        return None
    return period_of(found, grain.value, cumulative=cumulative, administrative=until.regime is Regime.ADMINISTRATIVE)


class Version(NamedTuple):
    """One version of a value that has been corrected since."""

    indicator: str
    grain: str
    cumulative: bool
    period_start: datetime
    value: float | None
    status: str
    known_from: datetime
    known_to: datetime

    def of(self, period: Period) -> bool:
        """Whether it is a version of the value of `period`."""
        return (self.grain, self.cumulative) == (period.grain.value, period.cumulative) and self.period_start == stored_start(
            period
        )


def earlier(actor: Actor, codes: Collection[str], unit_id: int, since: datetime | None = None) -> list[Version]:
    """Versions that were closed (since a moment), newest correction first. Live figures are not corrections."""
    found = visible(Cell.objects.filter(known_to__isnull=False), actor)
    found = found.filter(indicator__in=codes, unit=unit_id, dimension="").exclude(status="automatic")
    if since is not None:
        found = found.filter(known_to__gte=since)
    columns = ("indicator", "grain", "cumulative", "period_start", "value", "status", "known_from", "known_to")
    return [Version(*row) for row in found.order_by("-known_to").values_list(*columns)[:200]]


def _span(first: Period, last: Period) -> dict[str, Any]:
    return {
        "grain": first.grain.value,
        "cumulative": first.cumulative,
        "administrative": first.regime is Regime.ADMINISTRATIVE,
        "period_start__range": (stored_start(first), stored_start(last)),
    }


def _exactly(period: Period) -> dict[str, Any]:
    return {
        "grain": period.grain.value,
        "cumulative": period.cumulative,
        "administrative": period.regime is Regime.ADMINISTRATIVE,
        "period_start": stored_start(period),
    }


def _point(row: Sequence[Any]) -> Point:
    point = Point(*row)
    return point if point.period_start.tzinfo else point._replace(period_start=point.period_start.replace(tzinfo=UTC))

"""Is a value good enough? One pure function for every tile, table, map and ranking, so that they never disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Literal

from toancanh.kernel.contracts import Band, Good, Indicator, MonthlyPath, YearPlan
from toancanh.kernel.rounding import half_up
from toancanh.kernel.text import Text

Kind = Literal["ok", "warn", "bad", "urgent", "info", "none"]

MET = Text("Đạt", "On target")
ATTENTION = Text("Cần chú ý", "Needs attention")
MISSED = Text("Chưa đạt", "Off target")
BEHIND = Text("Chậm", "Behind plan")
NO_VALUE = Text("Chưa có số liệu", "No data")
FEW = Text("Ít số liệu", "Too few records")
WATCHED = Text("Theo dõi", "For information")


@dataclass(frozen=True, slots=True)
class Status:
    """`kind` chooses shape and colour, `word` says it; `colour` is set where a published scale (an air quality band) fixes it."""

    kind: Kind
    word: Text
    colour: str | None = None


def assess(indicator: Indicator, value: float | None, target: float | None, base: float | None = None) -> Status:
    """The status of `value` against `target` (both in the indicator's unit); `base` is the count of records it rests on.

    Both sides are compared as a person reads them, rounded half up to the indicator's places: 97.96 shown as 98.0 meets 98.
    A published scale of bands comes before the target. Without either the figure is for information.
    """
    if value is None or not isfinite(value):
        return Status("none", NO_VALUE)
    if base is not None and base < indicator.smallest_base:
        return Status("none", FEW)
    shown = half_up(value, indicator.places)
    if indicator.bands:
        return _in_band(indicator.bands, shown)
    if target is None or not isfinite(target):
        return Status("info", WATCHED)
    return _against(indicator, shown, half_up(target, indicator.places))


def shortfall(indicator: Indicator, value: float | None, target: float | None) -> float | None:
    """By what share of the target the value misses it: 0 when it is met, 0.15 when 15 % short. Orders "worst first"."""
    if value is None or target is None or not target:
        return None
    gap = (target - value) / abs(target)
    if indicator.good is Good.DOWN:
        gap = -gap
    return abs(gap) if indicator.good is Good.NEUTRAL else max(gap, 0.0)


def _in_band(bands: Sequence[Band], shown: Decimal) -> Status:
    found = bands[0]
    for band in bands:
        if shown >= Decimal(str(band.low)):
            found = band
    kind: Kind = found.status if found.status in ("ok", "warn", "bad", "urgent", "info") else "none"  # type: ignore[assignment]
    return Status(kind, found.title, found.colour)


def _against(indicator: Indicator, shown: Decimal, target: Decimal) -> Status:
    allowed = abs(target) * Decimal(str(indicator.tolerance))
    miss = {Good.UP: target - shown, Good.DOWN: shown - target, Good.NEUTRAL: abs(shown - target) - allowed}[indicator.good]
    if miss <= 0:
        return Status("ok", MET)
    if miss <= allowed:
        return Status("warn", ATTENTION)
    on_a_path = isinstance(indicator.target, YearPlan | MonthlyPath)
    return Status("bad", BEHIND if on_a_path and indicator.good is Good.UP else MISSED)

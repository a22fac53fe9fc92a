"""Which numbers an indicator can take at all: a count is never negative, a share of a whole never above 100 per cent."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from toancanh.kernel.contracts import Dataset, Figures, Indicator
from toancanh.kernel.expressions import Column
from toancanh.kernel.measures import (
    Adds,
    Count,
    Distinct,
    Extreme,
    Growth,
    Measure,
    Quantile,
    Ratio,
    Reported,
    Stock,
    Total,
)

_NOTHING_LEFT = -100.0  # per cent: no figure falls by more than all of it


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest number, both included; None is open."""

    low: float | None = None
    high: float | None = None

    def hold(self, value: float) -> bool:
        """Whether `value` is a number that lies within."""
        return isfinite(value) and (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def bounds_of(indicator: Indicator) -> Bounds:
    """What the indicator declares; where it says nothing, what its measure allows.

    A ratio has no upper bound of its own: the share of a plan that was reached may be more than 100 per cent. One that is a share
    of a whole declares `high=100`.
    """
    own = _measured(indicator.measure, indicator.dataset)
    low = own.low if indicator.low is None else indicator.low
    return Bounds(low, own.high if indicator.high is None else indicator.high)


def _measured(measure: Measure, dataset: Dataset) -> Bounds:
    match measure:
        case Count() | Distinct() | Stock():
            return Bounds(0.0)
        case Growth():
            return Bounds(_NOTHING_LEFT)
        case Ratio(top=top, bottom=bottom, scale=scale):
            parts = (_measured(top, dataset).low, _measured(bottom, dataset).low)
            return Bounds(0.0) if scale > 0 and all(each is not None and each >= 0 for each in parts) else Bounds()
        case Total(of=Column(name=name)):
            return _summed(_field(dataset, name))
        case Extreme(of=Column(name=name)) | Quantile(of=Column(name=name)):
            return _field(dataset, name)
        case Reported():
            return _reported(measure, dataset)
    return Bounds()


def _field(dataset: Dataset, name: str) -> Bounds:
    return next((Bounds(each.low, each.high) for each in dataset.fields if each.name == name), Bounds())


def _reported(measure: Reported, dataset: Dataset) -> Bounds:
    items = dataset.items if isinstance(dataset, Figures) else ()
    found = next((Bounds(each.low, each.high) for each in items if each.code == measure.item), Bounds())
    alone = measure.over_time is Adds.NEVER and measure.over_area is Adds.NEVER
    return found if alone else _summed(found)


def _summed(one: Bounds) -> Bounds:
    """Of a sum of such numbers: how many they are is not known."""
    return Bounds(0.0) if one.low is not None and one.low >= 0 else Bounds()

"""From values to places on the drawing: linear scales, round ticks, paths with gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

Points = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from [low, high] to [start, end]; with low == high everything falls in the middle."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where `value` is drawn, rounded to a tenth."""
        if self.high == self.low:
            return round((self.start + self.end) / 2, 1)
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def present(*series: Points) -> list[float]:
    """All values that exist, as floats."""
    return [float(v) for points in series for v in points if v is not None and isfinite(v)]


def round_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5, 5 x 10^n that cuts `span` in at most `most` pieces."""
    raw = span / most
    power = 10 ** floor(log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """At most `most` round values that cover [low, high]; the ends are the first and the last of them."""
    size = max(abs(low), abs(high))
    if high - low <= 1e-9 * max(size, 1e-9):
        low, high = (low - 1, high + 1) if size > 1e-9 else (0.0, 1.0)
    step = round_step(high - low, most - 1)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    while last - first > most - 1:
        step = round_step(step * most, most - 1)
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(round(n * step, 10) for n in range(first, last + 1))


def runs(places: Iterable[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Unbroken runs of places: a missing one is a gap and is never joined."""
    found: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            found.append([])
        else:
            found[-1].append(place)
    return [run for run in found if run]


def path(places: Iterable[tuple[float, float] | None]) -> str:
    """An SVG path through the places; a lonely point becomes a dot-long stroke so that it can be seen."""
    pieces = []
    for run in runs(places):
        tail = run[1:] or [(run[0][0] + 0.1, run[0][1])]
        pieces.append(f"M{plain(run[0][0])} {plain(run[0][1])}" + "".join(f"L{plain(x)} {plain(y)}" for x, y in tail))
    return "".join(pieces)


def plain(value: float) -> str:
    """A coordinate in as few letters as it needs."""
    return f"{value:.1f}".removesuffix(".0")

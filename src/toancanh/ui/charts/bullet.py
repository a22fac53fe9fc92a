"""Geometry of the bullet: a track of 400 x 22 units from zero, the bar, the gold target and last year's notch."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.ui.charts.scales import Scale, present, round_step
from toancanh.ui.parts import BulletView

WIDTH = 400.0


@dataclass(frozen=True, slots=True)
class BulletDrawing:
    """Bar width and the left edges of the marks, in units of the track; None where there is nothing."""

    bar: float | None
    target: float | None
    before: float | None


def draw(view: BulletView) -> BulletDrawing:
    """The drawing of `view`; the track ends at `top`, or at a round value a little above everything."""
    seen = [abs(v) for v in present((view.value, view.target, view.before))]
    top = view.top if view.top is not None else _top(seen)
    scale = Scale(0, top, 0, WIDTH)
    return BulletDrawing(
        bar=None if view.value is None else _kept(scale.at(view.value)),
        target=None if view.target is None else _kept(scale.at(view.target), 6),
        before=None if view.before is None else _kept(scale.at(view.before), 3),
    )


def _top(seen: list[float]) -> float:
    high = max(seen, default=0.0)
    if high <= 0:
        return 1.0
    step = round_step(high, 5)
    return high if high / step == high // step else step * (high // step + 1)


def _kept(place: float, width: float = 0.0) -> float:
    """The left edge of a mark of `width` centred on `place`, kept on the track."""
    return round(min(max(place - width / 2, 0.0), WIDTH - width), 1)

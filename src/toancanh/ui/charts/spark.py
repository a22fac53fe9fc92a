"""Geometry of the small line of a card: 260 x 54 units, stretched by the page to the card's width."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.ui.charts.scales import Points, Scale, path, plain, present, runs
from toancanh.ui.parts import SparkView

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 260, 54, 6, 252, 5.2, 48.8


@dataclass(frozen=True, slots=True)
class SparkDrawing:
    """Paths of the parts of the line; "" where there is nothing to draw."""

    area: str
    before: str
    target: str
    line: str
    provisional: str


def draw(view: SparkView) -> SparkDrawing:
    """The drawing of `view`; series may have any length but the same one."""
    values = present(view.points, view.before, () if view.target is None else (view.target,))
    if not values:
        return SparkDrawing("", "", "", "", "")
    across = Scale(0, max(len(view.points), len(view.before), 2) - 1, LEFT, RIGHT)
    up = Scale(min(values), max(values), BOTTOM, TOP)
    places = _places(view.points, across, up)
    firm = max(len(places) - view.provisional, 0)
    loose = places[max(firm - 1, 0) :] if view.provisional else []
    return SparkDrawing(
        area="".join(_area(run) for run in runs(places)),
        before=path(_places(view.before, across, up)),
        target="" if view.target is None else f"M0 {plain(up.at(view.target))}H{WIDTH}",
        line=path(places[:firm]),
        provisional=path(loose),
    )


def _places(points: Points, across: Scale, up: Scale) -> list[tuple[float, float] | None]:
    return [None if v is None else (across.at(i), up.at(v)) for i, v in enumerate(points)]


def _area(run: list[tuple[float, float]]) -> str:
    line = "".join(f"L{plain(x)} {plain(y)}" for x, y in run)
    return f"M{plain(run[0][0])} {HEIGHT}{line}L{plain(run[-1][0])} {HEIGHT}Z"

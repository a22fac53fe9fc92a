"""Geometry of the map: projection of shapes to a drawing, and the sizes of words and marks in its units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import cos, radians

from toancanh.ui.charts.scales import plain
from toancanh.ui.parts import MapLabel, MapMark, MapView

Ring = Sequence[tuple[float, float]]
_DIAMOND, _DISC = "M0-22L22 0 0 22-22 0Z", "M-17 0A17 17 0 1017 0 17 17 0 10-17 0Z"
_STEP, _BELOW = 46, 44  # from mark to mark of one place; from a place to the name below its mark
_SHAPES = {
    "urgent": _DIAMOND, "bad": _DIAMOND, "warn": "M0-22L23 17H-23Z", "info": "M-16-16H16V16H-16Z", "ok": _DISC, "none": _DISC,
}


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """`unit` is one thousandth of the reference map's height in box units: words and marks keep one size on every map."""

    box: str
    unit: float
    font: float
    marks: tuple[tuple[MapMark, str, str, float], ...]
    labels: tuple[MapLabel, ...]


def draw(view: MapView) -> MapDrawing:
    """Sizes for the template: view box, unit, label size, and for each mark its place, shape and text height."""
    x, y, width, height = view.box
    unit = round(max(height, width * 0.75) / 735, 4)
    marks = _side_by_side(view.marks, unit)
    return MapDrawing(
        box=" ".join(plain(v) for v in (x, y, width, height)),
        unit=unit,
        font=round(22 * unit, 2),
        marks=tuple(
            (m, f"translate({plain(m.x)} {plain(m.y)}) scale({unit})", _SHAPES[m.kind], 14.0 if m.kind == "warn" else 7.0)
            for m in marks
        ),
        labels=tuple(_clear_of(label, marks, unit) for label in view.labels),
    )


def _side_by_side(marks: Sequence[MapMark], unit: float) -> list[MapMark]:
    """Marks of one place stand in a row instead of on each other."""
    placed: list[MapMark] = []
    for mark in marks:
        before = sum((each.y, each.title != "") == (mark.y, True) and abs(each.x - mark.x) < 200 * unit for each in placed)
        placed.append(replace(mark, x=mark.x + before * _STEP * unit))
    return placed


def _clear_of(label: MapLabel, marks: Sequence[MapMark], unit: float) -> MapLabel:
    """A name moves below the mark that stands on its place."""
    hidden = any(abs(each.x - label.x) < 40 * unit and abs(each.y - label.y) < 20 * unit for each in marks if each.word)
    return replace(label, y=round(label.y + _BELOW * unit, 1)) if hidden else label


@dataclass(frozen=True, slots=True)
class Projection:
    """Longitude and latitude to drawing units: equirectangular at the middle latitude, north up, `margin` units around."""

    west: float
    north: float
    squeeze: float
    scale: float
    width: float
    height: float
    margin: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """The place of a point in drawing units, rounded to a tenth."""
        x = (lon - self.west) * self.squeeze * self.scale + self.margin
        return round(x, 1), round((self.north - lat) * self.scale + self.margin, 1)

    def path(self, rings: Iterable[Ring]) -> str:
        """An SVG path of the rings of one area; points that fall on each other after rounding are dropped."""
        return "".join(_closed([self.at(lon, lat) for lon, lat in ring]) for ring in rings)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The view box of the whole drawing."""
        return (0.0, 0.0, self.width, self.height)


def projection(points: Iterable[tuple[float, float]], height: float = 735.0, margin: float = 12.0) -> Projection:
    """A projection in which all `points` (lon, lat) fit a drawing of `height` units (never wider than 1.6 times that)."""
    lons, lats = zip(*points, strict=True)
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    squeeze = cos(radians((south + north) / 2))
    tall, wide = max(north - south, 1e-6), max((east - west) * squeeze, 1e-6)
    scale = min((height - 2 * margin) / tall, (1.6 * height - 2 * margin) / wide)
    return Projection(
        west, north, squeeze, scale, round(wide * scale + 2 * margin, 1), round(tall * scale + 2 * margin, 1), margin
    )


def _closed(places: list[tuple[float, float]]) -> str:
    kept = [p for i, p in enumerate(places) if i == 0 or p != places[i - 1]]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{plain(x)} {plain(y)}" for x, y in kept) + "Z"

"""Maps of a rate by place. The ground (outlines as drawing paths) is made once and kept; only colours change with the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from toancanh.boards.memory import Memory
from toancanh.boards.reading import Point
from toancanh.boards.selection import Selection
from toancanh.boards.shown import rebasing, words
from toancanh.boards.shown.rankings import worst
from toancanh.kernel.contracts import Indicator, Level
from toancanh.kernel.text import Text
from toancanh.ui.charts.map import projection
from toancanh.ui.charts.scales import ticks
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, MapLabel, MapMark, MapShape, MapView
from toancanh.units import queries as units
from toancanh.units.models import Unit

if TYPE_CHECKING:
    from toancanh.units.maps import MapShapes

LABELS = 4


@dataclass(frozen=True, slots=True)
class Ground:
    """The places of a map in drawing units, (key, name, path, label point), and their units by key."""

    places: tuple[tuple[str, Text, str, tuple[float, float]], ...]
    box: tuple[float, float, float, float]
    outline: str
    illustrative: bool
    units: dict[str, Unit]
    islands: tuple[tuple[str | None, Text, tuple[float, float]], ...] = ()


_grounds: Memory[Ground | None] = Memory(120.0)


def ground(parent: Unit, level: Level, day: date) -> Ground | None:
    """The ground of the map of `parent` by `level` on a day; None when nothing can be drawn."""
    return _grounds.get((parent.pk, level, day), lambda: _drawn(units.map_shapes(parent, level, day)))


def place_map(
    indicator: Indicator,
    points: Mapping[str, Point],
    place: Unit,
    land: Ground | None,
    selection: Selection,
    *,
    subtitle: str = "",
    action: Link | None = None,
) -> MapView:
    """The map of `indicator` over the places of `land`; `points` are its values by unit key."""
    key, href = f"{indicator.code}@*", places_href(indicator, place, selection, change=action is not None)
    title = t(f"{words.title(indicator)} theo địa bàn", f"{words.title(indicator)} by place")
    if land is None:
        empty = t(
            "Chưa có bản đồ của địa bàn này. Nạp ranh giới hoặc tọa độ.",
            "No map of this place yet. Load boundaries or coordinates.",
        )
        return MapView(title=title, box=(0, 0, 1, 1), shapes=(), state="empty", message=empty, key=key, live_href=href)
    edges = classes(indicator, [each.value for each in points.values() if each.value is not None])
    shapes = tuple(
        MapShape(
            id=unit,
            d=path,
            bucket=bucket(indicator, points.get(unit), edges),
            href=selection.place(unit),
            title=f"{tx(name)}: {_said(indicator, points.get(unit))}",
        )
        for unit, name, path, _ in land.places
        if path
    )
    return MapView(
        title=title,
        subtitle=" · ".join(each for each in (subtitle, rebasing.footnote(points.values(), selection.map_day)) if each),
        box=land.box,
        shapes=shapes,
        labels=(*_labels(indicator, points, land), *_island_names(land)),
        marks=_islands(land),
        outline=land.outline,
        scale="bands" if indicator.bands else "seq",
        colours=tuple(each.colour for each in indicator.bands),
        legend=legend(indicator, edges),
        hatch_text=_hatch(indicator, points, land),
        note=t("Ranh giới minh họa", "Illustrative boundaries") if land.illustrative else "",
        key=key,
        live_href=href,
        action=action,
    )


def places_href(indicator: Indicator, place: Unit, selection: Selection, *, change: bool) -> str:
    """Where the map and the ranking beside it are printed again, in this order."""
    return selection.link(f"/fragments/places/{indicator.code}", unit=place.key, change="1" if change else "")


def classes(indicator: Indicator, values: Sequence[float]) -> tuple[float, ...]:
    """The four boundaries between the five colours: those declared, else round numbers over what is there."""
    if indicator.bands:
        return tuple(each.low for each in indicator.bands[1:])
    if indicator.classes:
        return indicator.classes
    if not values:
        return ()
    marks = ticks(min(values), max(values), 6)
    return tuple(marks[1:-1])[:4]


def bucket(indicator: Indicator, point: Point | None, edges: Sequence[float]) -> int:
    """The colour of a value: 1 for the lowest class; 0 without a value or when it rests on too few records."""
    if point is None or point.value is None:
        return 0
    if point.base is not None and point.base < indicator.smallest_base:
        return 0
    return 1 + sum(point.value >= edge for edge in edges)


def legend(indicator: Indicator, edges: Sequence[float]) -> tuple[str, ...]:
    """The words of the colours, lowest first."""
    if indicator.bands:
        return tuple(tx(each.title) for each in indicator.bands)
    if not edges:
        return ()
    said = [words.short(indicator, each) for each in edges]
    bare = [words.value(indicator, each) for each in edges]
    between = [f"{low} – {high}" for low, high in pairwise(bare)]
    return (t(f"dưới {said[0]}", f"under {said[0]}"), *between, t(f"từ {said[-1]}", f"{said[-1]} and up"))


def _said(indicator: Indicator, point: Point | None) -> str:
    if point is None or point.value is None:
        return rebasing.sentence(point.rebased) if point and point.rebased else t("chưa có số liệu", "no data")
    if point.base is not None and point.base < indicator.smallest_base:
        return t(f"ít hồ sơ ({int(point.base)})", f"too few records ({int(point.base)})")
    value = words.with_unit(indicator, point.value)
    return f"{value} ({rebasing.sentence(point.rebased)})" if point.rebased else value


def _hatch(indicator: Indicator, points: Mapping[str, Point], land: Ground) -> str:
    if all(bucket(indicator, points.get(key), ()) for key in land.units):
        return ""
    if any(each.rebased and each.value is None for each in points.values()):
        return t("chưa có, không so sánh được", "none, not comparable")
    few = indicator.smallest_base and any(
        each.value is not None and (each.base or 0) < indicator.smallest_base for each in points.values()
    )
    return t("chưa có, ít hồ sơ", "none, too few") if few else t("chưa có", "no data")


def _labels(indicator: Indicator, points: Mapping[str, Point], land: Ground) -> tuple[MapLabel, ...]:
    """The names of the worst places: those that the list beside the map begins with."""
    at = {key: (name, label) for key, name, _, label in land.places}
    chosen = [key for key in worst(indicator, points) if key in at][:LABELS]
    if not chosen or len(at) > 60:
        return ()
    return tuple(MapLabel(at[key][1][0], at[key][1][1], tx(at[key][0])) for key in chosen)


def _island_names(land: Ground) -> tuple[MapLabel, ...]:
    """The archipelagos are named on every national map."""
    return tuple(MapLabel(x, y + 40, tx(name), always=True) for _, name, (x, y) in land.islands)


def _islands(land: Ground) -> tuple[MapMark, ...]:
    return tuple(MapMark(x, y, "none", "", tx(name), always=True) for _, name, (x, y) in land.islands)


def _drawn(shapes: MapShapes) -> Ground | None:
    corners = [point for each in shapes.shapes for ring in each.rings for point in ring]
    corners += [each.label for each in shapes.archipelagos]
    if not any(each.rings for each in shapes.shapes):
        return None
    plane = projection(corners)
    return Ground(
        tuple((each.unit_key, each.name, plane.path(each.rings), plane.at(*each.label)) for each in shapes.shapes),
        plane.box,
        plane.path(shapes.outline),
        shapes.illustrative,
        units.by_keys(each.unit_key for each in shapes.shapes),
        tuple((each.unit_key, each.name, plane.at(*each.label)) for each in shapes.archipelagos),
    )

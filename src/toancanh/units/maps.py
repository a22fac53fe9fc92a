"""The shapes of a map: surveyed boundaries where there are some, else illustrative cells; islands of the nation always."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import shapely

from toancanh.kernel.contracts import Level
from toancanh.kernel.text import Text
from toancanh.units import illustration, queries
from toancanh.units.boundaries import simplified, stamp
from toancanh.units.models import Boundary, Unit

Ring = tuple[tuple[float, float], ...]
T = TypeVar("T")
Pairs = tuple[tuple[str, T], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One area of a map. `rings` and `label` are (longitude, latitude) in degrees; without rings only the label is drawn."""

    unit_key: str
    name: Text
    rings: tuple[Ring, ...]
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Archipelago:
    """A group of islands that a national map never goes without: drawn as a mark or in an inset, coloured as `unit_key`."""

    unit_key: str | None
    name: Text
    label: tuple[float, float]
    drawn: bool  # the shapes hold its outline already


@dataclass(frozen=True, slots=True)
class MapShapes:
    """All that a map needs. `illustrative`: say "ranh giới minh họa" beside it. `outline` is the whole area."""

    shapes: tuple[Shape, ...]
    illustrative: bool
    outline: tuple[Ring, ...] = ()
    archipelagos: tuple[Archipelago, ...] = ()


MOST_POINTS = 8_000  # beyond which a map is thinned for the screen
HOANG_SA = (Text("Quần đảo Hoàng Sa", "Hoang Sa Archipelago"), (112.0, 16.5), "Đà Nẵng")
TRUONG_SA = (Text("Quần đảo Trường Sa", "Truong Sa Archipelago"), (113.8, 9.7), "Khánh Hòa")


def map_shapes(parent: Unit | str, level: Level | str | None = None, on: date | None = None) -> MapShapes:
    """The areas of `level` (default: the next below) under `parent` on a day, ready to be projected.

    Units without any boundary get illustrative cells when most of the map lacks boundaries, else a label only. Kept in memory
    until a boundary or a unit changes.
    """
    unit = queries.by_key(parent) if isinstance(parent, str) else parent
    return _made(unit.key, str(level) if level else "", on or queries.last_day(unit), stamp())


@lru_cache(maxsize=64)
def _made(parent: str, level: str, day: date, _stamp: tuple[object, ...]) -> MapShapes:
    unit = queries.by_key(parent)
    units = queries.descendants(unit, level, day) if level else queries.children(unit, day)
    kept = {each.unit_id: each for each in Boundary.objects.filter(unit__in=[each.pk for each in units])}
    surveyed = {each.key: kept[each.pk].geometry for each in units if each.pk in kept}
    drawn = len(surveyed) * 2 < len(units)
    rings = _cells(unit, units) if drawn else _thinned(surveyed)
    shapes = tuple(Shape(each.key, each.short, rings.get(each.key, ()), _label(each, rings.get(each.key, ()))) for each in units)
    return MapShapes(
        shapes,
        illustrative=drawn or any(each.illustrative for each in kept.values()),
        outline=_whole(unit, shapes),
        archipelagos=_archipelagos(shapes) if unit.level == Level.COUNTRY else (),
    )


def _thinned(geometries: dict[str, dict[str, Any]]) -> dict[str, tuple[Ring, ...]]:
    """Outlines with no more points than a screen can show: steps of a 1,200th of the map's extent. Small islands stay."""
    found = {key: _rings(geometry) for key, geometry in geometries.items()}
    if sum(len(ring) for rings in found.values() for ring in rings) < MOST_POINTS:
        return found
    outlines = [shapely.from_geojson(json.dumps(geometry)) for geometry in geometries.values()]
    west, south, east, north = shapely.total_bounds(outlines)
    simple = simplified(outlines, min(max(east - west, north - south) / 1200, 0.01))
    return {key: _rings(illustration.geojson(_multi(shape))) for key, shape in zip(geometries, simple, strict=True)}


def _cells(parent: Unit, units: list[Unit]) -> dict[str, tuple[Ring, ...]]:
    """Cells of `units`; made from the points of their communes where those are known, so that a province has a likely form."""
    points = {each.key: (each.lon, each.lat) for each in units if each.lon is not None and each.lat is not None}
    finer: dict[str, str] = {}
    if parent.level in (Level.COUNTRY, Level.REGION):
        finer = queries.area_mapping(Level.COMMUNE, units, queries.last_day(units[0]) if units else None)
    if len(finer) <= len(points):
        return _drawn(tuple(sorted(points.items())), ())
    places = Unit.objects.filter(key__in=finer, lat__isnull=False).exclude(kind="Đặc khu").values_list("key", "lon", "lat")
    return _drawn(tuple(sorted((key, (lon, lat)) for key, lon, lat in places)), tuple(sorted(finer.items())))


@lru_cache(maxsize=32)
def _drawn(points: Pairs[tuple[float, float]], owners: Pairs[str]) -> dict[str, tuple[Ring, ...]]:
    """Cells of `points`; with `owners`, joined by owner."""
    drawn = illustration.cells(dict(points), straight=bool(owners))
    if not owners:
        return {key: _rings(illustration.geojson(cell)) for key, cell in drawn.items()}
    parts: dict[str, list[Any]] = {}
    for key, owner in owners:
        if key in drawn:
            parts.setdefault(owner, []).append(drawn[key])
    joined = {owner: shapely.unary_union(cells).simplify(0.004) for owner, cells in parts.items()}
    return {owner: _rings(illustration.geojson(_multi(shape))) for owner, shape in joined.items()}


def _multi(shape: Any) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([each for each in getattr(shape, "geoms", [shape]) if each.geom_type == "Polygon"])


def _rings(geometry: dict[str, Any]) -> tuple[Ring, ...]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return tuple(tuple((x, y) for x, y in ring) for polygon in polygons for ring in polygon)


def _label(unit: Unit, rings: tuple[Ring, ...]) -> tuple[float, float]:
    """The unit's own label point, or a point inside its largest part."""
    if unit.lon is not None and unit.lat is not None:
        return unit.lon, unit.lat
    if not rings:
        return 0.0, 0.0
    point = shapely.Polygon(max(rings, key=lambda ring: shapely.Polygon(ring).area)).representative_point()
    return round(point.x, 5), round(point.y, 5)


def _whole(parent: Unit, shapes: Iterable[Shape]) -> tuple[Ring, ...]:
    kept = Boundary.objects.filter(unit=parent).first() if parent.level in (Level.COUNTRY, Level.REGION) else None
    if kept is not None:
        return _rings(kept.geometry)
    joined = shapely.unary_union([shapely.make_valid(shapely.Polygon(ring)) for each in shapes for ring in each.rings])
    return _rings(illustration.geojson(_multi(joined))) if not joined.is_empty else ()


def _archipelagos(shapes: tuple[Shape, ...]) -> tuple[Archipelago, ...]:
    found = []
    for name, place, province in (HOANG_SA, TRUONG_SA):
        owner = next((each for each in shapes if each.name.vi.replace("oà", "òa") == province), None)
        own = next((each for each in shapes if each.name.vi in name.vi), None)  # a commune map names the island zones themselves
        near = shapely.Point(place).buffer(3)
        drawn = any(near.intersects(shapely.Polygon(ring)) for each in (owner, own) if each for ring in each.rings)
        belongs = own or owner
        found.append(Archipelago(belongs.unit_key if belongs else None, name, place, drawn))
    return tuple(found)



"""Maps without surveyed boundaries: cells round label points, with borders that wander a little, cut to an outline.

The same points always give the same map. Such boundaries are marked illustrative and say nothing about where land belongs.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import cos, radians

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.affinity import scale
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize

from toancanh.units.models import Boundary, Unit

WANDER = 0.16  # how far a border strays, as a share of its length
STEPS = 3  # each border is halved this many times
DECIMALS = 5

Ring = Sequence[tuple[float, float]]
Cells = dict[str, MultiPolygon]


def cells(points: Mapping[str, tuple[float, float]], outline: Ring = (), *, straight: bool = False) -> Cells:
    """A cell for each label point (longitude, latitude), tiling the outline (a ring; without one a hull of the points).

    `straight` leaves the borders as they fall: for cells that are joined to larger areas afterwards.
    """
    if not points:
        return {}
    apart = _apart(points)
    squeeze = cos(radians(sum(lat for _, lat in apart.values()) / len(apart)))
    places = {key: Point(lon * squeeze, lat) for key, (lon, lat) in apart.items()}
    land = _outline(list(places.values()), [(lon * squeeze, lat) for lon, lat in outline])
    raw = _voronoi(places, land)
    drawn = raw if straight else _wandering(raw, land)
    return {key: _multi(_unsqueezed(cell, squeeze)) for key, cell in drawn.items()}


def draw(parent: Unit, units: Iterable[Unit], outline: Ring = ()) -> int:
    """Keep cells as the boundaries of those `units` that have no surveyed one, and their whole as that of `parent`."""
    chosen = [each for each in units if each.lat is not None and each.lon is not None]
    surveyed = set(Boundary.objects.filter(unit__in=chosen, illustrative=False).values_list("unit_id", flat=True))
    drawn = cells({each.key: (each.lon or 0.0, each.lat or 0.0) for each in chosen}, outline)
    wanting = [each for each in chosen if each.pk not in surveyed]
    rows = [Boundary(unit=each, geometry=geojson(drawn[each.key]), illustrative=True) for each in wanting]
    whole = shapely.unary_union([drawn[each.key] for each in chosen])
    if not Boundary.objects.filter(unit=parent, illustrative=False).exists() and not whole.is_empty:
        rows.append(Boundary(unit=parent, geometry=geojson(_multi(whole)), illustrative=True))
    Boundary.objects.filter(unit__in=[each.unit for each in rows]).delete()
    Boundary.objects.bulk_create(rows, batch_size=200)
    return len(rows)


def geojson(shape: MultiPolygon) -> dict[str, object]:
    """GeoJSON of a shape, coordinates rounded to about a metre."""
    return {"type": "MultiPolygon", "coordinates": [[_rounded(ring) for ring in _rings(part)] for part in shape.geoms]}


def _rings(part: Polygon) -> list[BaseGeometry]:
    return [part.exterior, *part.interiors]


def _rounded(ring: BaseGeometry) -> list[list[float]]:
    return [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]


def _apart(points: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Points that share a place are set side by side, some 100 m apart, in the order of their keys."""
    taken: set[tuple[float, float]] = set()
    found = {}
    for key, (lon, lat) in sorted(points.items()):
        place = (round(lon, 4), round(lat, 4))
        while place in taken:
            place = (round(place[0] + 0.001, 4), place[1])
        taken.add(place)
        found[key] = place
    return found


def _outline(places: list[Point], ring: Ring) -> Polygon:
    if ring:
        smooth = _rounded_off(_rounded_off(ring))
        return shapely.make_valid(Polygon([*smooth, smooth[0]])).buffer(0)
    cloud = shapely.MultiPoint(places)
    reach = _spacing(places)
    hull = shapely.concave_hull(cloud, ratio=0.25 if len(places) < 500 else 0.05) if len(places) > 8 else cloud.convex_hull
    # rounded outwards, then smoothed: no point lies on the coast
    return hull.buffer(reach * 1.1).buffer(-reach * 0.5).buffer(reach * 0.1)


def _spacing(places: list[Point]) -> float:
    """The typical distance between neighbours."""
    if len(places) < 2:
        return 0.1
    box = shapely.MultiPoint(places).envelope
    return max((max(box.area, box.length**2 / 64) / len(places)) ** 0.5 * 0.6, 0.01)


def _voronoi(places: dict[str, Point], land: Polygon) -> dict[str, BaseGeometry]:
    if len(places) == 1:
        return dict.fromkeys(places, land)
    keys = list(places)
    tree = shapely.STRtree([places[key] for key in keys])
    faces = shapely.voronoi_polygons(shapely.MultiPoint(list(places.values())), extend_to=land.buffer(1))
    found: dict[str, BaseGeometry] = {}
    for face in faces.geoms:
        inside = tree.query(face, predicate="intersects")
        if len(inside):
            nearest = min(inside, key=lambda i: places[keys[i]].distance(face.centroid))
            found[keys[int(nearest)]] = face.intersection(land)
    return found


def _wandering(raw: dict[str, BaseGeometry], land: Polygon) -> dict[str, BaseGeometry]:
    """The cells with every border between two of them displaced, the same for both."""
    borders = shapely.unary_union([cell.boundary for cell in raw.values()])
    merged = linemerge(borders) if borders.geom_type == "MultiLineString" else borders
    lines = list(merged.geoms) if hasattr(merged, "geoms") else [merged]
    coast = land.boundary.buffer(1e-7)
    drawn = [line if coast.contains(line) else _strayed(line) for line in lines]
    faces = list(polygonize(shapely.unary_union([*drawn, land.boundary])))
    keys = list(raw)
    tree = shapely.STRtree([raw[key] for key in keys])
    parts: dict[str, list[BaseGeometry]] = {key: [] for key in keys}
    for face in faces:
        if land.contains(face.representative_point()):
            near = tree.query(face)
            owner = max(near, key=lambda i: raw[keys[i]].intersection(face).area)
            parts[keys[int(owner)]].append(face)
    return {key: shapely.unary_union(pieces) if pieces else raw[key] for key, pieces in parts.items()}


def _strayed(line: LineString) -> LineString:
    """The line halved again and again, each middle pushed aside by a chance that depends on the line's ends only."""
    ends = sorted((line.coords[0], line.coords[-1]))
    chance = random.Random(repr([[round(v, 6) for v in end] for end in ends]))  # noqa: S311 - a drawing, not a secret
    points = list(line.coords)
    if points[0] != ends[0]:
        points.reverse()
    for step in range(STEPS):
        points = _halved(points, chance, WANDER / (1.15**step))
    return LineString(_rounded_off(points))


def _halved(points: list[tuple[float, ...]], chance: random.Random, reach: float) -> list[tuple[float, ...]]:
    found = [points[0]]
    for (x1, y1), (x2, y2) in pairwise(points):
        push = chance.uniform(-reach, reach)
        found += [((x1 + x2) / 2 - (y2 - y1) * push, (y1 + y2) / 2 + (x2 - x1) * push), (x2, y2)]
    return found


def _rounded_off(points: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Corners cut once (Chaikin); the ends stay."""
    if len(points) < 3:
        return list(points)
    found = [points[0]]
    for (x1, y1), (x2, y2) in pairwise(points):
        found += [(x1 * 0.75 + x2 * 0.25, y1 * 0.75 + y2 * 0.25), (x1 * 0.25 + x2 * 0.75, y1 * 0.25 + y2 * 0.75)]
    return [*found, points[-1]]


def _unsqueezed(cell: BaseGeometry, squeeze: float) -> BaseGeometry:
    return scale(cell, xfact=1 / squeeze, yfact=1, origin=(0, 0))


def _multi(shape: BaseGeometry) -> MultiPolygon:
    valid = shapely.make_valid(shape)
    parts = [each for each in getattr(valid, "geoms", [valid]) if isinstance(each, Polygon) and not each.is_empty]
    return MultiPolygon(parts).normalize()  # the same shape always begins at the same corner

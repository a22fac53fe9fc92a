"""Working boundaries for places whose real boundaries are not loaded: cells drawn round their label points.

The picture is only an illustration and must be marked so ("Ranh giới minh họa").
"""

from __future__ import annotations

from collections.abc import Mapping

from shapely import MultiPoint, Point, Polygon, voronoi_polygons

Ring = tuple[tuple[float, float], ...]


def cells(points: Mapping[str, tuple[float, float]], outline: Ring | None = None) -> dict[str, tuple[Ring, ...]]:
    """Name -> outer rings of the cell nearest to its point, cut by `outline` or by a soft hull round all points.

    Points are (x, y) in any plane, longitude and latitude included. Two names on one point share its cell.
    """
    if not points:
        return {}
    frame = Polygon(outline) if outline else _hull(list(points.values()))
    if len(set(points.values())) == 1:
        return {name: _rings(frame) for name in points}
    diagram = voronoi_polygons(MultiPoint(list(dict.fromkeys(points.values()))), extend_to=frame)
    pieces = list(diagram.geoms)
    found = {}
    for name, point in points.items():
        home = next((p for p in pieces if p.intersects(Point(point))), frame)
        found[name] = _rings(home.intersection(frame))
    return found


def _hull(places: list[tuple[float, float]]) -> Polygon:
    """All points with room around them: a third of the mean distance between neighbours if they were spread evenly."""
    cloud = MultiPoint(places)
    west, south, east, north = cloud.bounds
    span = max(east - west, north - south) or 1.0
    return cloud.convex_hull.buffer(0.6 * span / max(len(places), 1) ** 0.5, quad_segs=6)


def _rings(shape: object) -> tuple[Ring, ...]:
    parts = [shape] if isinstance(shape, Polygon) else [g for g in getattr(shape, "geoms", ()) if isinstance(g, Polygon)]
    return tuple(tuple((float(x), float(y)) for x, y in p.exterior.coords) for p in parts)

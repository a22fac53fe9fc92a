"""Boundary files: read, checked, mended, simplified together so that neighbours stay neighbours, and kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any

import shapely
from django.db.models import Count, Max
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from toancanh.kernel.contracts import Level
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import fold, nfc
from toancanh.units import queries, register
from toancanh.units.illustration import geojson
from toancanh.units.models import Boundary, Unit

KM_PER_DEGREE = 111.195
TOLERANCE = {Level.COUNTRY: 0.01, Level.REGION: 0.008, Level.PROVINCE: 0.004, Level.DISTRICT: 0.0015, Level.COMMUNE: 0.0006}
_WIDTH = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}


@dataclass(frozen=True, slots=True)
class Extent:
    """A box in degrees (WGS 84), its edges included."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position lies in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


VIETNAM = Extent(6.0, 102.0, 23.5, 118.0)  # with the Hoàng Sa and Trường Sa archipelagos
_OPEN_SEA = 111.0  # east of it lie the two archipelagos alone, and their one label point stands for islands far apart
_MARGINS = {"outline": 0.05, "drawn": 0.3, "point": 0.3, "islands": 3.0}  # degrees; 0.05 is 5 km


def extent(unit: Unit) -> Extent:
    """The box of a unit from its outline or those of its parts, and from label points where no outline reaches; with a margin,
    generous where nothing is surveyed. Vietnam's own for the country and for a unit of which nothing is known. Kept in memory."""
    return VIETNAM if unit.level == Level.COUNTRY else _extent(unit.key, stamp())


def stamp() -> tuple[object, ...]:
    """Another one whenever a boundary or a unit has been written: what is drawn from them is kept in memory until then."""
    newest = Boundary.objects.aggregate(last=Max("id"), count=Count("id"))
    return newest["last"], newest["count"], *register.stamp()


@lru_cache(maxsize=16)
def _extent(key: str, _stamp: tuple[object, ...]) -> Extent:
    unit = queries.by_key(key)
    units = [unit, *queries.descendants(unit)]
    outlines = [
        _box(shapely.from_geojson(json.dumps(each.geometry)).bounds, "drawn" if each.illustrative else "outline")
        for each in Boundary.objects.filter(unit__in=units)
    ]
    points = [(each.lat, each.lon) for each in units if each.lat is not None and each.lon is not None]
    beyond = [(lat, lon) for lat, lon in points if not any(each.holds(lat, lon) for each in outlines)]
    found = [*outlines, *(_box((lon, lat, lon, lat), "islands" if lon > _OPEN_SEA else "point") for lat, lon in beyond)]
    if not found:
        return VIETNAM
    return Extent(
        min(each.south for each in found), min(each.west for each in found), max(each.north for each in found),
        max(each.east for each in found),
    )  # fmt: skip


def _box(bounds: tuple[float, float, float, float], of: str) -> Extent:
    west, south, east, north = bounds
    more = _MARGINS[of]
    return Extent(south - more, west - more, north + more, east + more)


@dataclass(slots=True)
class BoundaryReport:
    """What a file held. `mended`: invalid outlines made valid; `renamed`: the file's name differs from the register's."""

    source: str
    shapes: dict[str, BaseGeometry] = field(default_factory=dict)  # unit key -> outline as read, valid
    tolerance: float = 0.0
    features: int = 0
    unmatched: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def lines(self) -> list[Text]:
        """The report in words, one finding a line."""
        counted = Text(
            "{read} vùng trong tệp, {kept} vùng khớp với danh mục.", "{read} features in the file, {kept} matched the register."
        ).with_values(read=self.features, kept=len(self.shapes))
        return [counted, *(words.with_values(n=len(found), names=_listed(found)) for words, found in self._findings() if found)]

    def _findings(self) -> list[tuple[Text, list[str]]]:
        return [
            (Text("{n} mã không có trong danh mục: {names}", "{n} codes are not in the register: {names}"), self.unmatched),
            (Text("{n} vùng rỗng bị bỏ: {names}", "{n} empty features were left out: {names}"), self.empty),
            (Text("{n} mã lặp lại, gộp làm một: {names}", "{n} codes stood twice and were joined: {names}"), self.doubled),
            (Text("{n} ranh giới không hợp lệ đã sửa: {names}", "{n} invalid outlines were mended: {names}"), self.mended),
            (Text("{n} tên khác danh mục: {names}", "{n} names differ from the register: {names}"), self.renamed),
            (Text("{n} đơn vị chưa có ranh giới: {names}", "{n} units have no boundary: {names}"), self.missing),
        ]


def _listed(found: list[str]) -> str:
    return ", ".join(found[:12]) + ("" if len(found) <= 12 else " ...")


def read(
    path: Path,
    *,
    code_property: str | None = "code",
    scheme: str | None = "vn34",
    level: str | None = None,
    source: str | None = "",
) -> BoundaryReport:
    """Read a GeoJSON FeatureCollection (WGS 84). Writes nothing. Raises `Problem` for a file that is no such thing.

    `code_property` names the property that holds the unit's code ("id" is also tried); codes are matched within `scheme`.
    """
    features = _features(path)
    chosen = Level(level) if level else _level_of(features, code_property or "code")
    units = {each.code: each for each in Unit.objects.filter(scheme=scheme or "vn34", level=chosen)}
    report = BoundaryReport(source=nfc(source or path.name), tolerance=TOLERANCE.get(chosen, 0.0006), features=len(features))
    for feature in features:
        _take(report, feature, units, (code_property or "code", _WIDTH.get(chosen, 0)))
    report.missing = sorted(f"{each.full_name} ({each.code})" for each in units.values() if each.key not in report.shapes)
    return report


def keep(report: BoundaryReport) -> None:
    """Store the outlines of a report, simplified; what the units had before is replaced."""
    keys = list(report.shapes)
    units = {each.key: each for each in Unit.objects.filter(key__in=keys)}
    simple = simplified([report.shapes[key] for key in keys], report.tolerance)
    rows = [
        Boundary(
            unit=units[key],
            geometry=geojson(_polygons(after)),
            area_km2=round(area_km2(report.shapes[key]), 3),
            source=report.source[:300],
        )
        for key, after in zip(keys, simple, strict=True)
    ]
    Boundary.objects.filter(unit__in=list(units.values())).delete()
    Boundary.objects.bulk_create(rows, batch_size=100)
    _keep_wholes(list(units.values()), dict(zip(keys, simple, strict=True)), report.source)


def _keep_wholes(units: list[Unit], outlines: dict[str, BaseGeometry], source: str) -> None:
    """The outline of each area whose parts are all there, made from them, where nothing surveyed is known of it."""
    parts: dict[int | None, list[Unit]] = {}
    for unit in units:
        parts.setdefault(unit.parent_id, []).append(unit)
    wholes = {parent: parts[parent.pk] for parent in Unit.objects.filter(pk__in=[each for each in parts if each is not None])}
    if units and units[0].level == Level.PROVINCE:
        wholes |= dict.fromkeys(Unit.objects.filter(level=Level.COUNTRY), units)
    known = set(Boundary.objects.filter(unit__in=wholes, illustrative=False).values_list("unit_id", flat=True))
    for parent, inside in wholes.items():
        everyone = Unit.objects.filter(level=inside[0].level, scheme=inside[0].scheme)
        expected = everyone if parent.level == Level.COUNTRY else everyone.filter(parent=parent)
        if parent.pk not in known and parent.level != Level.DISTRICT and len(inside) == expected.count():
            whole = shapely.unary_union([outlines[each.key] for each in inside])
            Boundary.objects.filter(unit=parent).delete()
            Boundary.objects.create(unit=parent, geometry=geojson(_polygons(whole)), source=source[:300])


def simplified(shapes: list[BaseGeometry], tolerance: float) -> list[BaseGeometry]:
    """Outlines with fewer points (tolerance in degrees); common borders stay common, no part vanishes."""
    if not shapes:
        return []
    try:
        found = list(shapely.coverage_simplify(shapes, tolerance))
    except shapely.errors.GEOSException:  # neighbours overlap too much to be treated as one coverage
        found = [each.simplify(tolerance) for each in shapes]
    return [
        shapely.make_valid(after) if after is not None and not after.is_empty else before
        for before, after in zip(shapes, found, strict=True)
    ]


def area_km2(shape: BaseGeometry) -> float:
    """Area on the ground in km², from the middle latitude of each part; within 0.5 % for a province."""
    return sum(
        part.area * KM_PER_DEGREE**2 * cos(radians(part.centroid.y)) * 0.9966 for part in _polygons(shape).geoms
    )


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
        features = content["features"]
        if content.get("type") != "FeatureCollection" or not all(isinstance(each, dict) for each in list(features)):
            raise ValueError
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError) as reason:
        raise Problem(
            "not-geojson",
            422,
            Text("Không đọc được tệp ranh giới", "Boundary file not readable"),
            Text(
                "Tệp “{name}” không phải GeoJSON FeatureCollection mã hóa UTF-8. Xuất lại từ phần mềm bản đồ theo định dạng này.",
                "The file “{name}” is no GeoJSON FeatureCollection in UTF-8. Export it again in that format.",
            ).with_values(name=path.name),
        ) from reason
    return features


def _code(feature: dict[str, Any], code_property: str, width: int) -> str:
    value = _properties(feature).get(code_property, feature.get("id", ""))
    code = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return code.zfill(width) if code.isdigit() else code


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    held = feature.get("properties")
    return held if isinstance(held, dict) else {}


def _level_of(features: list[dict[str, Any]], code_property: str) -> Level:
    longest = max((len(_code(each, code_property, 0)) for each in features), default=5)
    return {2: Level.PROVINCE, 3: Level.DISTRICT}.get(longest, Level.COMMUNE)


def _take(report: BoundaryReport, feature: dict[str, Any], units: dict[str, Unit], how: tuple[str, int]) -> None:
    code = _code(feature, *how)
    unit = units.get(code)
    if unit is None:
        report.unmatched.append(code)
        return
    outline = _outline(feature.get("geometry"))
    if outline is None or outline.is_empty:
        report.empty.append(code)
        return
    if not outline.is_valid:
        report.mended.append(f"{code}: {shapely.is_valid_reason(outline)}")
        outline = _polygons(shapely.make_valid(outline))
    name = nfc(str(_properties(feature).get("name", unit.name)))
    if fold(name) not in (fold(unit.name), fold(unit.full_name)):
        report.renamed.append(f"{code}: {name} / {unit.name}")
    if unit.key in report.shapes:
        report.doubled.append(code)
        outline = _polygons(shapely.union(report.shapes[unit.key], outline))
    report.shapes[unit.key] = outline


def _outline(geometry: dict[str, Any] | None) -> BaseGeometry | None:
    try:
        return _polygons(shapely.force_2d(shape_of(geometry))) if geometry else None
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError):
        return None


def _polygons(shape: BaseGeometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([each for each in _parts(shape) if each.geom_type == "Polygon" and not each.is_empty])


def _parts(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    for each in getattr(shape, "geoms", [shape]):
        if hasattr(each, "geoms"):
            yield from _parts(each)
        else:
            yield each

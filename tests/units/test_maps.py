"""Boundaries from files, maps without any, and the islands that a national map never goes without."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from unicodedata import normalize

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from toancanh.kernel.problem import Problem
from toancanh.units import boundaries, illustration, queries, services
from toancanh.units.models import Boundary, Unit
from toancanh.units.policy import CommandLine

ACTOR = CommandLine("tester")
SQUARE = [[[105.0, 21.0], [105.1, 21.0], [105.1, 21.1], [105.0, 21.1], [105.0, 21.0]]]
BOW_TIE = [[[105.0, 21.0], [105.1, 21.1], [105.1, 21.0], [105.0, 21.1], [105.0, 21.0]]]


@pytest.fixture
def one_commune(db: None) -> None:
    names = {"level": "commune", "kind": "phường", "name": "Ba Đình", "full_name": "Phường Ba Đình"}
    Unit.objects.get_or_create(scheme="vn34", code="00004", defaults=names)


def file_of(folder: Path, *features: dict[str, object]) -> Path:
    path = folder / "ranh-gioi.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def feature(coordinates: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": coordinates}}


def test_a_boundary_is_matched_by_the_chosen_property(national: object, tmp_path: Path) -> None:
    path = file_of(tmp_path, feature(SQUARE, ma_xa=4, name=normalize("NFD", "Ba Đình")), feature(SQUARE, ma_xa="99999"))
    report = services.load_boundaries(ACTOR, path, code_property="ma_xa", level="commune")
    assert list(report.shapes) == ["vn34:00004"]
    assert report.unmatched == ["99999"]
    assert report.renamed == []
    assert len(report.missing) == 3_320
    assert Boundary.objects.get(unit__key="vn34:00004").geometry["type"] == "MultiPolygon"


def test_an_invalid_outline_is_mended_and_told(national: object, tmp_path: Path) -> None:
    report = services.load_boundaries(ACTOR, file_of(tmp_path, feature(BOW_TIE, code="00004")))
    assert len(report.mended) == 1
    assert any("không hợp lệ" in line.vi for line in report.lines())
    kept = shapely.from_geojson(json.dumps(Boundary.objects.get(unit__key="vn34:00004").geometry))
    assert kept.is_valid
    assert kept.area > 0


def test_empty_and_doubled_features_are_told(national: object, tmp_path: Path) -> None:
    empty: dict[str, object] = {"type": "Feature", "properties": {"code": "00008"}, "geometry": None}
    path = file_of(tmp_path, feature(SQUARE, code="00004"), feature(SQUARE, code="00004"), empty)
    report = services.load_boundaries(ACTOR, path)
    assert (report.doubled, report.empty) == (["00004"], ["00008"])


@pytest.mark.parametrize("content", [b"", b"not json", b"\xff\xfe", b"[]", b'{"type": "Feature"}', b'{"features": 3}'])
def test_a_file_that_is_no_geojson_is_refused_with_the_cure(db: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.geojson"
    path.write_bytes(content)
    with pytest.raises(Problem) as refused:
        boundaries.read(path)
    assert "GeoJSON" in refused.value.detail.vi


def test_simplified_neighbours_share_their_border() -> None:
    wavy = [(105 + 0.00001 * (i % 3), 21 + i * 0.001) for i in range(101)]
    west = shapely.Polygon([(104.9, 21.0), *wavy, (104.9, 21.1)])
    east = shapely.Polygon([(105.1, 21.0), *wavy, (105.1, 21.1)])
    one, other = boundaries.simplified([west, east], 0.0006)
    assert shapely.get_num_coordinates(one) < 20
    assert one.intersection(other).area < 1e-12
    assert shapely.union(one, other).area == pytest.approx(west.area + east.area)


def test_a_national_map_without_boundaries_has_every_province_and_says_it_is_illustrative(national: object) -> None:
    drawn = queries.map_shapes("vn:VN", "province")
    assert len(drawn.shapes) == 34
    assert all(each.rings for each in drawn.shapes)
    assert drawn.illustrative


@pytest.mark.slow
def test_a_national_map_never_goes_without_hoang_sa_and_truong_sa(national: object) -> None:
    for day in (None, queries.by_key("vn63:48").valid_to):
        drawn = queries.map_shapes("vn:VN", "province", on=day)
        assert [each.name.vi for each in drawn.archipelagos] == ["Quần đảo Hoàng Sa", "Quần đảo Trường Sa"]
        owners = [queries.by_key(str(each.unit_key)).name for each in drawn.archipelagos]
        assert owners == ["Đà Nẵng", "Khánh Hòa"]
        assert not any(each.drawn for each in drawn.archipelagos)  # the page draws them as marks


@pytest.mark.real_data
@pytest.mark.slow
def test_real_province_boundaries_hold_the_islands(national: object, real_data: Path) -> None:
    report = services.load_boundaries(ACTOR, real_data / "boundaries" / "provinces_2025.geojson")
    assert (len(report.shapes), report.unmatched, report.missing) == (34, [], [])
    drawn = queries.map_shapes("vn:VN", "province")
    assert not drawn.illustrative
    assert all(each.drawn for each in drawn.archipelagos)
    assert sum(len(ring) for each in drawn.shapes for ring in each.rings) < 20_000


@pytest.mark.real_data
def test_real_commune_boundaries_match_their_province(national: object, real_data: Path) -> None:
    report = services.load_boundaries(ACTOR, real_data / "boundaries" / "communes_2025_33.geojson")
    assert (len(report.shapes), report.unmatched) == (104, [])
    drawn = queries.map_shapes("vn34:33", "commune")
    inside = {each.unit_key: shapely.MultiPolygon([shapely.Polygon(ring) for ring in each.rings]) for each in drawn.shapes}
    nhu_quynh = shapely.Point(105.99, 20.98)
    assert [key for key, shape in inside.items() if shape.contains(nhu_quynh)] == ["vn34:12004"]


POINTS = {f"u{i:02}": (105 + (i * 7 % 10) * 0.05, 21 + (i * 3 % 11) * 0.04) for i in range(30)}


def test_cells_tile_the_outline_without_gaps_or_overlaps() -> None:
    outline = list(shapely.Point(105.2, 21.2).buffer(0.4).exterior.coords)
    cells = illustration.cells(POINTS, outline)
    assert cells.keys() == POINTS.keys()
    whole = shapely.unary_union(list(cells.values()))
    assert sum(each.area for each in cells.values()) == pytest.approx(whole.area, rel=1e-6)
    assert whole.area == pytest.approx(shapely.Polygon(outline).area, rel=0.01)
    assert all(each.is_valid and not each.is_empty for each in cells.values())


def test_the_same_points_always_give_the_same_map() -> None:
    shuffled = dict(reversed(list(POINTS.items())))
    first, second = illustration.cells(POINTS), illustration.cells(shuffled)
    assert {key: illustration.geojson(each) for key, each in first.items()} == {
        key: illustration.geojson(each) for key, each in second.items()
    }


def test_points_on_one_place_still_get_a_cell_each() -> None:
    cells = illustration.cells({"a": (105.0, 21.0), "b": (105.0, 21.0), "c": (105.2, 21.1)})
    assert all(each.area > 0 for each in cells.values())


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_map_of_few_points_is_still_a_map(count: int) -> None:
    cells = illustration.cells(dict(list(POINTS.items())[:count]))
    assert len(cells) == count
    assert all(each.area > 0 for each in cells.values())


def test_illustrative_boundaries_never_replace_surveyed_ones(national: object, tmp_path: Path) -> None:
    services.load_boundaries(ACTOR, file_of(tmp_path, feature(SQUARE, code="05443")), level="commune")
    drawn = services.draw_illustrative(ACTOR, "vn34:19")
    kept = Boundary.objects.filter(unit__parent__key="vn34:19")
    assert drawn == 92  # 91 communes and the province
    assert kept.filter(illustrative=False).count() == 1
    assert queries.map_shapes("vn34:19").illustrative


MEMBERS = st.sampled_from(("type", "features", "properties", "geometry", "coordinates", "code", "id"))
PIECES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from((105.0, 21.0, "00004", "²")),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(MEMBERS, inner, max_size=5), max_leaves=20,
)
SHAPES = st.sampled_from(("Polygon", "MultiPolygon", "Point", "GeometryCollection", "Klingon"))
OUTLINES = PIECES | st.sampled_from((SQUARE, BOW_TIE))
FEATURES = PIECES | st.fixed_dictionaries({
    "properties": st.fixed_dictionaries({"code": st.just("00004")}) | PIECES,
    "geometry": st.fixed_dictionaries({"type": SHAPES, "coordinates": OUTLINES, "geometries": PIECES}),
})  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FEATURES, max_size=3) | PIECES)
@example([3])
@example([{"properties": "no object", "geometry": None}])
@pytest.mark.slow
def test_whatever_a_boundary_file_holds_is_read_or_refused_in_words(one_commune: None, tmp_path: Path, features: object) -> None:
    path = tmp_path / "any.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    with suppress(Problem):
        assert all(each.is_valid for each in boundaries.read(path, level="commune").shapes.values())

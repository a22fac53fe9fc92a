"""Series of the statistics office on the map of 34 provinces."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from toancanh.kernel.contracts import Level
from toancanh.kernel.measures import Adds
from toancanh.kernel.rebasing import Known, Method, Part, Rebased
from toancanh.kernel.rebasing import rebase as made_of
from toancanh.units import queries, rebase, services
from toancanh.units.policy import CommandLine

pytestmark = pytest.mark.usefixtures("national")
IN_2007, IN_2015, TODAY = date(2007, 12, 31), date(2015, 12, 31), date(2026, 11, 22)
SAMPLE = "Area_population_and_population_density_by_province.csv"


def on_the_map(key: str, measured: dict[str, Known]) -> Rebased:
    """The sum of 2015 of a unit of today."""
    return made_of(Adds.SUM, rebase.lineage().parts(key, IN_2015, TODAY), measured)


@pytest.fixture
def population_2015(real_data: Path) -> dict[str, Known]:
    """Average population of 2015 in thousands, by the keys of the 63 provinces and of the country."""
    lines = (real_data / "socio-economic" / "raw_samples" / SAMPLE).read_text(encoding="utf-8-sig").splitlines()
    table = list(csv.reader([line for line in lines[1:] if line.strip()], delimiter=";"))
    column = table[0].index("2015 Average population (Thous. pers.)")
    resolver = queries.resolver(IN_2015)
    found = {resolver.resolve(row[0]).key: Known(float(row[column])) for row in table[1:] if row[column] not in ("", "..")}
    return {key: value for key, value in found.items() if key}


@pytest.mark.real_data
def test_the_population_of_new_thai_nguyen_is_that_of_its_two_parts(population_2015: dict[str, Known]) -> None:
    assert population_2015["vn63:06"].value == 313.1
    found = on_the_map("vn34:19", population_2015)
    expected = 313.1 + (population_2015["vn63:19"].value or 0)
    assert (found.value, found.method, found.coverage) == (pytest.approx(expected), Method.EXACT, 1.0)


@pytest.mark.real_data
def test_sixty_three_and_thirty_four_provinces_have_the_same_total(population_2015: dict[str, Known]) -> None:
    provinces = [value.value or 0 for key, value in population_2015.items() if key.startswith("vn63:")]
    today = queries.units("vn34", "province")
    rebased = [on_the_map(each.key, population_2015) for each in today]
    assert len(provinces) == 63
    assert {each.method for each in rebased} == {Method.EXACT}
    assert sum(each.value or 0 for each in rebased) == pytest.approx(sum(provinces))
    assert sum(provinces) == pytest.approx(population_2015["vn:VN"].value or 0, rel=0.001)


def test_ha_noi_before_2008_is_ha_noi_and_ha_tay() -> None:
    parts = rebase.lineage().parts("vn34:01", IN_2007, TODAY)
    assert {each.unit for each in parts} == {"vn63:01", "vn64:28"}
    assert rebase.lineage().parts("vn34:01", IN_2015, TODAY) == (Part("vn63:01"),)


def test_a_new_province_cannot_be_shown_on_the_map_of_its_parts() -> None:
    assert rebase.lineage().parts("vn63:06", TODAY, IN_2015) == ()


def test_an_unmerged_province_can_be_shown_on_the_old_map() -> None:
    assert rebase.lineage().parts("vn63:04", TODAY, IN_2015) == (Part("vn34:04"),)


def test_a_commune_with_a_divided_part_is_not_comparable_until_a_share_is_stated() -> None:
    known = {each.unit: Known(100.0) for each in rebase.lineage().parts("vn34:00008", IN_2015, TODAY)}
    assert on_the_map("vn34:00008", known).method is Method.NOT_COMPARABLE
    for part in rebase.lineage().parts("vn34:00008", IN_2015, TODAY):
        if part.share is None:
            services.set_share(CommandLine(), part.unit, "vn34:00008", 0.5, "Thống kê tỉnh")
    found = on_the_map("vn34:00008", known)
    assert found.method is Method.WEIGHTED
    assert found.value


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("vn34:19", ["2025-07-01"]),
        ("vn34:75", ["2025-07-01", "2026-04-30"]),  # Đồng Nai took in Bình Phước, then became a city
        ("vn34:01", ["2008-08-01"]),  # Hà Nội took in Hà Tây; that its key is another since 2025 is no break
        ("vn34:04", []),  # Cao Bằng has never changed
    ],
)
def test_the_breaks_of_a_province_are_the_days_of_its_own_changes(key: str, days: list[str]) -> None:
    found = rebase.breaks_of([key], date(2000, 1, 1), TODAY)
    assert [each.day.isoformat() for each in found.get(key, ())] == days


def test_a_break_tells_its_kind_its_units_and_its_legal_basis() -> None:
    merger, city = rebase.breaks_of(["vn34:75"], date(2020, 1, 1), TODAY)["vn34:75"]
    assert (merger.kinds, set(merger.units), merger.moved) == ({"merge"}, {"vn63:75", "vn63:70"}, True)
    assert merger.basis == ("Nghị quyết 202/2025/QH15",)
    assert (city.kinds, city.basis, city.moved) == ({"upgrade"}, ("Nghị quyết 30/2026/QH16",), False)


def test_the_country_has_had_three_maps_of_provinces() -> None:
    spans = rebase.map_spans(queries.by_key("vn:VN"), Level.PROVINCE)
    assert [(each.first, each.last, each.count) for each in spans] == [
        (None, date(2008, 7, 31), 64),
        (date(2008, 8, 1), date(2025, 6, 30), 63),
        (date(2025, 7, 1), None, 34),
    ]

"""Finding units by what people type."""

from __future__ import annotations

from datetime import date

import pytest

from toancanh.kernel.vietnamese import collation_key
from toancanh.units import queries

pytestmark = pytest.mark.usefixtures("national")
TODAY = date(2026, 11, 22)


def names(q: str, limit: int = 20) -> list[str]:
    return [each.full_name for each in queries.search(None, q, limit, on=TODAY)]


@pytest.mark.parametrize("typed", ["hoà bình", "hòa bình", "hoa binh", "HOA BINH", "xa hoa binh"])
def test_marks_and_their_place_do_not_matter(typed: str) -> None:
    assert "Xã Hòa Bình" in names(typed)


def test_exact_marks_come_first() -> None:
    assert names("Ba Đình")[0] in ("Phường Ba Đình", "Xã Ba Đình")
    assert "Xã Ba Dinh" in names("ba dinh")
    found = names("Ba Đình")
    assert "Xã Ba Dinh" not in found[:2]


def test_a_prefix_may_be_short_or_missing() -> None:
    assert "Phường Ba Đình" in names("p. ba đình")
    assert "Phường Ba Đình" in names("ba đình")


def test_a_code_finds_its_unit_only() -> None:
    assert [each.key for each in queries.search(None, "00004", on=TODAY)] == ["vn34:00004"]


def test_an_old_district_is_found_as_it_lives_on() -> None:
    assert names("Văn Lâm")[0] == "Huyện Văn Lâm (cũ)"


def test_an_old_province_is_found_on_a_day_it_existed() -> None:
    found = queries.search(None, "bac kan", 5, on=date(2025, 6, 30))
    assert found[0].key == "vn63:06"


def test_lists_are_in_vietnamese_order() -> None:
    found = [each.name for each in queries.units("vn63", "province")]
    assert found == sorted(found, key=collation_key)
    assert found.index("Đà Nẵng") > found.index("Cao Bằng")
    assert found.index("Đồng Tháp") < found.index("Gia Lai")


def test_units_are_listed_by_scheme_level_parent_and_day() -> None:
    communes = queries.units("vn34", "commune", "vn34:19")
    assert len(communes) == 92
    assert {each.parent.key for each in communes if each.parent} == {"vn34:19"}
    assert len(queries.units(parent="vn63:164", on=date(2024, 1, 1))) == 32
    assert queries.units("vn34", "commune", "vn34:19", q="ba be")[0].name == "Ba Bể"


@pytest.mark.parametrize("typed", ["....//....//", "?", "“”", "́", "²", "%", "_", "\\", "🦺"])
def test_signs_alone_find_nothing_and_break_nothing(typed: str) -> None:
    assert names(typed) == []

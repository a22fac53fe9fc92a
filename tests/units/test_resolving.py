"""Which unit a sender means: codes by date, names as people write them, doubt told in words."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from toancanh.units import queries

pytestmark = pytest.mark.usefixtures("national")
IN_2007, IN_2015, IN_2026 = date(2007, 12, 31), date(2015, 12, 31), date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ha Noi", "vn63:01"),
        ("Hà Nội", "vn63:01"),
        ("TP. Hà Nội", "vn63:01"),
        ("Thai  Nguyen", "vn63:19"),
        ("Khanh  Hoa", "vn63:56"),
        ("Ho Chi Minh city", "vn63:79"),
        ("Ho Chi Minh City", "vn63:79"),
        ("TP.Hồ Chí Minh", "vn63:79"),
        ("TPHCM", "vn63:79"),
        ("BRVT", "vn63:77"),
        ("Ba Ria - Vung Tau", "vn63:77"),
        ("Bà Rịa - Vũng Tàu", "vn63:77"),
        ("Thừa Thiên - Huế", "vn63:46"),
        ("Thua Thien-Hue", "vn63:46"),
        ("Bắc Cạn", "vn63:06"),
        ("Dak Lak", "vn63:66"),
        ("Đắc Lắc", "vn63:66"),
        ("Kontum", "vn63:62"),
        (" WHOLE COUNTRY", "vn:VN"),
        ("Cả nước", "vn:VN"),
        ("VN", "vn:VN"),
        ("R3", "vn:R3"),
        ("Red River Delta", "vn:R1"),
        ("Northern Central area and Central coastal area", "vn:R3"),
        ("North Central area and Central coastal area", "vn:R3"),
        ("Northern midlands and mountain areas", "vn:R2"),
        ("24", "vn63:24"),
        ("Huyện Văn Lâm", "vn63:325"),
        ("Xã Ba Tô", "vn63:21523"),
        ("vn34:19", "vn34:19"),
    ],
)
def test_names_and_codes_of_2015_are_understood(text: str, key: str) -> None:
    assert queries.resolve(text, on=IN_2015).key == key


def test_nfd_text_is_the_same_name() -> None:
    from unicodedata import normalize

    assert queries.resolve(normalize("NFD", "Thái Nguyên"), on=IN_2015).key == "vn63:19"


def test_a_province_that_has_ended_is_not_taken_for_a_ward_of_its_name() -> None:
    found = queries.resolve("Kon Tum", on=IN_2026)
    assert found.key is None
    assert found.reason
    assert "01/01/2026" in found.reason.vi
    assert queries.resolve("Phường Kon Tum", on=IN_2026).key == "vn34:23293"


def test_old_ha_tay_exists_until_2008_only() -> None:
    assert queries.resolve("Ha Tay", on=IN_2007).key == "vn64:28"
    assert queries.resolve("28", on=IN_2007).key == "vn64:28"
    assert queries.resolve("Ha Tay", on=IN_2015).key is None


def test_an_ambiguous_name_is_told_with_its_candidates() -> None:
    found = queries.resolve("Xã Tân Lập", on=IN_2015)
    assert found.key is None
    assert len(found.candidates) > 5
    assert found.reason
    assert "Ghi mã đơn vị" in found.reason.vi
    assert "code" in found.reason.en


def test_a_place_narrows_an_ambiguous_name() -> None:
    assert queries.resolve("Tân Lập", "commune", IN_2015, within="vn63:164").key == "vn63:05464"


def test_a_name_with_other_marks_is_not_taken_for_a_commune() -> None:
    assert queries.resolve("Xã Ba Tở", "commune", IN_2015, within="vn63:51").key is None


def test_an_unknown_name_is_refused_in_both_languages() -> None:
    found = queries.resolve("Oil and gas", on=IN_2015)
    assert found.key is None
    assert found.reason
    assert "Oil and gas" in found.reason.vi
    assert "Oil and gas" in found.reason.en


def test_a_code_that_lost_its_zeros_in_a_spreadsheet_is_found_when_the_level_is_known() -> None:
    assert queries.resolve("4", "province", IN_2015).key == "vn63:04"
    assert queries.resolve("4", "commune", IN_2026).key == "vn34:00004"


def test_texts_met_before_resolve_two_hundred_thousand_times_a_second() -> None:
    resolver = queries.resolver(IN_2015, "province")
    names = ["Ha Noi", "Thái Nguyên", "24", "TP.Hồ Chí Minh"]
    for name in names:
        resolver.resolve(name)
    best = min(_seconds(resolver, names) for _ in range(5))
    assert best < 0.1  # 20,000 look-ups


def _seconds(resolver: object, names: list[str]) -> float:
    begun = perf_counter()
    for _ in range(5_000):
        for name in names:
            resolver.resolve(name)  # type: ignore[attr-defined]
    return perf_counter() - begun


def test_rows_of_merged_provinces_count_for_the_new_one() -> None:
    mapping = queries.area_mapping("province", ["vn34:19"], on=IN_2015)
    assert mapping == {"vn63:19": "vn34:19", "vn63:06": "vn34:19"}


def test_rows_of_whole_old_communes_count_for_the_commune_they_became() -> None:
    mapping = queries.area_mapping("commune", ["vn34:00004"])
    assert mapping["vn63:00004"] == "vn34:00004"
    assert "vn63:00006" not in mapping  # went to another ward


def test_communes_are_mapped_to_their_provinces_of_today() -> None:
    today = queries.area_mapping("commune", queries.units("vn34", "province"), on=IN_2026)
    assert len(today) == 3_321
    before = queries.area_mapping("commune", queries.units("vn34", "province"), on=IN_2015)
    assert len(before) == 10_035


def test_the_territory_of_an_old_district_is_its_communes() -> None:
    assert {"vn34:11992", "vn34:11995", "vn34:12004"} <= queries.territory("custom:vn63-325")

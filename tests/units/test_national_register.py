"""The register of 63 and of 34 provinces against the official lists of both times."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from toancanh.kernel.vietnamese import normalise_tone
from toancanh.units import queries, services
from toancanh.units.models import CustomMember, Unit, UnitChange
from toancanh.units.policy import CommandLine

pytestmark = pytest.mark.usefixtures("national")
LAST_OF_63, FIRST_OF_34 = date(2025, 6, 30), date(2025, 7, 1)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def count(scheme: str, level: str) -> int:
    return len(queries.units(scheme, level))


def test_both_structures_have_their_official_numbers_of_units() -> None:
    assert (count("vn34", "province"), count("vn34", "commune")) == (34, 3_321)
    assert (count("vn63", "province"), count("vn63", "district"), count("vn63", "commune")) == (63, 696, 10_035)


def test_each_day_has_only_the_units_of_its_time() -> None:
    assert len(queries.units(level="province", on=LAST_OF_63)) == 63
    assert len(queries.units(level="province", on=FIRST_OF_34)) == 34
    assert len(queries.units(level="district", on=FIRST_OF_34)) == 0
    assert len(queries.units(level="province", on=date(2007, 1, 1))) == 64  # Hà Tây until 31/07/2008


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("24", "Bắc Giang", "Bắc Ninh"),
        ("15", "Yên Bái", "Lào Cai"),
        ("44", "Quảng Bình", "Quảng Trị"),
        ("52", "Bình Định", "Gia Lai"),
        ("80", "Long An", "Tây Ninh"),
        ("82", "Tiền Giang", "Đồng Tháp"),
        ("91", "Kiên Giang", "An Giang"),
    ],
)
def test_a_reused_province_code_means_another_province_after_the_merger(code: str, before: str, after: str) -> None:
    found = [queries.resolve(code, "province", on=day).key for day in (LAST_OF_63, FIRST_OF_34)]
    assert [queries.by_key(str(key)).name for key in found] == [before, after]


def test_the_communes_of_one_code_are_two_units() -> None:
    assert queries.by_key("vn63:00004").full_name == "Phường Trúc Bạch"
    assert queries.by_key("vn34:00004").full_name == "Phường Ba Đình"
    assert [queries.resolve("00004", on=day).key for day in (LAST_OF_63, FIRST_OF_34)] == ["vn63:00004", "vn34:00004"]


def test_dong_nai_becomes_a_city_and_ten_of_its_communes_wards_on_30_april_2026() -> None:
    days = (date(2026, 4, 29), date(2026, 4, 30))
    province = [queries.named_on([queries.by_key("vn34:75")], day)[0].full_name for day in days]
    assert province == ["Tỉnh Đồng Nai", "Thành phố Đồng Nai"]
    province_now = queries.by_key("vn34:75")
    wards = [sum(each.kind == "Phường" for each in queries.descendants(province_now, "commune", day)) for day in days]
    assert wards[1] - wards[0] == 10
    assert Counter(each.kind for each in queries.units("vn34", "commune")) == {"Xã": 2_611, "Phường": 697, "Đặc khu": 13}


def test_old_van_lam_lives_on_as_three_communes() -> None:
    members = CustomMember.objects.filter(custom__key="custom:vn63-325")
    assert sorted(each.member.code for each in members) == ["11992", "11995", "12004"]
    assert all(each.whole for each in members)
    assert queries.by_key("custom:vn63-325").full_name == "Huyện Văn Lâm (cũ)"


def test_hue_was_a_province_until_the_end_of_2024() -> None:
    names = [queries.named_on([queries.by_key("vn63:46")], day)[0].full_name for day in (date(2024, 12, 31), date(2025, 1, 1))]
    assert names == ["Tỉnh Thừa Thiên Huế", "Thành phố Huế"]


def test_regions_hold_every_province_of_their_time() -> None:
    country = queries.by_key("vn:VN")
    assert len(queries.descendants(country, "province", LAST_OF_63)) == 63
    assert len(queries.descendants(country, "province", FIRST_OF_34)) == 34
    assert [len(queries.descendants(country, "region", day)) for day in (LAST_OF_63, FIRST_OF_34)] == [6, 6]


@pytest.mark.slow
def test_loading_again_changes_nothing() -> None:
    before = (Unit.objects.count(), UnitChange.objects.count())
    done = services.load_national(CommandLine())
    assert (done["added"], done["mended"]) == (0, 0)
    assert (Unit.objects.count(), UnitChange.objects.count()) == before


def test_somebody_who_may_not_configure_cannot_load() -> None:
    from toancanh.kernel.problem import Problem

    class Reader(CommandLine):
        def can(self, action: object) -> bool:
            return False

    with pytest.raises(Problem, match="not-allowed"):
        services.load_national(Reader())


@pytest.mark.real_data
def test_every_current_commune_has_its_official_code_name_and_province(admin_units: Path) -> None:
    table = rows(admin_units / "communes_2025.csv")
    official = {each["code"]: (normalise_tone(each["full_name"]), each["province_code"]) for each in table}
    communes = [each for each in queries.units("vn34", "commune") if each.parent]
    assert {each.code: (normalise_tone(each.full_name), each.parent.code) for each in communes} == official


@pytest.mark.real_data
def test_every_old_unit_has_its_official_code_and_parents(admin_units: Path) -> None:
    official = {each["code"]: (each["district_code"], each["province_code"]) for each in rows(admin_units / "communes_2024.csv")}
    communes = Unit.objects.filter(scheme="vn63", level="commune").values_list("code", "parent__code", "parent__parent__code")
    assert {code: (district, province) for code, district, province in communes} == official
    provinces = {each["code"]: each["name"] for each in rows(admin_units / "provinces_2024.csv")}
    assert {each.code: each.name for each in queries.units("vn63", "province")}.keys() == provinces.keys()
    districts = {each["code"]: each["province_code"] for each in rows(admin_units / "districts_2024.csv")}
    assert {each.code: each.parent.code for each in queries.units("vn63", "district") if each.parent} == districts


@pytest.mark.real_data
@pytest.mark.slow
def test_the_crosswalk_uses_agreed_pairs_and_no_disputed_one(admin_units: Path) -> None:
    official = {(each["old_code"], each["new_code"]): each for each in rows(admin_units / "crosswalk_communes.csv")}
    edges = UnitChange.objects.filter(before__scheme="vn63", after__scheme="vn34", after__level="commune")
    ours = {(each.before.code, each.after.code): each.share for each in edges.select_related("before", "after") if each.after}
    agreed = {pair for pair, each in official.items() if each["status"] == "agreed"}
    disputed = {pair for pair, each in official.items() if each["status"] == "disputed" and pair[0] != "23710"}
    assert agreed <= ours.keys()
    assert not disputed & ours.keys()
    assert ours.keys() <= official.keys()
    parts: dict[str, int] = defaultdict(int)
    for before, _after in ours:
        parts[before] += 1
    assert all((share == 1.0) == (parts[before] == 1) for (before, _after), share in ours.items())


@pytest.mark.real_data
def test_every_current_commune_has_a_predecessor(admin_units: Path) -> None:
    reached = set(UnitChange.objects.filter(after__scheme="vn34", after__level="commune").values_list("after__code", flat=True))
    assert reached == {each["code"] for each in rows(admin_units / "communes_2025.csv")}

"""Messy addresses of 2019-2025 against the register."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from toancanh.kernel.vietnamese import normalise_tone
from toancanh.units import addresses, queries, register
from toancanh.units.models import Unit
from toancanh.units.register import Entry

pytestmark = pytest.mark.usefixtures("national")


@pytest.mark.parametrize(
    ("ward", "district", "province", "expected"),
    [
        ("Phường Nguyễn Trãi", "Quận Hà Đông", "Hà Nội", "Phường Quang Trung"),  # merged in 2025
        ("xã lê ninh", "thị xã kinh môn", "hải dương", "Xã Lê Ninh"),
        ("P. Bến Nghé", "Q.1", "TP.HCM", "Phường Bến Nghé"),
        ("Phường 01", "Quận 3", "Hồ Chí Minh", "Phường 1"),
        ("Phường Tứ Hạ", "Thị Xã Hương Trà", "Thừa Thiên Huế", "Phường Tứ Hạ"),
        ("Thị Trấn Lộc Hà", "Huyện Lộc Hà", "Hà Tĩnh", "Thị trấn Lộc Hà"),
        ("Phường Hiệp Phú", "Quận 9", "Hồ Chí Minh", "Phường Hiệp Phú"),
        ("Xã Thụy Lâm", "Huyện Đông Anh", "Hà Nội", "Xã Thụy Lâm"),
        ("Xã Thuỵ Lâm", "Huyện Đông Anh", "Hà Nội", "Xã Thụy Lâm"),
        ("Xã Quí Quân", "Huyện Yên Sơn", "Tuyên Quang", "Xã Quý Quân"),
        ("Thị trấn Ba Tơ", "Huyện Ba Tơ", "Quảng Ngãi", "Thị trấn Ba Tơ"),
        ("Xã Ba Tô", "Huyện Ba Tơ", "Quảng Ngãi", "Xã Ba Tô"),
    ],
)
def test_an_address_is_matched(ward: str, district: str, province: str, expected: str) -> None:
    found = addresses.match(ward, district, province)
    assert found.key
    assert normalise_tone(queries.by_key(found.key).full_name) == expected


@pytest.mark.parametrize(
    ("ward", "district", "province"),
    [
        ("Xã Không Có", "Huyện Đông Anh", "Hà Nội"),
        ("Phường Bến Nghé", "Quận 1", "Atlantis"),
        ("Phường Bến Nghé", "Huyện Nào Đó", "Hồ Chí Minh"),
        ("", "", ""),
    ],
)
def test_a_doubtful_address_is_no_match(ward: str, district: str, province: str) -> None:
    assert addresses.match(ward, district, province).key is None


def test_an_address_without_a_district_is_one_of_today() -> None:
    assert addresses.match("Phường Ba Đình", "", "Hà Nội").key == "vn34:00004"


@pytest.mark.real_data
@pytest.mark.slow
def test_at_least_ninety_nine_per_cent_of_real_addresses_match_and_none_is_wrong(real_data: Path) -> None:
    with (real_data / "addresses" / "legacy_address_strings.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == 10_688
    matches = [(row, addresses.match(row["ward"], row["district"], row["province"])) for row in rows]
    matched = [(row, found.key) for row, found in matches if found.key]
    judge = Judge()
    wrong = [(tuple(row.values()), key) for row, key in matched if not judge.right(row, str(key))]
    assert wrong == []
    assert len(matched) >= 0.99 * len(rows)


@pytest.mark.real_data
@pytest.mark.slow
def test_an_address_that_stands_in_the_official_list_gets_exactly_that_unit(real_data: Path) -> None:
    official = _official(real_data / "admin-units")
    with (real_data / "addresses" / "legacy_address_strings.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    checked = 0
    for row in rows:
        code = official.get((_plain(row["ward"]), _plain(row["district"]), _plain(row["province"])))
        if code:
            checked += 1
            assert addresses.match(row["ward"], row["district"], row["province"]).key == f"vn63:{code}", row
    assert checked > 8_500


def _plain(text: str) -> str:
    return normalise_tone(text).lower().strip()


def _official(folder: Path) -> dict[tuple[str, str, str], str]:
    def read(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    provinces = {each["code"]: _plain(each["name"]) for each in read("provinces_2024.csv")}
    districts = {each["code"]: _plain(each["full_name"]) for each in read("districts_2024.csv")}
    return {
        (_plain(each["full_name"]), districts[each["district_code"]], provinces[each["province_code"]]): each["code"]
        for each in read("communes_2024.csv")
    }


class Judge:
    """A match is right when province, district and commune each bear the typed name, or took in a unit of that name."""

    def __init__(self) -> None:
        self.register = register.current()
        self.absorbed = dict(Unit.objects.exclude(absorbed=[]).values_list("id", "absorbed"))

    def right(self, row: dict[str, str], key: str) -> bool:
        commune = self.register.by_key[key]
        district = self.register.entries[commune.parent or 0]
        province = self.register.entries[district.parent or 0]
        pairs = ((row["ward"], commune), (row["district"], district), (row["province"], province))
        return all(self._named(text, entry) for text, entry in pairs)

    def _named(self, text: str, entry: Entry) -> bool:
        full, name = addresses.forms(text)
        own = {form for each in (entry.full_name, entry.name, *entry.aliases) for form in addresses.forms(each)}
        near = {form.replace("y", "i") for form in own}
        return bool({full, name, name.replace("y", "i")} & {*own, *near, *self.absorbed.get(entry.id, ())})

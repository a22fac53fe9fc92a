"""The country and its six socio-economic regions, as the statistics office drew them before and after 01/07/2025."""

from __future__ import annotations

from dataclasses import replace

from toancanh.kernel.contracts import Level
from toancanh.units.loading.records import FIRST_DAY_OF_34, LAST_DAY_OF_63, UnitRecord

COUNTRY = UnitRecord(
    scheme="vn",
    code="VN",
    level=Level.COUNTRY,
    kind="Nước",
    name="Việt Nam",
    full_name="Việt Nam",
    name_en="Viet Nam",
    lat=16.2,
    lon=106.3,
    aliases=("Cả nước", "Toàn quốc", "Whole country", "Vietnam", "Chung cả nước"),
)

# code: (name, English name, other spellings, provinces)
_UNTIL_2025: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "R1": ("Đồng bằng sông Hồng", "Red River Delta", ("ĐBSH",), "01 22 26 27 30 31 33 34 35 36 37"),
    "R2": (
        "Trung du và miền núi phía Bắc",
        "Northern Midlands and Mountains",
        ("Northern midlands and mountain areas", "Northern midland and mountain areas"),
        "02 04 06 08 10 11 12 14 15 17 19 20 24 25",
    ),
    "R3": (
        "Bắc Trung Bộ và Duyên hải miền Trung",
        "North Central and Central Coast",
        (
            "Northern Central area and Central coastal area",
            "North Central area and Central coastal area",
            "North Central and Central coastal areas",
            "North Central Coast and South Central Coast",
        ),
        "38 40 42 44 45 46 48 49 51 52 54 56 58 60",
    ),
    "R4": ("Tây Nguyên", "Central Highlands", (), "62 64 66 67 68"),
    "R5": ("Đông Nam Bộ", "South East", ("Southeast",), "70 72 74 75 77 79"),
    "R6": ("Đồng bằng sông Cửu Long", "Mekong River Delta", ("ĐBSCL", "Mekong Delta"), "80 82 83 84 86 87 89 91 92 93 94 95 96"),
}
_SINCE_2025: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "S1": ("Trung du và miền núi phía Bắc", "Northern Midlands and Mountains", (), "04 08 11 12 14 15 19 20 25"),
    "S2": ("Đồng bằng sông Hồng", "Red River Delta", (), "01 22 24 31 33 37"),
    "S3": ("Bắc Trung Bộ", "North Central", (), "38 40 42 44 46"),
    "S4": ("Duyên hải Nam Trung Bộ và Tây Nguyên", "South Central Coast and Central Highlands", (), "48 51 52 56 66 68"),
    "S5": ("Đông Nam Bộ", "South East", (), "75 79 80"),
    "S6": ("Đồng bằng sông Cửu Long", "Mekong River Delta", (), "82 86 91 92 96"),
}
REGION_OF_63 = {code: f"vn:{region}" for region, row in _UNTIL_2025.items() for code in row[3].split()}
REGION_OF_34 = {code: f"vn:{region}" for region, row in _SINCE_2025.items() for code in row[3].split()}
REGION_OF_63["28"] = "vn:R1"  # Hà Tây


def regions() -> list[UnitRecord]:
    """The six regions of each time."""
    until = [
        replace(_region(code, row), valid_to=LAST_DAY_OF_63, legal_basis="Nghị quyết 81/2023/QH15")
        for code, row in _UNTIL_2025.items()
    ]
    since = [
        replace(_region(code, row), valid_from=FIRST_DAY_OF_34, legal_basis="Nghị quyết 306/NQ-CP năm 2025")
        for code, row in _SINCE_2025.items()
    ]
    return until + since


def _region(code: str, row: tuple[str, str, tuple[str, ...], str]) -> UnitRecord:
    name, english, spellings, _provinces = row
    return UnitRecord(
        scheme="vn",
        code=code,
        level=Level.REGION,
        kind="Vùng",
        name=name,
        full_name=f"Vùng {name}",
        name_en=english,
        parent=COUNTRY.key,
        aliases=spellings,
    )

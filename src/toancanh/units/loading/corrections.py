"""What the package does not know, or knows wrongly. Each line with its legal basis."""

from __future__ import annotations

from datetime import date

from toancanh.units.loading.records import FormerNameRecord

CODES = {"06970": "06978"}  # Xã Ba Chẽ (Quảng Ninh): the statistics office's list

DONG_NAI_DAY = date(2026, 4, 30)
DONG_NAI_CITY = "Nghị quyết 30/2026/QH16"
DONG_NAI_WARDS = "Nghị quyết 237/NQ-UBTVQH16"
DONG_NAI_NEW_WARDS = ("25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485")

HUE_RENAMED = FormerNameRecord(
    key="vn63:46",
    kind="Tỉnh",
    name="Thừa Thiên Huế",
    full_name="Tỉnh Thừa Thiên Huế",
    name_en="Thua Thien Hue",
    valid_to=date(2024, 12, 31),
    legal_basis="Nghị quyết 175/2024/QH15",
)
HA_TAY_ENDED = date(2008, 7, 31)
HA_TAY_MERGED = "Nghị quyết 15/2008/QH12"

# Names that old communes are also known by, squeezed: wards merged on 01/01/2025 (Nghị quyết 1251/NQ-UBTVQH15), a spelling.
ABSORBED = {
    "20236": {"phuonghaichau1", "haichau1", "phuonghaichau2", "haichau2"},
    "24727": {"xadakndung", "dakndung"},
}
ENGLISH = {"Hà Nội": "Hanoi", "Hồ Chí Minh": "Ho Chi Minh City"}
ALIASES = {
    "Hồ Chí Minh": ("TP.HCM", "HCMC", "Sài Gòn"),
    "Bà Rịa - Vũng Tàu": ("BRVT", "BR-VT"),
    "Huế": ("Thừa Thiên - Huế", "TT Huế"),
    "Hà Nội": ("HN",),
    "Bắc Kạn": ("Bắc Cạn",),
    "Đắk Lắk": ("Đắc Lắc", "Daklak"),
    "Đắk Nông": ("Đắc Nông", "Daknong"),
}

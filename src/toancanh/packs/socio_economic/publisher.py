"""How the statistics office names places in its exports. A publisher's spellings belong to the pack that reads its files."""

from __future__ import annotations

import re

COUNTRY = "vn:VN"
_REGIONS = {
    "red river delta": "vn:R1",
    "northern midlands and mountain areas": "vn:R2",
    "northern central area and central coastal area": "vn:R3",
    "north central area and central coastal area": "vn:R3",
    "central highlands": "vn:R4",
    "south east": "vn:R5",
    "mekong river delta": "vn:R6",
}
# Province codes of 1995-2016 (63 provinces, and old Hà Tây), by the English name without spaces and hyphens.
_PROVINCES = {
    "hanoi": "01", "hagiang": "02", "caobang": "04", "backan": "06", "tuyenquang": "08", "laocai": "10",
    "dienbien": "11", "laichau": "12", "sonla": "14", "yenbai": "15", "hoabinh": "17", "thainguyen": "19",
    "langson": "20", "quangninh": "22", "bacgiang": "24", "phutho": "25", "vinhphuc": "26", "bacninh": "27",
    "hatay": "28", "haiduong": "30", "haiphong": "31", "hungyen": "33", "thaibinh": "34", "hanam": "35",
    "namdinh": "36", "ninhbinh": "37", "thanhhoa": "38", "nghean": "40", "hatinh": "42", "quangbinh": "44",
    "quangtri": "45", "thuathienhue": "46", "danang": "48", "quangnam": "49", "quangngai": "51", "binhdinh": "52",
    "phuyen": "54", "khanhhoa": "56", "ninhthuan": "58", "binhthuan": "60", "kontum": "62", "gialai": "64",
    "daklak": "66", "daknong": "67", "lamdong": "68", "binhphuoc": "70", "tayninh": "72", "binhduong": "74",
    "dongnai": "75", "bariavungtau": "77", "hochiminhcity": "79", "longan": "80", "tiengiang": "82", "bentre": "83",
    "travinh": "84", "vinhlong": "86", "dongthap": "87", "angiang": "89", "kiengiang": "91", "cantho": "92",
    "haugiang": "93", "soctrang": "94", "baclieu": "95", "camau": "96",
}  # fmt: skip
_NOT_LETTER = re.compile(r"[^a-z]")


def place(name: str) -> str:
    """The unit key of a place as printed; a name that is no place ("Oil and gas") comes back as it is, for people to review."""
    words = " ".join(name.split())
    lower = words.lower()
    if lower == "whole country":
        return COUNTRY
    if lower in _REGIONS:
        return _REGIONS[lower]
    code = _PROVINCES.get(_NOT_LETTER.sub("", lower))
    return _province(code) if code else words


def place_of_code(code: str) -> str:
    """The unit key of a code in the long table: VN, R1..R6 or a province of the 63."""
    return f"vn:{code}" if code == "VN" or code.startswith("R") else _province(code.zfill(2))


def _province(code: str) -> str:
    """Hà Tây went into Hà Nội on 01/08/2008, before the map of 63: it is of the map of 64."""
    return f"vn64:{code}" if code == "28" else f"vn63:{code}"

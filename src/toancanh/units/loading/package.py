"""Reads the data files of the package `vietnamadminunits` (MIT): its tables of both times and what became of what.

Only its data files are opened, read-only; its code, which may call a geocoder, is never imported.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from toancanh.kernel.contracts import Level
from toancanh.kernel.vietnamese import fold
from toancanh.units.loading import corrections
from toancanh.units.loading.country import REGION_OF_34, REGION_OF_63
from toancanh.units.loading.records import (
    COMMUNES_MERGED,
    DISTRICTS_ENDED,
    FIRST_DAY_OF_34,
    LAST_DAY_OF_63,
    PROVINCES_MERGED,
    ChangeRecord,
    UnitRecord,
)  # fmt: skip

OLD, NEW = "vn63", "vn34"
Row = dict[str, Any]


class PackageData:
    """The package's rows as unit and change records."""

    def __init__(self) -> None:
        folder = files("vietnamadminunits") / "data"
        with as_file(folder / "dataset.db") as path, closing(_opened(path)) as database:
            self.old: list[Row] = [dict(row) for row in database.execute("SELECT * FROM admin_units_legacy")]
            self.new: list[Row] = [_corrected(dict(row)) for row in database.execute("SELECT * FROM admin_units")]
        self.converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
        self.divided: dict[str, Any] = json.loads((folder / "parser_legacy.json").read_text(encoding="utf-8"))[
            "DICT_PROVINCE_DISTRICT_DIVIDED"
        ]

    # --- units ---

    def old_provinces(self) -> Iterator[UnitRecord]:
        for row in _once(self.old, "provinceCode"):
            yield _province(row, OLD, REGION_OF_63, valid_to=LAST_DAY_OF_63)

    def new_provinces(self) -> Iterator[UnitRecord]:
        for row in _once(self.new, "provinceCode"):
            yield _province(row, NEW, REGION_OF_34, valid_from=FIRST_DAY_OF_34, legal_basis=PROVINCES_MERGED)

    def old_districts(self) -> Iterator[UnitRecord]:
        taken_from = self._districts_taken_from
        for row in _once(self.old, "districtCode"):
            absorbed = {*_others(row, "district"), *taken_from[row["provinceKey"], row["districtKey"]]}
            yield UnitRecord(
                scheme=OLD, code=row["districtCode"], level=Level.DISTRICT, kind=row["districtType"],
                name=row["districtShort"], full_name=row["district"], parent=f"{OLD}:{row['provinceCode']}",
                lat=row["districtLat"], lon=row["districtLon"], valid_to=LAST_DAY_OF_63,
                absorbed=tuple(sorted(absorbed)), legal_basis=DISTRICTS_ENDED,
            )  # fmt: skip

    def old_communes(self) -> Iterator[UnitRecord]:
        for row in self.old:
            if row["wardCode"]:
                absorbed = _others(row, "ward") | corrections.ABSORBED.get(row["wardCode"], set())
                yield UnitRecord(
                    scheme=OLD, code=row["wardCode"], level=Level.COMMUNE, kind=row["wardType"], name=row["wardShort"],
                    full_name=row["ward"], parent=f"{OLD}:{row['districtCode']}", lat=row["wardLat"], lon=row["wardLon"],
                    valid_to=LAST_DAY_OF_63, absorbed=tuple(sorted(absorbed)), legal_basis=COMMUNES_MERGED,
                )  # fmt: skip

    def new_communes(self) -> Iterator[UnitRecord]:
        for row in self.new:
            upgraded = row["wardCode"] in corrections.DONG_NAI_NEW_WARDS
            kind = "Phường" if upgraded else row["ward"].removesuffix(row["wardShort"]).strip()  # its wardType is wrong at times
            yield UnitRecord(
                scheme=NEW, code=row["wardCode"], level=Level.COMMUNE, kind=kind, name=row["wardShort"],
                full_name=f"{kind} {row['wardShort']}", parent=f"{NEW}:{row['provinceCode']}", lat=row["wardLat"],
                lon=row["wardLon"], area_km2=row["wardAreaKm2"], valid_from=FIRST_DAY_OF_34, legal_basis=COMMUNES_MERGED,
            )  # fmt: skip

    # --- what became of what ---

    def province_changes(self) -> Iterator[ChangeRecord]:
        old = {row["provinceKey"]: row["provinceCode"] for row in self.old}
        new = {row["provinceKey"]: row["provinceCode"] for row in self.new}
        for key, parts in self.converter["DICT_PROVINCE"].items():
            for part in parts:
                yield ChangeRecord(
                    before=f"{OLD}:{old[part]}", after=f"{NEW}:{new[key]}", date=FIRST_DAY_OF_34,
                    kind="merge" if len(parts) > 1 else "continue", share=1.0, legal_basis=PROVINCES_MERGED,
                )  # fmt: skip

    def commune_changes(self) -> Iterator[ChangeRecord]:
        """An old commune with one successor went whole; with several, in parts whose sizes nobody has published."""
        targets: dict[str, list[str]] = defaultdict(list)
        sources: Counter[str] = Counter()
        for before, after in sorted(self.trusted_pairs):
            targets[before].append(after)
            sources[after] += 1
        for before, afters in targets.items():
            for after in afters:
                whole = len(afters) == 1
                kind = "split" if not whole else "merge" if sources[after] > 1 else "continue"
                yield ChangeRecord(
                    before=f"{OLD}:{before}", after=f"{NEW}:{after}", date=FIRST_DAY_OF_34, kind=kind,
                    share=1.0 if whole else None, legal_basis=COMMUNES_MERGED,
                )  # fmt: skip

    @cached_property
    def trusted_pairs(self) -> set[tuple[str, str]]:
        """(old code, new code). No commune of 2025 joins two old provinces: a pair that says so is a mix-up of homonyms."""
        home = {_old_code(row): row["provinceCode"] for row in self.old}
        provinces: dict[str, Counter[str]] = defaultdict(Counter)
        for before, after in self._pairs:
            provinces[after][home[before]] += 1
        return {(before, after) for before, after in self._pairs if provinces[after].most_common(1)[0][0] == home[before]}

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        old = {f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": _old_code(row) for row in self.old}
        new = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in self.new}
        whole = {
            (old[before], new[province, ward])
            for province, wards in self.converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
            for ward, parts in wards.items()
            for before in parts
        }
        parts = {
            (old[before], new[province, part["newWardKey"]])
            for province, divided in self.converter["DICT_PROVINCE_WARD_DIVIDED"].items()
            for before, afters in divided.items()
            for part in afters
        }
        return whole | parts

    @cached_property
    def _districts_taken_from(self) -> dict[tuple[str, str], set[str]]:
        """Names of districts that gave communes to a district before 2025: (province, district) -> names."""
        taken: dict[tuple[str, str], set[str]] = defaultdict(set)
        for province, districts in self.divided.items():
            for giver in districts.values():
                for taker in giver["districts"]:
                    taken[province, taker] |= set(giver["dividedDistrictKeywords"])
        return taken


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    database.row_factory = sqlite3.Row
    return database


def _old_code(row: Row) -> str:
    return str(row["wardCode"] or row["districtCode"])  # five island districts had no communes


def _corrected(row: Row) -> Row:
    row["wardCode"] = corrections.CODES.get(row["wardCode"], row["wardCode"])
    return row


def _once(rows: Iterable[Row], column: str) -> Iterator[Row]:
    return iter({row[column]: row for row in reversed(list(rows))}.values())


def _others(row: Row, what: str) -> set[str]:
    """Squeezed names other than its own: spellings, and units merged into it before 2025."""
    return set(json.loads(row[f"{what}Keywords"] or "[]")) - {row[f"{what}Key"], row[f"{what}ShortKey"]}


def _province(row: Row, scheme: str, regions: dict[str, str], **options: Any) -> UnitRecord:
    full_name, name, code = row["province"], row["provinceShort"], row["provinceCode"]
    kind = full_name.removesuffix(name).strip()
    if (scheme, code) == (NEW, "75"):
        kind, full_name = "Thành phố", f"Thành phố {name}"
    return UnitRecord(
        scheme=scheme, code=code, level=Level.PROVINCE, kind=kind, name=name, full_name=full_name,
        name_en=corrections.ENGLISH.get(name) or fold(name).title(), parent=regions[code], lat=row["provinceLat"],
        lon=row["provinceLon"], aliases=corrections.ALIASES.get(name, ()), **options,
    )  # fmt: skip

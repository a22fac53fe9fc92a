"""All units of Viet Nam and all changes between them, in the order in which they must be written (parents first)."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.contracts import Level
from toancanh.units.loading import corrections
from toancanh.units.loading.country import COUNTRY, REGION_OF_63, regions
from toancanh.units.loading.package import NEW, PackageData
from toancanh.units.loading.records import (
    DISTRICTS_ENDED,
    FIRST_DAY_OF_34,
    ChangeRecord,
    FormerNameRecord,
    UnitRecord,
)  # fmt: skip

HA_TAY = UnitRecord(
    scheme="vn64",
    code="28",
    level=Level.PROVINCE,
    kind="Tỉnh",
    name="Hà Tây",
    full_name="Tỉnh Hà Tây",
    name_en="Ha Tay",
    parent=REGION_OF_63["28"],
    lat=20.9714,
    lon=105.7788,
    valid_to=corrections.HA_TAY_ENDED,
    legal_basis=corrections.HA_TAY_MERGED,
)


def units_by_level(package: PackageData) -> list[list[UnitRecord]]:
    """Waves of units: each wave's parents are in the waves before it."""
    return [
        [COUNTRY],
        regions(),
        [HA_TAY, *package.old_provinces(), *package.new_provinces()],
        list(package.old_districts()),
        [*package.old_communes(), *package.new_communes()],
    ]


def changes(package: PackageData) -> list[ChangeRecord]:
    """Every edge: Hà Tây into Hà Nội, 63 to 34, communes to communes, districts to nothing, Đồng Nai's upgrades."""
    ended = [
        ChangeRecord(before=each.key, after=None, date=FIRST_DAY_OF_34, kind="abolish", share=None, legal_basis=DISTRICTS_ENDED)
        for each in package.old_districts()
    ]
    ha_tay = ChangeRecord(
        before=HA_TAY.key,
        after="vn63:01",
        date=corrections.HA_TAY_ENDED + timedelta(days=1),
        kind="merge",
        share=1.0,
        legal_basis=corrections.HA_TAY_MERGED,
    )
    upgrades = [
        ChangeRecord(
            before=each.key,
            after=each.key,
            date=each.valid_to + timedelta(days=1),
            kind="upgrade",
            share=1.0,
            legal_basis=each.legal_basis,
        )
        for each in former_names(package)
    ]
    return [ha_tay, *package.province_changes(), *package.commune_changes(), *ended, *upgrades]


def former_names(package: PackageData) -> list[FormerNameRecord]:
    """Names that units of the same key had before: Huế, Đồng Nai and its ten new wards."""
    last_day = corrections.DONG_NAI_DAY - timedelta(days=1)
    names = {each["wardCode"]: each["wardShort"] for each in package.new}
    wards = [
        FormerNameRecord(
            key=f"{NEW}:{code}",
            kind="Xã",
            name=names[code],
            full_name=f"Xã {names[code]}",
            valid_to=last_day,
            legal_basis=corrections.DONG_NAI_WARDS,
        )
        for code in corrections.DONG_NAI_NEW_WARDS
    ]
    province = FormerNameRecord(
        key=f"{NEW}:75", kind="Tỉnh", name="Đồng Nai", full_name="Tỉnh Đồng Nai", name_en="Dong Nai",
        valid_to=last_day, legal_basis=corrections.DONG_NAI_CITY,
    )  # fmt: skip
    return [corrections.HUE_RENAMED, province, *wards]

"""Old districts as custom areas of today: each commune goes to the district that most of its parts came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from toancanh.kernel.contracts import Level
from toancanh.units.loading.package import NEW, OLD
from toancanh.units.loading.records import DISTRICTS_ENDED, FIRST_DAY_OF_34, UnitRecord
from toancanh.units.register import Entry, Register


@dataclass(frozen=True, slots=True)
class OldDistrict:
    """The custom area of one district: its communes as (key, wholly from this district)."""

    record: UnitRecord
    communes: tuple[tuple[str, bool], ...]


def old_districts(register: Register) -> list[OldDistrict]:
    """One custom area per district of 2024 that is the main origin of at least one commune."""
    found: dict[int, list[tuple[Entry, bool]]] = defaultdict(list)
    for commune in register.entries.values():
        if commune.scheme == NEW and commune.level is Level.COMMUNE:
            origins = _origins(register, commune)
            if origins:
                main, _weight = max(origins.items(), key=lambda item: (item[1], -item[0]))
                found[main].append((commune, len(origins) == 1))
    return [_custom(register, register.entries[district], communes) for district, communes in sorted(found.items())]


def _origins(register: Register, commune: Entry) -> Counter[int]:
    """Old districts of the commune's parts; a whole part weighs twice a part of a divided one."""
    origins: Counter[int] = Counter()
    for edge in register.edges_into.get(commune.id, ()):
        before = register.entries[edge.before]
        if before.scheme == OLD:
            district = before.id if before.level is Level.DISTRICT else before.parent
            if district is not None:
                origins[district] += 2 if edge.share is not None else 1
    return origins


def _custom(register: Register, district: Entry, communes: list[tuple[Entry, bool]]) -> OldDistrict:
    province = register.entries[communes[0][0].parent or 0]
    record = UnitRecord(
        scheme="custom",
        code=f"{OLD}-{district.code}",
        level=Level.CUSTOM,
        kind=district.kind,
        name=district.name,
        full_name=f"{district.full_name} (cũ)",
        parent=province.key,
        valid_from=FIRST_DAY_OF_34,
        legal_basis=DISTRICTS_ENDED,
    )
    return OldDistrict(record, tuple((commune.key, whole) for commune, whole in communes))

"""Writes loaded records: what is missing is added, what differs is mended, the rest is not touched. Safe to run again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toancanh.units.loading.records import ChangeRecord, FormerNameRecord, UnitRecord
from toancanh.units.models import CustomMember, FormerName, Unit, UnitChange

BATCH = 800
_LOADED = (
    "level", "kind", "name", "full_name", "name_en", "aliases", "absorbed", "parent_id", "lat", "lon", "valid_from", "valid_to",
    "legal_basis", "role", "sample",
)  # fmt: skip
_FIRST_ONLY = ("population", "area_km2")  # a figure that is there is not replaced: it may have been reviewed since


@dataclass(slots=True)
class Written:
    """How many rows were new and how many were mended."""

    added: int = 0
    mended: int = 0

    def __iadd__(self, other: Written) -> Written:
        self.added += other.added
        self.mended += other.mended
        return self


def write_units(records: Sequence[UnitRecord]) -> Written:
    """One wave of units; the parents are there already. Flags, and a population or area that is there, are left alone."""
    ids = dict(Unit.objects.filter(key__in={each.parent for each in records if each.parent}).values_list("key", "id"))
    known = {each.key: each for each in Unit.objects.filter(scheme__in={each.scheme for each in records})}
    fresh, changed = [], []
    for record in records:
        values, unit = _values(record, ids), known.get(record.key)
        if unit is None:
            fresh.append(Unit(scheme=record.scheme, code=record.code, **values))
        elif _mend(unit, values):
            changed.append(unit)
    Unit.objects.bulk_create(fresh, batch_size=BATCH)
    if changed:
        columns = [*(name.removesuffix("_id") for name in _LOADED), *_FIRST_ONLY, "order_key", "search_key", "changed_at"]
        Unit.objects.bulk_update(changed, columns, batch_size=BATCH // 4)
    return Written(len(fresh), len(changed))


def _values(record: UnitRecord, ids: dict[str, int]) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(record, name) for name in (*_LOADED, *_FIRST_ONLY) if name != "parent_id"}
    values |= {
        "level": record.level.value,
        "parent_id": ids[record.parent] if record.parent else None,
        "aliases": list(record.aliases),
        "absorbed": list(record.absorbed),
    }
    return values


def _mend(unit: Unit, values: dict[str, object]) -> bool:
    """Set what differs; True when anything did."""
    mended = False
    for name, value in values.items():
        kept = name in _FIRST_ONLY and (value is None or getattr(unit, name) is not None)
        if not kept and getattr(unit, name) != value:
            setattr(unit, name, value)
            mended = True
    return mended


def write_changes(records: Iterable[ChangeRecord]) -> Written:
    """Edges between units that are there already."""
    ids = dict(Unit.objects.values_list("key", "id"))
    known = {(each.before_id, each.after_id, each.date): each for each in UnitChange.objects.all()}
    fresh, changed = [], []
    for record in records:
        ends = (ids[record.before], ids[record.after] if record.after else None, record.date)
        edge = known.get(ends)
        values = {"kind": record.kind, "share": record.share, "legal_basis": record.legal_basis}
        if edge is None:
            fresh.append(UnitChange(before_id=ends[0], after_id=ends[1], date=ends[2], **values))
        elif (edge.share is None and record.share is not None) or edge.kind != record.kind:
            edge.kind, edge.share, edge.legal_basis = record.kind, record.share, record.legal_basis
            changed.append(edge)
    UnitChange.objects.bulk_create(fresh, batch_size=BATCH)
    UnitChange.objects.bulk_update(changed, ["kind", "share", "legal_basis"], batch_size=BATCH // 2)
    return Written(len(fresh), len(changed))


def write_former_names(records: Sequence[FormerNameRecord]) -> Written:
    ids = dict(Unit.objects.filter(key__in=[each.key for each in records]).values_list("key", "id"))
    written = Written()
    for record in records:
        values = {"name": record.name, "full_name": record.full_name, "kind": record.kind, "name_en": record.name_en}
        _, fresh = FormerName.objects.get_or_create(
            unit_id=ids[record.key], valid_to=record.valid_to, defaults={**values, "legal_basis": record.legal_basis}
        )
        written.added += fresh
    return written


def write_members(members: dict[str, list[tuple[str, bool]]]) -> Written:
    """Members of custom areas: {custom key: [(member key, wholly inside)]}."""
    ids = dict(Unit.objects.values_list("key", "id"))
    known = set(CustomMember.objects.values_list("custom_id", "member_id"))
    fresh = [
        CustomMember(custom_id=ids[custom], member_id=ids[member], whole=whole)
        for custom, inside in members.items()
        for member, whole in inside
        if (ids[custom], ids[member]) not in known
    ]
    CustomMember.objects.bulk_create(fresh, batch_size=BATCH)
    return Written(len(fresh))

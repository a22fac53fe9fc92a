"""Writes to the register of units: loading it, adding agencies and custom areas, names, shares, figures and boundaries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Level
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.units import queries, register
from toancanh.units.events import UnitsChanged
from toancanh.units.loading import measures
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.loading.writing import Written, write_changes, write_former_names, write_members, write_units
from toancanh.units.models import ChangeKind, CustomMember, FormerName, Unit, UnitChange
from toancanh.units.policy import Writer, may_configure

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # it stands in addresses

if TYPE_CHECKING:
    from toancanh.units.boundaries import BoundaryReport


@transaction.atomic
def load_national(actor: Writer) -> dict[str, int]:
    """Load every unit of Viet Nam of both times with all changes. Safe to run again. Returns counts by what was loaded."""
    from toancanh.units.loading import districts, national
    from toancanh.units.loading.package import PackageData

    may_configure(actor)
    package = PackageData()
    done = Written()
    for wave in national.units_by_level(package):
        done += write_units(wave)
    done += write_former_names(national.former_names(package))
    done += write_changes(national.changes(package))
    old = districts.old_districts(register.current())
    done += write_units([each.record for each in old])
    done += write_members({each.record.key: list(each.communes) for each in old})
    register.forget()
    if done.added or done.mended:
        tell_after_commit(UnitsChanged())
        audit.record(actor.label, "units.load", "units:national", detail={"added": done.added, "mended": done.mended})
    return {"added": done.added, "mended": done.mended, "units": Unit.objects.count(), "changes": UnitChange.objects.count()}


@transaction.atomic
def put_units(actor: Writer, records: Sequence[UnitRecord]) -> Written:
    """Add or mend units in any order; a parent may be among them. Raises `Problem` when a parent is unknown."""
    may_configure(actor)
    done, waiting = Written(), list(records)
    areas = {each.key for each in records if each.level is not Level.AGENCY}  # nothing is added up over agencies
    left = Unit.objects.filter(key__in=areas, parent__isnull=False).values_list("parent__key", flat=True)
    around: set[str] = {each.parent for each in records if each.parent and each.key in areas}
    around.update(filter(None, left))
    while waiting:
        coming = {each.key for each in waiting}
        wave = [each for each in waiting if each.parent not in coming]
        if not wave:
            raise _refused("units-in-a-ring", waiting[0].key)
        known = set(queries.by_keys(each.parent for each in wave if each.parent))
        for each in wave:
            if each.parent and each.parent not in known:
                raise _refused("unknown-parent", each.parent)
        done += write_units(wave)
        waiting = [each for each in waiting if each.parent in coming]
    if areas and (done.added or done.mended):
        tell_after_commit(UnitsChanged(tuple(sorted(areas | around))))
    audit.record(actor.label, "units.put", "units:register", detail={"added": done.added, "mended": done.mended})
    return done


@transaction.atomic
def put_changes(actor: Writer, records: Sequence[ChangeRecord]) -> Written:
    """Add edges of change between units that exist."""
    may_configure(actor)
    done = write_changes(records)
    register.forget()
    if done.added or done.mended:
        keys = {key for each in records for key in (each.before, each.after) if key}
        tell_after_commit(UnitsChanged(tuple(sorted(keys))))
    audit.record(actor.label, "units.change", "units:register", detail={"added": done.added, "mended": done.mended})
    return done


@transaction.atomic
def add_agency(actor: Writer, place: Unit | str, record: UnitRecord) -> Unit:
    """Add an agency of `place`; `record.parent` is set to it."""
    parent = place if isinstance(place, str) else place.key
    put_units(actor, [replace(record, level=Level.AGENCY, parent=parent)])
    return queries.by_key(record.key)


@transaction.atomic
def load_agencies(actor: Writer, place: Unit | str) -> list[Unit]:
    """The departments that every province has since 01/03/2025, those they were merged from, and the changes between them."""
    from toancanh.units.loading.agencies import agencies_of, mergers_of

    parent = queries.by_key(place) if isinstance(place, str) else place
    if parent.level != Level.PROVINCE.value:
        raise _refused("not-a-province", parent.full_name)
    put_units(actor, agencies_of(parent.key, parent.code))
    put_changes(actor, mergers_of(parent.code))
    return queries.agencies(parent=parent)


@transaction.atomic
def merge_units(actor: Writer, befores: Iterable[str], after: str, day: date, legal_basis: str) -> None:
    """From `day` on the units `befores` are part of `after`: they end the day before, and whole edges are drawn.

    Raises `Problem` 422 when one of them is not in the register.
    """
    may_configure(actor)
    target = queries.by_key(after)
    wanted = set(befores)
    known = queries.by_keys(wanted)
    if len(known) < len(wanted):
        raise _refused("unknown-members", ", ".join(sorted(wanted - set(known))))
    ended = [each for each in known.values() if each.pk != target.pk]
    for unit in ended:
        unit.valid_to = day - timedelta(days=1)
        unit.save(update_fields=["valid_to", "changed_at"])
    edge = ChangeRecord(before=after, after=after, date=day, kind=ChangeKind.MERGE, share=1.0, legal_basis=legal_basis)
    write_changes([replace(edge, before=each.key) for each in ended])
    register.forget()
    tell_after_commit(UnitsChanged((*sorted(wanted), after)))
    detail = {"from": sorted(each.key for each in ended), "on": day.isoformat()}
    audit.record(actor.label, "units.merge", f"unit:{after}", detail=detail)


@transaction.atomic
def rename(actor: Writer, key: str, names: Mapping[str, str], day: date, legal_basis: str) -> Unit:
    """Give a unit new `names` (name, full_name, kind, name_en) from `day` on; the former name is kept with its last day."""
    may_configure(actor)
    unit = queries.by_key(key)
    if not any(names.values()):
        raise _refused("no-new-name", unit.full_name)
    if FormerName.objects.filter(unit=unit, valid_to=day - timedelta(days=1)).exists():
        raise _refused("renamed-already", f"{unit.full_name}, {day:%d/%m/%Y}")
    FormerName.objects.create(
        unit=unit,
        name=unit.name,
        full_name=unit.full_name,
        name_en=unit.name_en,
        kind=unit.kind,
        valid_to=day - timedelta(days=1),
        legal_basis=legal_basis,
    )
    for column in ("name", "full_name", "kind", "name_en"):
        setattr(unit, column, names.get(column, getattr(unit, column)))
    unit.save()
    write_changes([ChangeRecord(before=key, after=key, date=day, kind=ChangeKind.RENAME, share=1.0, legal_basis=legal_basis)])
    audit.record(actor.label, "units.rename", f"unit:{key}", detail={"to": unit.full_name, "on": day.isoformat()})
    return unit


@transaction.atomic
def set_share(actor: Writer, before: str, after: str, share: float, legal_basis: str) -> UnitChange:
    """State how much (0 to 1) of a divided unit went into one of its successors, so that its figures can be allotted."""
    may_configure(actor)
    if not 0 < share <= 1:
        raise _refused("share-out-of-bounds", str(share))
    edge = UnitChange.objects.filter(before__key=before, after__key=after).first()
    if edge is None:
        raise _refused("no-such-change", f"{before} -> {after}")
    edge.share, edge.legal_basis = share, legal_basis
    edge.save()
    register.forget()
    Unit.objects.filter(pk=edge.before_id).update(changed_at=timezone.now())
    tell_after_commit(UnitsChanged((before, after)))
    audit.record(actor.label, "units.share", f"unit:{before}", detail={"after": after, "share": share})
    return edge


@transaction.atomic
def make_custom_area(actor: Writer, record: UnitRecord, members: Iterable[str]) -> Unit:
    """Make, or give new members to, an area of the centre's own: a set of units that are looked at together."""
    may_configure(actor)
    wanted = queries.by_keys(members)
    missing = sorted(set(members) - set(wanted))
    if missing or not wanted:
        raise _refused("unknown-members", ", ".join(missing))
    if record.parent and not queries.by_keys([record.parent]):
        raise _refused("unknown-parent", record.parent)
    if not CODE.fullmatch(record.code):
        raise _refused("bad-code", record.code)
    write_units([record])
    unit = queries.by_key(record.key)
    CustomMember.objects.filter(custom=unit).delete()
    CustomMember.objects.bulk_create(CustomMember(custom=unit, member=each) for each in wanted.values())
    unit.save(update_fields=["changed_at"])
    register.forget()
    tell_after_commit(UnitsChanged((record.key,)))
    audit.record(actor.label, "units.custom", f"unit:{record.key}", detail={"members": sorted(wanted)})
    return unit


def load_boundaries(actor: Writer, path: Path, **options: str | None) -> BoundaryReport:
    """Read a GeoJSON file of boundaries. `options`: code_property, scheme, level, source. See `boundaries.read`."""
    from toancanh.units import boundaries  # geometry weighs 25 MB and a tenth of a second: only who needs it carries it

    may_configure(actor)
    report = boundaries.read(path, **options)
    with transaction.atomic():
        boundaries.keep(report)
        audit.record(actor.label, "units.boundaries", f"file:{path.name}", detail={"matched": len(report.shapes)})
    return report


@transaction.atomic
def draw_illustrative(
    actor: Writer, parent: Unit | str, outline: Sequence[tuple[float, float]] = (), level: Level | str = Level.COMMUNE
) -> int:
    """Draw cells round the label points of the units under `parent` that have no surveyed boundary. Returns how many were drawn.

    `outline` is a ring of (longitude, latitude) to cut the cells to; without it a hull of the points is used.
    """
    from toancanh.units import illustration

    may_configure(actor)
    unit = queries.by_key(parent) if isinstance(parent, str) else parent
    drawn = illustration.draw(unit, queries.descendants(unit, level), outline)
    audit.record(actor.label, "units.illustrate", f"unit:{unit.key}", detail={"drawn": drawn})
    return drawn


@transaction.atomic
def put_measures(actor: Writer, rows: Iterable[measures.Measured]) -> dict[str, list[str]]:
    """Set population (people) and area (km²) of units, and flag the doubtful ones. Returns {unit key: doubts}."""
    may_configure(actor)
    doubts = measures.keep(list(rows))
    audit.record(actor.label, "units.measures", "units:register", detail={"doubtful": len(doubts)})
    return doubts


def review_measures(rows: Iterable[measures.Measured]) -> dict[str, list[str]]:
    """Doubts about populations and areas by unit key, without writing anything. See `measures.review`."""
    return measures.review(list(rows))


def _refused(code: str, what: str) -> Problem:
    title, detail = _REFUSALS[code]
    return Problem(code, 422, title, detail.with_values(what=what))


_REFUSALS = {
    "units-in-a-ring": (
        Text("Đơn vị lồng nhau thành vòng", "Units contain each other"),
        Text("Đơn vị “{what}” nằm trong chính nó. Sửa đơn vị cấp trên.", "Unit “{what}” lies within itself. Correct its parent."),
    ),
    "unknown-parent": (
        Text("Không có đơn vị cấp trên", "No such parent"),
        Text("Không có đơn vị cấp trên “{what}”. Thêm nó trước.", "There is no parent unit “{what}”. Add it first."),
    ),
    "share-out-of-bounds": (
        Text("Tỷ lệ không hợp lệ", "Share out of bounds"),
        Text("Tỷ lệ “{what}” phải lớn hơn 0 và không quá 1.", "The share “{what}” must be above 0 and at most 1."),
    ),
    "no-such-change": (
        Text("Không có thay đổi này", "No such change"),
        Text("Danh mục không ghi thay đổi {what}.", "The register records no change {what}."),
    ),
    "bad-code": (
        Text("Mã chưa đúng", "The code is not right"),
        Text("Mã “{what}” chỉ gồm chữ không dấu, chữ số, gạch ngang.",
             "The code “{what}” takes plain letters, digits and dashes."),
    ),
    "no-new-name": (
        Text("Chưa có tên mới", "There is no new name"),
        Text("Ghi tên mới của “{what}”: --name hoặc --full-name.", "State the new name of “{what}”: --name or --full-name."),
    ),
    "renamed-already": (
        Text("Đã đổi tên từ ngày này", "Renamed from this day already"),
        Text("Danh mục đã ghi việc đổi tên: {what}.", "The register holds this new name already: {what}."),
    ),
    "not-a-province": (
        Text("Không phải cấp tỉnh", "Not a province"),
        Text("“{what}” không phải tỉnh, thành phố. Ghi mã tỉnh, ví dụ vn34:19.",
             "“{what}” is not a province. Name one, e.g. vn34:19."),
    ),
    "unknown-members": (
        Text("Thiếu đơn vị thành viên", "Unknown members"),
        Text("Không có các đơn vị: {what}. Chọn ít nhất một đơn vị có thật.", "No such units: {what}. Choose known ones."),
    ),
}

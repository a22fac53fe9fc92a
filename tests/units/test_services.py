"""Changing the register: agencies, custom areas, renames, merges; each leaves its trace."""

from __future__ import annotations

from datetime import date

import pytest

from toancanh.audit.models import AuditEntry
from toancanh.kernel.contracts import Level
from toancanh.kernel.problem import Problem
from toancanh.units import queries, services
from toancanh.units.loading.records import UnitRecord
from toancanh.units.models import UnitChange
from toancanh.units.policy import CommandLine

pytestmark = pytest.mark.django_db
ACTOR = CommandLine("tester")


def record(code: str, level: Level, name: str, parent: str | None = None, **more: object) -> UnitRecord:
    names = {"kind": "Xã", "name": name, "full_name": f"Xã {name}"}
    return UnitRecord(scheme="sample", code=code, level=level, parent=parent, **names, **more)  # type: ignore[arg-type]


@pytest.fixture
def province() -> str:
    services.put_units(
        ACTOR,
        [
            record("MS02", Level.COMMUNE, "Bình Yên", "sample:MS", lat=21.1, lon=105.2),
            record("MS01", Level.COMMUNE, "An Lạc", "sample:MS", lat=21.0, lon=105.1),
            record("MS", Level.PROVINCE, "Minh Sơn"),
        ],
    )
    return "sample:MS"


def test_units_may_be_put_in_any_order(province: str) -> None:
    assert [each.name for each in queries.descendants(queries.by_key(province), "commune")] == ["An Lạc", "Bình Yên"]
    assert queries.root().key == province


def test_a_unit_in_an_unknown_place_is_refused(province: str) -> None:
    with pytest.raises(Problem, match="unknown-parent"):
        services.put_units(ACTOR, [record("X", Level.COMMUNE, "X", "sample:NO")])


def test_units_that_contain_each_other_are_refused() -> None:
    ring = [record("A", Level.COMMUNE, "A", "sample:B"), record("B", Level.COMMUNE, "B", "sample:A")]
    with pytest.raises(Problem, match="units-in-a-ring"):
        services.put_units(ACTOR, ring)


def test_the_departments_of_a_province_and_their_mergers_are_loaded(province: str) -> None:
    services.load_agencies(ACTOR, province)
    finance = queries.agency_for_role("finance", on=date(2026, 1, 1))
    assert finance
    assert finance.full_name == "Sở Tài chính"
    assert len(queries.agencies(date(2026, 1, 1))) == 14
    before = {each.name for each in queries.agencies(date(2024, 1, 1))}
    assert {"Sở Giao thông vận tải", "Sở Thông tin và Truyền thông", "Sở Kế hoạch và Đầu tư"} <= before
    merged = UnitChange.objects.filter(after__code="MS-SXD").values_list("before__name", flat=True)
    assert sorted(merged) == ["Sở Giao thông vận tải", "Sở Xây dựng"]


def test_an_agency_is_resolved_by_name_on_its_day(province: str) -> None:
    services.load_agencies(ACTOR, province)
    resolve = queries.resolver(date(2026, 1, 1), "agency").resolve
    assert resolve("Sở Xây dựng").key == "agency:MS-SXD"
    assert resolve("so xay dung").key == "agency:MS-SXD"
    assert resolve("Sở Xây dựng", date(2024, 1, 1)).key == "agency:MS-SXD-2024"
    assert resolve("Sở Giao thông vận tải").key is None


def test_a_custom_area_is_a_set_of_communes(province: str) -> None:
    names = {"kind": "Khu vực", "name": "Ven sông", "full_name": "Khu vực ven sông"}
    area = UnitRecord(scheme="custom", code="ven-song", level=Level.CUSTOM, parent=province, **names)
    unit = services.make_custom_area(ACTOR, area, ["sample:MS01"])
    assert [each.key for each in queries.descendants(unit, "commune")] == ["sample:MS01"]
    services.make_custom_area(ACTOR, area, ["sample:MS01", "sample:MS02"])
    assert queries.territory(unit) == {"custom:ven-song", "sample:MS01", "sample:MS02"}
    with pytest.raises(Problem, match="unknown-members"):
        services.make_custom_area(ACTOR, area, ["sample:MS99"])


def test_a_rename_keeps_the_former_name_for_its_days(province: str) -> None:
    services.rename(ACTOR, "sample:MS01", {"full_name": "Phường An Lạc", "kind": "Phường"}, date(2026, 5, 1), "Nghị quyết 1")
    unit = queries.by_key("sample:MS01")
    assert unit.full_name == "Phường An Lạc"
    assert queries.named_on([unit], date(2026, 4, 30))[0].full_name == "Xã An Lạc"
    assert queries.resolve("Xã An Lạc", on=date(2026, 1, 1)).key == "sample:MS01"


def test_merged_units_end_the_day_before(province: str) -> None:
    services.merge_units(ACTOR, ["sample:MS02"], "sample:MS01", date(2026, 5, 1), "Nghị quyết 2")
    assert queries.by_key("sample:MS02").valid_to == date(2026, 4, 30)
    assert queries.area_mapping("commune", ["sample:MS01"]) == {"sample:MS01": "sample:MS01", "sample:MS02": "sample:MS01"}


def test_every_write_leaves_an_audit_entry(province: str) -> None:
    services.load_agencies(ACTOR, province)
    services.draw_illustrative(ACTOR, province)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"units.put", "units.change", "units.illustrate"} <= actions
    assert set(AuditEntry.objects.values_list("actor", flat=True)) == {"tester"}


def test_a_reader_changes_nothing(province: str) -> None:
    class Reader(CommandLine):
        def can(self, action: object) -> bool:
            return False

    with pytest.raises(Problem, match="not-allowed"):
        services.load_agencies(Reader(), province)
    assert queries.agencies() == []

"""The departments of a province since 01/03/2025 (Nghị định 150/2025/NĐ-CP), those they were merged from, and the edges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from toancanh.kernel import agency_roles as role
from toancanh.kernel.agency_roles import AgencyRole
from toancanh.kernel.contracts import Level
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.models import BEGINNING

REORGANISED = date(2025, 3, 1)
DECREE = "Nghị định 150/2025/NĐ-CP"


@dataclass(frozen=True, slots=True)
class Department:
    """One department: its code within the province, role, and the (code, name) of those that went into it."""

    code: str
    role: AgencyRole
    was: tuple[tuple[str, str], ...] = ()


DEPARTMENTS = (
    Department("VP", role.PROVINCIAL_OFFICE),
    Department("STC", role.FINANCE, (("STC-2024", "Sở Tài chính"), ("SKHDT", "Sở Kế hoạch và Đầu tư"))),
    Department("SCT", role.INDUSTRY_TRADE),
    Department(
        "SNNMT",
        role.AGRICULTURE_ENVIRONMENT,
        (("SNNPTNT", "Sở Nông nghiệp và Phát triển nông thôn"), ("STNMT", "Sở Tài nguyên và Môi trường")),
    ),
    Department("SXD", role.CONSTRUCTION, (("SXD-2024", "Sở Xây dựng"), ("SGTVT", "Sở Giao thông vận tải"))),
    Department("SNV", role.HOME_AFFAIRS, (("SNV-2024", "Sở Nội vụ"), ("SLDTBXH", "Sở Lao động - Thương binh và Xã hội"))),
    Department("STP", role.JUSTICE),
    Department(
        "SKHCN",
        role.SCIENCE_TECHNOLOGY,
        (("SKHCN-2024", "Sở Khoa học và Công nghệ"), ("STTTT", "Sở Thông tin và Truyền thông")),
    ),
    Department("SYT", role.HEALTH),
    Department("SGDDT", role.EDUCATION),
    Department("SVHTTDL", role.CULTURE_TOURISM),
    Department("TK", role.STATISTICS),
    Department("THUE", role.TAX),
    Department("KBNN", role.TREASURY),
)


def agencies_of(province: str, code: str) -> list[UnitRecord]:
    """All departments of the province with this key and code, of today and of before."""
    found = []
    for each in DEPARTMENTS:
        since = REORGANISED if each.was else BEGINNING
        found.append(_agency(province, f"{code}-{each.code}", each.role.title.vi, each.role, since))
        found += [_agency(province, f"{code}-{old}", name, None, BEGINNING) for old, name in each.was]
    return found


def mergers_of(code: str) -> list[ChangeRecord]:
    """The six mergers of 2025 as edges."""
    return [
        ChangeRecord(
            before=f"agency:{code}-{old}",
            after=f"agency:{code}-{each.code}",
            date=REORGANISED,
            kind="merge",
            share=1.0,
            legal_basis=DECREE,
        )
        for each in DEPARTMENTS
        for old, _name in each.was
    ]


def _agency(province: str, code: str, name: str, plays: AgencyRole | None, since: date) -> UnitRecord:
    return UnitRecord(
        scheme="agency",
        code=code,
        level=Level.AGENCY,
        kind="Sở" if name.startswith("Sở ") else "Cơ quan",
        name=name,
        full_name=name,
        name_en=plays.title.en if plays else "",
        parent=province,
        valid_from=since,
        valid_to=None if plays else REORGANISED - timedelta(days=1),
        role=plays.code if plays else "",
        legal_basis=DECREE,
    )

"""What a loader hands over: a unit or a change before it is in the database, named by keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toancanh.kernel.contracts import Level
from toancanh.units.models import BEGINNING

LAST_DAY_OF_63 = date(2025, 6, 30)
FIRST_DAY_OF_34 = date(2025, 7, 1)
PROVINCES_MERGED = "Nghị quyết 202/2025/QH15"
COMMUNES_MERGED = "Các nghị quyết 1654-1687/NQ-UBTVQH15 ngày 16/06/2025"
DISTRICTS_ENDED = "Luật 72/2025/QH15 (tổ chức chính quyền địa phương)"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRecord:
    """One unit. `absorbed` are squeezed names of units that went into this one before the register begins."""

    scheme: str
    code: str
    level: Level
    kind: str
    name: str
    full_name: str
    name_en: str = ""
    parent: str | None = None
    lat: float | None = None
    lon: float | None = None
    area_km2: float | None = None
    population: int | None = None
    role: str = ""
    sample: bool = False
    valid_from: date = BEGINNING
    valid_to: date | None = None
    legal_basis: str = ""
    aliases: tuple[str, ...] = ()
    absorbed: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.scheme}:{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """One edge between two unit keys; see `models.UnitChange`."""

    before: str
    after: str | None
    date: date
    kind: str
    share: float | None
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerNameRecord:
    """What a unit was called until a day (inclusive)."""

    key: str
    kind: str
    name: str
    full_name: str
    name_en: str = ""
    valid_to: date
    legal_basis: str

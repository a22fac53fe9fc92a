"""What the sample province hands to the loader: units, changes, accounts, sources and deliveries, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from toancanh.kernel.contracts import Level
from toancanh.kernel.text import Text

SAMPLE_BASIS = "Dữ liệu mẫu (tỉnh hư cấu)"


@dataclass(frozen=True, slots=True)
class UnitDefinition:
    """An area or an agency. `parent` is the key of another definition; `lat`, `lon` are the label point in degrees."""

    scheme: str
    code: str
    level: Level
    kind: str
    name: str
    full_name: str
    name_en: str
    parent: str | None = None
    valid_from: date = date(2025, 7, 1)
    valid_to: date | None = None
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    area_km2: float | None = None
    role: str = ""

    @property
    def key(self) -> str:
        return f"{self.scheme}:{self.code}"


@dataclass(frozen=True, slots=True)
class ChangeDefinition:
    """On `date` (a share of) unit `before` became (part of) unit `after`; both are keys."""

    before: str
    after: str
    date: date
    kind: str
    share: float | None = 1.0


@dataclass(frozen=True, slots=True)
class AccountDefinition:
    """A sample account; its password is made when it is loaded. `grants` are (field, agency key, area key), "" for any."""

    username: str
    full_name: str
    post: Text
    role: str
    agency: str
    grants: tuple[tuple[str, str, str], ...] = (("", "", ""),)


@dataclass(frozen=True, slots=True)
class SourceDefinition:
    """Who sends which datasets, and at what pace (None: that of each dataset)."""

    code: str
    title: Text
    owner: str
    datasets: tuple[str, ...]
    cadence: timedelta | None
    config: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampleDelivery:
    """One payload in the form a real system sends it. `key` is its idempotency key; `received_at` (UTC) is when it came."""

    source: str
    dataset: str
    content_type: str
    filename: str
    body: bytes
    key: str
    received_at: datetime

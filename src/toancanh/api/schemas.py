"""The shapes that the API answers with. Codes and dates as text in ISO 8601; figures as JSON numbers, missing ones as null."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, Field


def _written(value: object) -> object:
    """Refuse a bare number, which would pass for seconds since 1970."""
    if isinstance(value, str) and value.lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("write YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Moment = Annotated[datetime, BeforeValidator(_written)]
Cursor = Annotated[str, Field(json_schema_extra={"pattern": "^[A-Za-z0-9_-]*$"}, description="`next` of the page before")]


class UnitOut(Schema):
    key: str
    scheme: str
    code: str
    level: str
    kind: str
    name: str
    full_name: str
    name_en: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    population: int | None
    area_km2: float | None
    lat: float | None
    lon: float | None
    flags: dict[str, object]


class UnitPage(Schema):
    count: int
    items: list[UnitOut]
    next: str | None


class IndicatorOut(Schema):
    code: str
    field: str
    title: str
    title_en: str
    definition: str
    definition_en: str
    unit: str
    unit_en: str
    good: str
    grains: list[str]
    cumulative: bool
    owner: str
    basis: str
    dataset: str
    version: int
    breakdowns: list[str]


class ValueOut(Schema):
    id: int | None
    unit: str
    period: str
    regime: str
    from_day: date
    to_day: date
    value: float | None
    numerator: float | None
    denominator: float | None
    target: float | None
    status: str
    as_of: datetime | None
    known_from: datetime | None
    known_to: datetime | None
    method: str
    coverage: float | None
    reason: str = ""
    reason_en: str = ""


class ValuePage(Schema):
    indicator: str
    unit_words: str
    items: list[ValueOut]
    next: str | None


class ProofOut(Schema):
    id: int
    indicator: str
    unit: str
    period: str
    value: float | None
    status: str
    formula: str
    formula_en: str
    formula_version: int
    parts: list[dict[str, object]]
    part: int
    rows: list[dict[str, object]]
    row_count: int
    approver: str
    automatic: bool
    recomputed_value: float | None
    equal: bool


class ProblemOut(Schema):
    type: str
    title: str
    status: int
    detail: str
    detail_vi: str
    detail_en: str


class ReceiptOut(Schema):
    id: UUID
    received: int
    accepted: int
    quarantined: int


class DeliveryOut(ReceiptOut):
    dataset: str
    state: str
    received_at: datetime


class HeldRowOut(Schema):
    line: int
    state: str
    values: dict[str, object]
    problems: list[dict[str, object]]


class HeldRowPage(Schema):
    id: UUID
    quarantined: int
    items: list[HeldRowOut]
    next: str | None


REFUSED = dict.fromkeys((400, 401, 403, 404, 422), ProblemOut)

"""GET /indicators/{code}/values and /values/{id}/proof: figures with where they come from."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from toancanh.api import pages
from toancanh.api.access import asking
from toancanh.api.schemas import REFUSED, Cursor, Day, Moment, ProofOut, ValueOut, ValuePage
from toancanh.indicators import rebased
from toancanh.indicators.measured import Page
from toancanh.indicators.proof import Proof, proof
from toancanh.indicators.rebased import ValuePoint, Wanted
from toancanh.kernel.contracts import Level
from toancanh.kernel.cursors import cursor_of, place_of
from toancanh.kernel.periods import FIRST_YEAR, LAST_YEAR, Grain
from toancanh.kernel.registry import registry
from toancanh.units import queries as units

router = Router(tags=["values"])
PeriodDay = Annotated[  # those that periods know; a schema cannot bound a date, so the pattern says which years
    Day, Field(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 30), json_schema_extra={"pattern": "^(19|20|21)"})
]


class ProofFilters(Schema):
    """Which part of the calculation, and which of its rows."""

    part: int = Field(0, ge=0, le=99)
    limit: int = Field(50, ge=1, le=500)
    offset: int = Field(0, ge=0, le=10_000_000)


class ValueFilters(Schema):
    """What is asked for. Days bound the starts of the periods, both inclusive."""

    unit: str | None = None
    level: Level | None = None
    grain: Grain | None = None
    cumulative: bool = False
    first: PeriodDay | None = Field(None, alias="from")
    last: PeriodDay | None = Field(None, alias="to")
    map_day: PeriodDay | None = Field(None, alias="map")
    known: Moment | None = None
    limit: int = Field(1000, ge=1, le=10_000)
    cursor: Cursor = ""


@router.get("/indicators/{code}/values", response={200: ValuePage, **REFUSED}, summary="Values of one indicator")
def list_values(request: HttpRequest, code: str, asked: Query[ValueFilters]) -> ValuePage:
    """By unit, then by period. `map` shows the series on the map of that day; `known` gives what was known at that moment."""
    actor = asking(request)
    wanted = Wanted(
        unit=units.by_key(asked.unit) if asked.unit else None, level=asked.level, grain=asked.grain, cumulative=asked.cumulative,
        first=asked.first, last=asked.last, map_day=asked.map_day, known=pages.aware(asked.known),
    )
    start = place_of(asked.cursor)
    points = rebased.values(actor, code, wanted, Page(start, asked.limit + 1))
    indicator = registry.indicator(code)
    return ValuePage(
        indicator=code,
        unit_words=indicator.unit.vi if indicator else "",
        items=[_point(each) for each in points[: asked.limit]],
        next=cursor_of(start + asked.limit) if len(points) > asked.limit else None,
    )


@router.get("/values/{value_id}/proof", response={200: ProofOut, **REFUSED}, summary="The proof of one value")
def prove(request: HttpRequest, value_id: int, asked: Query[ProofFilters]) -> ProofOut:
    """Formula, parts, rows with delivery and line, and the value computed again."""
    return _proof(proof(asking(request), value_id, part=asked.part, limit=asked.limit, offset=asked.offset))


def _point(each: ValuePoint) -> ValueOut:
    return ValueOut(
        id=each.cell_id, unit=each.unit.key, period=each.period.code, regime=each.period.regime.value,
        from_day=each.period.first_day, to_day=each.period.last_day,
        value=each.value, numerator=each.numerator, denominator=each.denominator, target=each.target, status=each.status,
        as_of=each.as_of, known_from=each.known_from, known_to=each.known_to, method=each.method, coverage=each.coverage,
        reason=each.reason.vi if each.reason else "", reason_en=each.reason.en if each.reason else "",
    )


def _proof(found: Proof) -> ProofOut:
    cell = found.cell
    return ProofOut(
        id=cell.pk, indicator=cell.indicator, unit=cell.unit.key, period=cell.period.code, value=cell.value, status=cell.status,
        formula=found.formula.vi, formula_en=found.formula.en, formula_version=found.version,
        parts=[
            {
                "title": each.title.vi, "title_en": each.title.en, "period": each.period.code, "value": each.value,
                "rows": each.rows,
            }
            for each in found.parts
        ],
        part=found.part, row_count=found.row_count,
        rows=[
            {
                "values": {name: pages.plain(value) for name, value in each.values.items()}, "delivery": each.delivery,
                "line": each.line, "source": each.source.vi, "sender": each.sender, "file": each.filename,
                "received_at": each.received_at.isoformat(),
            }
            for each in found.rows
        ],
        approver=found.approver, automatic=found.automatic, recomputed_value=found.recomputed_value, equal=found.equal,
    )

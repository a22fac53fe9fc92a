"""GET /units: the dated register of areas and agencies."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from toancanh.api.access import asking
from toancanh.api.schemas import REFUSED, Cursor, Day, UnitOut, UnitPage
from toancanh.kernel.contracts import Level
from toancanh.kernel.cursors import cursor_of, place_of
from toancanh.units import queries
from toancanh.units.models import Unit

router = Router(tags=["units"])
MOST = 12_000  # more than the communes of any one date


class UnitFilters(Schema):
    """`on` default: today. `parent` is a unit key; `q` folds diacritics and prefixes."""

    scheme: str | None = None
    level: Level | None = None
    parent: str | None = None
    on: Day | None = None
    q: str = Field("", max_length=120)
    limit: int = Field(MOST, ge=1, le=MOST)
    cursor: Cursor = ""


@router.get("/units", response={200: UnitPage, **REFUSED}, summary="Administrative areas and agencies")
def list_units(request: HttpRequest, asked: Query[UnitFilters]) -> UnitPage:
    """Units valid on a day in Vietnamese order."""
    asking(request)
    start = place_of(asked.cursor)
    level = asked.level.value if asked.level else None
    found = queries.units(asked.scheme, level, asked.parent, asked.on, asked.q, limit=start + asked.limit + 1)[start:]
    return UnitPage(
        count=min(len(found), asked.limit), items=[_out(unit) for unit in found[: asked.limit]],
        next=cursor_of(start + asked.limit) if len(found) > asked.limit else None,
    )  # fmt: skip


def _out(unit: Unit) -> UnitOut:
    return UnitOut(
        key=unit.key, scheme=unit.scheme, code=unit.code, level=unit.level, kind=unit.kind, name=unit.name,
        full_name=unit.full_name, name_en=unit.name_en, parent=unit.parent.key if unit.parent else None,
        valid_from=unit.valid_from, valid_to=unit.valid_to,
        population=unit.population, area_km2=unit.area_km2, lat=unit.lat, lon=unit.lon, flags=unit.flags,
    )

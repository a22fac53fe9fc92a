"""GET /units: the dated register of areas and agencies."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Query, Router

from toancanh.api.access import asking
from toancanh.api.schemas import ProblemOut, UnitOut, UnitPage
from toancanh.kernel.contracts import Level
from toancanh.units import queries
from toancanh.units.models import Unit

router = Router(tags=["units"])
MOST = 12_000  # more than the communes of any one date


@router.get("/units", response={200: UnitPage, 401: ProblemOut, 404: ProblemOut}, summary="Administrative areas and agencies")
def list_units(
    request: HttpRequest,
    scheme: str | None = None,
    level: Level | None = None,
    parent: str | None = None,
    on: date | None = None,
    q: str = Query("", max_length=120),
    limit: int = Query(MOST, ge=1, le=MOST),
) -> UnitPage:
    """Units valid on a day (default: today) in Vietnamese order. `parent` is a unit key; `q` folds diacritics and prefixes."""
    asking(request)
    found = queries.units(scheme, level.value if level else None, parent, on, q, limit=limit)
    return UnitPage(count=len(found), items=[_out(unit) for unit in found])


def _out(unit: Unit) -> UnitOut:
    return UnitOut(
        key=unit.key, scheme=unit.scheme, code=unit.code, level=unit.level, kind=unit.kind, name=unit.name,
        full_name=unit.full_name, name_en=unit.name_en, parent=unit.parent.key if unit.parent else None,
        valid_from=unit.valid_from, valid_to=unit.valid_to,
        population=unit.population, area_km2=unit.area_km2, lat=unit.lat, lon=unit.lon, flags=unit.flags,
    )

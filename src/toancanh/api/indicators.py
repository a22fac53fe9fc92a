"""GET /indicators: what is measured, and how each figure is defined."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from toancanh.api.access import asking
from toancanh.api.schemas import REFUSED, IndicatorOut
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.registry import registry
from toancanh.people.policy import visible_fields
from toancanh.people.roles import Action

router = Router(tags=["indicators"])


@router.get("/indicators", response={200: list[IndicatorOut], **REFUSED}, summary="Indicators and their definitions")
def list_indicators(request: HttpRequest, field: str | None = None) -> list[IndicatorOut]:
    """Every indicator that the asker may see, in the order of the fields; `field` keeps one field."""
    fields = visible_fields(asking(request), Action.VIEW)
    return [
        _out(each)
        for each in registry.indicators()
        if (fields is None or registry.pack_of(each).code in fields) and field in (None, registry.pack_of(each).code)
    ]


def _out(each: Indicator) -> IndicatorOut:
    return IndicatorOut(
        code=each.code, field=registry.pack_of(each).code, title=each.title.vi, title_en=each.title.en,
        definition=each.definition.vi, definition_en=each.definition.en, unit=each.unit.vi, unit_en=each.unit.en,
        good=each.good.value, grains=[grain.value for grain in each.grains], cumulative=each.cumulative, owner=each.owner.code,
        basis=each.basis, dataset=each.dataset.code, version=each.version, breakdowns=[column.name for column in each.by],
    )

"""Who may see which values: by field (pack) and by unit, as a filter on the cells."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from toancanh.indicators.models import Cell
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.people.policy import restrict


def visible(cells: QuerySet[Cell], actor: Actor) -> QuerySet[Cell]:
    """The cells that `actor` may see. For an actor without limits the query stays as it is."""
    return restrict(cells, actor, field="indicator", area="unit", fields_to=codes_of)


def codes_of(pack_code: str) -> Collection[str]:
    """The indicators of a field."""
    pack = registry.pack(pack_code)
    return [each.code for each in pack.indicators] if pack else []


def readable(actor: Actor, code: str) -> Indicator:
    """The indicator `code`. Raises `Problem`: 404 when no pack declares it, 403 when its field may not be seen."""
    indicator = registry.indicator(code)
    if indicator is None:
        raise Problem(
            "unknown-indicator", 404, Text("Không có chỉ tiêu này", "No such indicator"),
            Text(
                f"Không có chỉ tiêu “{code}”. Xem danh sách mã tại /api/v1/indicators.",
                f"There is no indicator “{code}”. The codes are listed at /api/v1/indicators.",
            ),
        )
    pack = registry.pack_of(indicator)
    if not actor.can(Action.VIEW, pack.code):
        raise Problem(
            "not-allowed", 403, Text("Bạn chưa có quyền xem", "You may not see this"),
            Text(
                f"Bạn chưa có quyền xem lĩnh vực “{pack.title.vi}”. Đề nghị {pack.owner.title.vi} cấp quyền.",
                f"You may not see the field “{pack.title.en}”. Ask the {pack.owner.title.en} for access.",
            ),
        )
    return indicator

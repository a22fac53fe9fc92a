"""A series on the map of another day, as a program reads it: each point says how it came onto the map, and why it did not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.test import Client
from tests.boards.conftest import cell, clock, drawn, province, sign_in  # noqa: F401  (fixtures)

from toancanh.indicators.models import Cell
from toancanh.units import register
from toancanh.units.models import Unit, UnitChange


def test_a_point_that_is_not_comparable_says_why_in_both_languages(
    province: dict[str, Unit],  # noqa: F811
    cell: Callable[..., Cell],  # noqa: F811
    sign_in: Callable[..., Client],  # noqa: F811
) -> None:
    new = province["sample:MS02"]
    old = Unit.objects.create(
        scheme="sample-old", code="Z", level=new.level, name="Z", full_name="Z", valid_to=date(2025, 6, 30), key="sample-old:Z"
    )
    UnitChange.objects.create(before=old, after=new, date=date(2025, 7, 1), kind="split", share=None)
    register.forget()
    province["sample-old:Z"] = old
    cell("budget_rev", "2025-05", 5.0, "sample-old:Z")
    cell("budget_rev", "2025-05", 7.0, "sample-old:DH")
    client = sign_in("analyst")

    def points(unit: str) -> list[dict[str, object]]:
        asked = {"unit": unit, "grain": "month", "map": "2026-11-22", "from": "2025-01-01", "to": "2025-12-31"}
        answer = client.get("/api/v1/indicators/budget_rev/values", asked)
        assert answer.status_code == 200, answer.content
        return answer.json()["items"]

    (lost,) = points("sample:MS02")
    assert (lost["value"], lost["method"]) == (None, "not_comparable")
    assert lost["reason"]
    assert lost["reason_en"]
    assert lost["reason"] != lost["reason_en"]
    (kept,) = points("sample:MS01")
    assert (kept["value"], kept["method"], kept["reason"]) == (7.0, "exact", "")

"""What a province changes about its indicators. Every change is audited and shows at once in the values it touches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.indicators import cells
from toancanh.indicators.cells import Place
from toancanh.indicators.evaluators.targets import target_at
from toancanh.indicators.evaluators.value import Value
from toancanh.indicators.events import IndicatorMoved
from toancanh.indicators.models import CURRENT, Cell, IndicatorOverride, TargetOverride
from toancanh.indicators.overrides import Overrides
from toancanh.indicators.policy import readable
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.measures import Outcome
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.people.policy import require_all
from toancanh.units.models import Unit

CHANGEABLE = ("owner", "tolerance", "smallest_base", "classes", "basis")


def set_target(
    actor: Actor, code: str, year: int, values: Sequence[float], *, unit: Unit | None = None, basis: str = ""
) -> TargetOverride:
    """Set the target of an indicator for a year: one number, or twelve for the ends of the months; for one unit or for all.

    Raises `Problem`: 403 without the right to configure, 404 for an unknown indicator, 422 for another count of numbers.
    """
    indicator = _configurable(actor, code, unit)
    if len(values) not in (1, 12):
        raise Problem(
            "wrong-target", 422, Text("Mục tiêu chưa đúng", "The target is not right"),
            Text(
                "Nhập một số cho cả năm, hoặc mười hai số cho cuối mỗi tháng.",
                "Give one number for the year, or twelve for the ends of the months.",
            ),
        )  # fmt: skip
    with transaction.atomic():
        kept, _ = TargetOverride.objects.update_or_create(
            indicator=code, unit=unit, year=year, defaults={"values": [float(each) for each in values], "basis": basis}
        )
        detail = {"year": year, "unit": unit.key if unit else "", "values": list(kept.values), "basis": basis}
        record(actor.label, "indicators.set_target", f"indicator:{code}", detail=detail, address=actor.address)
        _renew_targets(indicator, year, unit)
    return kept


def override(
    actor: Actor, code: str, *, unit: Unit | None = None, reason: str = "", **changes: object
) -> IndicatorOverride:
    """Change the owner, tolerance, smallest base, map classes or legal basis of an indicator; None takes a change back."""
    _configurable(actor, code, unit)
    wrong = set(changes) - set(CHANGEABLE)
    if wrong:
        raise TypeError(f"cannot change {sorted(wrong)}")
    with transaction.atomic():
        empty = {"owner": "", "basis": ""}
        given = {name: empty.get(name) if value is None else value for name, value in changes.items()}
        kept, _ = IndicatorOverride.objects.update_or_create(indicator=code, unit=unit, defaults=given)
        detail = {"unit": unit.key if unit else "", **given}
        record(actor.label, "indicators.override", f"indicator:{code}", reason=reason, detail=detail, address=actor.address)
    return kept


def _configurable(actor: Actor, code: str, unit: Unit | None) -> Indicator:
    """What is set for every unit (None) needs the right for every one."""
    indicator = readable(actor, code)
    require_all(actor, Action.CONFIGURE, field=registry.pack_of(indicator).code, agency=unit, area=unit)
    return indicator


def _renew_targets(indicator: Indicator, year: int, unit: Unit | None) -> None:
    """New versions of the current values of that year, with the new target."""
    overrides, now = Overrides([indicator.code]), timezone.now()
    begin, end = (datetime(each, 1, 1, tzinfo=VIETNAM).astimezone(UTC) for each in (year, year + 1))
    current = Cell.objects.filter(CURRENT, indicator=indicator.code, period_start__gte=begin, period_start__lt=end)
    fresh = {_place(cell): _with_target(cell, overrides.effective(indicator, cell.unit_id, year))
             for cell in (current.filter(unit=unit) if unit else current)}  # fmt: skip
    moved = cells.write(fresh, {indicator.code: indicator.version}, now)
    names = dict(Unit.objects.filter(pk__in={each for _, each in moved}).values_list("pk", "key"))
    if moved:
        tell_after_commit(IndicatorMoved(tuple(sorted(f"{code}:{names[each]}" for code, each in moved))))


def _place(cell: Cell) -> Place:
    return Place(cell.indicator, cell.unit_id, cell.period, cell.dimension)


def _with_target(cell: Cell, indicator: Indicator) -> Value:
    return Value(
        Outcome(cell.value, cell.numerator, cell.denominator, cell.base), cell.status, seq=cell.last_seq, method=cell.method,
        have=cell.coverage_have, want=cell.coverage_want, target=target_at(indicator, cell.period, lambda _: cell.target),
    )  # fmt: skip

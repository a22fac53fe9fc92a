"""What a province changes about its indicators. Every change is audited and shows at once in the values it touches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.indicators import allowed, cells, compute
from toancanh.indicators.cells import Place
from toancanh.indicators.evaluators.targets import target_at
from toancanh.indicators.evaluators.value import Value
from toancanh.indicators.events import IndicatorMoved
from toancanh.indicators.models import CURRENT, Cell, IndicatorOverride, TargetOverride
from toancanh.indicators.overrides import Overrides
from toancanh.indicators.policy import readable
from toancanh.jobs.events import tell_after_commit
from toancanh.jobs.queue import enqueue
from toancanh.kernel.contracts import Indicator, MonthlyPath, YearPlan
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

    Raises `Problem`: 403 without the right to configure, 404 for an unknown indicator, 422 for another count of numbers or
    one that the indicator can never be.
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
    if wrong := allowed.mistake(indicator, values):
        raise Problem("target-out-of-range", 422, Text("Mục tiêu ngoài khoảng có thể", "The target is out of range"), wrong)
    with transaction.atomic():
        kept, _ = TargetOverride.objects.update_or_create(
            indicator=code, unit=unit, year=year, defaults={"values": [float(each) for each in values], "basis": basis}
        )
        detail = {"year": year, "unit": unit.key if unit else "", "values": list(kept.values), "basis": basis}
        record(actor.label, "indicators.set_target", f"indicator:{code}", detail=detail, address=actor.address)
        _renew_targets(indicator, year, unit)
    return kept


def withdraw_target(actor: Actor, target: TargetOverride, *, reason: str) -> None:
    """Take a target of a year back: the declared one holds again, for a unit's own that of the province if there is one.

    Raises `Problem` 403 without the right to configure.
    """
    code, year, unit = target.indicator, target.year, target.unit
    indicator = _configurable(actor, code, unit)
    with transaction.atomic():
        detail = {"year": year, "unit": unit.key if unit else "", "values": list(target.values), "basis": target.basis}
        target.delete()
        record(
            actor.label, "indicators.withdraw_target", f"indicator:{code}", reason=reason, detail=detail, address=actor.address
        )
        _renew_targets(indicator, year, unit)


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
    """New versions of the current values of that year, with the target that holds now. A declared path or plan goes by the rows
    and how far they reach: values held against it are computed again."""
    overrides, now = Overrides([indicator.code]), timezone.now()
    begin, end = (datetime(each, 1, 1, tzinfo=VIETNAM).astimezone(UTC) for each in (year, year + 1))
    current = Cell.objects.filter(CURRENT, indicator=indicator.code, period_start__gte=begin, period_start__lt=end)
    fresh, planned = {}, set[int]()
    current = current.select_for_update()  # who computes them now waits, and compares again with what stands then
    for cell in current.filter(unit=unit) if unit else current:
        now_holds = overrides.effective(indicator, cell.unit_id, year)
        if isinstance(now_holds.target, MonthlyPath | YearPlan) and now_holds.target == indicator.target:
            planned.add(cell.last_seq)
        else:
            fresh[_place(cell)] = _with_target(cell, now_holds)
    if planned:
        transaction.on_commit(lambda: enqueue(compute.recompute_job, indicator.dataset.code, sorted(planned)))
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

"""The target of an indicator at the end of a period: fixed, along a path of months, or the due share of the year's plan. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from toancanh.kernel.contracts import Fixed, Indicator, MonthlyPath, Target, YearPlan
from toancanh.kernel.measures import Reported
from toancanh.kernel.periods import Grain, Period

Plan = Callable[[Reported], float | None]


def target_at(indicator: Indicator, period: Period, plan: Plan, through: datetime | None = None) -> float | None:
    """What the indicator should be for `period`, in its unit; `plan` reads a planned figure of the unit for the period's year.

    `through` is how far the data reach (naive Viet Nam time): ten months' revenue of an unfinished year is held against ten
    months' share.
    """
    target = indicator.target
    if target is None:
        return None
    if isinstance(target, Fixed):
        return target.value
    if period.grain is Grain.SCHOOL_YEAR:
        return None  # paths and plans run with the calendar year
    end = _end(period, through)
    if isinstance(target, MonthlyPath):
        return _on_path(target, indicator, period, end)
    whole = plan(target.plan)
    if whole is None:
        return None
    before = 0.0 if period.cumulative else share_until(target.shares, period, period.span[0])
    return whole * (share_until(target.shares, period, end) - before)


def year_target(target: Target | None, period: Period, due: float | None) -> float | None:
    """The whole year's plan behind `due`, the target of a cumulative period; for paths the value of December."""
    if isinstance(target, MonthlyPath):
        return target.values[-1]
    if isinstance(target, YearPlan) and due is not None:
        share = share_until(target.shares, period, period.span[1])
        return due / share if share else None
    return due


def share_until(shares: Sequence[float], period: Period, moment: datetime) -> float:
    """The share of the year expected by `moment`: the given shares at the ends of months, straight lines between them."""
    begin = period.to_cumulative().span[0]
    if moment <= begin:
        return 0.0
    before = 0.0
    for share, (start, end) in zip(shares, _months(begin), strict=True):
        if moment < end:
            return before + (share - before) * ((moment - start) / (end - start))
        before = share
    return before


def _on_path(target: MonthlyPath, indicator: Indicator, period: Period, end: datetime) -> float | None:
    begin = period.to_cumulative().span[0]
    if indicator.cumulative and not period.cumulative and period.span[0] != begin:
        return None  # the path is cumulative, this period is not
    last = end - timedelta(microseconds=1)
    for value, (_, month_end) in zip(target.values, _months(begin), strict=True):
        if last < month_end:
            return value
    return target.values[-1]


def _end(period: Period, through: datetime | None) -> datetime:
    start, end = period.span
    return end if through is None or not start < through < end else through


def _months(begin: datetime) -> list[tuple[datetime, datetime]]:
    later = (divmod(begin.month - 1 + months, 12) for months in range(13))
    return list(pairwise(begin.replace(year=begin.year + years, month=month + 1) for years, month in later))

"""Targets and goals that an indicator can reach at all; others are refused with the range in words."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from toancanh.kernel.bounds import bounds_of
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.text import Text
from toancanh.ui import formats


def mistake(indicator: Indicator, values: Sequence[float]) -> Text | None:
    """Why these cannot be targets: the first that lies outside, and the range; None when they can."""
    bounds = bounds_of(indicator)
    wrong = next((each for each in values if not bounds.hold(each)), None)
    if wrong is None:
        return None
    said, about = _amount(indicator, wrong), allowed(indicator)
    if about is None:
        return Text(f"{said.vi} không phải là một số.", f"{said.en} is no number.")
    return Text(
        f"“{indicator.title.vi}” không thể là {said.vi}. Nhập số {about.vi}.",
        f"“{indicator.title.en}” cannot be {said.en}. Enter a number {about.en}.",
    )


def allowed(indicator: Indicator) -> Text | None:
    """The range in words, after "a number"; None when any number may be."""
    bounds = bounds_of(indicator)
    low, high = (None if each is None else _amount(indicator, each) for each in (bounds.low, bounds.high))
    if low and high:
        return Text(f"từ {low.vi} đến {high.vi}", f"between {low.en} and {high.en}")
    if low:
        return Text(f"từ {low.vi} trở lên", f"of at least {low.en}")
    return Text(f"không quá {high.vi}", f"of at most {high.en}") if high else None


def _amount(indicator: Indicator, value: float) -> Text:
    def one(language: str) -> str:
        if not isfinite(value):
            return str(value)
        unit = indicator.unit.to(language)
        return f"{formats.number(value, None, language)}{'' if unit == '%' else ' '}{unit}"

    return Text(one("vi"), one("en"))

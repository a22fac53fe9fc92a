"""Figures in words, the same on every page: value, target, comparison, quality, period."""

from __future__ import annotations

from datetime import datetime

from toancanh.boards.figures import Figure
from toancanh.boards.reading import Point
from toancanh.kernel.contracts import Fixed, Good, Indicator
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.rounding import half_up
from toancanh.ui import formats
from toancanh.ui.language import current, t, tx
from toancanh.ui.parts import StatusView

QUALITY = {
    "estimate": ("Ước tính", "Estimate"),
    "provisional": ("Sơ bộ", "Provisional"),
    "official": ("Chính thức", "Official"),
    "automatic": ("Tự động", "Automatic"),
}


def is_percent(indicator: Indicator) -> bool:
    return indicator.unit.vi == "%"


def value(indicator: Indicator, amount: float | None) -> str:
    """The number alone: "63,5"; a whole number loses its idle zeros."""
    if amount is None:
        return formats.MISSING
    rounded = half_up(amount, indicator.places)
    return formats.number(rounded, 0 if rounded == rounded.to_integral_value() else indicator.places)


def with_unit(indicator: Indicator, amount: float | None) -> str:
    """ "63,5%", "7.842 tỷ đồng"."""
    if amount is None:
        return formats.MISSING
    return value(indicator, amount) + ("%" if is_percent(indicator) else f" {tx(indicator.unit)}")


def short(indicator: Indicator, amount: float | None) -> str:
    """With the per cent sign, but without a longer unit: for places where the unit is said already."""
    text = value(indicator, amount)
    return f"{text}%" if amount is not None and is_percent(indicator) else text


def target_word(indicator: Indicator) -> str:
    """What the target is called: a plan, a goal or a limit."""
    if indicator.target is not None and not isinstance(indicator.target, Fixed):
        return t("Kế hoạch", "Plan")
    return t("Không quá", "At most") if indicator.good is Good.DOWN else t("Mục tiêu", "Target")


def target_noun(indicator: Indicator) -> str:
    """The target inside a sentence or a legend."""
    if indicator.target is not None and not isinstance(indicator.target, Fixed):
        return t("kế hoạch", "plan")
    return t("giới hạn", "limit") if indicator.good is Good.DOWN else t("mục tiêu", "target")


def target(indicator: Indicator, amount: float | None) -> str:
    """ "Kế hoạch 75%"; "" without a target."""
    return "" if amount is None else f"{target_word(indicator)} {short(indicator, amount)}"


def change(indicator: Indicator, now: float | None, before: float | None, grain: Grain) -> tuple[str, str]:
    """("▲ 5,4 điểm %", "so cùng kỳ"); two empty strings when there is nothing to compare with."""
    if now is None or before is None:
        return "", ""
    note = {
        Grain.HOUR: t("so hôm qua", "on yesterday"),
        Grain.DAY: t("so hôm trước", "on the day before"),
    }.get(grain, t("so cùng kỳ", "on last year"))
    if is_percent(indicator):
        return formats.difference(now - before, "points", min(indicator.places, 2)), note
    if abs(before) < 1e-9 or (abs(before) < 100 and indicator.places == 0):
        return formats.difference(now - before, "count", indicator.places), note
    return formats.difference((now - before) / abs(before) * 100, "relative", 1), note


def quality(point: Point, now: datetime) -> str:
    """ "Chính thức · 31/10", "Tự động · 09:30"."""
    word = t(*QUALITY.get(point.status, QUALITY["automatic"]))
    return f"{word} · {until(point, now)}" if point.as_of else word


def until(point: Point, now: datetime) -> str:
    """How far the data reach: the clock for today's automatic figures, a day for the others."""
    if point.as_of is None:
        return formats.MISSING
    if point.status == "automatic":
        return (
            formats.as_of(point.as_of, now)
            if formats.local(point.as_of).date() == formats.local(now).date()
            else _day(point.as_of, now)
        )
    return _day(point.as_of, now)


def _day(moment: datetime, now: datetime) -> str:
    same_year = formats.local(moment).year == formats.local(now).year
    return formats.day_month(moment) if same_year else formats.day(moment)


def title(indicator: Indicator) -> str:
    return tx(indicator.title)


def period(which: Period) -> str:
    """ "Tháng 10/2026"."""
    return which.title(current())


def axis(which: Period) -> str:
    """A short name with its year, for an axis."""
    if which.grain in (Grain.MONTH, Grain.QUARTER) and not which.cumulative:
        return f"{which.start:%m/%Y}" if which.grain is Grain.MONTH else f"Q{(which.start.month + 2) // 3}/{which.start.year}"
    return which.short_title(current(), with_year=which.grain not in (Grain.HOUR, Grain.DAY))


def status(figure: Figure) -> StatusView:
    """Shape, colour and word of a figure; stale ones say so."""
    if figure.stale:
        return StatusView("none", t("Số liệu chậm", "Late data"))
    return StatusView(figure.status.kind, tx(figure.status.word))


def days(number: int) -> str:
    """ "7 ngày"."""
    return t(f"{number} ngày", f"{number} {'day' if number == 1 else 'days'}")


def covered(method: str, have: int | None, want: int | None) -> str:
    """How many of its parts a value was made of: places, or periods where it adds shorter ones."""
    vi, en = ("kỳ", "periods") if method == "periods" else ("nơi", "places")
    return t(f"{have}/{want} {vi}", f"{have} of {want} {en}")

"""Conditions and verdicts in words, in Vietnamese and English: what a rule watches, and by how much a value crossed the line."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.conditions import (
    Against,
    AllOf,
    AnyOf,
    Behind,
    By,
    Change,
    Condition,
    Leaf,
    Limited,
    Overstay,
    Rate,
    Seasonal,
    Silent,
    TooLong,
    Verdict,
)
from toancanh.kernel.rounding import half_up
from toancanh.kernel.text import Text

PERCENT = Text("%", "%")
POINTS = Text("điểm %", "pp")  # the distance between two rates
DAYS = Text("ngày", "days")
_AGAINST = {
    Against.PREVIOUS: Text("kỳ trước", "the previous period"),
    Against.YEAR_BEFORE: Text("cùng kỳ năm trước", "the same period last year"),
}
_LENGTHS = (
    (timedelta(days=1), Text("ngày", "days"), Text("ngày", "day")),
    (timedelta(hours=1), Text("giờ", "hours"), Text("giờ", "hour")),
    (timedelta(minutes=1), Text("phút", "minutes"), Text("phút", "minute")),
)


def number(value: float, places: int = 1) -> Text:
    """A number as it is read: 1.234,5 in Vietnamese, 1,234.5 in English; without needless zeros."""
    english = f"{half_up(value, places):,f}"
    if "." in english:
        english = english.rstrip("0").rstrip(".")
    english = "0" if english == "-0" else english
    return Text(english.translate(str.maketrans(",.", ".,")), english)


def length(span: timedelta) -> Text:
    """A length of time in its largest whole unit: "2 giờ", "3 days"."""
    for step, many, one in _LENGTHS:
        if span >= step and not span % step:
            return _fill("{0} {1}", "{0} {1}", number(span / step, 0), one if span == step else many)
    return _fill("{0} phút", "{0} minutes", number(span / timedelta(minutes=1), 0))


def describe(condition: Condition, unit: Text, places: int = 1) -> Text:
    """The condition as a clause about a value in `unit`: "vượt 150 VN_AQI, hết khi về 130 VN_AQI"."""
    if isinstance(condition, AllOf | AnyOf):
        vi, en = (" và ", " and ") if isinstance(condition, AllOf) else (" hoặc ", " or ")
        parts = [describe(each, unit, places) for each in condition.parts]
        return Text(vi.join(f"[{each.vi}]" for each in parts), en.join(f"[{each.en}]" for each in parts))
    words = _clause(condition, unit, places)
    if condition.clears_at is None:
        return words
    return _fill("{0}; hết khi về {1}", "{0}; over at {1}", words, _edge(condition, condition.clears_at, unit, places))


def crossed(verdict: Verdict, unit: Text, places: int = 1) -> Text:
    """By how much: "162 VN_AQI, vượt mức 150 VN_AQI", with what was compared where that is not the value itself."""
    leaf = verdict.leaf
    if isinstance(leaf, Silent):
        spans = number(verdict.measured or 0.0, 1)
        return _fill("chưa gửi số liệu, đã quá {0} lần nhịp đã hẹn", "nothing sent for {0} times the agreed interval", spans)
    if isinstance(leaf, Overstay):
        since, allowed = number(verdict.value or 0.0, 0), number(leaf.limit, 1)
        vi, en = "{0} đã hơn {1} ngày, mức cho phép {2} ngày", "{0} for more than {1} days, {2} allowed"
        return _fill(vi, en, leaf.stay.title, since, allowed)
    value = _with_unit(verdict.value, unit, places)
    if verdict.limit is None or verdict.measured is None:
        return value
    vi, en = ("{0}, vượt mức {1}", "{0}, over {1}") if verdict.upward else ("{0}, dưới mức {1}", "{0}, under {1}")
    limit = _with_unit(verdict.limit, unit, places)
    if limit == value:  # a limit that lies between two figures as they are read
        limit = _with_unit(verdict.limit, unit, places + 2)
    words = _fill(vi, en, value, limit)
    told = _TOLD.get(type(leaf))
    return words if told is None else _fill("{0} ({1})", "{0} ({1})", words, told(leaf, verdict.measured, unit, places))


def limit_unit(leaf: Leaf, unit: Text) -> Text:
    """The unit that the limits of `leaf` are written in."""
    if isinstance(leaf, Behind | Change):
        return PERCENT if leaf.by is By.PERCENT else POINTS if unit == PERCENT else unit
    if isinstance(leaf, Rate):
        return _fill("{0}/{1}", "{0} per {1}", unit, length(leaf.per))
    if isinstance(leaf, Seasonal):
        return Text("lần độ lệch thường thấy", "usual spreads")
    if isinstance(leaf, Silent):
        return Text("lần nhịp gửi", "agreed intervals")
    return DAYS if isinstance(leaf, TooLong | Overstay) else unit


def _clause(leaf: Leaf, unit: Text, places: int) -> Text:
    limit = _edge(leaf, leaf.limit, unit, places)
    side = Text("trên", "above") if leaf.above is not None else Text("dưới", "below")
    match leaf:
        case Behind():
            return _fill("chậm so kế hoạch {1} {0}", "behind the target by {1} {0}", limit, _more(leaf))
        case Change():
            vi, en = "thay đổi so {2} ở mức {1} {0}", "change against {2} {1} {0}"
            return _fill(vi, en, limit, side, _AGAINST[leaf.against])
        case Rate():
            return _fill("tốc độ thay đổi {1} {0}", "moves {1} {0}", limit, side)
        case Seasonal():
            return _fill(
                "lệch khỏi mức thường thấy, {1} {0}, học từ {2} kỳ cùng mùa", "off the usual, {1} {0}, learned from {2} seasons",
                limit, side, number(leaf.seasons, 0),
            )  # fmt: skip
        case Overstay():
            return _fill("từng {0} {1} quá {2}", "each of the {0} {1} for more than {2}", unit, leaf.stay.title, limit)
        case Silent():
            return _fill("nguồn không gửi số liệu quá {0}", "a source sends nothing for more than {0}", limit)
    return _fill("{1} {0}", "{1} {0}", limit, side)


def _more(leaf: Limited) -> Text:
    return Text("quá", "more than") if leaf.above is not None else Text("dưới", "less than")


def _edge(leaf: Leaf, limit: float, unit: Text, places: int) -> Text:
    return _with_unit(limit, limit_unit(leaf, unit), max(places, 1))


def _with_unit(value: float | None, unit: Text, places: int) -> Text:
    if value is None:
        return Text("chưa có số liệu", "no data")
    shown = number(value, places)
    return Text(f"{shown.vi}{_gap(unit.vi)}{unit.vi}", f"{shown.en}{_gap(unit.en)}{unit.en}")


def _gap(unit: str) -> str:
    return "" if unit == "%" else " "


def _behind(leaf: Leaf, measured: float, unit: Text, places: int) -> Text:
    return _fill("chậm {0} so kế hoạch", "{0} behind the target", _edge(leaf, measured, unit, places))


def _change(leaf: Leaf, measured: float, unit: Text, places: int) -> Text:
    word = Text("giảm", "down") if measured < 0 else Text("tăng", "up")
    against = _AGAINST[leaf.against] if isinstance(leaf, Change) else Text("trước", "before")
    return _fill("{1} {0} so {2}", "{1} {0} against {2}", _edge(leaf, abs(measured), unit, places), word, against)


def _rate(leaf: Leaf, measured: float, unit: Text, places: int) -> Text:
    word = Text("giảm", "falling by") if measured < 0 else Text("tăng", "rising by")
    return _fill("{1} {0}", "{1} {0}", _edge(leaf, abs(measured), unit, places), word)


def _seasonal(leaf: Leaf, measured: float, unit: Text, places: int) -> Text:
    return _fill("lệch {0}", "{0} away", _edge(leaf, measured, unit, places))


_TOLD = {Behind: _behind, Change: _change, Rate: _rate, Seasonal: _seasonal}


def _fill(vi: str, en: str, *parts: Text) -> Text:
    return Text(vi.format(*(each.vi for each in parts)), en.format(*(each.en for each in parts)))

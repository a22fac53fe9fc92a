"""A term as people write and read it: "30 phút", "2 giờ", "16 giờ làm việc", "5 ngày làm việc"."""

from __future__ import annotations

import re

from toancanh.kernel.condition_words import number
from toancanh.kernel.numbers_in_text import parse_number
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import fold
from toancanh.response.handling.kinds import CALENDAR, WORKING_DAYS, WORKING_HOURS, Term
from toancanh.ui.language import current

HINT = Text(
    "Viết như 30 phút, 2 giờ, 16 giờ làm việc, 5 ngày làm việc.",
    "For example: 30 minutes, 2 hours, 16 working hours, 5 working days.",
)
_UNITS = {
    "phut": (1 / 60, CALENDAR), "minutes": (1 / 60, CALENDAR), "gio": (1.0, CALENDAR), "hours": (1.0, CALENDAR),
    "ngay": (24.0, CALENDAR), "days": (24.0, CALENDAR), "gio lam viec": (1.0, WORKING_HOURS),
    "working hours": (1.0, WORKING_HOURS), "ngay lam viec": (1.0, WORKING_DAYS), "working days": (1.0, WORKING_DAYS),
}  # fmt: skip
_SHAPE = re.compile(r"\s*([\d.,]+)\s*(\D+?)\s*")


def said(term: Term) -> Text:
    """The term in words."""
    if term.regime == WORKING_DAYS:
        return _words(term.amount, Text("ngày làm việc", "working day"))
    if term.regime == WORKING_HOURS:
        return _words(term.amount, Text("giờ làm việc", "working hour"))
    minutes = round(term.amount * 60, 6)
    if minutes < 60 and minutes == int(minutes):
        return _words(minutes, Text("phút", "minute"))
    return _words(term.amount, Text("giờ", "hour"))


def read(text: str) -> Term | None:
    """The term that was typed; None for what is none."""
    found = _SHAPE.fullmatch(text)
    unit = " ".join(fold(found[2]).lower().split()) if found else ""
    counted = _UNITS.get(unit) or _UNITS.get(f"{unit}s")
    if found is None or counted is None:
        return None
    try:
        amount = parse_number(found[1], "." if current() == "en" else ",")
    except ValueError:
        return None
    if amount is None:
        return None
    size, regime = counted
    return Term(amount / 60 if size < 1 else amount * size, regime)


def _words(amount: float, unit: Text) -> Text:
    figure = number(amount, 4)
    return Text(f"{figure.vi} {unit.vi}", f"{figure.en} {unit.en}{'' if amount == 1 else 's'}")

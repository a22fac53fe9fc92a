"""Numbers, dates and durations as a Vietnamese official expects to read them, and their English counterparts.

Every function takes `lang` ("vi" or "en"); without it the current language of the page is used.
Rounding is half up, never to even. A value that does not exist is written as an en dash, never as zero.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from toancanh.kernel.numbers_in_text import parse_number
from toancanh.kernel.rounding import half_up
from toancanh.ui.language import current

MISSING = "–"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UP, DOWN, LEVEL = "▲", "▼", "="
Value = Decimal | float | int | None
_SWAP = str.maketrans(",.", ".,")
_WEEKDAYS = {
    "vi": ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
def exists(value: Value) -> bool:
    """Whether there is a figure to print: not None, not NaN, not infinite."""
    return value is not None and isfinite(value)


def number(value: Value, places: int | None = None, lang: str | None = None) -> str:
    """`1.234.567,89` in Vietnamese, `1,234,567.89` in English; `places=None` keeps at most two and drops idle zeros."""
    if not exists(value):
        return MISSING
    rounded = half_up(_decimal(value), 2 if places is None else places)
    text = f"{rounded:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("-") and not rounded:
        text = text[1:]
    return text if (lang or current()) == "en" else text.translate(_SWAP)


def typed(text: str) -> float | None:
    """The number that a person typed, written as the language on screen writes it; None for nothing. ValueError otherwise."""
    return parse_number(text, "." if current() == "en" else ",")


def for_typing(value: Value) -> str:
    """A number as it stands in a field, to be typed over: at most four places, without idle zeros."""
    text = number(value, 4)
    return text.rstrip("0").rstrip(".,") if exists(value) else ""


def percent(value: Value, places: int | None = None, lang: str | None = None) -> str:
    """`63,5%`: the value is already in per cent."""
    return f"{number(value, places, lang)}%" if exists(value) else MISSING


def difference(value: Value, kind: str = "relative", places: int = 1, lang: str | None = None) -> str:
    """`▲ 5,4 điểm %` (kind "points"), `▲ 8,4%` ("relative") or `▲ 2` ("count"). The arrow is direction, not merit."""
    if not exists(value):
        return MISSING
    rounded = half_up(_decimal(value), places)
    arrow = UP if rounded > 0 else DOWN if rounded < 0 else LEVEL
    text = number(abs(rounded), None if kind == "count" else places, lang)
    if places and kind != "count" and rounded == rounded.to_integral_value():
        text = number(abs(rounded), 0, lang)
    unit = {"points": " pp" if (lang or current()) == "en" else " điểm %", "relative": "%"}.get(kind, "")
    return f"{arrow} {text}{unit}"


def local(moment: datetime) -> datetime:
    """The moment on the clock of Viet Nam; a moment without a zone is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE)


def day(value: date | datetime | None) -> str:
    """`22/11/2026`; a datetime is moved to the clock of Viet Nam first."""
    if value is None:
        return MISSING
    value = local(value).date() if isinstance(value, datetime) else value
    return f"{value:%d/%m/%Y}"


def day_month(value: date | datetime | None) -> str:
    """`31/10`: for places where the year is already plain."""
    return MISSING if value is None else day(value)[:5]


def clock(value: datetime | None) -> str:
    """`09:42` on the clock of Viet Nam."""
    return MISSING if value is None else f"{local(value):%H:%M}"


def moment(value: datetime | None) -> str:
    """`09:42 22/11/2026`."""
    return MISSING if value is None else f"{clock(value)} {day(value)}"


def as_of(value: datetime | None, now: datetime) -> str:
    """When data are from: the clock alone when that is today, day and month when it is not."""
    if value is None:
        return MISSING
    then, today = local(value), local(now)
    if then.date() == today.date():
        return clock(value)
    return f"{clock(value)} {day_month(value)}" if then.year == today.year else moment(value)


def weekday(value: date | datetime, lang: str | None = None) -> str:
    """`Chủ nhật, 22/11/2026`."""
    plain = local(value).date() if isinstance(value, datetime) else value
    return f"{_WEEKDAYS[lang or current()][plain.weekday()]}, {day(plain)}"


def duration(span: timedelta, lang: str | None = None) -> str:
    """A length of time in the largest unit that says enough: `22 phút`, `1 giờ 34`, `12 ngày`."""
    minutes = int(abs(span).total_seconds()) // 60
    english = (lang or current()) == "en"
    if minutes >= 24 * 60:
        days = minutes // (24 * 60)
        return f"{days} {'day' if days == 1 else 'days'}" if english else f"{days} ngày"
    if minutes >= 60:
        hours, rest = divmod(minutes, 60)
        tail = (f" {rest:02d} min" if english else f" {rest:02d}") if rest else ""
        return f"{hours} {'h' if english else 'giờ'}{tail}"
    if minutes == 0:
        return "under 1 min" if english else "dưới 1 phút"
    return f"{minutes} {'min' if english else 'phút'}"


def age(span: timedelta, lang: str | None = None) -> str:
    """`3 phút trước`; under a minute `vừa xong`."""
    english = (lang or current()) == "en"
    if span < timedelta(minutes=1):
        return "just now" if english else "vừa xong"
    return f"{duration(span, lang)} ago" if english else f"{duration(span, lang)} trước"


def _decimal(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))

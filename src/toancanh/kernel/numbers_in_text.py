"""Numbers, dates and times as officers and machines write them, read without guessing: what is ambiguous is refused."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time

from toancanh.kernel.periods import VIETNAM

MISSING_MARKS = frozenset({"", "..", "...", "…", "-", "–", "—", ":"})

_SPACES = re.compile("[\\s\u00a0\u2000-\u200a\u202f\u205f\u2060\u200b\ufeff]+")
_GROUPED = {
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|[+-]?\d+(?:,\d+)?", re.ASCII),
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?", re.ASCII),
}
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,3}", re.ASCII)
_SPACE_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?", re.ASCII)


def parse_number(text: str, decimal: str | None = None) -> float | None:
    """The number in `text`, or None for a missing mark ("", "..", "…", "-", "–").

    Reads "1.234.567,89", "1,234,567.89", "1 234,5", "63,5%" (63.5: the sign is dropped), "+5", "−5", "1e3".
    `decimal` is "," or "." when the source's habit is known; None refuses "1.234" and "1,234": two readers read them differently.
    ValueError, saying what to write, for anything else: words, "(1.234)", NaN, infinities.
    """
    if decimal not in (None, ",", "."):
        raise ValueError(f'the decimal mark is "," or ".", not {decimal!r}')
    cleaned = _SPACES.sub(" ", text).strip()
    if cleaned in MISSING_MARKS:
        return None
    body = cleaned.removesuffix("%").rstrip().replace("−", "-")
    if _SPACE_GROUPED.fullmatch(body):
        return _finite(body.replace(" ", "").replace(",", "."), text)
    if _SCIENTIFIC.fullmatch(body) and decimal != ",":
        return _finite(body, text)
    readings = {mark: _reading(body, mark) for mark in ((decimal,) if decimal else (",", "."))}
    values = {value for value in readings.values() if value is not None}
    if not values:
        raise ValueError(f"{text!r} is not a number; write for example 1.234.567,89 or 1234567.89")
    if len(values) > 1:
        raise ValueError(f"{text!r} can be read as {readings[',']} or {readings['.']}; say which mark is the decimal one")
    return _finite(values.pop(), text)


def _reading(body: str, decimal: str) -> str | None:
    if not _GROUPED[decimal].fullmatch(body):
        return None
    thousands = "." if decimal == "," else ","
    plain = body.replace(thousands, "").replace(decimal, ".")
    return repr(float(plain)) if len(plain) < 400 else None


def _finite(plain: str, text: str) -> float:
    number = float(plain)
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is too large to be a number here")
    return number


_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?:[ ,T]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII
)
_CLOCK_FIRST = re.compile(
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)[ ,]+(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})", re.ASCII
)
_ISO = re.compile(
    r"\d{4}(?:-\d{2}-\d{2}|/\d{2}/\d{2})"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|z|[+-]\d{2}(?::?\d{2})?))?)?", re.ASCII
)
_SERIAL = re.compile(r"\d{4,6}(?:[.,]\d+)?", re.ASCII)


def parse_time(text: str) -> datetime | None:
    """The moment in `text`, always aware, or None for a missing mark: 22/11/2026, 22/11/2026 09:42[:05], ISO 8601.

    A time without a zone is Viet Nam time; a date alone is its midnight. ValueError for impossible dates (month-first ones
    among them) and for bare serial numbers of a spreadsheet, which do not say from which day they count.
    """
    cleaned = _SPACES.sub(" ", text).strip()
    if cleaned in MISSING_MARKS:
        return None
    if _SERIAL.fullmatch(cleaned):
        raise ValueError(
            f"{text!r} is a bare number (a year, a spreadsheet day), not a date; format the column as a date, dd/mm/yyyy"
        )
    try:
        return _moment(cleaned)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a date; write dd/mm/yyyy, dd/mm/yyyy HH:MM or 2026-11-22T09:42:00+07:00") from None


def parse_date(text: str) -> date | None:
    """The Viet Nam calendar day in `text`, or None for a missing mark. Same forms and refusals as `parse_time`."""
    moment = parse_time(text)
    return None if moment is None else moment.astimezone(VIETNAM).date()


def _moment(cleaned: str) -> datetime:
    match = _DAY_FIRST.fullmatch(cleaned) or _CLOCK_FIRST.fullmatch(cleaned)
    if match:
        hour, minute, second = (int(part) for part in f"{match['clock'] or '0:0'}:0".split(":")[:3])
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        return datetime.combine(day, time(hour, minute, second), tzinfo=VIETNAM)
    if not _ISO.fullmatch(cleaned):
        raise ValueError(cleaned)
    moment = datetime.fromisoformat(cleaned.replace("/", "-").replace(" +", "+").replace(" Z", "Z").upper())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    moment.astimezone(VIETNAM)  # the first and last days of the calendar overflow here, not later
    return moment

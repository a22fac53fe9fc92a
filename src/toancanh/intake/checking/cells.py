"""One raw cell to one stored value, by kind of field: the value, None for nothing, or the reason why not (`Refused`).

A reader is called once for each distinct value of a column, never once for each row.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from toancanh.intake.checking.refused import (
    Refused,
    ambiguous_number,
    error_cell,
    formula,
    future,
    not_a_day,
    not_a_number,
    not_a_time,
    not_finite,
    too_fine_period,
    too_long,
    unknown_choice,
    unknown_period,
    unreadable_characters,
    wrong_type,
)
from toancanh.intake.reading.headings import heading_key
from toancanh.kernel.contracts import Dataset, Figures
from toancanh.kernel.fields import Choice, Field, Kind
from toancanh.kernel.numbers_in_text import parse_number, parse_time
from toancanh.kernel.period_input import parse_loose
from toancanh.kernel.periods import FIRST_YEAR, LAST_YEAR, VIETNAM, Grain, Period, Regime, coarser_grains
from toancanh.kernel.text import Text

Reader = Callable[[Any], object]

LONGEST_CODE, LONGEST_TEXT, MOST_CHOICES_SHOWN = 200, 10_000, 8
CLOCK_SLACK = timedelta(minutes=5)  # machines' clocks run a little ahead
_MARKS = frozenset({"", "-", "–", "—", "..", "...", "…"})
_FORMULA = re.compile(r"[=@]|\+\s*[A-Za-z(@=]|-[A-Za-z0-9.]*\s*[(|!]")
_SHEET_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_PROTECTED = re.compile(r"'+[=+\-@\t]")  # as our own exports keep a text from being computed
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
_TEXT = Text("một đoạn chữ hoặc mã", "a text or a code")
_GRAIN_TITLES = {
    Grain.HOUR: Text("giờ", "hour"), Grain.DAY: Text("ngày", "day"), Grain.WEEK: Text("tuần", "week"),
    Grain.MONTH: Text("tháng", "month"),
    Grain.QUARTER: Text("quý", "quarter"), Grain.HALF: Text("6 tháng", "half year"),
    Grain.NINE_MONTHS: Text("9 tháng", "nine months"),
    Grain.YEAR: Text("năm", "year"), Grain.SCHOOL_YEAR: Text("năm học", "school year"),
}


def clean_text(value: str) -> str | Refused:
    """A sender's text, composed and stripped; refused when it is a formula, a sheet's error or holds unreadable characters."""
    text = value.strip() if value.isascii() else unicodedata.normalize("NFC", value).strip()
    if not text:
        return ""
    if _FORMULA.match(text):
        return formula(text)
    if _SHEET_ERROR.fullmatch(text):
        return error_cell(text)
    if _UNREADABLE.search(text):
        return unreadable_characters(text.encode("utf-8", "replace").decode())
    return text[1:] if _PROTECTED.match(text) else text


def _as_text(value: Any) -> str | Refused:
    """A scalar as clean text; 5.0 from a spreadsheet is the code "5"."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return wrong_type(value, _TEXT)
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() and abs(value) < 1e15 else wrong_type(value, _TEXT)
    return str(value) if abs(value) < 10**40 else wrong_type("…", _TEXT)


def text_reader(longest: int) -> Reader:
    """Codes and texts: composed, at most `longest` characters; a mark of absence is nothing."""

    def read(value: Any) -> object:
        text = _as_text(value)
        if isinstance(text, Refused):
            return text
        if len(text) > longest:
            return too_long(text, longest)
        return None if text in _MARKS else text

    return read


def number_reader(decimal: str | None) -> Reader:
    """Numbers, and numbers written as text with the decimal mark of their column."""

    def read(value: Any) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return not_a_number(value)
        if not isinstance(value, str):
            return _finite(value)
        text = clean_text(value)
        if isinstance(text, Refused):
            return text
        return _number_in(text, decimal)

    return read


def _finite(value: int | float) -> object:
    try:
        number = float(value)
    except OverflowError:
        return not_finite("…")
    return number if math.isfinite(number) else not_finite(value)


def _number_in(text: str, decimal: str | None) -> object:
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return not_finite(text)
    try:
        return parse_number(text, decimal)
    except ValueError:
        return not_a_number(text) if decimal or not _reads_both_ways(text) else ambiguous_number(text)


def _reads_both_ways(text: str) -> bool:
    try:
        return parse_number(text, ",") != parse_number(text, ".")
    except ValueError:
        return False


def time_reader(now: datetime, may_be_future: bool) -> Reader:
    """Moments, as aware UTC times. Naive ones are Vietnamese time."""
    latest = now + CLOCK_SLACK

    def read(value: Any) -> object:
        moment = _moment(value)
        if not isinstance(moment, datetime):
            return moment
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            return not_a_time(value)
        return future(value) if moment > latest and not may_be_future else moment

    return read


def _moment(value: Any) -> datetime | Refused | None:
    if isinstance(value, str):
        if len(value) >= 19 and value[4:5] == "-" and value[10:11] in "T ":
            try:
                return _utc(datetime.fromisoformat(value))
            except (ValueError, OverflowError):
                pass
        text = clean_text(value)
        if isinstance(text, Refused):
            return text
        try:
            moment = parse_time(text)
            return None if moment is None else _utc(moment)
        except (ValueError, OverflowError):
            return not_a_time(value)
    if isinstance(value, datetime):
        return _utc(value)
    return _utc(datetime.combine(value, time.min)) if isinstance(value, date) else not_a_time(value)


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


def day_reader(now: datetime, may_be_future: bool) -> Reader:
    """Days of the Vietnamese calendar."""
    today = now.astimezone(VIETNAM).date()

    def read(value: Any) -> object:
        moment = _moment(value)
        if isinstance(moment, Refused):
            return not_a_day(value) if moment.code == "not-a-time" else moment
        if moment is None:
            return None
        day = moment.astimezone(VIETNAM).date()
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return not_a_day(value)
        return future(value) if day > today and not may_be_future else day

    return read


def period_reader(dataset: Dataset, now: datetime, may_be_future: bool) -> Reader:
    """Reporting periods under the dataset's regime; a figure's period may be longer than usual, not shorter. Equal periods are
    one object."""
    regime = dataset.regime if isinstance(dataset, Figures) else Regime.STATISTICAL
    grain = dataset.grain if isinstance(dataset, Figures) else None
    allowed = None if grain is None else {grain, *coarser_grains(grain)}
    today = now.astimezone(VIETNAM).replace(tzinfo=None)
    known: dict[Period, Period] = {}

    def read(value: Any) -> object:
        period = _period(value, regime, grain)
        if not isinstance(period, Period):
            return period
        if allowed is not None and period.grain not in allowed:
            return too_fine_period(value, _GRAIN_TITLES[grain or period.grain])
        if period.span[0] > today and not may_be_future:
            return future(value)
        return known.setdefault(period, period)

    return read


def _period(value: Any, regime: Regime, grain: Grain | None) -> Period | Refused | None:
    if isinstance(value, date) and grain is not None:  # a spreadsheet turned "10/2026" into a date
        day = date(value.year, value.month, value.day)
        try:
            found = Period.containing(datetime(day.year, day.month, day.day), grain)
        except ValueError:  # a year that periods do not know, or the last months of nine
            return unknown_period(value)
        return Period(found.start, grain, False, regime) if found.first_day == day else unknown_period(value)
    text = _as_text(value)
    if isinstance(text, Refused):
        return text if text.code != "wrong-type" else unknown_period(value)
    if text in _MARKS:
        return None
    try:
        return Period.parse(text, regime)
    except ValueError:
        return parse_loose(text, regime) or unknown_period(value)


def _allowed(choices: tuple[Choice, ...]) -> Text:
    """The first choices in words, for a message."""
    shown = choices[:MOST_CHOICES_SHOWN]
    more = " …" if len(choices) > MOST_CHOICES_SHOWN else ""
    vi, en = (", ".join(f"{each.code} ({each.title.to(language)})" for each in shown) + more for language in ("vi", "en"))
    return Text(vi, en)


_spelt: dict[int, tuple[tuple[Choice, ...], dict[str, Choice]]] = {}


def _spellings(choices: tuple[Choice, ...]) -> dict[str, Choice]:
    """What each choice may be called, put together once for each declaration (by identity: hashing a long list is slow)."""
    known = _spelt.get(id(choices))
    if known is not None and known[0] is choices:
        return known[1]
    found: dict[str, Choice] = {}
    for choice in choices:
        for name in (choice.code, choice.title.vi, choice.title.en, *choice.spellings):
            found.setdefault(heading_key(name), choice)
    _spelt[id(choices)] = choices, found
    return found


def choice_reader(choices: tuple[Choice, ...]) -> Reader:
    """One of a list, by code, title or another spelling."""
    codes = {choice.code for choice in choices}
    spellings = _spellings(choices)
    allowed = _allowed(choices)

    def read(value: Any) -> object:
        text = str(value).lower() if isinstance(value, bool) else _as_text(value)
        if isinstance(text, Refused) or text in codes:
            return text
        if text in _MARKS:
            return None
        key = heading_key(text)
        if key in spellings:
            return spellings[key].code
        near = get_close_matches(key, spellings, 1, 0.7)
        return unknown_choice(text, spellings[near[0]].title if near else None, allowed)

    return read


def reader_of(dataset: Dataset, field: Field, now: datetime, decimal: str | None) -> Reader:
    """The reader of a field that is neither area nor agency."""
    match field.type.kind:
        case Kind.NUMBER:
            return number_reader(decimal)
        case Kind.TIME:
            return time_reader(now, field.future)
        case Kind.DAY:
            return day_reader(now, field.future)
        case Kind.PERIOD:
            return period_reader(dataset, now, field.future)
        case Kind.CHOICE | Kind.ITEM:
            return choice_reader(field.type.choices)
        case Kind.CODE:
            return text_reader(LONGEST_CODE)
        case _:
            return text_reader(LONGEST_TEXT)

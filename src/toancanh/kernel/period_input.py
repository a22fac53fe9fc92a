"""Periods as officers type them: "10/2026", "Quý III 2026", "lũy kế 9 tháng", "Prel. 2016", "năm học 2025-2026".

`Period.parse` reads the one stored form; here is the generous reading of forms, sheet headings and search boxes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from toancanh.kernel.period_titles import COUNTS, MONTHS
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.kernel.vietnamese import fold

_NUMBER_OF = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_COUNT_OF = {word.lower(): number for number, word in enumerate(COUNTS, 1)}
_MONTH_OF = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTH_NAME = "(?P<name>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS).lower() + r")\.?"
_STATUS = (
    ("provisional", re.compile(r"\bprel?(?:iminary|im)?\b\.?|\bprovisional\b|\bso bo\b")),
    ("estimate", re.compile(r"\best(?:imated?)?\b\.?|\buoc(?: tinh| thuc hien| dat)?\b")),
    ("official", re.compile(r"\bchinh thuc\b|\bofficial\b|\bfinal\b")),
)
_YEAR = r"(?:nam |year )?(?P<year>\d{4})"
_SEP = r"\s*[/. -]\s*"
_DAY = rf"(?:(?:ngay )?(?P<day>\d{{1,2}}){_SEP}(?:thang )?(?P<month>\d{{1,2}}){_SEP}(?:nam )?(?P<year>\d{{4}}))"
_DAY_EN = rf"(?:(?P<day>\d{{1,2}}) {_MONTH_NAME},? (?P<year>\d{{4}}))"
_ISO_DAY = r"(?:(?P<year>\d{4})[-/](?P<month>\d\d)[-/](?P<day>\d\d))"
_CLOCK = r"(?P<hour>\d{1,2})(?:[:h]00|h| gio)"

Found = dict[str, str]


def _hour(found: Found) -> Period:
    return Period(_day(found).start.replace(hour=int(found["hour"])), Grain.HOUR)


def _day(found: Found) -> Period:
    return Period.containing(date(int(found["year"]), _month_number(found), int(found["day"])), Grain.DAY)


def _week(found: Found) -> Period:
    return Period.parse(f"{found['year']}-W{int(found['number']):02}")


def _month(found: Found) -> Period:
    return Period.containing(date(int(found["year"]), _month_number(found), 1), Grain.MONTH)


def _quarter(found: Found) -> Period:
    return Period.parse(f"{found['year']}-Q{_NUMBER_OF.get(found['number']) or int(found['number'])}")


def _half(found: Found) -> Period:
    second = found["which"] in ("2", "cuoi", "second", "ii")
    return Period.parse(f"{found['year']}-H{1 + second}")


def _months_together(found: Found) -> Period:
    """Six and nine months are periods of their own; other counts are the cumulative form of the last month."""
    count = _COUNT_OF.get(found["count"]) or int(found["count"])
    if count in (6, 9):
        return Period.parse(f"{found['year']}-{'H1' if count == 6 else '9M'}")
    return Period.parse(f"{found['year']}-{count:02}-ytd")


def _months_to(found: Found) -> Period:
    month = _MONTH_OF[found["name"][:3]]
    if _COUNT_OF[found["count"]] != month:
        raise ValueError("the count and the month disagree")
    return Period.parse(f"{found['year']}-{month:02}-ytd")


def _year(found: Found) -> Period:
    return Period.parse(found["year"])


def _school_year(found: Found) -> Period:
    end = found["end"]
    return Period.parse(f"{found['year']}-{end if len(end) == 4 else found['year'][:2] + end}")


def _month_number(found: Found) -> int:
    return _MONTH_OF[found["name"][:3]] if "name" in found else int(found["month"])


_COUNT = "(?P<count>" + "|".join(_COUNT_OF) + ")"
_ANY_GAP = r"[/, -]*"
_GAP = r"[/, -]+"
_SPAN = r"(?P<year>\d{4})\s?[-/]\s?(?P<end>\d{4})"

_FORMS: tuple[tuple[Callable[[Found], Period], tuple[str, ...]], ...] = (
    (
        _hour,
        (
            rf"{_CLOCK},? {_DAY}",
            rf"{_CLOCK},? {_DAY_EN}",
            rf"{_DAY} {_CLOCK}",
            rf"{_ISO_DAY}[t ](?P<hour>\d\d)(?::00)?(?::00)?",
        ),
    ),
    (_day, (_DAY, _DAY_EN, _ISO_DAY)),
    (_week, (rf"(?:tuan|week|w)\s?(?P<number>\d{{1,2}}){_GAP}{_YEAR}", r"(?P<year>\d{4})-?w(?P<number>\d\d)")),
    (
        _month,
        (
            rf"(?:thang|t\.?|month)\s?(?P<month>\d{{1,2}}){_GAP}{_YEAR}",
            r"(?P<month>\d{1,2})\s?[/-]\s?(?P<year>\d{4})",
            r"(?P<year>\d{4})\s?[/-]\s?(?P<month>\d{1,2})",
            rf"{_MONTH_NAME}{_ANY_GAP}(?P<year>\d{{4}})",
        ),
    ),
    (
        _quarter,
        (
            rf"(?:quy|quarter|q)\s?(?P<number>[1-4]|i{{1,3}}|iv){_GAP}{_YEAR}",
            r"(?P<year>\d{4})[/ -]?q(?P<number>[1-4])",
        ),
    ),
    (
        _half,
        (
            rf"(?:6|sau)\s?(?:thang|t) (?P<which>dau|cuoi)(?: nam)?{_ANY_GAP}{_YEAR}",
            rf"(?P<which>first|second) half(?: of)?,? {_YEAR}",
            rf"h(?P<which>[12]){_GAP}{_YEAR}",
            r"(?P<year>\d{4})[/ -]?h(?P<which>[12])",
        ),
    ),
    (_months_to, (rf"{_COUNT} months? to {_MONTH_NAME} (?P<year>\d{{4}})",)),
    (
        _months_together,
        (
            rf"(?P<count>\d{{1,2}})\s?(?:thang|t|months?|m)(?: dau(?: nam)?)?{_ANY_GAP}{_YEAR}",
            rf"{_COUNT} months?,? {_YEAR}",
            r"(?P<year>\d{4})-(?P<count>9)m",
        ),
    ),
    (_school_year, (rf"(?:nam hoc |school year )?{_SPAN}", r"(?:nam hoc|school year) (?P<year>\d{4})\s?[-/]\s?(?P<end>\d\d)")),
    (_year, (_YEAR,)),
)
_PATTERNS = [(re.compile(pattern, re.ASCII), make) for make, patterns in _FORMS for pattern in patterns]
_CUMULATIVE = re.compile(
    r"(?:luy ke|cong don|cumulative|year to)(?: (?:den(?: het)?|tu dau nam(?: den)?|to))?[:,]?\s+|(?P<code>-ytd)$"
)


def parse_loose(text: str, regime: Regime = Regime.STATISTICAL) -> Period | None:
    """The period an officer meant, in either language, or None when nothing or more than one thing may be meant.

    "6 tháng 2026" is the half and "9T/2026" the nine months; "10 tháng 2026" and "lũy kế ..." are cumulative. "10/26" is refused
    (October 2026 or 10 something?). Marks of status ("Prel.", "sơ bộ", "ước") and "(*)" are skipped: see `status_mark`.
    """
    words = _plain(text)
    cumulative = _CUMULATIVE.search(words)
    if cumulative and (cumulative.start() == 0 or cumulative["code"]):
        words = (words[: cumulative.start()] + words[cumulative.end() :]).strip()
        found = _first_form(words)
        found = found.to_cumulative() if found and found.grain is not Grain.SCHOOL_YEAR else None
    else:
        found = _first_form(words)
    return found and Period(found.start, found.grain, found.cumulative, regime)


def status_mark(text: str) -> str | None:
    """Gives "estimate", "provisional" or "official" when the heading says so ("Prel. 2016", "Ước tháng 10"), else None."""
    folded = fold(text)
    return next((status for status, pattern in _STATUS if pattern.search(folded)), None)


def _plain(text: str) -> str:
    words = re.sub(r"\(\s*\*+\s*\)|\*+|[–—−]", lambda mark: " " if "*" in mark[0] else "-", fold(text))
    for _, pattern in _STATUS:
        words = pattern.sub(" ", words)
    return " ".join(words.replace("(", " ").replace(")", " ").split()).strip(" :;,")


def _first_form(words: str) -> Period | None:
    for pattern, make in _PATTERNS:
        match = pattern.fullmatch(words)
        if match:
            try:
                return make({name: value for name, value in match.groupdict().items() if value is not None})
            except ValueError:
                continue
    return None

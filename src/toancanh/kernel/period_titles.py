"""The words for a period in both languages; `periods.Period` asks here, nobody else needs to.

Every function takes the nominal start (naive Viet Nam time) and the grain's value, and gives both wordings.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from toancanh.kernel.text import Text

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
COUNTS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
ROMAN = ("I", "II", "III", "IV")
_LAST_MONTH = {"month": 0, "quarter": 2, "half": 5, "nine_months": 8, "year": 11}


def title(start: datetime, grain: str) -> Text:
    """Such as "Tháng 10/2026", "Quý III/2026", "6 tháng đầu năm 2026"."""
    return _TITLES[grain](start)


def cumulative_title(start: datetime, grain: str) -> Text:
    """Such as "Lũy kế 10 tháng 2026", "Lũy kế đến 22/11/2026"."""
    if grain in _LAST_MONTH:
        months = start.month + _LAST_MONTH[grain]
        noun = "month" if months == 1 else "months"
        return Text(f"Lũy kế {months} tháng {start.year}", f"{COUNTS[months - 1]} {noun} to {MONTHS[months - 1]} {start.year}")
    # A cumulative hour reaches the end of the hour, so it is named by that moment.
    single = title(start + timedelta(hours=1) if grain == "hour" else start, grain)
    return Text(f"Lũy kế đến {_lower(single.vi)}", f"Year to {_lower(single.en)}")


def short_title(start: datetime, grain: str, *, cumulative: bool, with_year: bool) -> Text:
    """For axes and narrow columns: "T10", "T10/26", cumulative "10T", "10T/26"."""
    if cumulative and grain in _LAST_MONTH:
        months = start.month + _LAST_MONTH[grain]
        short = Text(f"{months}T", f"{months}M")
    else:
        short = _SHORT[grain](start)
    if not with_year or (grain in _YEAR_INSIDE and not (cumulative and grain == "year")):
        return short
    return _with_year(short, start, grain)


def _with_year(short: Text, start: datetime, grain: str) -> Text:
    if grain == "hour":
        return Text(f"{short.vi} {start:%d/%m/%y}", f"{short.en} {start:%d/%m/%y}")
    year = f"{start:%G}"[2:] if grain == "week" else f"{start:%y}"
    return Text(f"{short.vi}/{year}", f"{short.en} {year}")


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _day_en(start: datetime) -> str:
    return f"{start.day} {MONTHS[start.month - 1]} {start.year}"


def _half(start: datetime, first: str, second: str) -> str:
    return first if start.month == 1 else second


def _week(start: datetime) -> tuple[int, int]:
    year, week, _ = start.isocalendar()
    return week, year


_YEAR_INSIDE = frozenset({"year", "school_year"})

_TITLES: dict[str, Callable[[datetime], Text]] = {
    "hour": lambda start: Text(f"{start:%H:%M %d/%m/%Y}", f"{start:%H:%M}, {_day_en(start)}"),
    "day": lambda start: Text(f"{start:%d/%m/%Y}", _day_en(start)),
    "week": lambda start: Text("Tuần {}/{}".format(*_week(start)), "Week {}, {}".format(*_week(start))),
    "month": lambda start: Text(f"Tháng {start.month}/{start.year}", f"{MONTHS[start.month - 1]} {start.year}"),
    "quarter": lambda start: Text(f"Quý {ROMAN[start.month // 3]}/{start.year}", f"Q{start.month // 3 + 1} {start.year}"),
    "half": lambda start: Text(
        f"6 tháng {_half(start, 'đầu', 'cuối')} năm {start.year}", f"{_half(start, 'First', 'Second')} half {start.year}"
    ),
    "nine_months": lambda start: Text(f"9 tháng {start.year}", f"Nine months {start.year}"),
    "year": lambda start: Text(f"Năm {start.year}", f"{start.year}"),
    "school_year": lambda start: Text(f"Năm học {start.year}-{start.year + 1}", f"School year {start.year}-{start.year + 1}"),
}

_SHORT: dict[str, Callable[[datetime], Text]] = {
    "hour": lambda start: Text(f"{start:%H:%M}", f"{start:%H:%M}"),
    "day": lambda start: Text(f"{start:%d/%m}", f"{start.day} {MONTHS[start.month - 1][:3]}"),
    "week": lambda start: Text(f"Tuần {_week(start)[0]}", f"W{_week(start)[0]}"),
    "month": lambda start: Text(f"T{start.month}", MONTHS[start.month - 1][:3]),
    "quarter": lambda start: Text(f"Q{start.month // 3 + 1}", f"Q{start.month // 3 + 1}"),
    "half": lambda start: Text(f"6T {_half(start, 'đầu', 'cuối')}", _half(start, "H1", "H2")),
    "nine_months": lambda _: Text("9T", "9M"),
    "year": lambda start: Text(f"{start.year}", f"{start.year}"),
    "school_year": lambda start: Text(f"{start:%y}-{(start.year + 1) % 100:02}", f"{start:%y}-{(start.year + 1) % 100:02}"),
}

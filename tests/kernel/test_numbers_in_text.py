"""Numbers and dates are read as written or refused with a cure, never guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.kernel.numbers_in_text import parse_date, parse_number, parse_time
from toancanh.kernel.periods import VIETNAM

ODD_LETTERS = "aâăAĂđĐðêỒộơữYqgiu \u0300\u0301\u0323\u0306\u00a0\u200b\ufeff\u0130\u1e9e\u01f0ß²½٣漢ﬁ🙂0129./,:;-–…%()*'’\n"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234.567,89", 1234567.89),
        ("1,234,567.89", 1234567.89),
        ("1.234.567", 1234567.0),
        ("63,5%", 63.5),
        ("63.5 %", 63.5),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("1234.567", 1234.567),
        ("1 234 567,8", 1234567.8),
        ("1\u00a0234\u202f567", 1234567.0),
        ("−5", -5.0),
        ("+5", 5.0),
        ("-0,5", -0.5),
        ("1e3", 1000.0),
        ("2026", 2026.0),
        (" 7 ", 7.0),
    ],
)
def test_an_unambiguous_number_is_read_in_either_habit(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "comma", "point"), [("1.234", 1234.0, 1.234), ("12,345", 12.345, 12345.0), ("-1.234", -1234.0, -1.234)]
)
def test_an_ambiguous_number_needs_the_habit_of_its_source(text: str, comma: float, point: float) -> None:
    with pytest.raises(ValueError, match="can be read as"):
        parse_number(text)
    assert parse_number(text, decimal=",") == comma
    assert parse_number(text, decimal=".") == point


@pytest.mark.parametrize(("text", "decimal"), [("1.5", ","), ("1,5", "."), ("1.234.567", "."), ("12.34,5", ",")])
def test_a_number_against_the_habit_of_its_source_is_refused(text: str, decimal: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text, decimal=decimal)


@pytest.mark.parametrize("mark", ["", "  ", "..", "...", "…", "-", "–", "\u00a0"])
def test_a_missing_mark_is_none_not_zero(mark: str) -> None:
    assert parse_number(mark) is None
    assert parse_time(mark) is None
    assert parse_date(mark) is None


@pytest.mark.parametrize(
    "text",
    ["(1.234)", "nan", "NaN", "inf", "-Infinity", "mười", "1.23.45", "1,2,3", "5%%", "1_000", "٣", "0x10", "=1+1", "12 34", "%"],
)
def test_what_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


@pytest.mark.parametrize("text", ["1e999", "9" * 400])
def test_a_number_too_large_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"too large|not a number"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("22/11/2026", datetime(2026, 11, 22, tzinfo=VIETNAM)),
        ("2/1/2026", datetime(2026, 1, 2, tzinfo=VIETNAM)),
        ("22-11-2026 09:42", datetime(2026, 11, 22, 9, 42, tzinfo=VIETNAM)),
        ("22/11/2026 09:42:05", datetime(2026, 11, 22, 9, 42, 5, tzinfo=VIETNAM)),
        ("09:42 22/11/2026", datetime(2026, 11, 22, 9, 42, tzinfo=VIETNAM)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=VIETNAM)),
        ("2026-11-22 09:42", datetime(2026, 11, 22, 9, 42, tzinfo=VIETNAM)),
        ("2026-11-22T02:42:00Z", datetime(2026, 11, 22, 2, 42, tzinfo=UTC)),
        ("2026-11-22T09:42:00.5+07:00", datetime(2026, 11, 22, 2, 42, 0, 500000, tzinfo=UTC)),
        ("2026-11-22T09:42:00+0700", datetime(2026, 11, 22, 2, 42, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_vietnamese(text: str, moment: datetime) -> None:
    assert parse_time(text) == moment


def test_a_utc_evening_is_the_next_vietnamese_day() -> None:
    assert parse_date("2026-11-22T17:00:00Z") == date(2026, 11, 23)
    assert parse_date("22/11/2026") == date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "11/22/2026", "22/11/26", "2026-13-01", "hôm qua", "25:00 22/11/2026", "0001-01-01T00:00:00+14:00"],
)
def test_an_impossible_date_is_refused_with_the_form_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="write dd/mm/yyyy"):
        parse_time(text)


@pytest.mark.parametrize("text", ["46348", "46348.5", "2026"])
def test_a_spreadsheet_day_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="format the column as a date"):
        parse_date(text)


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 2)))
def test_numbers_survive_both_ways_of_writing(value: float) -> None:
    english = f"{value:,.2f}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english, decimal=".") == value
    assert parse_number(vietnamese, decimal=",") == value
    assert parse_number(vietnamese) == value


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_times_survive_both_ways_of_writing(moment: datetime) -> None:
    aware = moment.replace(tzinfo=VIETNAM)
    assert parse_time(f"{moment:%d/%m/%Y %H:%M:%S}") == aware
    assert parse_time(aware.isoformat()) == aware


@given(st.text(ODD_LETTERS, max_size=20))
def test_no_text_escapes_the_readers(text: str) -> None:
    for reader in (parse_number, parse_time, parse_date):
        with suppress(ValueError):
            reader(text)

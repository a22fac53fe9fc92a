"""What officers type for a period is understood, and what could mean two things is not."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.kernel.period_input import parse_loose, status_mark
from toancanh.kernel.periods import Grain, Period, Regime

ODD_LETTERS = "aâăAĂđĐðêỒộơữYqgiu \u0300\u0301\u0323\u0306\u00a0\u200b\ufeff\u0130\u1e9e\u01f0ß²½٣漢ﬁ🙂0129./,:;-–…%()*'’\n"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("10/2026", "2026-10"),
        ("T10/2026", "2026-10"),
        ("T.10/2026", "2026-10"),
        ("tháng 10 năm 2026", "2026-10"),
        ("THÁNG 10 NĂM 2026", "2026-10"),
        ("2026-10", "2026-10"),
        ("2026/10", "2026-10"),
        ("Jan. 2016", "2016-01"),
        ("October 2026", "2026-10"),
        ("Quý 3/2026", "2026-Q3"),
        ("Q3-2026", "2026-Q3"),
        ("quý III 2026", "2026-Q3"),
        ("Quý IV năm 2026", "2026-Q4"),
        ("2026Q3", "2026-Q3"),
        ("6 tháng 2026", "2026-H1"),
        ("6 tháng đầu năm 2026", "2026-H1"),
        ("6 tháng cuối năm 2026", "2026-H2"),
        ("H2/2026", "2026-H2"),
        ("9T/2026", "2026-9M"),
        ("9 tháng đầu năm 2026", "2026-9M"),
        ("2026", "2026"),
        ("Năm\u00a02026", "2026"),
        ("22/11/2026", "2026-11-22"),
        ("ngày 22 tháng 11 năm 2026", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("tuần 47/2026", "2026-W47"),
        ("9h 22/11/2026", "2026-11-22T09"),
        ("22/11/2026 09:00", "2026-11-22T09"),
        ("năm học 2025-2026", "2025-2026"),
        ("2025 – 2026", "2025-2026"),
        ("Năm học 2025-26", "2025-2026"),
        ("10 tháng 2026", "2026-10-ytd"),
        ("10T/2026", "2026-10-ytd"),
        ("luỹ kế 10 tháng 2026", "2026-10-ytd"),
        ("Lũy kế đến tháng 10/2026", "2026-10-ytd"),
        ("lũy kế đến 22/11/2026", "2026-11-22-ytd"),
        ("2026-10-ytd", "2026-10-ytd"),
        ("Prel. 2016", "2016"),
        ("Pre. 2016", "2016"),
        ("2016 (*)", "2016"),
        ("Ước tháng 10/2026", "2026-10"),
    ],
)
def test_a_typed_period_is_understood(typed: str, code: str) -> None:
    assert str(parse_loose(typed)) == code


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "13/2026", "31/02/2026", "10/26", "tháng 10", "9999", "năm học 2025-2027", "2016 Total", "tuần 53/2025", "22/11",
     "lũy kế năm học 2025-2026", "Two months to October 2026"],
)  # fmt: skip
def test_what_names_no_period_or_several_is_none(typed: str) -> None:
    assert parse_loose(typed) is None


def test_the_regime_of_the_form_goes_with_the_period() -> None:
    assert parse_loose("tháng 9/2026", Regime.ADMINISTRATIVE) == Period.parse("2026-09", Regime.ADMINISTRATIVE)


@pytest.mark.parametrize(
    ("heading", "status"),
    [("Prel. 2016", "provisional"), ("2016 (sơ bộ)", "provisional"), ("Ước tháng 10/2026", "estimate"), ("Est. 2016", "estimate"),
     ("Chính thức 2015", "official"), ("2015", None), ("nước sạch 2015", None)],
)  # fmt: skip
def test_a_heading_tells_the_status_of_its_values(heading: str, status: str | None) -> None:
    assert status_mark(heading) == status


moments = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1))


@given(moments, st.sampled_from(Grain), st.booleans(), st.sampled_from(["vi", "en"]))
def test_every_title_on_screen_can_be_typed_back(moment: datetime, grain: Grain, cumulative: bool, language: str) -> None:
    if grain is Grain.NINE_MONTHS:
        moment = datetime(moment.year, 1, 1)
    period = Period.containing(moment, grain, cumulative=cumulative and grain not in (Grain.SCHOOL_YEAR, Grain.HOUR))
    again = parse_loose(period.title(language))
    assert again is not None
    assert again.span == period.span


@given(st.text(ODD_LETTERS, max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert parse_loose(text) is None or isinstance(parse_loose(text), Period)

"""Numbers, dates and durations as they are read in Vietnamese and in English."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import inf, nan

import pytest

from toancanh.kernel.text import Text
from toancanh.ui import formats
from toancanh.ui.language import current, t, tx, use


@pytest.mark.parametrize(
    ("value", "places", "vi", "en"),
    [
        (1234567.89, 2, "1.234.567,89", "1,234,567.89"),
        (7842, None, "7.842", "7,842"),
        (63.5, 1, "63,5", "63.5"),
        (63.0, None, "63", "63"),
        (63.456, None, "63,46", "63.46"),
        (0.5, 0, "1", "1"),
        (2.5, 0, "3", "3"),
        (-2.5, 0, "-3", "-3"),
        (-0.04, 1, "0,0", "0.0"),
        (Decimal("0.125"), 2, "0,13", "0.13"),
        (None, 1, "–", "–"),
        (nan, 1, "–", "–"),
        (inf, 1, "–", "–"),
    ],
)
def test_a_number_is_rounded_half_up_and_written_as_each_language_writes_it(value, places, vi, en):
    assert formats.number(value, places, "vi") == vi
    assert formats.number(value, places, "en") == en


def test_a_missing_figure_is_a_dash_and_never_a_zero():
    assert formats.percent(None) == formats.difference(None) == formats.day(None) == "–"


def test_a_difference_of_percentages_is_in_points_and_the_arrow_is_direction_only():
    assert formats.difference(5.4, "points", lang="vi") == "▲ 5,4 điểm %"
    assert formats.difference(-5.4, "points", lang="en") == "▼ 5.4 pp"
    assert formats.difference(8.4, lang="vi") == "▲ 8,4%"
    assert formats.difference(7.0, "points", lang="vi") == "▲ 7 điểm %"
    assert formats.difference(2, "count", 0, lang="vi") == "▲ 2"
    assert formats.difference(0.01, lang="vi") == "= 0%"


def test_a_moment_is_shown_on_the_clock_of_viet_nam():
    late = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert formats.clock(late) == "01:30"
    assert formats.day(late) == "22/11/2026"
    assert formats.moment(late) == "01:30 22/11/2026"
    assert formats.weekday(late, "vi") == "Chủ nhật, 22/11/2026"
    assert formats.weekday(date(2026, 11, 23), "en") == "Monday, 23/11/2026"
    assert formats.clock(late.replace(tzinfo=None)) == "01:30"


def test_as_of_says_no_more_than_is_needed():
    now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert formats.as_of(datetime(2026, 11, 22, 0, 15, tzinfo=UTC), now) == "07:15"
    assert formats.as_of(datetime(2026, 10, 31, 2, 0, tzinfo=UTC), now) == "09:00 31/10"
    assert formats.as_of(datetime(2025, 10, 31, 2, 0, tzinfo=UTC), now) == "09:00 31/10/2025"


def test_spans_are_said_in_words():
    assert formats.duration(timedelta(minutes=22), "vi") == "22 phút"
    assert formats.duration(timedelta(seconds=-59), "vi") == "dưới 1 phút"
    assert formats.duration(timedelta(seconds=59), "en") == "under 1 min"
    assert formats.duration(timedelta(hours=1, minutes=34), "vi") == "1 giờ 34"
    assert formats.duration(-timedelta(days=12, hours=3), "vi") == "12 ngày"
    assert formats.duration(timedelta(days=1), "en") == "1 day"
    assert formats.age(timedelta(seconds=20), "vi") == "vừa xong"
    assert formats.age(timedelta(hours=2, minutes=5), "vi") == "2 giờ 05 trước"


def test_the_language_of_a_page_ends_with_its_block_and_unknown_languages_fall_back():
    assert current() == "vi"
    with use("en"):
        assert (t("có", "yes"), tx(Text("có", "yes")), formats.number(1.5)) == ("yes", "yes", "1.5")
        with use("fr"):
            assert t("có", "yes") == "có"
        assert t("có", "yes") == "yes"
    assert t("có", "yes") == "có"

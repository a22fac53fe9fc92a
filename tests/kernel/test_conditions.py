"""Conditions judge a value and what lies around it, the same everywhere: when it fires, when it is over, when neither."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from toancanh.kernel.condition_words import crossed, describe, number
from toancanh.kernel.conditions import (
    Against,
    AllOf,
    AnyOf,
    Behind,
    By,
    Change,
    Condition,
    Rate,
    Seasonal,
    Silent,
    Threshold,
    TooLong,
    View,
    earlier_periods,
    judge,
    leaves,
    with_limits,
)
from toancanh.kernel.periods import Period
from toancanh.kernel.text import Text

OCTOBER = Period.parse("2026-10")
HOUR = Period.parse("2026-11-22T08")
MM = Text("mm", "mm")
FIRES, CLEARS, NEITHER = (True, False), (False, True), (False, False)


def told(condition: Condition, value: float | None, period: Period = OCTOBER, **more: object) -> tuple[bool, bool]:
    earlier: Mapping[str, float] = more.pop("earlier", {})  # type: ignore[assignment]
    found = judge(condition, View(value, period, earlier=lambda each: earlier.get(each.code), **more))  # type: ignore[arg-type]
    return found.fires, found.clears


@pytest.mark.parametrize(
    ("value", "expected"), [(None, NEITHER), (150.0, NEITHER), (150.1, FIRES), (140.0, NEITHER), (130.0, CLEARS), (10.0, CLEARS)]
)
def test_a_value_between_the_limits_neither_fires_nor_clears(value: float | None, expected: tuple[bool, bool]) -> None:
    assert told(Threshold(above=150.0, clears_at=130.0), value) == expected


def test_without_a_value_to_clear_at_the_limit_itself_is_safe() -> None:
    assert told(Threshold(below=95.0), 94.9) == FIRES
    assert told(Threshold(below=95.0), 95.0) == CLEARS


def test_the_distance_to_a_target_is_measured_on_the_bad_side() -> None:
    behind = Behind(above=10.0, clears_at=5.0)
    assert [told(behind, each, target=60.0) for each in (53.0, 54.0, 57.0, 80.0)] == [FIRES, NEITHER, CLEARS, CLEARS]
    assert told(behind, 67.0, target=60.0, rising_is_good=False) == FIRES
    assert told(Behind(above=2.0, by=By.POINTS), 57.9, target=60.0) == FIRES
    assert told(behind, 53.0) == NEITHER
    assert told(behind, 53.0, target=0.0) == NEITHER


def test_a_change_is_measured_against_the_period_before_or_the_year_before() -> None:
    before = {"2026-09": 100.0, "2025-10": 200.0}
    falls = Change(against=Against.PREVIOUS, below=-10.0, clears_at=-5.0)
    assert [told(falls, each, earlier=before) for each in (89.0, 92.0, 95.0)] == [FIRES, NEITHER, CLEARS]
    assert told(Change(against=Against.YEAR_BEFORE, below=-10.0), 170.0, earlier=before) == FIRES
    assert told(Change(against=Against.YEAR_BEFORE, below=-10.0, by=By.POINTS), 189.0, earlier=before) == FIRES
    assert told(falls, 1.0) == NEITHER
    assert told(falls, 1.0, earlier={"2026-09": 0.0}) == NEITHER


def test_a_rate_is_the_change_for_each_length_of_time() -> None:
    rising = Rate(per=timedelta(hours=1), periods=3, above=20.0, clears_at=10.0)
    past = {"2026-11-22T05": 30.0}
    assert [told(rising, each, HOUR, earlier=past) for each in (91.0, 80.0, 60.0)] == [FIRES, NEITHER, CLEARS]


def test_the_usual_is_learned_from_the_same_season_and_needs_half_of_it() -> None:
    high = Seasonal(above=4.0, clears_at=2.0, least=1.0)
    weeks = {each.code: 20.0 + place for place, each in enumerate(earlier_periods(high, HOUR))}
    assert next(iter(weeks)) == "2026-11-15T08"
    assert [told(high, each, HOUR, earlier=weeks) for each in (40.0, 32.0, 24.0)] == [FIRES, NEITHER, CLEARS]
    assert told(Seasonal(below=-4.0, least=1.0), 5.0, HOUR, earlier=weeks) == FIRES
    few = dict(list(weeks.items())[:3])
    assert told(high, 40.0, HOUR, earlier=few) == NEITHER
    flat = dict.fromkeys(weeks, 20.0)
    assert told(Seasonal(above=4.0, least=5.0), 39.0, HOUR, earlier=flat) == CLEARS


def test_silence_and_age_are_lengths() -> None:
    silent = Silent(above=1.5)
    hour = timedelta(hours=1)
    assert told(silent, None, silent_for=2 * hour, pace=hour) == FIRES
    assert told(silent, None, silent_for=hour, pace=hour) == CLEARS
    assert told(silent, None) == NEITHER
    assert told(TooLong(above=10.0, counted_in=hour), 241.0) == FIRES
    assert told(TooLong(above=10.0), 10.0) == CLEARS


def test_compound_conditions_need_all_or_one_of_their_parts() -> None:
    high, fast = Threshold(above=100.0, clears_at=80.0), Change(against=Against.PREVIOUS, above=50.0, by=By.POINTS)
    before = {"2026-09": 60.0}
    both, one = AllOf((high, fast)), AnyOf((high, fast))
    assert [told(both, each, earlier=before) for each in (111.0, 105.0, 75.0)] == [FIRES, CLEARS, CLEARS]
    assert [told(one, each, earlier=before) for each in (105.0, 90.0, 75.0)] == [FIRES, NEITHER, CLEARS]
    assert told(both, 111.0) == NEITHER


def test_a_part_that_cannot_be_judged_has_no_say_while_another_one_can() -> None:
    high, fast = Threshold(above=100.0, clears_at=80.0), Change(against=Against.PREVIOUS, above=50.0, by=By.POINTS)
    one = AnyOf((fast, high))
    assert [told(one, each) for each in (105.0, 90.0, 75.0)] == [FIRES, NEITHER, CLEARS]
    assert judge(one, View(90.0, OCTOBER)).measured == 90.0
    assert judge(AllOf((fast, high)), View(90.0, OCTOBER)).measured == 90.0
    assert judge(one, View(None, OCTOBER)).measured is None


def test_the_side_of_the_limit_is_said_right_where_both_read_alike() -> None:
    said = crossed(judge(Behind(above=10.0), View(12.3, OCTOBER, target=13.72, rising_is_good=True)), MM)
    assert said.vi.startswith("12,3 mm, dưới mức 12,348 mm")
    cost = crossed(judge(Behind(above=10.0), View(12.4, OCTOBER, target=11.23, rising_is_good=False)), MM)
    assert cost.vi.startswith("12,4 mm, vượt mức 12,353 mm")


def test_limits_are_changed_leaf_by_leaf() -> None:
    both = AllOf((Threshold(above=100.0, clears_at=80.0), Threshold(below=5.0)))
    changed = with_limits(both, [(90.0, 70.0), (4.0, None)])
    assert list(leaves(changed)) == [Threshold(above=90.0, clears_at=70.0), Threshold(below=4.0)]


def test_a_condition_and_its_verdict_are_said_in_both_languages() -> None:
    rule = Threshold(above=1500.0, clears_at=1300.5)
    assert describe(rule, MM) == Text("trên 1.500 mm; hết khi về 1.300,5 mm", "above 1,500 mm; over at 1,300.5 mm")
    said = crossed(judge(rule, View(1620.0, OCTOBER)), MM)
    assert said == Text("1.620 mm, vượt mức 1.500 mm", "1,620 mm, over 1,500 mm")
    behind = crossed(judge(Behind(above=10.0), View(45.0, OCTOBER, target=60.0)), Text("%", "%"))
    assert behind == Text("45%, dưới mức 54% (chậm 25% so kế hoạch)", "45%, under 54% (25% behind the target)")
    points = describe(Behind(above=3.0, by=By.POINTS), Text("%", "%"))
    assert points == Text("chậm so kế hoạch quá 3 điểm %", "behind the target by more than 3 pp")
    every: list[Condition] = [
        Change(against=Against.PREVIOUS, below=-10.0), Rate(per=timedelta(hours=1), above=5.0), Seasonal(above=4.0, least=1.0),
        Silent(above=1.5), TooLong(above=3.0), AllOf((rule, rule)), AnyOf((rule, rule)), Behind(above=1.0, by=By.POINTS),
    ]  # fmt: skip
    for each in every:
        words = describe(each, MM)
        assert words.vi
        assert words.en
        assert words.vi != words.en


def test_numbers_are_read_the_way_each_language_writes_them() -> None:
    assert number(1234567.25) == Text("1.234.567,3", "1,234,567.3")
    assert number(-0.01) == Text("0", "0")

"""Geometry of the drawings: true to the figures, calm on the axis, gaps never joined."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.ui.charts import bars, bullet, cells, flow, line, map, scales, spark
from toancanh.ui.parts import (
    BulletView,
    FlowView,
    LineSeries,
    LineView,
    MapMark,
    MapView,
    SegmentView,
    Share,
    SparkView,
    StackRow,
    StackView,
)

PHONE_PLOT, PHONE_LETTER = 234, 7.3  # pixels: the plot on a screen 390 wide, and a letter of its axis
finite = st.floats(-1e9, 1e9, allow_nan=False)


@given(finite, finite)
def test_at_most_five_grid_lines_cover_the_values(a, b):
    low, high = min(a, b), max(a, b)
    marks = scales.ticks(low, high)
    assert 2 <= len(marks) <= 5
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert marks[0] <= low + slack
    assert marks[-1] >= high - slack


def test_ticks_are_round_numbers():
    assert scales.ticks(0, 63.5) == (0, 20, 40, 60, 80)
    assert scales.ticks(95.2, 98.9) == (95, 96, 97, 98, 99)
    assert scales.ticks(7, 7) == (6, 6.5, 7, 7.5, 8)


def test_a_missing_month_is_a_gap_in_the_line():
    drawn = spark.draw(SparkView(points=(1, 2, None, 3, 4)))
    assert drawn.line.count("M") == 2
    assert drawn.area.count("Z") == 2


def test_the_provisional_tail_is_dashed_and_touches_the_firm_line():
    drawn = spark.draw(SparkView(points=(1, 2, 3, 4), provisional=1))
    assert drawn.line.endswith(drawn.provisional.split("L")[0].removeprefix("M"))


def test_a_spark_without_a_single_value_draws_nothing():
    drawn = spark.draw(SparkView(points=(None, None)))
    assert (drawn.line, drawn.area, drawn.target) == ("", "", "")


def test_the_bullet_starts_at_zero_and_keeps_its_marks_on_the_track():
    drawn = bullet.draw(BulletView(value=63.5, target=75, before=58.1, top=100))
    assert (drawn.bar, drawn.target, drawn.before) == (254.0, 297.0, 230.9)
    over = bullet.draw(BulletView(value=130, target=0, top=100))
    assert (over.bar, over.target) == (400.0, 0.0)
    assert bullet.draw(BulletView(value=None)).bar is None


def _line(**more):
    fields = {
        "title": "x", "periods": ("1", "2", "3", "4"), "places": 1,
        "series": (LineSeries(role="this", name="năm nay", points=(10, None, 30, 40), provisional=1),
                   LineSeries(role="before", name="năm trước", points=(9, 19, 29, 39.5))),
    }
    return LineView(**(fields | more))


def test_the_long_line_has_a_gap_a_dashed_tail_and_labels_that_do_not_collide():
    drawn = line.draw(_line())
    this = drawn.strokes[0]
    assert this.d.count("M") == 2
    assert this.tail.count("L") == 1
    heights = [e.y for e in drawn.ends]
    assert abs(heights[1] - heights[0]) >= 10
    assert [e.value for e in drawn.ends] == ["40,0", "39,5"]


def test_a_line_that_ends_early_carries_its_label_at_its_end():
    early = line.draw(_line(series=(LineSeries(role="this", name="", points=(1, 2, None, None)),
                                    LineSeries(role="before", name="", points=(1, 2, 3, 4)))))
    inside = [e for e in early.ends if e.inside]
    assert [(e.role, e.x) for e in inside] == [("this", 33.33)]


def test_an_axis_that_does_not_start_at_zero_says_so():
    assert line.draw(_line(series=(LineSeries(role="this", name="", points=(95, 96, 97, 98)),))).cut
    assert not line.draw(_line(from_zero=True)).cut


def test_the_axis_names_at_most_six_periods_and_always_the_last():
    periods = tuple(str(i) for i in range(37))
    ticks = line.draw(_line(periods=periods, series=(LineSeries(role="this", name="", points=tuple(range(37))),))).x_ticks
    assert len(ticks) <= 6
    assert (ticks[-1].word, ticks[-1].at) == ("36", 100)


@pytest.mark.parametrize(("count", "word"), [(12, "12T/26"), (13, "11/2026"), (25, "11/2026"), (8, "Q4/2026"), (48, "09:00"),
                                             (73, "27/11"), (90, "27/11"), (7, "2026"), (4, "2026"), (2, "2026")])  # fmt: skip
def test_the_words_of_the_axis_do_not_run_together_on_a_phone(count, word):
    drawn = line.draw(_line(periods=(word,) * count, series=(LineSeries(role="this", name="", points=tuple(range(count))),)))
    shown = [each for each in drawn.x_ticks if not each.spare]
    assert shown[-1].at == 100
    assert len(shown) >= min(count, 3)
    width = PHONE_LETTER * len(word)
    left = [each.at * PHONE_PLOT / 100 - (0 if each.anchor == "start" else width / 2) for each in shown]
    assert all(after > before + width for before, after in itertools.pairwise(left))


def test_the_label_at_the_end_of_a_line_at_the_bottom_stays_clear_of_the_axis():
    drawn = line.draw(_line(from_zero=True, series=(LineSeries(role="this", name="", points=(3, 2, 1, 0)),)))
    assert [each.y for each in drawn.ends] == [97.0]


def test_a_break_line_stands_between_the_periods():
    assert line.draw(_line(breaks=((2, "Sáp nhập"),))).breaks[0].at == 50.0


def test_a_line_without_figures_is_an_empty_frame():
    empty = line.draw(_line(series=(LineSeries(role="this", name="", points=(None,) * 4),)))
    assert (empty.strokes, empty.dot) == ((), None)


def test_bars_of_the_flow_start_at_zero_and_today_is_faded():
    days = {"days": ("1", "2", "3"), "received": (10, 20, 5), "settled": (8, None, 4)}
    drawn = flow.draw(FlowView(title="", received_word="", settled_word="", **days))
    assert all(round(b.y + b.height, 1) == 400 for b in drawn.bars)
    assert [b.open for b in drawn.bars] == [False, False, True]
    assert len(drawn.dots) == 2
    assert drawn.line.count("M") == 2


def test_shares_fill_the_bar_and_nothing_is_not_drawn():
    pieces = bars.segment(SegmentView(shares=(Share("ok", 28, ""), Share("warn", 0, ""), Share("bad", 8, ""))))
    assert [p.kind for p in pieces] == ["ok", "bad"]
    assert abs(pieces[0].width / pieces[1].width - 3.5) < 0.05
    assert bars.segment(SegmentView(shares=())) == ()


def test_stacked_bars_share_one_scale():
    rows = (StackRow("a", 1, 1, 8, "1"), StackRow("b", 0, 0, 5, "–"))
    first, second = bars.stacks(StackView(title="", rows=rows, words=("", "", "")))
    assert [p.kind for p in second] == ["ok"]
    assert round(second[0].width + 2) == 150
    assert round(first[-1].x + first[-1].width + 2) == 300


def test_words_and_marks_keep_one_size_on_every_map():
    small = map.draw(MapView(title="", box=(0, 0, 850, 735), shapes=(), marks=(MapMark(1, 2, "bad", "1"),)))
    large = map.draw(MapView(title="", box=(0, 0, 8500, 7350), shapes=()))
    assert (small.font, large.font) == (22.0, 220.0)
    assert small.marks[0][1] == "translate(1 2) scale(1.0)"


def test_the_projection_keeps_north_up_and_everything_inside():
    plane = map.projection([(104.0, 8.5), (109.5, 23.4)])
    west, south = plane.at(104.0, 8.5)
    east, north = plane.at(109.5, 23.4)
    assert west < east
    assert north < south
    assert west >= 0
    assert east <= plane.width
    assert north >= 0
    assert south <= plane.height
    assert plane.path([[(104, 9), (105, 9), (105, 10), (104, 9)]]).endswith("Z")
    assert plane.path([[(104, 9), (104, 9)]]) == ""


def test_cells_cover_every_place_once():
    places = {"a": (0.0, 0.0), "b": (2.0, 0.0), "c": (1.0, 2.0), "d": (1.0, 0.7)}
    drawn = cells.cells(places)
    assert set(drawn) == set(places)
    assert all(len(rings) == 1 and len(rings[0]) >= 4 for rings in drawn.values())
    assert cells.cells({}) == {}
    assert set(cells.cells({"one": (1.0, 1.0)})) == {"one"}

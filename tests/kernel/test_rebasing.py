"""Values on another day's map, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.kernel.measures import Adds
from toancanh.kernel.rebasing import Edge, Known, Lineage, Method, Part, rebase

BEFORE, MERGER, AFTER = date(2015, 12, 31), date(2025, 7, 1), date(2026, 1, 1)
LIFE = {"old1": (date(1997, 1, 1), date(2025, 6, 30)), "old2": (date(1997, 1, 1), date(2025, 6, 30)), "new": (MERGER, date.max)}


def lineage(*edges: Edge, life: dict[str, tuple[date, date]] | None = None) -> Lineage:
    lives = life or LIFE
    into: dict[str, list[Edge]] = {}
    out_of: dict[str, list[Edge]] = {}
    for edge in edges:
        into.setdefault(edge.after, []).append(edge)
        out_of.setdefault(edge.before, []).append(edge)
    return Lineage(into, out_of, lambda unit, day: unit in lives and lives[unit][0] <= day <= lives[unit][1])


MERGED = lineage(Edge("old1", "new", MERGER), Edge("old2", "new", MERGER))


def test_a_merged_unit_is_made_of_its_parts() -> None:
    assert {each.unit for each in MERGED.parts("new", BEFORE, AFTER)} == {"old1", "old2"}
    assert MERGED.parts("new", AFTER, AFTER) == (Part("new"),)


def test_an_old_unit_cannot_be_seen_in_a_larger_new_one() -> None:
    assert MERGED.parts("old1", AFTER, BEFORE) == ()


def test_an_old_unit_that_only_changed_its_key_is_seen_in_the_new_one() -> None:
    alone = lineage(Edge("old1", "new", MERGER))
    assert alone.parts("old1", AFTER, BEFORE) == (Part("new"),)


def test_a_unit_that_grew_is_itself_and_what_it_took_in() -> None:
    life = {"hanoi": (date(1945, 9, 2), date.max), "hatay": (date(1945, 9, 2), date(2008, 7, 31))}
    grown = lineage(Edge("hatay", "hanoi", date(2008, 8, 1)), life=life)
    assert {each.unit for each in grown.parts("hanoi", date(2007, 12, 31), AFTER)} == {"hanoi", "hatay"}
    assert grown.parts("hanoi", BEFORE, AFTER) == (Part("hanoi"),)


def test_a_unit_that_grew_before_the_day_of_the_map_is_itself_later_too() -> None:
    life = {"hanoi": (date(1945, 9, 2), date.max), "hatay": (date(1945, 9, 2), date(2008, 7, 31))}
    grown = lineage(Edge("hatay", "hanoi", date(2008, 8, 1)), life=life)
    assert grown.parts("hanoi", AFTER, BEFORE) == (Part("hanoi"),)
    assert grown.parts("hanoi", AFTER, date(2008, 8, 1)) == (Part("hanoi"),)
    assert MERGED.parts("new", date(2026, 6, 30), AFTER) == (Part("new"),)


def test_a_unit_that_went_into_one_that_was_there_already_is_not_seen_in_it() -> None:
    life = {"hanoi": (date(1945, 9, 2), date.max), "hatay": (date(1945, 9, 2), date(2008, 7, 31))}
    grown = lineage(Edge("hatay", "hanoi", date(2008, 8, 1)), life=life)
    assert grown.parts("hatay", BEFORE, date(2008, 7, 31)) == ()
    assert grown.parts("hanoi", BEFORE, date(2008, 7, 31)) == ()


def test_the_changes_behind_a_unit_are_its_own_and_those_of_its_parts() -> None:
    life = {**LIFE, "older": (date(1990, 1, 1), date(1996, 12, 31))}
    first, second = Edge("older", "old1", date(1997, 1, 1)), Edge("old1", "new", MERGER)
    chain = lineage(first, second, Edge("old2", "new", MERGER), life=life)
    assert chain.edges_behind("new", date(1990, 1, 1), AFTER)[:2] == (first, second)
    assert first not in chain.edges_behind("new", BEFORE, AFTER)
    assert chain.edges_behind("new", MERGER, AFTER) == ()


def test_changes_in_a_row_multiply_their_shares() -> None:
    ended = {"a": (date(1990, 1, 1), date(1999, 12, 31)), "b": (date(2000, 1, 1), date(2009, 12, 31))}
    life = {**ended, "c": (date(2010, 1, 1), date.max)}
    chain = lineage(Edge("a", "b", date(2000, 1, 1), 0.5), Edge("b", "c", date(2010, 1, 1), 0.5), life=life)
    assert chain.parts("c", date(1995, 1, 1), AFTER) == (Part("a", 0.25),)


def test_counts_of_whole_parts_are_summed_exactly() -> None:
    parts = MERGED.parts("new", BEFORE, AFTER)
    found = rebase(Adds.SUM, parts, {"old1": Known(313.1), "old2": Known(1190.6)})
    assert (found.value, found.method, found.coverage) == (pytest.approx(1503.7), Method.EXACT, 1.0)


def test_part_of_a_sum_is_no_sum() -> None:
    found = rebase(Adds.SUM, (Part("old1"), Part("old2")), {"old1": Known(313.1)})
    assert (found.value, found.method, found.coverage) == (None, Method.NOT_COMPARABLE, 0.5)
    assert found.reason


def test_rates_are_divided_again_and_not_averaged() -> None:
    known = {"old1": Known(50.0, 1, 2), "old2": Known(90.0, 90, 100)}
    found = rebase(Adds.RATIO, (Part("old1"), Part("old2")), known, scale=100)
    assert found.value == pytest.approx(91 / 102 * 100)
    assert found.method is Method.EXACT
    assert (found.top, found.bottom) == (91, 102)


def test_a_rate_without_its_parts_is_not_comparable() -> None:
    found = rebase(Adds.RATIO, (Part("old1"), Part("old2")), {"old1": Known(50.0), "old2": Known(90.0)})
    assert (found.value, found.method) == (None, Method.NOT_COMPARABLE)


def test_a_rate_over_fewer_parts_is_an_estimate_with_its_coverage() -> None:
    found = rebase(Adds.RATIO, (Part("old1"), Part("old2")), {"old1": Known(50.0, 1, 2)}, scale=100)
    assert (found.value, found.method, found.coverage) == (50.0, Method.ESTIMATED, 0.5)


def test_an_index_of_several_parts_is_not_comparable() -> None:
    found = rebase(Adds.NEVER, (Part("old1"), Part("old2")), {"old1": Known(65.0), "old2": Known(60.0)})
    assert (found.value, found.method) == (None, Method.NOT_COMPARABLE)


def test_an_index_of_a_unit_that_did_not_change_stays() -> None:
    assert rebase(Adds.NEVER, (Part("old1"),), {"old1": Known(65.0)}).method is Method.EXACT


def test_the_dti_of_a_merged_province_is_the_mean_of_its_parts() -> None:
    known = {"old1": Known(0.60), "old2": Known(0.70)}
    found = rebase(Adds.NEVER, (Part("old1"), Part("old2")), known, mean_of_parts=True)
    assert (found.value, found.method) == (pytest.approx(0.65), Method.WEIGHTED)


def test_a_split_without_a_share_is_not_comparable() -> None:
    found = rebase(Adds.SUM, (Part("old1", None), Part("old2")), {"old1": Known(10.0), "old2": Known(20.0)})
    assert (found.value, found.method) == (None, Method.NOT_COMPARABLE)


@pytest.mark.parametrize(("estimated", "method"), [(False, Method.WEIGHTED), (True, Method.ESTIMATED)])
def test_a_split_with_a_share_is_weighted_or_estimated(estimated: bool, method: Method) -> None:
    found = rebase(Adds.SUM, (Part("old1", 0.25, estimated), Part("old2")), {"old1": Known(100.0), "old2": Known(20.0)})
    assert (found.value, found.method) == (45.0, method)


def test_the_worst_of_whole_parts_is_exact() -> None:
    found = rebase(Adds.MAXIMUM, (Part("old1"), Part("old2")), {"old1": Known(120.0), "old2": Known(80.0)})
    assert (found.value, found.method) == (120.0, Method.EXACT)


def test_no_figures_at_all_is_not_zero() -> None:
    assert rebase(Adds.SUM, (Part("old1"),), {}).value is None
    assert rebase(Adds.SUM, (), {"old1": Known(1.0)}).value is None


@given(st.lists(st.floats(0, 1e9, allow_nan=False), min_size=2, max_size=6), st.data())
def test_dividing_a_unit_completely_keeps_its_total(values: list[float], data: st.DataObject) -> None:
    share = data.draw(st.floats(0.01, 0.99))
    known = {str(i): Known(v) for i, v in enumerate(values)}
    first = tuple(Part(str(i), share) for i in range(len(values)))
    rest = tuple(Part(str(i), 1 - share) for i in range(len(values)))
    one, other = rebase(Adds.SUM, first, known).value, rebase(Adds.SUM, rest, known).value
    assert one is not None
    assert other is not None
    assert one + other == pytest.approx(sum(values))

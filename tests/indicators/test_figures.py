"""Values over reported figures: what is stated wins, what adds up is added, what does not is not, and gaps are counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from toancanh.indicators.evaluators.figures import evaluate, periods_moved
from toancanh.indicators.evaluators.ledger import Ledger
from toancanh.indicators.evaluators.value import Value
from toancanh.kernel.agency_roles import FINANCE
from toancanh.kernel.contracts import Fixed, Good, Indicator, Item, MonthlyPath, Target, YearPlan
from toancanh.kernel.figures_dataset import figures
from toancanh.kernel.measures import Adds, Growth, Measure, Reported, percent
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.text import Text

WORDS = Text("Thu", "Revenue")
ITEMS = tuple(Item(code, WORDS, WORDS) for code in ("rev", "rev_plan", "spent", "people", "index"))
REPORTS = figures("reports", WORDS, items=ITEMS, grain=Grain.MONTH, owner=FINANCE, cadence=timedelta(days=31))
REV, PLAN = Reported("rev"), Reported("rev_plan", over_time=Adds.LAST, of=Grain.YEAR)


@dataclass(frozen=True)
class Row:
    item: str
    area: str
    period: Period
    value: float | None
    status: str | None = "official"
    seq: int = 1


@dataclass
class Map:
    """Province P holds communes A and B; it was made of the old provinces X and Y on 01/07/2025."""

    members: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"P": ("A", "B")})

    def exists(self, key: str, day: date) -> bool:
        return (day < date(2025, 7, 1)) if key in ("X", "Y") else (day >= date(2025, 7, 1))

    def inside(self, key: str, day: date) -> tuple[str, ...]:
        return self.members.get(key, ())

    def around(self, key: str) -> frozenset[str]:
        return frozenset({"P"} if key in ("A", "B", "X", "Y") else ())

    def made_of(self, key: str, day: date) -> tuple[str, ...]:
        return ("X", "Y") if key == "P" and day < date(2025, 7, 1) else ()


def indicator(measure: Measure, *, target: Target | None = None, cumulative: bool = True) -> Indicator:
    return Indicator(
        code="tried",
        title=WORDS,
        dataset=REPORTS,
        measure=measure,
        unit=WORDS,
        definition=WORDS,
        basis="Luật",
        owner=FINANCE,
        good=Good.UP,
        grains=(Grain.MONTH, Grain.QUARTER, Grain.YEAR),
        cumulative=cumulative,
        target=target,
    )


def months(values: dict[str, float], area: str = "P", item: str = "rev") -> list[Row]:
    return [Row(item, area, Period.parse(code), value) for code, value in values.items()]


def ask(rows: list[Row], code: str, measure: Measure = REV, area: str = "P", target: Target | None = None) -> Value | None:
    return evaluate(indicator(measure, target=target), area, Period.parse(code), Ledger(rows, Map()))


def value(rows: list[Row], code: str, measure: Measure = REV, area: str = "P") -> float | None:
    found = ask(rows, code, measure, area)
    return found.outcome.value if found else None


def test_the_units_own_figure_wins_over_the_sum_of_its_communes() -> None:
    rows = [*months({"2026-01": 100}), *months({"2026-01": 30}, "A"), *months({"2026-01": 40}, "B")]
    assert value(rows, "2026-01") == 100


def test_communes_are_summed_when_the_province_has_said_nothing() -> None:
    found = ask([*months({"2026-01": 30}, "A"), *months({"2026-01": 40}, "B")], "2026-01")
    assert (found.outcome.value, found.method, found.have, found.want) == (70, "areas", 2, 2)


def test_a_missing_commune_is_counted_as_a_gap_not_as_zero() -> None:
    found = ask(months({"2026-01": 30}, "A"), "2026-01")
    assert (found.outcome.value, found.have, found.want) == (30, 1, 2)


def test_months_make_a_quarter_and_a_cumulative_figure() -> None:
    rows = months({"2026-01": 10, "2026-02": 20, "2026-03": 30})
    assert value(rows, "2026-Q1") == 60
    assert value(rows, "2026-02-ytd") == 30


def test_an_unfinished_year_says_how_many_months_are_in() -> None:
    found = ask(months({f"2026-{month:02}": 1.0 for month in range(1, 11)}), "2026")
    assert (found.outcome.value, found.have, found.want) == (10, 10, 12)
    assert found.through == datetime(2026, 11, 1)


def test_cumulative_to_december_is_not_said_before_december() -> None:
    rows = months({f"2026-{month:02}": 1.0 for month in range(1, 11)})
    assert value(rows, "2026-12-ytd") is None
    assert value(rows, "2026-10-ytd") == 10


def test_a_stated_nine_months_is_the_cumulative_september() -> None:
    assert value(months({"2026-9M": 77}), "2026-09-ytd") == 77


def test_a_month_is_the_difference_of_two_cumulative_figures() -> None:
    found = ask(months({"2026-09-ytd": 77, "2026-10-ytd": 90}), "2026-10")
    assert (found.outcome.value, found.method) == (13, "difference")


def test_an_index_is_never_added_up() -> None:
    never = Reported("index", Adds.NEVER, Adds.NEVER)
    rows = [*months({"2026-01": 108, "2026-02": 109, "2026-03": 110}, item="index"), *months({"2026-04": 100}, "A", "index")]
    assert value(rows, "2026-Q1", never) is None
    assert value(rows, "2026-04", never) is None


def test_a_stock_takes_its_last_month() -> None:
    last = Reported("people", over_time=Adds.LAST)
    assert value(months({"2026-01": 5, "2026-02": 6, "2026-03": 7}, item="people"), "2026-Q1", last) == 7


def test_a_rate_is_divided_again_from_sums() -> None:
    rows = [
        *months({"2026-01": 30}, "A"),
        *months({"2026-01": 10}, "B"),
        *months({"2026-01": 100}, "A", "spent"),
        *months({"2026-01": 300}, "B", "spent"),
    ]
    found = ask(rows, "2026-01", percent(REV, Reported("spent")))
    assert (found.outcome.value, found.outcome.top, found.outcome.bottom) == (10, 40, 400)


def test_a_rate_is_kept_to_the_communes_that_gave_both_sides() -> None:
    rows = [
        *months({"2026-01": 30}, "A"),
        *months({"2026-01": 100}, "A", "spent"),
        *months({"2026-01": 300}, "B", "spent"),
    ]
    found = ask(rows, "2026-01", percent(REV, Reported("spent")))
    assert (found.outcome.value, found.have, found.want) == (30, 1, 2)


def test_the_years_plan_is_read_from_inside_any_month() -> None:
    rows = [*months({"2026-01": 10, "2026-02": 20}), Row("rev_plan", "P", Period.parse("2026"), 120)]
    assert value(rows, "2026-02-ytd", percent(REV, PLAN)) == 25


def test_growth_compares_levels_with_the_same_period_of_last_year() -> None:
    rows = months({"2025-07": 50, "2026-07": 60})
    found = ask(rows, "2026-07", Growth(REV))
    assert found.outcome.value == pytest.approx(20)
    assert (found.outcome.top, found.outcome.bottom) == (60, 50)


def test_growth_of_a_new_province_rests_on_the_old_ones_it_was_made_of() -> None:
    rows = [*months({"2025-05": 20}, "X"), *months({"2025-05": 30}, "Y"), *months({"2026-05": 60})]
    assert value(rows, "2026-05", Growth(REV)) == pytest.approx(20)


def test_growth_is_not_made_from_incomplete_levels() -> None:
    rows = months({"2025-08": 1.0, "2025-09": 1.0, "2025-07": 1.0, "2026-07": 9.0, "2026-08": 9.0})
    assert value(rows, "2026-Q3", Growth(REV)) is None


def test_a_value_before_the_merger_is_marked_as_made_of_the_old_units() -> None:
    found = ask([*months({"2025-05": 20}, "X"), *months({"2025-05": 30}, "Y")], "2025-05")
    assert (found.outcome.value, found.method) == (50, "forerunners")


def test_the_weakest_status_of_the_parts_is_the_status_of_the_whole() -> None:
    rows = months({"2026-01": 10, "2026-02": 20})
    rows.append(Row("rev", "P", Period.parse("2026-03"), 30, "estimate"))
    assert ask(rows, "2026-Q1").status == "estimate"


def test_of_two_deliveries_the_later_one_counts() -> None:
    rows = [Row("rev", "P", Period.parse("2026-9M"), 1, seq=5), Row("rev", "P", Period.parse("2026-09-ytd"), 2, seq=4)]
    assert value(rows, "2026-09-ytd") == 1


def test_the_plan_is_due_by_its_share_of_the_year() -> None:
    rows = [*months({f"2026-{m:02}": 1.0 for m in range(1, 11)}), Row("rev_plan", "P", Period.parse("2026"), 1200)]
    plan = YearPlan(PLAN)
    assert ask(rows, "2026-10-ytd", target=plan).target == pytest.approx(1000)
    assert ask(rows, "2026-10", target=plan).target == pytest.approx(100)
    assert ask(rows, "2026", target=plan).target == pytest.approx(1000), "ten months in: held against ten months' share"


def test_a_path_is_for_the_cumulative_form_of_a_cumulative_indicator() -> None:
    path = MonthlyPath(tuple(float(month) for month in range(1, 13)))
    rows = months({f"2026-{m:02}": 1.0 for m in range(1, 11)})
    assert ask(rows, "2026-10-ytd", target=path).target == 10
    assert ask(rows, "2026-10", target=path).target is None
    assert ask(rows, "2026-10-ytd", target=Fixed(8)).target == 8


def test_a_month_moves_its_quarter_its_year_and_the_cumulative_months_after_it() -> None:
    moved = {each.code for each in periods_moved(indicator(REV), Period.parse("2026-10"))}
    assert moved == {"2026-10", "2026-10-ytd", "2026-11-ytd", "2026-12-ytd", "2026-Q4", "2026-Q4-ytd", "2026"}


def test_a_plan_moves_every_month_of_its_year() -> None:
    moved = {each.code for each in periods_moved(indicator(percent(REV, PLAN)), Period.parse("2026"))}
    assert {"2026-01", "2026-12", "2026-01-ytd", "2026-12-ytd", "2026-Q2", "2026"} <= moved


def test_growth_moves_the_next_year_too() -> None:
    moved = {each.code for each in periods_moved(indicator(Growth(REV)), Period.parse("2025-10"))}
    assert {"2025-10", "2026-10", "2026-Q4", "2026-12-ytd"} <= moved

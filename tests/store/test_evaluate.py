"""The compiled measures answer what the plain reading of the algebra answers, on random rows, measures, periods and groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store import making, reference
from tests.store.datasets import AIR, BUDGET, DOSSIERS, INSPECTIONS, VERSIONED
from tests.store.reference import Version

from toancanh.kernel.contracts import Dataset
from toancanh.kernel.expressions import NOW, Column
from toancanh.kernel.measures import Count, Distinct, Extreme, Leaf, Quantile, Reported, Stock, Total, count
from toancanh.kernel.periods import Grain, Period
from toancanh.store import engine, rows
from toancanh.store.evaluate import evaluate, nothing
from toancanh.store.groups import ByArea, Group, Whole
from toancanh.store.rows import Batch
from toancanh.store.tables import table_name

pytestmark = pytest.mark.usefixtures("store")
RECEIVED = datetime(2026, 3, 5, tzinfo=UTC)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def put(dataset: Dataset, versions: Sequence[Version]) -> None:
    """Exactly these rows, delivery by delivery."""
    engine.command(f"TRUNCATE TABLE {table_name(dataset)}")
    batches = []
    for seq in sorted({each.seq for each in versions}):
        mine = [each for each in versions if each.seq == seq]
        columns = {field.name: [each.values.get(field.name) for each in mine] for field in dataset.fields}
        batches.append(Batch(seq, RECEIVED, [each.line for each in mine], columns))
    rows.append(dataset, *batches)


def agree(
    dataset: Dataset,
    versions: Sequence[Version],
    leaves: list[Leaf],
    periods: list[Period],
    group: Group,
    now: datetime,
    known_seq: int | None = None,
) -> None:
    put(dataset, versions)
    found = evaluate(dataset, leaves, periods, group, now=now, known_seq=known_seq)
    wanted = reference.evaluate(dataset, reference.current(dataset, versions, known_seq), leaves, periods, group, now)
    assert set(found) == set(wanted)
    for place, values in wanted.items():
        for leaf, value in values.items():
            assert found[place][leaf] == (value if value is None else pytest.approx(value, rel=1e-12, abs=1e-9)), (place, leaf)


@pytest.mark.slow
@FEW
@given(
    making.versions(making.dossiers),
    st.lists(making.dossier_leaves, min_size=1, max_size=4),
    making.periods,
    making.groups,
    st.sampled_from([making.LATE, datetime(2027, 1, 1, tzinfo=UTC)]),
    st.sampled_from([None, 2]),
)
def test_measures_of_dossiers_are_those_of_the_reference(
    versions: list[Version],
    leaves: list[Leaf],
    periods: list[Period],
    group: Group,
    now: datetime,
    known: int | None,
) -> None:
    agree(DOSSIERS, versions, leaves, periods, group, now, known)


@pytest.mark.slow
@FEW
@given(making.versions(making.versioned, 30), making.area_groups, st.sampled_from([None, 1, 2]))
def test_measures_read_the_highest_version_of_a_row(versions: list[Version], group: Group, known: int | None) -> None:
    leaves: list[Leaf] = [Count(), Total(Column("fee")), Stock(Column("received_at"), Column("changed_at"))]
    agree(VERSIONED, versions, leaves, making.periods_of(Grain.MONTH, Grain.WEEK), group, making.LATE, known)


@pytest.mark.slow
@FEW
@given(making.versions(making.inspections, 40), making.area_groups, making.periods)
def test_measures_placed_by_day_are_those_of_the_reference(versions: list[Version], group: Group, periods: list[Period]) -> None:
    fines = Column("fines")
    leaves: list[Leaf] = [
        Count(fines.known()),
        Total(fines),
        Extreme(fines, False),
        Quantile(fines, 0.5),
        Distinct(Column("team")),
        Count(Column("day").below(NOW)),
    ]
    agree(INSPECTIONS, versions, leaves, periods, group, making.LATE)


def air(*given: tuple[str, datetime, float | None]) -> None:
    columns: dict[str, list[Any]] = {
        name: [each[place] for each in given] for place, name in enumerate(("station", "at", "pm25"))
    }
    rows.append(AIR, Batch(1, RECEIVED, list(range(1, len(given) + 1)), columns | {"area": ["sample:a"] * len(given)}))


def test_a_year_of_hours_is_one_query_and_each_reading_stands_in_its_hour() -> None:
    first = Period.parse("2026-01-01T00")
    hours = list(first.until(first.shift(24 * 365)))
    start = first.interval()[0]
    air(*[("S1", start + timedelta(minutes=20 * number), float(number)) for number in range(3 * 24 * 365)])
    found = evaluate(AIR, [Total(Column("pm25")), count()], hours, Whole("S"), now=RECEIVED)
    assert len(found) == 24 * 365
    assert found["S", hours[1000]] == {Total(Column("pm25")): 3.0 * 3000 + 3, count(): 3.0}


def test_a_sum_is_the_same_whatever_the_order_of_the_rows() -> None:
    numbers = [0.1, 0.2, 0.3, 1e6 + 0.7, -12345.6] * 400
    answers = set()
    for order in (numbers, numbers[::-1], sorted(numbers)):
        engine.command(f"TRUNCATE TABLE {table_name(AIR)}")
        air(*[(f"S{place}", RECEIVED, number) for place, number in enumerate(order)])
        found = evaluate(AIR, [Total(Column("pm25"))], [Period.containing(RECEIVED, Grain.DAY)], Whole(), now=RECEIVED)
        answers |= {value for values in found.values() for value in values.values()}
    assert answers == {395062280.0}


def test_reported_rows_stand_in_the_period_that_holds_their_first_day() -> None:
    columns = {
        "item": ["revenue"] * 2,
        "area": ["a"] * 2,
        "period": [Period.parse("2026-10"), Period.parse("2026-Q4")],
        "value": [1.0, 2.0],
    }
    rows.append(BUDGET, Batch(1, RECEIVED, [1, 2], columns))
    october, year = Period.parse("2026-10"), Period.parse("2026")
    found = evaluate(BUDGET, [Total(Column("value"))], [october, year], Whole("x"), now=RECEIVED)
    assert {period: values[Total(Column("value"))] for (_, period), values in found.items()} == {october: 3.0, year: 3.0}


def test_where_there_are_no_rows_counts_are_zero_and_the_rest_is_missing() -> None:
    leaves: list[Leaf] = [
        Count(),
        Distinct(Column("channel")),
        Total(Column("fee")),
        Stock(Column("received_at"), Column("settled_at")),
    ]
    assert evaluate(DOSSIERS, leaves, [Period.parse("2026-01")], Whole(), now=RECEIVED) == {}
    assert list(nothing(leaves).values()) == [0.0, 0.0, None, 0.0]
    assert evaluate(DOSSIERS, leaves, [], Whole(), now=RECEIVED) == {}


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (Reported("revenue"), "reported figure"),
        (Total(Column("channel")), "a number is needed"),
        (Count(Column("nothing").known()), "no field"),
        (Count(Column("fee").equals("x")), "cannot compare a number with a text"),
        (Total(Column("received_at")), "a number is needed"),
        (Stock(Column("fee"), Column("settled_at")), "a moment is needed"),
    ],
)
def test_a_measure_that_makes_no_sense_is_refused_in_words(leaf: Leaf, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        evaluate(DOSSIERS, [leaf], [Period.parse("2026-01")], Whole(), now=RECEIVED)


def test_an_area_may_count_for_several_units_at_once() -> None:
    put(
        INSPECTIONS,
        [
            Version({"day": date(2026, 1, 5), "team": str(number), "area": "sample:a", "fines": 1.0}, 1, number)
            for number in range(4)
        ],
    )
    group = ByArea({"sample:a": ["sample:a", "sample-old:d1", "sample:MS", "sample:MS"]})
    found = evaluate(INSPECTIONS, [count()], [Period.parse("2026-01")], group, now=RECEIVED)
    assert {subject: values[count()] for (subject, _), values in found.items()} == {
        "sample:a": 4,
        "sample-old:d1": 4,
        "sample:MS": 4,
    }

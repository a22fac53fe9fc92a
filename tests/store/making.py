"""Random rows, measures, periods and groups for the comparison of the store with the reference."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from tests.store.reference import Version

from toancanh.kernel.expressions import (
    NOW,
    Choose,
    Column,
    Condition,
    Constant,
    Earlier,
    Expression,
    HoursBetween,
    first_known,
)
from toancanh.kernel.measures import Count, Distinct, Extreme, Leaf, Quantile, Stock, Total
from toancanh.kernel.periods import VIETNAM, Grain, Period, Regime
from toancanh.store.groups import ByAgency, ByArea, ByColumn, Group, Whole

EDGES = [datetime(2026, *each, tzinfo=VIETNAM) for each in ((1, 1), (1, 15), (2, 1), (2, 2), (3, 1), (3, 15), (4, 1))]
LATE = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
AREAS, AGENCIES = ["sample:a", "sample:b", "sample:c'"], ["agency:x", "agency:y"]

moments = st.one_of(
    st.builds(
        lambda edge, ms: (edge + timedelta(milliseconds=ms)).astimezone(UTC), st.sampled_from(EDGES), st.sampled_from([-1, 0, 1])
    ),
    st.builds(lambda hours: datetime(2025, 12, 20, tzinfo=UTC) + timedelta(hours=hours), st.integers(0, 24 * 110)),
)
days = st.builds(lambda number: date(2025, 12, 28) + timedelta(days=number), st.integers(0, 100))
quarters = st.builds(lambda number: number / 4, st.integers(-40, 400))


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


dossiers = st.fixed_dictionaries(
    {
        "dossier_code": st.sampled_from([f"H{number}" for number in range(25)]),
        "agency": maybe(st.sampled_from(AGENCIES)),
        "commune": st.sampled_from(AREAS),
        "procedure": st.sampled_from(["1.1", "1.2"]),
        "received_at": moments,
        "due_at": maybe(moments),
        "due_day": maybe(days),
        "settled_at": maybe(moments),
        "paused_hours": maybe(quarters),
        "fee": maybe(quarters),
        "channel": maybe(st.sampled_from(["direct", "online"])),
        "note": maybe(st.text(max_size=3).filter(lambda text: "\x00" not in text)),
    }
)
versioned = st.fixed_dictionaries(
    {
        "dossier_code": st.sampled_from([f"H{number}" for number in range(6)]),
        "commune": st.sampled_from(AREAS),
        "received_at": moments,
        "changed_at": maybe(moments),
        "fee": maybe(quarters),
    }
)
inspections = st.fixed_dictionaries(
    {
        "day": days,
        "team": st.sampled_from(["1", "2"]),
        "area": st.sampled_from(AREAS),
        "fines": maybe(quarters),
    }
)


def versions(rows: st.SearchStrategy[dict[str, Any]], most: int = 60) -> st.SearchStrategy[list[Version]]:
    """Rows in three deliveries; the same key comes again and again."""
    numbered = st.lists(st.tuples(rows, st.integers(1, 3)), max_size=most)
    return numbered.map(lambda given: [Version(row, seq, line) for line, (row, seq) in enumerate(given, 1)])


times: st.SearchStrategy[Expression] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([Column("received_at"), Column("due_at"), Column("settled_at"), Column("due_day"), NOW]),
        st.builds(
            lambda moment: Earlier(moment, Column("paused_hours")),
            st.sampled_from([Column("settled_at"), Column("due_day"), NOW]),
        ),
        st.just(first_known(Column("settled_at"), NOW)),
        st.just(first_known(Column("due_day"), Column("settled_at"))),
        st.builds(lambda condition: Choose(condition, Column("due_at"), Column("settled_at")), conditions),
    )
)
numbers: st.SearchStrategy[Expression] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([Column("fee"), Column("paused_hours"), first_known(Column("fee"), Column("paused_hours")), Constant(3)]),
        st.builds(HoursBetween, times, times),
        st.builds(lambda condition: Choose(condition, Column("fee"), Constant(0.5)), conditions),
        conditions,
    )
)
texts = st.sampled_from(
    [Column("channel"), Column("note"), Column("agency"), first_known(Column("channel"), Column("procedure"))]
)
COMPARISONS = ("equals", "differs", "below", "at_most", "above", "at_least")


def _compared(left: Expression, how: str, right: Any) -> Condition:
    return getattr(left, how)(right)  # type: ignore[no-any-return]


simple: st.SearchStrategy[Condition] = st.one_of(
    st.builds(_compared, times, st.sampled_from(COMPARISONS), times),
    st.builds(_compared, numbers, st.sampled_from(COMPARISONS), numbers),
    st.builds(_compared, texts, st.sampled_from(COMPARISONS), st.sampled_from(["online", "1.1", "đ' OR 1=1", ""])),
    st.builds(
        _compared,
        st.just(Column("received_at")),
        st.sampled_from(COMPARISONS),
        st.sampled_from(["2026-02-01", "2026-03-01T00:00:00Z"]),
    ),
    st.builds(_compared, st.just(Column("due_day")), st.sampled_from(COMPARISONS), st.just("2026-02-01")),
    st.builds(lambda item: item.known(), st.one_of(times, numbers, texts)),
    st.builds(
        lambda item, choices: item.one_of(*choices),
        texts,
        st.lists(st.sampled_from(["online", "direct", "1.2", "\\"]), max_size=2),
    ),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(lambda one, other: one & other, inner, inner),
        st.builds(lambda one, other: one | other, inner, inner),
        st.builds(lambda one: ~one, inner),
    ),
    max_leaves=4,
)

where = maybe(conditions)
at = st.sampled_from([None, Column("settled_at"), Column("due_day")])
dossier_leaves: st.SearchStrategy[Leaf] = st.one_of(
    st.builds(Count, where, at),
    st.builds(Total, numbers, where, at),
    st.builds(Extreme, numbers, st.booleans(), where, at),
    st.builds(Quantile, numbers, st.sampled_from([0.0, 0.5, 0.9, 1.0]), where, at),
    st.builds(Distinct, st.one_of(texts, numbers), where, at),
    st.builds(Stock, st.sampled_from([Column("received_at"), Column("due_day")]), times, where),
)


def periods_of(*grains: Grain, cumulative: bool = False, regime: Regime = Regime.STATISTICAL) -> list[Period]:
    found = []
    for grain in grains:
        first = Period.containing(date(2026, 1, 1), grain, cumulative=cumulative, regime=regime)
        found += list(first.until(Period.containing(date(2026, 3, 20), grain, cumulative=cumulative, regime=regime)))
    return found


PERIODS = [
    *periods_of(Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR),
    *periods_of(Grain.MONTH, Grain.QUARTER, cumulative=True),
    *periods_of(Grain.MONTH, Grain.YEAR, regime=Regime.ADMINISTRATIVE),
    *Period.parse("2026-02-01T00").until(Period.parse("2026-02-01T05")),
]
periods = st.one_of(
    st.just(periods_of(Grain.MONTH)),
    st.just(periods_of(Grain.DAY)),
    st.just(PERIODS),
    st.lists(st.sampled_from(PERIODS), max_size=5),
)
groups: st.SearchStrategy[Group] = st.one_of(
    st.just(Whole("tất cả")),
    st.just(ByAgency()),
    st.just(ByAgency(AREAS[:2])),
    st.just(ByColumn("channel")),
    st.just(ByColumn("procedure", {AREAS[2]})),
    st.just(ByArea({each: each for each in AREAS})),
    st.just(ByArea({"sample:a": "p", "sample:b": "p"})),
    st.just(ByArea({})),
    st.just(ByArea({"sample:a": ("sample:a", "p", "VN"), "sample:c'": ("p", "VN"), "sample:b": "sample:b"})),
)
area_groups = st.sampled_from([Whole(), ByArea({each: (each, "p") for each in AREAS})])

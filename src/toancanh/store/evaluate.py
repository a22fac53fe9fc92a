"""Computes the leaves of measures from raw rows: many periods and all subjects in one query a time column.

    evaluate(dataset, leaves, periods, group, now=...) -> {(subject, period): {leaf: value}}

The answer is sparse: a subject and period without any row is not in it; `nothing(leaves)` gives its values. Sums are compensated
and cut to fourteen digits, so that the same rows give the same number in whatever order the engine reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from toancanh.kernel.contracts import Dataset
from toancanh.kernel.expressions import Column, columns_in
from toancanh.kernel.fields import Kind
from toancanh.kernel.measures import Count, Distinct, Extreme, Leaf, Quantile, Reported, Stock, Total
from toancanh.kernel.periods import Period
from toancanh.store import catalogue, engine
from toancanh.store.columns import kind_of, quoted
from toancanh.store.compiler.bound import Bound
from toancanh.store.compiler.current import SHORT, current, keys_where, time_span
from toancanh.store.compiler.expressions import Compiler, reads_now
from toancanh.store.compiler.lanes import Moments, Timetable
from toancanh.store.groups import ByAgency, ByArea, ByColumn, Group, Whole, areas_of, columns_of, subject_sql

__all__ = ["Answer", "ByAgency", "ByArea", "ByColumn", "Whole", "evaluate", "nothing"]

Flowing = Count | Total | Extreme | Quantile | Distinct
Answer = dict[tuple[str, Period], dict[Leaf, float | None]]

_DIGITS = 14


@dataclass(frozen=True, slots=True)
class _Asked:
    dataset: Dataset
    periods: Sequence[Period]
    group: Group
    now: datetime
    known_seq: int | None


def evaluate(
    dataset: Dataset, leaves: Iterable[Leaf], periods: Iterable[Period], group: Group, *, now: datetime,
    known_seq: int | None = None,
) -> Answer:
    """The values of `leaves` for every subject of `group` and every period that has rows.

    `now` (aware) bounds NOW and the stocks of open periods; `known_seq` leaves out later deliveries. Raises ValueError for a leaf
    that is not made from rows (`Reported`) or reads what the dataset has not, `StoreUnavailable` when the store is away.
    """
    wanted, asked = list(dict.fromkeys(leaves)), _Asked(dataset, list(periods), group, now, known_seq)
    found: Answer = {}
    if not asked.periods:
        return found
    for anchor, members in _by_anchor(wanted, dataset).items():
        rows = _alive(asked, members) if isinstance(anchor, Stock) else _flows(asked, anchor, members)
        for subject, period, values in rows:
            found.setdefault((subject, period), nothing(wanted)).update(zip(members, values, strict=True))
    return found


def nothing(leaves: Iterable[Leaf]) -> dict[Leaf, float | None]:
    """The values of leaves where there are no rows: 0 for what is counted, none for the rest."""
    return {leaf: 0.0 if isinstance(leaf, Count | Distinct | Stock) else None for leaf in leaves}


def _by_anchor(leaves: Iterable[Leaf], dataset: Dataset) -> dict[str | Stock, list[Leaf]]:
    """Leaves that one query can answer together: those placed in time by the same column, stocks with the same life."""
    found: dict[str | Stock, list[Leaf]] = {}
    for leaf in leaves:
        if isinstance(leaf, Reported):
            raise ValueError(f"{leaf.item!r} is a reported figure and is not made from rows")
        if isinstance(leaf, Stock):
            anchor: str | Stock = Stock(leaf.begins, leaf.ends)
        else:
            anchor = leaf.at.name if leaf.at else dataset.time
        found.setdefault(anchor, []).append(leaf)
    return found


def _flows(asked: _Asked, anchor: str, leaves: Sequence[Leaf]) -> Iterator[tuple[str, Period, list[float | None]]]:
    bound, table = Bound(), Timetable(asked.periods)
    now = table.moment_of("_period", asked.now, bound) if any(map(_reads_now, leaves)) else ""
    compiler, read = Compiler(asked.dataset, bound, now), [stored_anchor(asked.dataset, anchor), *_names(asked, leaves)]
    sql = catalogue.IN_PERIODS.sql(
        aggregates=", ".join(aggregate(leaf, compiler) for leaf in leaves), columns=_columns(asked, leaves),
        subject=subject_sql(asked.group, asked.dataset, bound), period=table.number_of("_ms", bound),
        moment=anchor_sql(compiler, anchor), condition=_in_areas(asked, bound),
        current=_current(asked, bound, read, _near(asked, anchor, bound)),
    )
    for subject, number, *values in engine.query(sql, bound.values):
        for period in table.periods(number):
            yield subject, period, [_tidy(value) for value in values]


def _alive(asked: _Asked, leaves: Sequence[Leaf]) -> Iterator[tuple[str, Period, list[float | None]]]:
    bound, moments = Bound(), Moments.of(asked.periods, asked.now)
    life = leaves[0]
    assert isinstance(life, Stock)
    now = moments.time_of("_moment", bound)
    compiler, many = Compiler(asked.dataset, bound, now), len(moments.times)
    changing = reads_now(life.ends)
    ends = "CAST(NULL, 'Nullable(Int64)')" if changing else f"CAST({compiler.milliseconds(life.ends)}, 'Nullable(Int64)')"
    alive = f"NOT ifNull({compiler.milliseconds(life.ends)} <= {now}, 0)" if changing else "1"
    sql = catalogue.ALIVE.sql(
        aggregates=", ".join(aggregate(leaf, compiler) for leaf in leaves), columns=_columns(asked, leaves),
        subject=subject_sql(asked.group, asked.dataset, bound), begins=anchor_sql(compiler, life.begins.name), ends=ends,
        alive=alive, first=f"{moments.at_most('(_begins - 1)', bound)} + 1", condition=_in_areas(asked, bound),
        after=f"if(isNull(_ends), {many}, {moments.at_most('(assumeNotNull(_ends) - 1)', bound)}) + 1",
        current=_current(asked, bound, [stored_anchor(asked.dataset, life.begins.name), *_names(asked, leaves)], []),
    )
    for subject, number, *values in engine.query(sql, bound.values):
        for period in moments.asked[number - 1]:
            yield subject, period, [_tidy(value) for value in values]


def aggregate(leaf: Leaf, compiler: Compiler) -> str:
    """The aggregate function of one leaf over the rows of a group."""
    where = compiler.condition(leaf.where) if not isinstance(leaf, Reported) else ""
    match leaf:
        case Count() | Stock():
            return f"toFloat64(countIf({where}))"
        case Total():
            return f"sumKahanOrNull(if({where}, {compiler.number(leaf.of)}, NULL))"
        case Extreme():
            return f"{'max' if leaf.largest else 'min'}OrNull(if({where}, {compiler.number(leaf.of)}, NULL))"
        case Quantile():
            return f"quantileExactOrNull({float(leaf.q)!r})(if({where}, {compiler.number(leaf.of)}, NULL))"
        case Distinct():
            return f"toFloat64(uniqExact(if({where}, {compiler.value(leaf.of).sql}, NULL)))"
    raise ValueError(f"{leaf!r} is not made from rows")


def anchor_sql(compiler: Compiler, name: str) -> str:
    """The moment, in milliseconds, at which the column `name` places a row; a reported period counts from its first day."""
    if kind_of(compiler.dataset, name) is Kind.PERIOD:
        return f"(toInt64(toInt32({quoted(name + '_from')})) * 86400000 - 25200000)"
    return compiler.milliseconds(Column(name))


def stored_anchor(dataset: Dataset, name: str) -> str:
    """The stored column behind it."""
    return f"{name}_from" if kind_of(dataset, name) is Kind.PERIOD else name


def _names(asked: _Asked, leaves: Iterable[Leaf]) -> list[str]:
    read = [column.name for leaf in leaves for slot in leaf.__slots__ for column in columns_in(getattr(leaf, slot))]
    areas = [] if areas_of(asked.group) is None else [str(asked.dataset.area)]
    return list(dict.fromkeys([*columns_of(asked.group, asked.dataset), *areas, *read]))


def _columns(asked: _Asked, leaves: Iterable[Leaf]) -> str:
    return "".join(f", {quoted(name)}" for name in _names(asked, leaves))


def _current(asked: _Asked, bound: Bound, columns: Iterable[str], visible: Sequence[str]) -> str:
    return current(asked.dataset, bound, columns=columns, known_seq=asked.known_seq, visible=visible)


def _near(asked: _Asked, anchor: str, bound: Bound) -> list[str]:
    """Conditions that spare the engine rows that cannot lie in any of the periods."""
    spans = [period.interval() for period in asked.periods]
    first, after = min(span[0] for span in spans), max(span[1] for span in spans)
    condition = time_span(asked.dataset, anchor, first, after, bound)
    if anchor in asked.dataset.key:
        return [condition]
    return [keys_where(asked.dataset, condition)] if after - first <= SHORT else []


def _in_areas(asked: _Asked, bound: Bound) -> str:
    areas: Collection[str] | None = areas_of(asked.group)
    return "1" if areas is None else f"{quoted(str(asked.dataset.area))} IN {bound.texts(areas)}"


def _reads_now(leaf: Leaf) -> bool:
    return any(reads_now(getattr(leaf, slot)) for slot in leaf.__slots__)


def _tidy(value: float | None) -> float | None:
    """A value without the noise of the order of addition."""
    return None if value is None else float(f"{value:.{_DIGITS}g}")

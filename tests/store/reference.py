"""What the store must answer, said plainly in Python over lists of rows: slow, obvious, and independent of the SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from toancanh.kernel.contracts import Dataset, Record
from toancanh.kernel.expressions import (
    Choose,
    Column,
    Compare,
    Constant,
    Earlier,
    Either,
    Every,
    Expression,
    FirstKnown,
    HoursBetween,
    Known,
    Moment,
    Not,
    OneOf,
)
from toancanh.kernel.measures import Count, Distinct, Extreme, Leaf, Quantile, Reported, Stock, Total
from toancanh.kernel.periods import VIETNAM, Period
from toancanh.store.groups import ByAgency, ByArea, ByColumn, Group, Whole

OPERATORS = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True)
class Version:
    """One version of a row, as it was delivered."""

    values: dict[str, Any]
    seq: int
    line: int


def current(dataset: Dataset, versions: Iterable[Version], known_seq: int | None = None) -> list[dict[str, Any]]:
    """The row that counts for each key."""
    column = dataset.version if isinstance(dataset, Record) else None

    def order(each: Version) -> tuple[Any, ...]:
        known = each.values.get(column) if column else None
        return (known is not None, known or datetime.min.replace(tzinfo=UTC), each.seq, each.line)

    newest: dict[tuple[Any, ...], Version] = {}
    for each in sorted((each for each in versions if known_seq is None or each.seq <= known_seq), key=order):
        newest[tuple(each.values[name] for name in dataset.key)] = each
    return [each.values for each in newest.values()]


def evaluate(
    dataset: Dataset,
    rows: Sequence[dict[str, Any]],
    leaves: Sequence[Leaf],
    periods: Sequence[Period],
    group: Group,
    now: datetime,
) -> dict[tuple[str, Period], dict[Leaf, float | None]]:
    """The value of every leaf for every subject and period that has rows."""
    found: dict[tuple[str, Period], dict[Leaf, float | None]] = {}
    placed = [(row, subject) for row in rows for subject in subjects(dataset, row, group)]
    for period in periods:
        moment = min(now, period.interval()[1])
        for subject in {subject for _, subject in placed}:
            mine = [row for row, whose in placed if whose == subject]
            inside = {leaf: [row for row in mine if belongs(dataset, row, leaf, period, moment)] for leaf in leaves}
            if any(inside.values()):
                found[subject, period] = {leaf: value_of(leaf, inside[leaf], moment) for leaf in leaves}
    return found


def subjects(dataset: Dataset, row: dict[str, Any], group: Group) -> Iterator[str]:
    """Whose value the row is part of."""
    area = row.get(str(dataset.area))
    if isinstance(group, Whole):
        yield group.subject
    elif isinstance(group, ByArea):
        mapped = group.mapping.get(str(area), ())
        yield from [mapped] if isinstance(mapped, str) else mapped
    elif group.areas is None or area in group.areas:
        name = dataset.agency if isinstance(group, ByAgency) else group.name if isinstance(group, ByColumn) else None
        value = row.get(str(name))
        if value is not None:
            yield value


def belongs(dataset: Dataset, row: dict[str, Any], leaf: Leaf, period: Period, moment: datetime) -> bool:
    """True when the row is placed in the period (or alive at its end), whatever its condition says."""
    if isinstance(leaf, Stock):
        begins, ends = clock(row.get(leaf.begins.name)), clock(value(leaf.ends, row, moment))
        return begins is not None and begins <= moment and (ends is None or ends > moment)
    assert not isinstance(leaf, Reported)
    anchor = clock(row.get(leaf.at.name if leaf.at else dataset.time))
    first, after = period.interval()
    return anchor is not None and first <= anchor < after


def value_of(leaf: Leaf, rows: Sequence[dict[str, Any]], moment: datetime) -> float | None:
    """The leaf over the rows placed in the period."""
    rows = [row for row in rows if leaf.where is None or value(leaf.where, row, moment)]  # type: ignore[union-attr]
    if isinstance(leaf, Count | Stock):
        return float(len(rows))
    assert isinstance(leaf, Total | Extreme | Quantile | Distinct)
    known = [each for row in rows if (each := value(leaf.of, row, moment)) is not None]
    if isinstance(leaf, Distinct):
        return float(len(set(known)))
    numbers = sorted(float(each) for each in known)
    if not numbers:
        return None
    if isinstance(leaf, Total):
        return sum(numbers)
    if isinstance(leaf, Extreme):
        return numbers[-1 if leaf.largest else 0]
    return numbers[int(leaf.q * len(numbers)) if leaf.q < 1 else -1]


def value(expression: Expression, row: dict[str, Any], moment: datetime) -> Any:
    """The value of an expression for one row; None is missing."""
    match expression:
        case Column():
            return row.get(expression.name)
        case Constant():
            return expression.value
        case Moment():
            return moment
        case Compare():
            left, right = comparable(value(expression.left, row, moment), value(expression.right, row, moment))
            return left is not None and right is not None and OPERATORS[expression.operator](left, right)
        case OneOf():
            return value(expression.item, row, moment) in expression.values
        case Known():
            return value(expression.item, row, moment) is not None
        case Not() | Every() | Either():
            return logic(expression, row, moment)
        case _:
            return several(expression, row, moment)


def logic(expression: Not | Every | Either, row: dict[str, Any], moment: datetime) -> bool:
    """The expressions over conditions."""
    if isinstance(expression, Not):
        return not value(expression.condition, row, moment)
    found = [value(each, row, moment) for each in expression.conditions]
    return all(found) if isinstance(expression, Every) else any(found)


def several(expression: Expression, row: dict[str, Any], moment: datetime) -> Any:
    """The expressions that choose or reckon."""
    match expression:
        case FirstKnown():
            return next((known for each in expression.items if (known := value(each, row, moment)) is not None), None)
        case Choose():
            return value(expression.then if value(expression.condition, row, moment) else expression.otherwise, row, moment)
        case HoursBetween():
            start, end = (clock(value(each, row, moment)) for each in (expression.start, expression.end))
            return None if start is None or end is None else (end - start) / timedelta(hours=1)
        case Earlier():
            start = clock(value(expression.moment, row, moment))
            return None if start is None else start - timedelta(hours=value(expression.hours, row, moment) or 0)
    raise AssertionError(expression)


def clock(when: Any) -> datetime | None:
    """A moment; a day is its first moment in Viet Nam."""
    if isinstance(when, date) and not isinstance(when, datetime):
        return datetime.combine(when, time.min, VIETNAM)
    return when


def comparable(left: Any, right: Any) -> tuple[Any, Any]:
    """Text beside a moment or a day is one; a moment beside a day is compared as a day."""
    left, right = read_beside(left, right), read_beside(right, left)
    if isinstance(left, datetime) != isinstance(right, datetime) and isinstance(left, date) and isinstance(right, date):
        return tuple(each.astimezone(VIETNAM).date() if isinstance(each, datetime) else each for each in (left, right))  # type: ignore[return-value]
    return left, right


def read_beside(given: Any, beside: Any) -> Any:
    if not isinstance(given, str) or not isinstance(beside, date):
        return given
    if not isinstance(beside, datetime):
        return date.fromisoformat(given)
    read = datetime.fromisoformat(given)
    return read if read.tzinfo else read.replace(tzinfo=VIETNAM)

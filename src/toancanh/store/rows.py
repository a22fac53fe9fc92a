"""Rows in, and rows out again as they were sent: append, what a delivery touched, drill down, versions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from toancanh.kernel.contracts import Dataset
from toancanh.kernel.expressions import Condition
from toancanh.kernel.fields import Kind
from toancanh.store import catalogue, engine, tables
from toancanh.store.columns import field_names, folded, kind_of, quoted, stored_columns, unfolded
from toancanh.store.compiler.bound import Bound
from toancanh.store.compiler.current import DELIVERY, SHORT, current, keys_where, of_every_version, time_span
from toancanh.store.compiler.expressions import Compiler, moment_ms
from toancanh.store.evaluate import anchor_sql
from toancanh.store.tables import source

if TYPE_CHECKING:
    import pyarrow

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one delivery: `columns` holds a list of checked values per field, `lines` each row's line in what was sent."""

    seq: int
    received_at: datetime
    lines: Sequence[int]
    columns: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row with where it came from. `values` by field; a period is a `Period`, a time is aware."""

    values: dict[str, Any]
    seq: int
    line: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Touched:
    """What some deliveries changed, with where their rows stood before.

    `moments`: per time or day field the local days; `hours`: per time field the whole hours (UTC); `periods`: codes of reported
    periods; `items`: the figures.
    """

    areas: set[str]
    agencies: set[str]
    moments: dict[str, list[date]]
    hours: dict[str, list[datetime]]
    periods: set[str]
    items: set[str]


class Asked(TypedDict, total=False):
    """Which rows: of these areas, of this agency, with these values, with `column` (the dataset's time by default) inside the
    half-open `interval` of aware times; `now` gives NOW a meaning in the condition; `known_seq` leaves out later deliveries."""

    areas: Collection[str] | None
    agency: str | None
    column_equals: Mapping[str, str | float] | None
    interval: Interval | None
    column: str | None
    now: datetime | None
    known_seq: int | None


def append(dataset: Dataset, *batches: Batch) -> int:
    """Append the rows of deliveries in one insert; how many. The same delivery appended again changes nothing that is read.

    Raises `StoreUnavailable`, `StoreFull`; then nothing or everything of it is stored, and doing it again is right.
    """
    count = sum(len(batch.lines) for batch in batches)
    if count:
        token = ",".join(f"{batch.seq}:{len(batch.lines)}" for batch in batches)
        tables.ensure((dataset,))
        engine.insert(tables.table_name(dataset), _block(dataset, batches), token=hashlib.sha256(token.encode()).hexdigest())
    return count


def _block(dataset: Dataset, batches: Sequence[Batch]) -> pyarrow.Table:
    import pyarrow  # here, so that processes that only read do without it

    moment = pyarrow.timestamp("ms", "UTC")
    kinds = {"string": pyarrow.string(), "float64": pyarrow.float64(), "date32": pyarrow.date32(), "time": moment}
    blocks = []
    for batch in batches:
        count = len(batch.lines)
        values = unfolded(dataset, batch.columns, count)
        arrays = {each.name: pyarrow.array(values[each.name], kinds[each.arrow]) for each in stored_columns(dataset)}
        arrays["_seq"] = pyarrow.repeat(pyarrow.scalar(batch.seq, pyarrow.uint64()), count)
        arrays["_line"] = pyarrow.array(batch.lines, pyarrow.uint32())
        arrays["_at"] = pyarrow.repeat(pyarrow.scalar(batch.received_at, moment), count)
        blocks.append(pyarrow.table(arrays))
    return pyarrow.concat_tables(blocks)


def touched(dataset: Dataset, seqs: Collection[int]) -> Touched:
    """What the deliveries `seqs` touched."""
    bound, wanted = Bound(), _touched_columns(dataset)
    same_keys = keys_where(dataset, f"_seq IN {bound.add(sorted(seqs), 'Array(UInt64)')}")
    sql = catalogue.TOUCHED.sql(columns=", ".join(wanted.values()) or "1", table=source(dataset), same_keys=same_keys)
    found = dict(zip(wanted, engine.query(sql, bound.values)[0], strict=False)) if seqs else {}
    return Touched(
        areas=set(found.get("areas", ())), agencies=set(found.get("agencies", ())), periods=set(found.get("periods", ())),
        items=set(found.get("items", ())), moments={name[4:]: sorted(found[name]) for name in found if name.startswith("day:")},
        hours={name[5:]: sorted(found[name]) for name in found if name.startswith("hour:")},
    )


def _touched_columns(dataset: Dataset) -> dict[str, str]:
    """Name in the answer -> SQL."""
    wanted = {"areas": dataset.area, "agencies": dataset.agency}
    found = {name: f"groupUniqArray({quoted(column)})" for name, column in wanted.items() if column}
    for field in dataset.fields:
        column, kind = quoted(field.name), field.type.kind
        if kind is Kind.TIME:
            found[f"day:{field.name}"] = f"groupUniqArray(toDate32(addHours({column}, 7)))"
            found[f"hour:{field.name}"] = f"groupUniqArray(toDateTime64(toStartOfHour({column}), 0, 'UTC'))"
        elif kind is Kind.DAY:
            found[f"day:{field.name}"] = f"groupUniqArray({column})"
        elif kind is Kind.PERIOD and field.name == dataset.time:
            found["periods"] = f"groupUniqArray({column})"
        elif kind is Kind.ITEM:
            found["items"] = f"groupUniqArray({column})"
    return found


def drill(
    dataset: Dataset, where: Condition | None = None, *, limit: int = 50, offset: int = 0, order: str = "",
    **asked: Unpack[Asked],
) -> list[StoredRow]:
    """The current rows that meet `where` and the rest, by `order` (a field, "-field" for falling; newest first by default)."""
    bound = Bound()
    rows, condition = _selected(dataset, where, asked, bound)
    sql = catalogue.DRILL.sql(
        columns=", ".join(map(quoted, field_names(dataset))), current=rows, condition=condition, order=_order(dataset, order),
        limit=bound.whole(limit), offset=bound.whole(offset),
    )
    return _stored(dataset, engine.query(sql, bound.values))


def drill_count(dataset: Dataset, where: Condition | None = None, **asked: Unpack[Asked]) -> int:
    """How many rows `drill` would go through."""
    bound = Bound()
    rows, condition = _selected(dataset, where, asked, bound)
    return int(engine.query(catalogue.DRILL_COUNT.sql(current=rows, condition=condition), bound.values)[0][0])


def versions(dataset: Dataset, key: Mapping[str, str], *, limit: int = 200) -> list[StoredRow]:
    """Every version of the row with that key (stored texts by key field; a period by its code), oldest delivery first."""
    bound = Bound()
    condition = " AND ".join(f"toString({quoted(name)}) = {bound.text(str(key[name]))}" for name in dataset.key)
    return _versions(dataset, condition, limit, bound)


def of_delivery(dataset: Dataset, seq: int, *, limit: int = 200) -> list[StoredRow]:
    """The rows that one delivery brought, by line, whether they still count or not."""
    bound = Bound()
    return _versions(dataset, f"_seq = {bound.add(seq, 'UInt64')}", limit, bound)


def _versions(dataset: Dataset, condition: str, limit: int, bound: Bound) -> list[StoredRow]:
    columns = ", ".join(map(quoted, field_names(dataset)))
    sql = catalogue.VERSIONS.sql(columns=columns, table=source(dataset), condition=condition, limit=bound.whole(limit))
    return _stored(dataset, engine.query(sql, bound.values))


def landed(dataset: Dataset, seqs: Collection[int]) -> dict[int, int]:
    """How many lines of each delivery are in the store; a delivery of which there are none is left out."""
    bound = Bound()
    sql = catalogue.LANDED.sql(table=source(dataset), seqs=bound.add(sorted(seqs), "Array(UInt64)"))
    return {int(seq): int(count) for seq, count in engine.query(sql, bound.values)}


def _selected(dataset: Dataset, where: Condition | None, asked: Asked, bound: Bound) -> tuple[str, str]:
    """SQL of the current rows to look at, and the condition they must meet."""
    now, interval, column = asked.get("now"), asked.get("interval"), asked.get("column") or dataset.time
    compiler = Compiler(dataset, bound, bound.whole(moment_ms(now)) if now else "")
    plain = _plain_conditions(dataset, asked, bound)
    conditions = [compiler.condition(where), *(condition for _, condition in plain)]
    if interval is not None:
        moment = anchor_sql(compiler, column)
        low, high = (bound.whole(moment_ms(each)) for each in interval)
        conditions.append(f"ifNull({moment} >= {low} AND {moment} < {high}, 0)")
        if interval[1] - interval[0] <= SHORT or column in dataset.key:
            plain.append((column, time_span(dataset, column, *interval, bound)))
    visible = [of_every_version(dataset, [name for name, _ in plain], " AND ".join(each for _, each in plain))] if plain else []
    rows = current(dataset, bound, known_seq=asked.get("known_seq"), visible=visible)
    return rows, " AND ".join(conditions)


def _plain_conditions(dataset: Dataset, asked: Asked, bound: Bound) -> list[tuple[str, str]]:
    """(field, condition on it) of what was asked by equality."""
    found: list[tuple[str, str]] = []
    areas, agency = asked.get("areas"), asked.get("agency")
    if areas is not None and dataset.area:
        found.append((dataset.area, f"{quoted(dataset.area)} IN {bound.texts(areas)}"))
    if agency is not None and dataset.agency:
        found.append((dataset.agency, f"{quoted(dataset.agency)} = {bound.text(agency)}"))
    for name, value in (asked.get("column_equals") or {}).items():
        number = kind_of(dataset, name) is Kind.NUMBER
        found.append((name, f"{quoted(name)} = {bound.number(float(value)) if number else bound.text(str(value))}"))
    return found


def _order(dataset: Dataset, order: str) -> str:
    name, falling = order.lstrip("-"), order.startswith("-")
    keys = ", ".join(map(quoted, dataset.key))
    if not name:
        newest = dataset.time if kind_of(dataset, dataset.time) is not Kind.PERIOD else f"{dataset.time}_from"
        return f"{quoted(newest)} DESC, {keys}"
    kind_of(dataset, name)
    return f"{quoted(name)} {'DESC' if falling else 'ASC'}, {keys}"


def _stored(dataset: Dataset, rows: Sequence[Sequence[Any]]) -> list[StoredRow]:
    names, extra = field_names(dataset), len(DELIVERY)
    return [
        StoredRow(folded(dataset, dict(zip(names, row[:-extra], strict=True))), row[-3], row[-2], row[-1])
        for row in rows
    ]

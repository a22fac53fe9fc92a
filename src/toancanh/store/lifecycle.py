"""Life of the store: waiting until it answers, how much it holds, emptying it before it is built anew from kept payloads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from toancanh.kernel.contracts import Dataset
from toancanh.kernel.fields import Kind
from toancanh.store import catalogue, engine, tables
from toancanh.store.columns import kind_of, quoted
from toancanh.store.compiler.bound import Bound
from toancanh.store.compiler.current import current
from toancanh.store.problems import StoreUnavailable


@dataclass(frozen=True, slots=True)
class TableSize:
    """Rows (every version), bytes on disk and number of parts of one table."""

    table: str
    rows: int
    size: int
    parts: int


@dataclass(frozen=True, slots=True)
class Span:
    """How many row versions, from when to when, and the newest delivery among them; times None when there are none."""

    rows: int
    first: datetime | None
    last: datetime | None
    seq: int


def wait_ready(*, seconds: float = 30, pause: Callable[[float], None] = time.sleep) -> None:
    """Return as soon as the store answers. Raises `StoreUnavailable` when it has not after `seconds`."""
    until = time.monotonic() + seconds
    while True:
        try:
            return engine.ping()
        except StoreUnavailable:
            if time.monotonic() > until:
                raise
        pause(0.1)


def rows_count(dataset: Dataset) -> int:
    """How many rows count now (one a key)."""
    bound = Bound()
    return int(engine.query(catalogue.ROWS_COUNT.sql(current=current(dataset, bound, columns=["_seq"])), bound.values)[0][0])


def span(dataset: Dataset) -> Span:
    """What a dataset holds, every version counted."""
    name = f"{dataset.time}_from" if kind_of(dataset, dataset.time) is Kind.PERIOD else dataset.time
    rows, first, last, seq = engine.query(catalogue.SPAN.sql(time=quoted(name), table=tables.source(dataset), condition="1"))[0]
    return Span(rows, first, last, seq) if rows else Span(0, None, None, 0)


def sizes() -> list[TableSize]:
    """Every table of rows, on the node that answers."""
    return [TableSize(*row) for row in engine.query(catalogue.SIZE.sql())]


def drop_all() -> None:
    """Remove all rows of all datasets. Kept payloads are not touched; `tables.ensure` makes the tables again."""
    tables.drop(tables.existing())

"""One table a dataset, made from its declaration: the same columns embedded, on a server and on a cluster.

Every version of a row is kept (the sorting key ends in delivery and line), only exact copies collapse; see `current`.
With TOANCANH_STORE_CLUSTER=name a table is Replicated on every shard, with a Distributed table of the plain name in front; rows
are spread by their key, so that all versions of a row live on one shard.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from toancanh.kernel.contracts import Dataset, Readings
from toancanh.store import catalogue, engine
from toancanh.store.columns import DELIVERED, kind_of, quoted, stored_columns
from toancanh.store.compiler.bound import Bound
from toancanh.store.problems import StoreShape

# The kept payloads are the durable truth and the table can be rebuilt from them, so an insert need not be on the platter before
# it is acknowledged. But a delivery is marked done afterwards and nobody looks again: losing its part in a power cut would be
# silent. One fsync for a landing of many rows costs milliseconds, so it is done. Parts made by merging are not synced: the engine
# keeps their synced sources for eight minutes, far longer than the system keeps unwritten pages.
_SETTINGS = "index_granularity = 8192, fsync_after_insert = 1, fsync_part_directory = 1"
_MANY_PARTITIONS = 5000

_expression: list[str] = []
_known: dict[tuple[str, str], tuple[str, ...]] = {}


def cluster() -> str:
    """The name of the cluster that holds the rows, or "" for a single store."""
    return os.environ.get("TOANCANH_STORE_CLUSTER", "")


def table_name(dataset: Dataset) -> str:
    """The table of the dataset's rows."""
    return f"rows_{dataset.code}"


def source(dataset: Dataset) -> str:
    """The table as queries read it; it is made when it is asked for the first time, so a dataset without rows is simply empty."""
    if _expression:
        return _expression[-1].format(table=table_name(dataset))
    ensure((dataset,))
    return table_name(dataset)


@contextmanager
def read_through(expression: str) -> Iterator[None]:
    """Within the block queries read `expression` (with a place {table}), for instance a pair of shards, in place of the table."""
    _expression.append(expression)
    try:
        yield
    finally:
        _expression.pop()


def ensure(datasets: Iterable[Dataset]) -> None:
    """Make the tables that are missing and add the columns that are missing. Raises `StoreShape` where a type has changed."""
    for dataset in datasets:
        wanted = (engine.address(), table_name(dataset))
        shape = tuple(f"{name} {type_name}" for name, type_name in _columns(dataset))
        if _known.get(wanted) != shape:
            _ensure(dataset)
            _known[wanted] = shape


def drop(names: Iterable[str]) -> None:
    """Remove tables and all their rows."""
    for name in names:
        engine.command(catalogue.DROP.sql(table=quoted(name), on_cluster=_on_cluster()))
    _known.clear()


def existing() -> list[str]:
    """Names of the tables of rows (on a cluster: both the spread ones and the local ones)."""
    return [row[0] for row in engine.query(catalogue.TABLES.sql())]


def _ensure(dataset: Dataset) -> None:
    name, keys = table_name(dataset), ", ".join(map(quoted, dataset.key))
    local = f"{name}_local" if cluster() else name
    engine.command(catalogue.CREATE.sql(
        table=local, on_cluster=_on_cluster(), keys=keys, engine=_engine(name), settings=_SETTINGS, partition=_partition(dataset),
        columns=", ".join(f"{quoted(column)} {type_name}" for column, type_name in _columns(dataset)),
    ))
    _mend(dataset, local)
    if cluster():
        spread = {"table": name, "local": local, "cluster": cluster(), "keys": keys}
        engine.command(catalogue.CREATE_SPREAD.sql(on_cluster=_on_cluster(), **spread))
        _mend(dataset, name)


def _mend(dataset: Dataset, table: str) -> None:
    bound = Bound()
    found = {name: type_name for name, type_name in engine.query(catalogue.COLUMNS.sql(table=bound.text(table)), bound.values)}
    for column, type_name in _columns(dataset):
        if column not in found:
            wanted = f"{quoted(column)} {type_name}"
            engine.command(catalogue.ADD_COLUMN.sql(table=table, on_cluster=_on_cluster(), column=wanted))
        elif found[column] != type_name:
            raise StoreShape(table, column, found[column], type_name)


def _columns(dataset: Dataset) -> list[tuple[str, str]]:
    return [*((column.name, column.type) for column in stored_columns(dataset)), *DELIVERED]


def _engine(name: str) -> str:
    if not cluster():
        return "ReplacingMergeTree"
    return f"ReplicatedReplacingMergeTree('/clickhouse/tables/{{shard}}/{{database}}/{name}', '{{replica}}')"


def _partition(dataset: Dataset) -> str:
    """Readings are cut by year, so that old ones can be dropped or moved whole."""
    if not isinstance(dataset, Readings) or kind_of(dataset, dataset.time).value not in ("time", "day"):
        return ""
    return f"PARTITION BY toYear({quoted(dataset.time)})"


def _on_cluster() -> str:
    return f"ON CLUSTER '{cluster()}'" if cluster() else ""

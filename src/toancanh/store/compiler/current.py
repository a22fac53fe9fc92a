"""Which row of a key counts: the one of the highest version (where the record has such a column), else of the latest delivery.

Within a delivery the later line wins. Everything that reads rows reads them through here, so a row sent twice, landed twice or
present on two replicas counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from toancanh.kernel.contracts import Dataset, Record
from toancanh.kernel.fields import Kind
from toancanh.kernel.periods import VIETNAM
from toancanh.store import catalogue
from toancanh.store.columns import field_names, kind_of, quoted, stored_columns
from toancanh.store.compiler.bound import Bound
from toancanh.store.tables import source

DELIVERY = ("_seq", "_line", "_at")


def current(
    dataset: Dataset, bound: Bound, *, columns: Iterable[str] | None = None, known_seq: int | None = None,
    visible: Sequence[str] = (),
) -> str:
    """SQL of the current rows with the named columns (all of them, and the delivery's, by default).

    `visible` are conditions that hold or fail for all versions of a key alike: they read key columns only, or are `keys_where`.
    """
    wanted = [*field_names(dataset), *DELIVERY] if columns is None else list(dict.fromkeys(columns))
    kept = [name for name in wanted if name not in dataset.key] or ["_seq"]
    names = [quoted(name) for name in dataset.key] + [f"_row.{place} AS {quoted(name)}" for place, name in enumerate(kept, 1)]
    conditions = list(visible)
    if known_seq is not None:
        conditions.append(f"_seq <= {bound.add(known_seq, 'UInt64')}")
    return catalogue.CURRENT.sql(
        names=", ".join(names), keys=keys(dataset), columns=", ".join(map(quoted, kept)), newest=_newest(dataset),
        table=source(dataset), visible=" AND ".join(conditions) or "1",
    )


def keys_where(dataset: Dataset, condition: str) -> str:
    """A condition on keys: some version of the key meets `condition`."""
    return catalogue.KEYS_WHERE.sql(keys=keys(dataset), table=source(dataset), condition=condition)


def keys(dataset: Dataset) -> str:
    """The key columns as SQL; a period is known by its code."""
    return ", ".join(map(quoted, dataset.key))


def of_every_version(dataset: Dataset, columns: Iterable[str], condition: str) -> str:
    """`condition` as it may stand under `current`: as it is when it reads key columns alone, else through the keys it picks."""
    return condition if set(columns) <= set(dataset.key) else keys_where(dataset, condition)


def time_span(dataset: Dataset, column: str, first: datetime, after: datetime, bound: Bound) -> str:
    """`first <= column < after` on the raw column, in a form that the primary index understands. Times are aware; a day counts as
    its first moment in Viet Nam, a period as its first day."""
    name, kind = quoted(column), kind_of(dataset, column)
    if kind is Kind.TIME:
        low, high = (bound.whole(int(each.astimezone(UTC).timestamp() * 1000)) for each in (first, after))
        return f"({name} >= fromUnixTimestamp64Milli({low}, 'UTC') AND {name} < fromUnixTimestamp64Milli({high}, 'UTC'))"
    day = quoted(f"{column}_from") if kind is Kind.PERIOD else name
    before, last = ((each - timedelta(microseconds=1)).astimezone(VIETNAM).date() for each in (first, after))
    return f"({day} > {bound.add(before, 'Date32')} AND {day} <= {bound.add(last, 'Date32')})"


def _newest(dataset: Dataset) -> str:
    version = dataset.version if isinstance(dataset, Record) else None
    if version is None:
        return "_seq, _line"
    column = next(each for each in stored_columns(dataset) if each.name == version)
    if "Nullable" not in column.type:
        return f"{quoted(version)}, _seq, _line"
    plain = "String" if "String" in column.type else column.type.removeprefix("Nullable(").removesuffix(")")
    least = f"defaultValueOfTypeName('{plain.replace(chr(39), chr(92) + chr(39))}')"
    return f"isNotNull({quoted(version)}), ifNull({quoted(version)}, {least}), _seq, _line"

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
from toancanh.store.columns import field_names, kind_of, quoted
from toancanh.store.compiler.bound import Bound
from toancanh.store.tables import source

DELIVERY = ("_seq", "_line", "_at")

# Within a short span it pays to look first for the keys that any version of a row puts there; over long ones it only costs.
SHORT = timedelta(days=100)


def current(
    dataset: Dataset, bound: Bound, *, columns: Iterable[str] | None = None, known_seq: int | None = None,
    visible: Sequence[str] = (),
) -> str:
    """SQL of the current rows with the named columns (all of them, and the delivery's, by default).

    `visible` are conditions that hold or fail for all versions of a key alike: they read key columns only, or are `keys_where`.
    """
    wanted = [*field_names(dataset), *DELIVERY] if columns is None else list(dict.fromkeys(columns))
    conditions = list(visible)
    if known_seq is not None:
        conditions.append(f"_seq <= {bound.add(known_seq, 'UInt64')}")
    return catalogue.CURRENT.sql(
        columns=", ".join(map(quoted, wanted)), table=source(dataset), newest=_newest(dataset), keys=keys(dataset),
        visible=" AND ".join(conditions) or "1",
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
    """The order that puts the row that counts first among those of its key; a missing version is the lowest."""
    version = dataset.version if isinstance(dataset, Record) else None
    order = [*map(quoted, dataset.key), *([quoted(version)] if version else []), "_seq", "_line"]
    return ", ".join(f"{each} DESC NULLS LAST" for each in order)

"""How a declared field becomes columns of a table, and how values go in and come out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toancanh.kernel.contracts import Dataset, Record
from toancanh.kernel.fields import Field, Kind
from toancanh.kernel.periods import Period, Regime

TIME_TYPE = "DateTime64(3, 'UTC')"  # a thousandth of a second: finer parts are cut off
DELIVERED = (("_seq", "UInt64"), ("_line", "UInt32"), ("_at", TIME_TYPE))

_SHORT_TEXTS = (Kind.CODE, Kind.AREA, Kind.AGENCY, Kind.CHOICE, Kind.ITEM)


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column of a table: its engine type, and the name of its Arrow type."""

    name: str
    type: str
    arrow: str


def quoted(name: str) -> str:
    """`name` as an identifier in SQL. Names are checked by the kernel; anything else is a mistake in a program."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise ValueError(f"{name!r} cannot be the name of a column")
    return f"`{name}`"


def stored_columns(dataset: Dataset) -> tuple[StoredColumn, ...]:
    """The columns of the dataset's own fields, in order."""
    return tuple(column for field in dataset.fields for column in _of_field(field, dataset))


def field_names(dataset: Dataset) -> tuple[str, ...]:
    """The same columns by name alone."""
    return tuple(column.name for column in stored_columns(dataset))


def kind_of(dataset: Dataset, name: str) -> Kind:
    """The kind of the field `name`. Raises ValueError when there is none."""
    for field in dataset.fields:
        if field.name == name:
            return field.type.kind
    raise ValueError(f"{name!r} is no field of {dataset.code!r}")


def regime_of(dataset: Dataset) -> Regime:
    """The reporting regime that the dataset's period codes are read under."""
    return getattr(dataset, "regime", Regime.STATISTICAL)


def _of_field(field: Field, dataset: Dataset) -> Iterator[StoredColumn]:
    kind, filled = field.type.kind, field.required or field.name in dataset.key
    if kind is Kind.PERIOD:
        yield StoredColumn(field.name, _text("LowCardinality", filled), "string")
        yield StoredColumn(f"{field.name}_from", _may_miss("Date32", filled), "date32")
        yield StoredColumn(f"{field.name}_to", _may_miss("Date32", filled), "date32")
    elif kind is Kind.TIME:
        yield StoredColumn(field.name, _may_miss(TIME_TYPE, filled), "time")
    elif kind is Kind.DAY:
        yield StoredColumn(field.name, _may_miss("Date32", filled), "date32")
    elif kind is Kind.NUMBER:
        yield StoredColumn(field.name, _may_miss("Float64", field.name in dataset.key), "float64")
    else:
        # The key of a record (a dossier's code) never repeats, so a dictionary of its values would only cost.
        unique = isinstance(dataset, Record) and field.name == dataset.key[-1] and kind is Kind.CODE
        yield StoredColumn(field.name, _text("" if unique or kind not in _SHORT_TEXTS else "LowCardinality", filled), "string")


def _may_miss(type_name: str, filled: bool) -> str:
    return type_name if filled else f"Nullable({type_name})"


def _text(wrapper: str, filled: bool) -> str:
    inner = _may_miss("String", filled)
    return f"{wrapper}({inner})" if wrapper else inner


def unfolded(dataset: Dataset, given: Mapping[str, Sequence[Any]], count: int) -> dict[str, Sequence[Any]]:
    """Lists per field as lists per stored column; a field that is not given is missing in every row."""
    found: dict[str, Sequence[Any]] = {}
    for field in dataset.fields:
        values = given.get(field.name)
        if values is None:
            values = [None] * count
        if len(values) != count:
            raise ValueError(f"field {field.name!r} has {len(values)} values for {count} rows")
        if field.type.kind is Kind.PERIOD:
            found |= _period_columns(field.name, values)
        else:
            found[field.name] = values
    return found


def _period_columns(name: str, values: Sequence[Period | None]) -> dict[str, Sequence[Any]]:
    parts = {each: (each.code, each.first_day, each.last_day) if each else (None, None, None) for each in set(values)}
    rows = [parts[each] for each in values]
    return {name: [row[0] for row in rows], f"{name}_from": [row[1] for row in rows], f"{name}_to": [row[2] for row in rows]}


def folded(dataset: Dataset, stored: Mapping[str, Any]) -> dict[str, Any]:
    """One stored row as values per field: a period is a `Period` again."""
    found: dict[str, Any] = {}
    for field in dataset.fields:
        value = stored[field.name]
        if field.type.kind is Kind.PERIOD and value is not None:
            value = Period.parse(value, regime_of(dataset))
        found[field.name] = value
    return found

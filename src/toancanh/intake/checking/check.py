"""Checks a table cell by cell against its dataset: good rows as columns ready for the store, bad rows with every reason.

Works by column: each distinct value is read once and stands for all cells that say the same, so a row costs a few hundred
nanoseconds for each cell and no object of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import compress
from math import isfinite
from typing import Any

from toancanh.intake.checking.answered import Answered
from toancanh.intake.checking.cells import clean_text, reader_of
from toancanh.intake.checking.decimals import decimal_mark, plain_texts
from toancanh.intake.checking.places import Places
from toancanh.intake.checking.refused import Refused, duplicate, missing, out_of_bounds, printable, too_old, wrong_type
from toancanh.intake.reading.table import MOST_DETAILED, Table
from toancanh.kernel.contracts import Dataset, Figures, Readings, Record
from toancanh.kernel.fields import Field, Kind
from toancanh.kernel.periods import VIETNAM, Period
from toancanh.kernel.text import Text

_NO_DETAILS: list[CellProblem] = []  # shared by the rows that are only counted
_UNREADABLE = Text("một giá trị đơn (không phải danh sách hay đối tượng)", "a single value (not a list or an object)")
_PLAIN_NUMBERS = frozenset({int, float, type(None)})


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell. `heading` is the column's name in the sender's own words."""

    column: str
    heading: str
    value: str
    why: Refused

    def as_json(self) -> dict[str, str]:
        return {
            "column": self.column, "heading": self.heading, "code": self.why.code, "value": self.value,
            "vi": self.why.text.vi, "en": self.why.text.en,
        }


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that may not land. `position` counts from 0 in the table; lines that could not be read stand after its end."""

    position: int
    line: int
    raw: dict[str, object]
    problems: tuple[CellProblem, ...]


@dataclass(slots=True)
class Checked:
    """`columns` holds the stored values of the accepted rows for every field, in table order; `lines` their lines.

    `positions` are their places in the table; `repeated` counts exact repeats within the delivery, which land once.
    """

    received: int
    columns: Mapping[str, Sequence[object]]
    lines: Sequence[int]
    positions: Sequence[int]
    held: list[HeldRow] = field(default_factory=list)
    repeated: int = 0

    @property
    def accepted(self) -> int:
        return self.received - len(self.held)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a check depends on besides the table: the moment of receipt, how far back readings may go, the source's decimal
    mark."""

    now: datetime
    oldest: datetime | None = None  # None: as the dataset says
    any_age: bool = False  # a person has looked at these rows
    decimal: str | None = None


class Check:
    """One check of one table."""

    def __init__(self, dataset: Dataset, table: Table, terms: Terms) -> None:
        self.dataset = dataset
        self.table = table
        self.terms = terms
        self.bad: dict[int, list[CellProblem]] = defaultdict(list)
        self.columns: dict[str, Sequence[Any]] = {}
        self.kinds: dict[str, frozenset[type]] = {}  # what the cells of a column are
        self.texts: dict[str, set[str]] = {}  # of number columns: each text once
        self.stated: dict[str, Collection[Any]] = {}  # of some columns: each value once, refused ones among them
        self.repeats: set[int] = set()

    def run(self) -> Checked:
        """Check everything."""
        numbers = [each.name for each in self.dataset.fields if each.type.kind is Kind.NUMBER]
        self.texts = {name: self._texts(name) for name in numbers}
        decimal = self.terms.decimal or decimal_mark(set[str]().union(*self.texts.values()))
        places = [each for each in self.dataset.fields if each.type.kind in (Kind.AREA, Kind.AGENCY)]
        for each in self.dataset.fields:
            if each not in places:
                self.columns[each.name] = self._read(each, decimal)
        for each in places:
            self.columns[each.name] = self._resolve(each)
        self._bounds()
        self._ages()
        self._duplicates()
        return self._result()

    # --- columns ---

    def _kinds(self, name: str) -> frozenset[type]:
        if name not in self.kinds:
            all_text = self.table.all_text and name in self.table.columns
            self.kinds[name] = frozenset((str,) if all_text else map(type, self._raw(name)))
        return self.kinds[name]

    def _texts(self, name: str) -> set[str]:
        values = self.table.columns.get(name, ())
        kinds = self._kinds(name)
        if str not in kinds:
            return set()
        return {value for value in values if isinstance(value, str)} if len(kinds) > 1 else set(values)  # type: ignore[arg-type]

    def _read(self, each: Field, decimal: str | None) -> Sequence[Any]:
        raw = self._raw(each.name)
        if each.type.kind is Kind.NUMBER:
            fast = self._plain_numbers(each.name, raw, decimal)
            if fast is not None and not (each.required and None in self.stated.get(each.name, fast)):
                return fast
        return self._mapped(each, raw, reader_of(self.dataset, each, self.terms.now, decimal))

    def _plain_numbers(self, name: str, raw: Sequence[Any], decimal: str | None) -> Sequence[Any] | None:
        """A column of numbers in which nothing can be wrong but bounds, which are looked at later; None when something may be."""
        kinds = self._kinds(name)
        if kinds == {str}:
            numbers = plain_texts(self.texts[name], decimal)
            if numbers is None:
                return None
            self.stated[name] = numbers.values()
            return Answered(raw, numbers)
        if kinds == {float} and isfinite(sum(raw)):
            return raw
        return _finite_numbers(raw) if kinds <= _PLAIN_NUMBERS else None

    def _raw(self, name: str) -> Sequence[Any]:
        values = self.table.columns.get(name)
        return values if values is not None else [None] * self.table.size

    def _mapped(self, each: Field, raw: Sequence[Any], read: Any) -> Sequence[Any]:
        keys, originals = _distinct(raw, self._kinds(each.name))
        answers = {key: None if value is None else _Unreadable.answer(value) or read(value) for key, value in originals.items()}
        self.stated[each.name] = answers.values()
        return self._held(each, Answered(keys, answers), answers.values())

    def _held(self, each: Field, column: Answered, answers: Collection[Any]) -> Sequence[Any]:
        """The column, its refused and its missing cells noted, and empty."""
        if not (each.required and None in answers) and not any(isinstance(answer, Refused) for answer in answers):
            return column
        values = column.values
        for position, value in enumerate(values):
            if isinstance(value, Refused):
                self._problem(position, each.name, value)
                values[position] = None
            elif value is None and each.required:
                self._problem(position, each.name, missing())
        return values

    def _problem(self, position: int, column: str, why: Refused) -> None:
        if len(self.bad) >= MOST_DETAILED and not self.bad.get(position):
            self.bad[position] = _NO_DETAILS
            return
        heading = self.table.headings.get(column, column)
        if self.table.cell_headings is not None and column in ("value", "item", "period"):
            heading = self.table.cell_headings[position]
        values = self.table.columns.get(column)
        shown = "" if values is None or values[position] is None else printable(str(values[position]))[:200]
        self.bad[position].append(CellProblem(column, printable(heading)[:200], shown, why))

    # --- places ---

    def _resolve(self, each: Field) -> Sequence[Any]:
        raw = self._raw(each.name)
        places = Places(self.terms.now.astimezone(VIETNAM).date(), each.type.kind is Kind.AGENCY)
        eras = self._eras(places)
        if eras is None:
            return self._mapped(each, raw, lambda value: self._place(places, value, None))
        pairs = list(zip(map(str, map(_scalar, raw)), eras, strict=True))
        answers = {pair: self._place(places, *pair) for pair in set(pairs)}
        return self._held(each, Answered(pairs, answers), answers.values())

    def _eras(self, places: Places) -> list[date | None] | None:
        """For each row the era of the map it was measured on; None when all rows are of today's."""
        moments = self.columns.get(self.dataset.time, [])
        once = self.stated.get(self.dataset.time, ())
        today = places.era(places.today)
        # by identity: hashing periods by the hundred thousand is slow
        known = (each for each in once if each is not None and not isinstance(each, Refused))
        eras: dict[int, date | None] = {id(None): None} | {id(each): places.era(_last_day(each)) for each in known}
        if set(eras.values()) <= {today, None}:
            return None
        return [None if eras[id(moment)] == today else eras[id(moment)] for moment in moments]

    def _place(self, places: Places, value: object, era: date | None) -> object:
        cleaned = clean_text(str(_scalar(value)))
        if isinstance(cleaned, Refused):
            return cleaned
        if cleaned in ("", "-", "–", "..", "…"):
            return None
        return places.find(cleaned, era or places.today)

    # --- rows ---

    def _bounds(self) -> None:
        limits = {item.code: (item.low, item.high) for item in self.dataset.items} if isinstance(self.dataset, Figures) else {}
        for each in self.dataset.fields:
            if each.type.kind is Kind.NUMBER and (each.low is not None or each.high is not None):
                self._bound(each.name, each.low, each.high)
        if any(limit != (None, None) for limit in limits.values()):
            self._item_bounds(limits)

    def _bound(self, name: str, low: float | None, high: float | None) -> None:
        values = self.columns[name]
        known = [value for value in self._once(name) if value is not None]
        if not known or ((low is None or min(known) >= low) and (high is None or max(known) <= high)):
            return
        for position, value in enumerate(values):
            if value is not None and _outside(value, low, high):
                self._problem(position, name, out_of_bounds(value, low, high))

    def _once(self, name: str) -> Iterable[Any]:
        """The values that a column holds, each once where they are known so; now and then one that no row holds any more."""
        once = self.stated.get(name)
        return self.columns[name] if once is None else (value for value in once if not isinstance(value, Refused))

    def _item_bounds(self, limits: Mapping[str, tuple[float | None, float | None]]) -> None:
        for position, (item, value) in enumerate(zip(self.columns["item"], self.columns["value"], strict=True)):
            low, high = limits.get(item, (None, None))
            if value is not None and _outside(value, low, high):
                self._problem(position, "value", out_of_bounds(value, low, high))

    def _ages(self) -> None:
        """Readings older than agreed wait for a person."""
        if not isinstance(self.dataset, Readings) or self.terms.any_age:
            return
        oldest = self.terms.oldest or self.terms.now - self.dataset.oldest
        moments = self.columns[self.dataset.time]
        known = [moment for moment in self._once(self.dataset.time) if isinstance(moment, datetime)]
        if not known or min(known) >= oldest:
            return
        why_days = max(1, (self.terms.now - oldest) // timedelta(days=1))
        raw = self._raw(self.dataset.time)
        for position, moment in enumerate(moments):
            if isinstance(moment, datetime) and moment < oldest:
                self._problem(position, self.dataset.time, too_old(raw[position], why_days))

    def _duplicates(self) -> None:
        names = list(self.dataset.key)
        if isinstance(self.dataset, Record) and self.dataset.version:
            names.append(self.dataset.version)
        keys = list(zip(*(self._comparable(name) for name in names), strict=True))
        if len(set(keys)) == len(keys):
            return
        first: dict[tuple[object, ...], int] = {}
        for position, key in enumerate(keys):
            if position in self.bad:
                continue
            other = first.setdefault(key, position)
            if other == position:
                continue
            if all(values[other] == values[position] for values in self.columns.values()):
                self.repeats.add(position)
            else:
                self._problem(position, self.dataset.key[0], duplicate(self.table.lines[other]))

    def _comparable(self, name: str) -> Sequence[object]:
        """A column whose cells hash fast and are equal where its values are. Equal periods are one object (see `period_reader`),
        so their identity will do."""
        values = self.columns[name]
        if isinstance(values, Answered):
            values = values.told_apart
        return list(map(id, values)) if values and isinstance(values[0], Period) else values

    # --- the result ---

    def _result(self) -> Checked:
        table = self.table
        held = [
            HeldRow(
                position, table.lines[position], _json(table.raw(position)) if found else {}, tuple(found),
            ) for position, found in sorted(self.bad.items(), key=_detailed_first)
        ]
        for number, line in enumerate(table.broken):
            if number >= MOST_DETAILED:
                held.append(HeldRow(table.size + number, line.line, {}, ()))
                continue
            text = printable(line.text)
            held.append(HeldRow(table.size + number, line.line, {"": text}, (CellProblem("", "", text, line.why),)))
        received = table.size + len(table.broken)
        left_out = self.repeats.union(self.bad)
        if not left_out:
            return Checked(received, self.columns, table.lines, range(table.size), held)
        wanted = [position not in left_out for position in range(table.size)]
        columns = {name: list(compress(values, wanted)) for name, values in self.columns.items()}
        return Checked(
            received, columns, list(compress(table.lines, wanted)), list(compress(range(table.size), wanted)), held,
            len(self.repeats)
        )


def _detailed_first(row: tuple[int, list[CellProblem]]) -> tuple[bool, int]:
    return not row[1], row[0]


def check(dataset: Dataset, table: Table, terms: Terms) -> Checked:
    """Every cell of `table` against `dataset`."""
    return Check(dataset, table, terms).run()


def _finite_numbers(raw: Sequence[Any]) -> list[Any] | None:
    try:
        values = [None if value is None else float(value) for value in raw]
    except OverflowError:
        return None
    known = [value for value in values if value is not None]
    return values if not known or (isfinite(min(known)) and isfinite(max(known)) and isfinite(sum(known))) else None


class _Unreadable:
    """Stands for a list or an object where a single value should be."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    @staticmethod
    def answer(value: object) -> Refused | None:
        return wrong_type(value.value, _UNREADABLE) if isinstance(value, _Unreadable) else None


def _distinct(raw: Sequence[Any], kinds: frozenset[type]) -> tuple[Sequence[Any], dict[Any, Any]]:
    """(a key for each row, the value of each key). 1, 1.0 and True are told apart; lists and objects are wrapped."""
    if kinds & {list, dict, tuple, set}:
        raw = [_Unreadable(value) if isinstance(value, list | dict | tuple | set) else value for value in raw]
    if len(kinds & {int, float, bool}) < 2:
        return raw, {value: value for value in dict.fromkeys(raw)}
    keys = [(type(value), value) for value in raw]
    return keys, {key: key[1] for key in keys}


def _scalar(value: object) -> object:
    """A cell that names a place, as text: 5.0 from a spreadsheet is the code 5, nothing is ""."""
    if value is None:
        return ""
    return int(value) if isinstance(value, float) and isfinite(value) and value.is_integer() else value


def _last_day(moment: object) -> date:
    if isinstance(moment, Period):
        return moment.last_day
    return moment.astimezone(VIETNAM).date() if isinstance(moment, datetime) else moment  # type: ignore[return-value]


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def _json(row: Mapping[str, object]) -> dict[str, object]:
    """A raw row in values that JSON and every database can hold."""
    return {name: value if _plain(value) else printable(str(value)) for name, value in row.items()}


def _plain(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53)

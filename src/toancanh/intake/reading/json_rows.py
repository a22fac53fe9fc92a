"""JSON arrays and JSON lines as tables. The usual payload goes through a generated msgspec Struct; odd ones take the patient
road.

The Struct has one slot for each name in the first row, mapped to its field,
and refuses names it does not know; a row with another
shape (or NaN, or a nested value) sends the whole payload down the patient road, which reads row by row and names the bad cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from toancanh.intake.checking.refused import MOST_COLUMNS, cut_row, not_a_row, refuse_too_many, refuse_whole
from toancanh.intake.reading.headings import headings_of
from toancanh.intake.reading.table import MOST_DETAILED, BrokenLine, Table
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.problem import Problem

Cell = str | int | float | bool | None
WRAPPERS = ("data", "rows", "items", "records", "result", "results")
_PEEK = 65_536
_FIRST_OBJECT = re.compile(rb"[\s\[]*\{")
_LONGEST_LINE = 200


def read_array(dataset: Dataset, body: bytes) -> Table:
    """A table from a JSON array of objects (or one object, or an object that wraps the array). `Problem` 422 when it is not
    JSON."""
    body = _unmarked(body)
    refuse_too_many(max(body.count(b"{"), body.count(b"[")))
    try:
        rows = _fast_decoder(dataset, body, array=True).decode(body)
        return _columns_of(dataset, rows, range(1, len(rows) + 1), names=_peek(body))
    except _NOT_USUAL:
        refuse_too_many(body.count(b",") - MOST_COLUMNS * body.count(b"{"))  # values that are no records
        return _patient(dataset, _unwrap(_loads(body)))


def read_lines(dataset: Dataset, body: bytes) -> Table:
    """A table from JSON lines; a line that is not an object is held, the others count. Lines are numbered from 1."""
    body = _unmarked(body)
    ends = body.count(b"\n") + (not body.endswith(b"\n"))
    refuse_too_many(ends)
    try:
        rows = _fast_decoder(dataset, body, array=False).decode_lines(body)
        if len(rows) == ends:
            return _columns_of(dataset, rows, range(1, ends + 1), names=_peek(body))
    except _NOT_USUAL:
        pass
    return _patient_lines(dataset, body)


class _Odd(Exception):
    """The payload does not have the usual shape."""


_NOT_USUAL = (_Odd, msgspec.MsgspecError, ValueError, RecursionError)  # ValueError: bytes that are not UTF-8


def _unmarked(body: bytes) -> bytes:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace").encode()
    return body.removeprefix(b"\xef\xbb\xbf")


_decoders: dict[tuple[int, tuple[str, ...], bool], tuple[Dataset, msgspec.json.Decoder[Any]]] = {}
_MOST_DECODERS = 256


def _decoder(dataset: Dataset, names: tuple[str, ...], array: bool) -> msgspec.json.Decoder[Any]:
    """The decoder for rows whose first one has `names`; made once for each set of names."""
    found = _decoders.get((id(dataset), names, array))
    if found is not None and found[0] is dataset:
        return found[1]
    if len(_decoders) >= _MOST_DECODERS:
        _decoders.clear()
    made = _make_decoder(dataset, names, array)
    _decoders[(id(dataset), names, array)] = (dataset, made)
    return made


def _make_decoder(dataset: Dataset, names: tuple[str, ...], array: bool) -> msgspec.json.Decoder[Any]:
    known = headings_of(dataset)
    slots = [known.field_of(name) or f"ignored_{number}" for number, name in enumerate(names)]
    if len(set(slots)) != len(slots):
        raise _Odd
    more = [each.name for each in dataset.fields if each.name not in slots and each.name not in names]
    kind = Cell | msgspec.UnsetType
    struct = msgspec.defstruct(
        f"Row_{dataset.code}", [(slot, Any if slot.startswith("ignored_") else kind, msgspec.UNSET) for slot in (*slots, *more)],
        rename=dict(zip(slots, names, strict=True)) | {name: name for name in more}, forbid_unknown_fields=True, gc=False,
    )
    return msgspec.json.Decoder(list[struct] if array else struct)  # type: ignore[valid-type]


def _fast_decoder(dataset: Dataset, body: bytes, array: bool) -> msgspec.json.Decoder[Any]:
    return _decoder(dataset, _peek(body), array)


def _peek(body: bytes) -> tuple[str, ...]:
    """The names in the first object."""
    start = _FIRST_OBJECT.match(body)
    if start is None:
        raise _Odd
    head = body[start.end() - 1 : start.end() + _PEEK].decode("utf-8", errors="ignore")
    try:
        first, _ = json.JSONDecoder().raw_decode(head)
    except ValueError:
        raise _Odd from None
    return tuple(first)


def _columns_of(dataset: Dataset, rows: Sequence[Any], lines: Sequence[int], names: tuple[str, ...]) -> Table:
    known = headings_of(dataset)
    columns: dict[str, Sequence[object]] = {}
    for each in dataset.fields:
        values = list(map(attrgetter(each.name), rows))
        if msgspec.UNSET in values:
            if all(value is msgspec.UNSET for value in values):
                continue
            values = [None if value is msgspec.UNSET else value for value in values]
        columns[each.name] = values
    headings = {field: name for name in names if (field := known.field_of(name))}
    return Table(columns, lines, headings, ignored=tuple(name for name in names if known.field_of(name) is None))


def _loads(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise refuse_whole(
            "not-utf8", f"Nội dung JSON không phải UTF-8 (byte thứ {error.start + 1}). Ghi JSON bằng UTF-8 rồi gửi lại.",
            f"The JSON is not UTF-8 (byte {error.start + 1}). Write JSON as UTF-8 and send again.",
        ) from error
    except RecursionError as error:
        raise refuse_whole(
            "too-deep", "JSON lồng quá nhiều tầng. Gửi một mảng các bản ghi phẳng.",
            "The JSON is nested too deep. Send an array of flat records."
        ) from error
    except json.JSONDecodeError as error:
        raise _malformed(error) from error
    except ValueError as error:  # an integer of thousands of digits
        raise refuse_whole(
            "malformed-json", "JSON có một số dài quá mức. Sửa số đó rồi gửi lại.",
            "The JSON holds a number that is far too long. Mend it and send again."
        ) from error


def _malformed(error: json.JSONDecodeError) -> Problem:
    rest = error.doc[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated"):
        return refuse_whole(
            "cut", f"Dữ liệu bị cắt giữa chừng ở dòng {error.lineno}, cột {error.colno}. Chưa nhận gì; gửi lại toàn bộ.",
            f"The data was cut in the middle, at line {error.lineno}, column {error.colno}. Nothing was taken; send all of it "
            "again.",
        )
    return refuse_whole(
        "malformed-json", f"JSON sai ở dòng {error.lineno}, cột {error.colno}. Sửa chỗ đó rồi gửi lại; chưa nhận gì.",
        f"The JSON is malformed at line {error.lineno}, column {error.colno}. Mend it and send again; nothing was taken.",
    )


def _unwrap(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        for name in WRAPPERS:
            if isinstance(value.get(name), list):
                return value[name]
        return [value]
    raise refuse_whole(
        "not-rows", "JSON phải là một mảng các bản ghi, ví dụ [{\"…\": …}].",
        "The JSON must be an array of records, for example [{\"…\": …}]."
    )


def _patient(
    dataset: Dataset, rows: Sequence[object], lines: Sequence[int] | None = None, broken: list[BrokenLine] | None = None,
) -> Table:
    """Any list of values as a table; what is no object is a broken line."""
    refuse_too_many(len(rows))
    numbers = lines if lines is not None else range(1, len(rows) + 1)
    found = list(broken or ())
    good: list[dict[str, object]] = []
    kept: list[int] = []
    for line, row in zip(numbers, rows, strict=True):
        if isinstance(row, dict):
            good.append(row)
            kept.append(line)
        elif len(found) < MOST_DETAILED:
            found.append(BrokenLine(line, _clip(json.dumps(row, ensure_ascii=False)), not_a_row(row)))
        else:
            found.append(found[-1])
    return rows_as_table(dataset, good, kept, found)


def rows_as_table(dataset: Dataset, rows: Sequence[dict[str, Any]], lines: Sequence[int], broken: list[BrokenLine]) -> Table:
    """Rows as dictionaries, each with its own names, as a table."""
    known = headings_of(dataset)
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    columns: dict[str, list[object]] = {}
    headings: dict[str, str] = {}
    for name in sorted(names, key=lambda each: each not in known.exact):
        field = known.field_of(name)
        if field is None:
            continue
        headings.setdefault(field, name)
        values = [row.get(name) for row in rows]
        columns[field] = values if field not in columns else _first_known(columns[field], values)
    ignored = tuple(name for name in names if known.field_of(name) is None)
    return Table(dict(columns), lines, headings, sorted(broken, key=lambda each: each.line), ignored)


def _first_known(first: list[object], second: list[object]) -> list[object]:
    return [b if a is None else a for a, b in zip(first, second, strict=True)]


def _patient_lines(dataset: Dataset, body: bytes) -> Table:
    pieces = body.split(b"\n")
    last_whole = len(pieces) - 1 if not pieces[-1].strip() else len(pieces)
    rows: list[object] = []
    lines: list[int] = []
    broken: list[BrokenLine] = []
    for number, piece in enumerate(pieces, 1):
        if not piece.strip():
            continue
        try:
            rows.append(json.loads(piece.decode("utf-8")))
            lines.append(number)
        except (ValueError, RecursionError):
            text = _clip(piece.decode("utf-8", errors="replace"))
            why: Callable[[object], Any] = cut_row if number == last_whole == len(pieces) else not_a_row
            broken.append(BrokenLine(number, text, why(text)))
    return _patient(dataset, rows, lines, broken)


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"

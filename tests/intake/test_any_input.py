"""Whatever comes in, however it is broken: a table with held cells or a refusal in both languages, never a crash."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.intake.datasets import PACK

from toancanh.intake.checking.check import Terms, check
from toancanh.intake.reading.payload import form_of, read_payload
from toancanh.kernel.numbers_in_text import parse_date, parse_number, parse_time
from toancanh.kernel.period_input import parse_loose, status_mark
from toancanh.kernel.problem import Problem
from toancanh.units.models import Unit

ANY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
CELLS = st.one_of(
    st.sampled_from((
        "", "s1", "MS01", "MS", "An Hòa", "revenue", "growth", "1.234", "7.842,5", "-", "..", "(*)", "Prel. 2015", "direct", "2",
        "22/11/2026 09:00", "2026-11-22T09:42:00+07:00", "31/02/2026", "9/2026", "Quý 3/2026", "lũy kế 9 tháng 2026", "=1+1",
        "\0", "NaN", "1e400", "９", "٣", "²", "00/00/0000", "9999-12-31T23:59:59-12:00", "0001-01-01", "\ud800", "1" * 400,
    )),
    st.text(max_size=15),
)
NAMES = st.one_of(
    st.sampled_from((
        "station", "area", "measured_at", "pm25", "pm10", "note", "code", "agency", "received_at", "updated_at", "due_at",
        "channel", "item", "period", "value", "2015", "Q1/2026", "tháng 9", "Trạm", "Mã hồ sơ", "Giá trị (tỷ đồng)",
    )),
    CELLS,
)  # fmt: skip
JSON = st.recursive(
    st.one_of(CELLS, st.none(), st.booleans(), st.floats(), st.integers()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8), max_leaves=25,
)
FULL = {each.code: tuple(field.name for field in each.fields) for each in PACK.datasets}
CODES = st.sampled_from(list(FULL))


def taken(code: str, body: bytes, kind: str = "", name: str = "") -> None:
    dataset = {each.code: each for each in PACK.datasets}[code]
    found = outcome(lambda: check(dataset, read_payload(dataset, body, kind, name), Terms(now=NOW)))
    assert type(found) is not ValueError, found
    if isinstance(found, Problem):
        assert found.status in (413, 415, 422)
        assert found.detail.vi != found.detail.en
    else:
        assert found.received == found.accepted + len(found.held)


def outcome(read: Callable[[], Any]) -> Any:
    """What came of it: a value, or the refusal that the reader may raise; nothing else may be raised."""
    try:
        return read()
    except (Problem, ValueError) as refused:
        if type(refused) in (Problem, ValueError):
            return refused
        raise


def encoded(text: str, charset: str) -> bytes:
    return text.encode(charset, errors="surrogatepass" if charset.startswith("utf") else "replace")


@pytest.mark.django_db
@ANY
@given(st.data())
def test_any_separated_text(place: dict[str, Unit], data: st.DataObject) -> None:
    code = data.draw(CODES)
    heading = data.draw(st.one_of(st.just(list(FULL[code])), st.lists(NAMES, max_size=9)))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=max(0, len(heading) - 1), max_size=len(heading) + 1), max_size=5))
    between, end = data.draw(st.sampled_from((",", ";", "\t", "|"))), data.draw(st.sampled_from(("\n", "\r\n", "\r")))
    text = end.join(between.join(row) for row in [heading, *rows])
    body = encoded(text, data.draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1258"))))
    charset = data.draw(st.sampled_from(("", "; charset=utf-8", "; charset=utf-16", "; charset=cp1258", "; charset=klingon")))
    taken(code, body[: data.draw(st.sampled_from((None, len(body) // 2)))], "text/csv" + charset)


@pytest.mark.django_db
@ANY
@given(CODES, JSON, st.booleans(), st.sampled_from((None, -1, 7)))
def test_any_json(place: dict[str, Unit], code: str, value: Any, lines: bool, cut: int | None) -> None:
    whole = "\n".join(map(json.dumps, value)) if lines and isinstance(value, list) else json.dumps(value)
    taken(code, whole.encode()[:cut], "application/x-ndjson" if lines else "application/json")


@pytest.mark.django_db
@ANY
@given(CODES, st.data())
def test_any_rows_of_the_right_names(place: dict[str, Unit], code: str, data: st.DataObject) -> None:
    cells = st.one_of(CELLS, st.none(), st.floats(), st.integers(), st.booleans(), st.lists(CELLS, max_size=2))
    row = st.fixed_dictionaries({}, optional=dict.fromkeys(FULL[code], cells))
    taken(code, json.dumps(data.draw(st.lists(row, min_size=1, max_size=4))).encode(), "application/json")


@pytest.mark.django_db
@settings(ANY, max_examples=15)
@given(CODES, st.lists(st.lists(CELLS | st.none() | st.floats() | st.datetimes() | st.booleans(), max_size=8), max_size=4))
@example("test_figures", [["revenue", "MS01", datetime(1899, 1, 1)]])
def test_any_workbook(place: dict[str, Unit], code: str, rows: list[list[Any]]) -> None:
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    book, kept = Workbook(), io.BytesIO()
    try:
        for row in ([*FULL[code]], *rows):
            book.active.append(row)
        book.save(kept)
    except (IllegalCharacterError, ValueError, UnicodeEncodeError):  # what the writer itself does not write
        return
    taken(code, kept.getvalue(), "", "a.xlsx")


@pytest.mark.django_db
@ANY
@given(CODES, st.binary(max_size=200) | st.binary(max_size=60).map(lambda more: b"PK\x03\x04" + more), st.text(max_size=30))
@example("test_air", b"[" * 5_000, "")
def test_any_bytes_under_any_name(place: dict[str, Unit], code: str, body: bytes, said: str) -> None:
    taken(code, body, said, said)
    taken(code, body)


@ANY
@given(st.text(max_size=40), st.text(max_size=40))
@example("text/csv; charset*=utf-8''%E1", "")
def test_any_declared_type(kind: str, name: str) -> None:
    found = outcome(lambda: form_of(b"a,b", kind, name))
    assert isinstance(found, tuple) or found.status == 415


PIECES = st.lists(st.sampled_from("0123456789０٣².,-+/: TZeE%QqIVX đươáẠ\t\u00a0\u202f") | CELLS, max_size=9).map("".join)


@ANY
@given(PIECES)
def test_any_number_day_or_period_in_text(text: str) -> None:
    for read in (parse_number, parse_date, parse_time):
        outcome(lambda read=read: read(text))
    parse_loose(text)
    status_mark(text)


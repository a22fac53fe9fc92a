"""Payloads and rows that the tests of this folder send."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from tests.intake.datasets import dataset

from toancanh.intake import services
from toancanh.intake.models import Delivery, QuarantinedRow, Source
from toancanh.intake.reading.payload import Payload
from toancanh.intake.receiving import Receipt
from toancanh.store import rows
from toancanh.store.rows import StoredRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def reading(**other: object) -> dict[str, object]:
    """One right row of test_air."""
    return {
        "station": "s1", "area": "Phường An Hòa", "measured_at": "2026-11-22T09:00:00+07:00", "pm25": 12.5, "pm10": 30, **other,
    }


def dossier(**other: object) -> dict[str, object]:
    """One right row of test_dossiers."""
    return {
        "code": "H1", "agency": "Sở Y tế", "area": "MS01", "received_at": "20/11/2026 08:00", "updated_at": "20/11/2026 08:00",
        "channel": "online", **other,
    }


def send(source: Source, code: str, content: Any, *, key: str | None = None, **more: str) -> Receipt:
    """Deliver rows (as a JSON array), text or bytes."""
    more.setdefault("content_type", "text/csv" if isinstance(content, str) else "application/json")
    text = content if isinstance(content, str) else "" if isinstance(content, bytes) else json.dumps(content)
    body = content if isinstance(content, bytes) else text.encode()
    return services.receive(source, code, Payload(body, key=key, **more))


def workbook(cells: Sequence[Sequence[object]], title: str = "Sheet1") -> bytes:
    """An XLSX file with one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in cells:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def held() -> list[QuarantinedRow]:
    """The held rows of the latest delivery."""
    return list(Delivery.objects.latest("id").held.order_by("position"))


def reasons() -> list[tuple[int, str, str]]:
    """(line, column, code) of everything wrong in the latest delivery."""
    return [(row.line, each["column"], each["code"]) for row in held() for each in row.problems]


def stored(code: str) -> list[StoredRow]:
    """The rows of a dataset that count, by line."""
    return sorted(rows.drill(dataset(code), limit=10_000), key=lambda row: (row.seq, row.line))

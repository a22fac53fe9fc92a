"""Tables for people to take away: CSV that Vietnamese Excel opens rightly, and XLSX. No cell can become a formula.

A table is a heading line and rows of plain values (text, numbers, dates, None). Missing values stay empty, never 0.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.rounding import half_up

BOM = "\ufeff"
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
LARGEST_SHEET_NAME = 31

Plain = str | int | float | Decimal | bool | date | datetime | None


def csv_lines(
    heading: Sequence[str], rows: Iterable[Sequence[Plain]], *, vietnamese: bool = True, places: int | None = None
) -> Iterator[bytes]:
    """The table as UTF-8 CSV with a byte order mark, line by line.

    `vietnamese`: decimal comma and ";" between columns; otherwise decimal point and ",". `places` rounds numbers half up.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if vietnamese else ",", lineterminator="\r\n")
    writer.writerow([safe(each) for each in heading])
    yield (BOM + _taken(out)).encode()
    for row in rows:
        writer.writerow([_csv_text(each, vietnamese, places) for each in row])
        yield _taken(out).encode()


def xlsx(heading: Sequence[str], rows: Iterable[Sequence[Plain]], *, sheet: str = "So lieu", notes: Sequence[str] = ()) -> bytes:
    """The table as a workbook of one sheet, `notes` (source, as-of, status) under it; numbers stay numbers."""
    from openpyxl import Workbook  # slow to import; only this export needs it

    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(sheet))
    page.freeze_panes = "A2"
    page.append([safe(each) for each in heading])
    for row in rows:
        page.append([_xlsx_value(each) for each in row])
    for note in ("", *notes) if notes else ():
        page.append([safe(note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def safe(text: str) -> str:
    """`text` as it may stand in a sheet: an apostrophe keeps "=1+1" from being computed, and is taken off when it comes back."""
    cleaned = "".join(each for each in text if each >= " " or each in "\t\n\r")
    return f"'{cleaned}" if cleaned.lstrip("'").startswith(_DANGEROUS) else cleaned


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _csv_text(value: Plain, vietnamese: bool, places: int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | Decimal):
        return _number_text(value, vietnamese, places)
    if isinstance(value, datetime):
        return f"{_local(value):%d/%m/%Y %H:%M}" if vietnamese else _local(value).isoformat(timespec="minutes")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if vietnamese else value.isoformat()
    return safe(value)


def _number_text(value: float | Decimal, vietnamese: bool, places: int | None) -> str:
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - not a number
        return ""
    number = half_up(value, places) if places is not None else Decimal(repr(value) if isinstance(value, float) else value)
    text = f"{number:f}"
    return text.replace(".", ",") if vietnamese else text


def _xlsx_value(value: Plain) -> Plain:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return None
    if isinstance(value, datetime):
        return _local(value).replace(tzinfo=None)  # a sheet knows no time zones
    return value


def _local(value: datetime) -> datetime:
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(VIETNAM)


def _sheet_name(title: str) -> str:
    cleaned = "".join(" " if each in "[]:*?/\\" else each for each in title).strip("' ")
    return cleaned[:LARGEST_SHEET_NAME] or "So lieu"

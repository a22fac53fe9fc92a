"""Small rules of the API's answers: cursors, moments without a zone, and values that JSON does not know."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime

from toancanh.kernel.periods import VIETNAM, Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text


def cursor_after(offset: int) -> str:
    """The cursor of the page that begins at `offset`: opaque, so that its making may change."""
    return base64.urlsafe_b64encode(f"o{offset}".encode()).decode().rstrip("=")


def offset_of(cursor: str) -> int:
    """Where the page of `cursor` begins; 0 without one. Raises `Problem` (400) for a cursor that is none of ours."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if text[0] != "o" or not text[1:].isascii() or not text[1:].isdigit():
            raise ValueError(text)
        return int(text[1:12])
    except (ValueError, IndexError, binascii.Error, UnicodeDecodeError) as error:
        raise Problem(
            "bad-cursor", 400, Text("Con trỏ trang chưa đúng", "Wrong cursor"),
            Text("Dùng đúng giá trị “next” của trang trước.", "Use the value of “next” of the page before."),
        ) from error


def aware(moment: datetime | None) -> datetime | None:
    """The moment in UTC; without a zone it is Vietnamese time. Raises `Problem` (422) for one beyond all calendars."""
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except OverflowError as error:
        raise Problem(
            "bad-moment", 422, Text("Thời điểm chưa đúng", "Wrong moment"),
            Text("Ghi “known” dạng 2026-11-22T09:42:00+07:00.", "Write “known” as 2026-11-22T09:42:00+07:00."),
        ) from error


def plain(value: object) -> object:
    """A value of a row as JSON knows it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.code if isinstance(value, Period) else value

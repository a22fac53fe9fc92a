"""Small rules of the API's answers: cursors, moments without a zone, and values that JSON does not know."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime

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
    """A moment without a zone is Vietnamese time."""
    return moment.replace(tzinfo=VIETNAM) if moment is not None and moment.tzinfo is None else moment


def plain(value: object) -> object:
    """A value of a row as JSON knows it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.code if isinstance(value, Period) else value

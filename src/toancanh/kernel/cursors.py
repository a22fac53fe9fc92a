"""Cursors of long lists: where the next page begins, opaque to whoever carries it, so that its making may change."""

from __future__ import annotations

import base64
import binascii

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

_MOST_DIGITS = 15


def cursor_of(place: int) -> str:
    """The cursor of the page that begins at `place`."""
    return base64.urlsafe_b64encode(f"o{place}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> int:
    """Where the page of `cursor` begins; 0 without one. Raises `Problem` (400) for a cursor that is none of ours."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        digits = text.removeprefix("o")
        if text[:1] != "o" or not digits.isdigit() or len(digits) > _MOST_DIGITS:
            raise ValueError(text)
        return int(digits)
    except (ValueError, binascii.Error) as error:
        raise Problem(
            "bad-cursor", 400, Text("Con trỏ trang chưa đúng", "Wrong cursor"),
            Text("Dùng đúng giá trị “next” của trang trước.", "Use the value of “next” of the page before."),
        ) from error

"""Small rules of the API's answers: moments without a zone, and values that JSON does not know."""

from __future__ import annotations

from datetime import UTC, date, datetime

from toancanh.kernel.periods import VIETNAM, Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text


def aware(moment: datetime | None) -> datetime | None:
    """The moment in UTC; without a zone it is Vietnamese time. Raises `Problem` (422) for one beyond all calendars."""
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except OverflowError as error:
        raise Problem(
            "bad-moment", 422, Text("Thời điểm chưa đúng", "Wrong moment"),
            Text("Ghi thời điểm dạng 2026-11-22T09:42:00+07:00.", "Write a moment as 2026-11-22T09:42:00+07:00."),
        ) from error


def plain(value: object) -> object:
    """A value of a row as JSON knows it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.code if isinstance(value, Period) else value

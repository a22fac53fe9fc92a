"""A deadline as a person chooses it: today, in some working days, or a day of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from toancanh.kernel.clocks import Counting
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.working_days import CLOSING_TIME
from toancanh.response import clocks
from toancanh.response.calendar.reading import calendar_of
from toancanh.response.directing.orders import Deadline, Term, refused
from toancanh.ui import formats
from toancanh.ui.language import t

TODAY, OWN = "today", "date"
WORKING_DAYS = (3, 5, 10)
_LEAST = timedelta(hours=1)  # less than this is not a deadline for today


@dataclass(frozen=True, slots=True)
class DeadlineChip:
    """One choice: its words, the day that it means, and whether it is chosen."""

    value: str
    label: str
    note: str
    chosen: bool


def chips(chosen: str = "") -> tuple[DeadlineChip, ...]:
    """The choices of now; three working days unless chosen otherwise."""
    now = timezone.now()
    found = [(TODAY, t("Hôm nay", "Today"), f"{CLOSING_TIME:%H:%M}")] if _today(now) else []
    for days in WORKING_DAYS:
        due = clocks.due_at(now, days, Counting.WORKING_DAYS)
        found.append((f"w{days}", t(f"{days} ngày làm việc", f"{days} working days"), formats.day_month(due)))
    found.append((OWN, t("Ngày khác", "Another day"), ""))
    wanted = chosen if chosen in {value for value, _, _ in found} else f"w{WORKING_DAYS[0]}"
    return tuple(DeadlineChip(value, label, note, value == wanted) for value, label, note in found)


def read(form: Mapping[str, str], now: datetime | None = None) -> Deadline:
    """The deadline of a form (`deadline`, `date`). Raises `Problem` (422) for none."""
    moment, chosen = now or timezone.now(), form.get("deadline", "")
    if chosen == TODAY:
        return datetime.combine(moment.astimezone(VIETNAM).date(), CLOSING_TIME, VIETNAM)
    if chosen in {f"w{days}" for days in WORKING_DAYS}:
        return Term(int(chosen[1:]))
    return own_day(form.get("date", ""))


def own_day(text: str) -> datetime:
    """A day (yyyy-mm-dd) as the closing time of that day. Raises `Problem` (422)."""
    try:
        day = datetime.strptime(text.strip()[:10], "%Y-%m-%d").date()
    except ValueError:
        raise refused("bad-deadline", "Chọn thời hạn.", "Choose a deadline.") from None
    return datetime.combine(day, CLOSING_TIME, VIETNAM)


def chosen_again(form: Mapping[str, str]) -> Deadline | None:
    """The new deadline of work that goes on, if one was given."""
    return own_day(form["date"]) if form.get("date") else None


def _today(now: datetime) -> bool:
    local = now.astimezone(VIETNAM)
    end = datetime.combine(local.date(), time(CLOSING_TIME.hour, CLOSING_TIME.minute), VIETNAM)
    return calendar_of(None).is_working_day(local.date()) and end - local >= _LEAST

"""Administrative dossiers: the ten national states, the moves between them, and whether a dossier was settled on time.

Source: the state list and the on-time rule of the National Public Service Portal (Decision 766/QD-TTg 2022 and its formula
notes); working order of one-stop desks by Decrees 61/2018, 107/2021 and 118/2025/ND-CP.
All times of one dossier must be alike: all aware, or all naive Viet Nam time.
"""

from __future__ import annotations

import calendar as calendar_of
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text
from toancanh.kernel.working_days import WorkingCalendar


class State(IntEnum):
    """The national codes."""

    REGISTERED = 1
    ACCEPTED = 2
    REFUSED = 3
    IN_PROGRESS = 4
    SUPPLEMENT_ASKED = 5
    PAYMENT_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    SETTLED = 9
    RETURNED = 10


class Clock(StrEnum):
    """What the time limit does in a state."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class StateRow:
    """One row of the national list."""

    state: State
    name: Text
    clock: Clock
    open: bool


STATES = MappingProxyType(
    {
        row.state: row
        for row in (
            StateRow(State.REGISTERED, Text("Mới đăng ký", "Registered"), Clock.NOT_STARTED, True),
            StateRow(State.ACCEPTED, Text("Được tiếp nhận", "Accepted"), Clock.RUNNING, True),
            StateRow(State.REFUSED, Text("Không được tiếp nhận", "Not accepted"), Clock.NONE, False),
            StateRow(State.IN_PROGRESS, Text("Đang xử lý", "In progress"), Clock.RUNNING, True),
            StateRow(State.SUPPLEMENT_ASKED, Text("Yêu cầu bổ sung giấy tờ", "Supplement asked"), Clock.PAUSED, True),
            StateRow(State.PAYMENT_ASKED, Text("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment asked"), Clock.PAUSED, True),
            StateRow(State.WITHDRAWN, Text("Công dân yêu cầu rút hồ sơ", "Withdrawn by the applicant"), Clock.STOPPED, False),
            StateRow(State.STOPPED, Text("Dừng xử lý", "Stopped"), Clock.STOPPED, False),
            StateRow(State.SETTLED, Text("Đã xử lý xong", "Settled"), Clock.STOPPED, False),
            StateRow(State.RETURNED, Text("Đã trả kết quả", "Result returned"), Clock.STOPPED, False),
        )
    }
)

# Moves of the national list. A stopped dossier (8) may still give its papers back (10); a settled one may not be withdrawn.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.REGISTERED: frozenset({State.ACCEPTED, State.REFUSED, State.WITHDRAWN}),
        State.ACCEPTED: frozenset({State.IN_PROGRESS, State.SUPPLEMENT_ASKED, State.WITHDRAWN, State.STOPPED}),
        State.REFUSED: frozenset(),
        State.IN_PROGRESS: frozenset(
            {State.SUPPLEMENT_ASKED, State.PAYMENT_ASKED, State.WITHDRAWN, State.STOPPED, State.SETTLED}
        ),
        State.SUPPLEMENT_ASKED: frozenset({State.IN_PROGRESS, State.WITHDRAWN, State.STOPPED}),
        State.PAYMENT_ASKED: frozenset({State.IN_PROGRESS, State.WITHDRAWN, State.STOPPED, State.SETTLED}),
        State.WITHDRAWN: frozenset(),
        State.STOPPED: frozenset({State.RETURNED}),
        State.SETTLED: frozenset({State.RETURNED}),
        State.RETURNED: frozenset(),
    }
)

# Groups of provincial reports.
FINISHED = frozenset({State.SETTLED, State.RETURNED, State.WITHDRAWN})
PAUSED = frozenset({State.SUPPLEMENT_ASKED, State.PAYMENT_ASKED, State.STOPPED})
IN_HAND = frozenset({State.ACCEPTED, State.IN_PROGRESS})


class Channel(IntEnum):
    """How the dossier came in. A missing channel counts as direct."""

    DIRECT = 1
    ONLINE = 2
    POSTAL = 3


CHANNELS = MappingProxyType(
    {
        Channel.DIRECT: Text("Trực tiếp", "In person"),
        Channel.ONLINE: Text("Trực tuyến", "Online"),
        Channel.POSTAL: Text("Bưu chính công ích", "Public postal service"),
    }
)


class TimeUnit(StrEnum):
    """The unit a procedure's time limit is written in. Averages are never taken across units."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Limit:
    """The statutory time of a procedure."""

    amount: int
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Supplement:
    """One request for more papers; `returned_at` is None until the applicant answers."""

    asked_at: datetime
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the on-time rule needs of a dossier. `closed_at` is when it was refused, withdrawn or stopped (states 3, 7, 8)."""

    received_at: datetime
    due_at: datetime | None = None
    settled_at: datetime | None = None
    returned_at: datetime | None = None
    closed_at: datetime | None = None
    accepted: bool = True
    supplements: tuple[Supplement, ...] = ()
    limit: Limit | None = None


def may_move(from_state: State, to_state: State) -> bool:
    """True when the national list allows the move."""
    return to_state in TRANSITIONS[from_state]


def channel_of(code: int | None) -> Channel:
    """The channel of a synchronised code; a missing one is direct. ValueError for an unknown code."""
    return Channel.DIRECT if code is None else Channel(code)


def ended_at(dossier: Dossier) -> datetime | None:
    """When handling ended: settled, else returned, else closed if it had been accepted; None while it is open."""
    return dossier.settled_at or dossier.returned_at or (dossier.closed_at if dossier.accepted else None)


def on_time(dossier: Dossier, now: datetime, calendar: WorkingCalendar, *, period_end: datetime | None = None) -> bool | None:
    """Whether the dossier was, or still is, on time by the portal's rule, as seen at `now` within a period ending at
    `period_end`.

    An open dossier that has asked for a supplement once and waits is judged at the moment it asked; one that asked twice or
    more is overdue; any other is judged at the earlier of `now` and `period_end`. The time of completed supplements is given
    back. Without a due date the statutory limit decides. None when there is neither, and for one never accepted: its clock
    did not start.
    """
    end = ended_at(dossier)
    if end is None and not dossier.accepted:
        return None
    if end is None:
        if len(dossier.supplements) >= 2:
            return False
        end = _open_end(dossier, now, period_end)
    end -= _time_given_back(dossier)
    due = dossier.due_at or due_by_limit(dossier, calendar)
    return None if due is None else end <= due


def due_by_limit(dossier: Dossier, calendar: WorkingCalendar) -> datetime | None:
    """The latest end the statutory limit allows; None without a limit.

    Working days end with the day (23:59:59.999999), hours and calendar days with the same clock time, months with the same
    day of the month or its last one.
    """
    if dossier.limit is None:
        return None
    received, amount = dossier.received_at, dossier.limit.amount
    if dossier.limit.unit is TimeUnit.WORKING_DAY:
        local = _local(received)
        day = calendar.due_date(received, amount)
        midnight = local.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1, microseconds=-1)
    if dossier.limit.unit is TimeUnit.MONTH:
        return _add_months(_local(received), amount)
    return received + (timedelta(hours=amount) if dossier.limit.unit is TimeUnit.HOUR else timedelta(days=amount))


def handling_time(dossier: Dossier, unit: TimeUnit, calendar: WorkingCalendar) -> float | None:
    """How long handling took, in `unit`, completed supplements given back; None while the dossier is open.

    Working days are whole, by the calendar, acceptance being day 0. A month is 30 days (Civil Code 91/2015/QH13, Article 146).
    """
    end = ended_at(dossier)
    if end is None:
        return None
    end -= _time_given_back(dossier)
    if unit is TimeUnit.WORKING_DAY:
        day_zero = calendar.due_date(dossier.received_at, 0)
        return max(0, calendar.working_days_between(day_zero, _local(end).date()))
    return max(timedelta(0), end - dossier.received_at) / _LENGTHS[unit]


@dataclass(frozen=True, slots=True)
class Average:
    """The mean handling time of `count` dossiers, in the unit it is filed under."""

    mean: float
    count: int


def average_times(dossiers: Iterable[Dossier], calendar: WorkingCalendar) -> dict[TimeUnit, Average]:
    """Mean handling time of ended dossiers for each unit their procedures use; units are never mixed.

    Dossiers still open, or of a procedure without a limit, are left out.
    """
    times: dict[TimeUnit, list[float]] = {}
    for dossier in dossiers:
        taken = handling_time(dossier, dossier.limit.unit, calendar) if dossier.limit else None
        if dossier.limit and taken is not None:
            times.setdefault(dossier.limit.unit, []).append(taken)
    return {unit: Average(math.fsum(taken) / len(taken), len(taken)) for unit, taken in sorted(times.items())}


_LENGTHS = {TimeUnit.HOUR: timedelta(hours=1), TimeUnit.DAY: timedelta(days=1), TimeUnit.MONTH: timedelta(days=30)}


def _open_end(dossier: Dossier, now: datetime, period_end: datetime | None) -> datetime:
    waiting = [request for request in dossier.supplements if request.returned_at is None]
    if waiting:
        return waiting[0].asked_at
    return now if period_end is None else min(now, period_end)


def _time_given_back(dossier: Dossier) -> timedelta:
    waits = (request.returned_at - request.asked_at for request in dossier.supplements if request.returned_at is not None)
    return sum(waits, timedelta(0))


def _local(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(VIETNAM)


def _add_months(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar_of.monthrange(year, month + 1)[1]))

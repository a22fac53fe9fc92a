"""How directives and tasks are said on screen: state, deadline, what is left of the clock and why, the lines of the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from toancanh.kernel.clocks import Counting, DayLine
from toancanh.kernel.rounding import half_up
from toancanh.kernel.text import Text
from toancanh.response import changes, clocks
from toancanh.response.models import Clock, Directive, Entry, Task
from toancanh.response.queries.work import SOON
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Kind, StatusView

_STATE_KINDS: dict[str, Kind] = {
    "issued": "info", "accepted": "info", "reported": "warn", "watching": "info", "proposed": "warn", "closed": "ok",
    "recalled": "none", "assigned": "info", "doing": "info", "done": "ok", "cancelled": "none",
}  # fmt: skip
_UNITS = {
    Counting.CALENDAR_HOURS: Text("giờ", "hours"),
    Counting.WORKING_HOURS: Text("giờ làm việc", "working hours"),
    Counting.WORKING_DAYS: Text("ngày làm việc", "working days"),
}


@dataclass(frozen=True, slots=True)
class Left:
    """What is left until a deadline, in words, with its urgency; `late` once it has passed."""

    text: str
    kind: Kind
    note: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One line of a clock's explanation."""

    day: str
    counted: str
    total: str
    why: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPanel:
    """A clock that explains itself."""

    left: Left
    due: str
    terms: str
    days: tuple[ClockDay, ...]
    paused: str = ""
    running: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline."""

    at: str
    iso: str
    who: str
    words: str
    decision: bool


def state(record: Directive | Task) -> StatusView:
    """The state with its mark."""
    machine = changes.MACHINES[changes.kind_of(record)]
    return StatusView(_STATE_KINDS[str(record.state)], tx(machine.word(record.state)))


def left(record: Directive | Task, now: datetime | None = None) -> Left:
    """ "còn 2 ngày", "quá 3 ngày"; work that was handed in waits, and work that is over says when it ended."""
    moment = now or timezone.now()
    note = formats.as_of(record.due_at, moment) if record.due_at else ""
    if record.closed_at is not None:
        word = t("xong trễ hạn", "done late") if record.late else t("đã xong", "over")
        return Left(word, "bad" if record.late else "ok", formats.day(record.closed_at))
    if record.state in ("reported", "watching", "proposed"):
        return Left(
            t("trễ hạn, chờ xác nhận", "late, to confirm") if record.late else t("chờ xác nhận", "to confirm"), "info", note
        )
    if record.due_at is None:
        return Left(formats.MISSING, "none")
    if record.next_due_at is None:
        return Left(t("tạm dừng", "paused"), "none", note)
    span = record.due_at - moment
    text = formats.duration(span)
    if span < timedelta(0):
        return Left(t(f"quá {text}", f"{text} over"), "bad", note, late=True)
    return Left(t(f"còn {text}", f"{text} left"), "warn" if span < SOON else "info", note)


def panel(clock: Clock, record: Directive | Task) -> ClockPanel:
    """The clock of a record, day by day."""
    now, counting = timezone.now(), Counting(clock.regime)
    lines = clocks.explain(clock, now)
    paused = tx(Text("Tạm dừng: {0}", "Paused: {0}")).format(clock.pauses[-1]["ground"]) if clocks.is_paused(clock) else ""
    return ClockPanel(
        left=left(record, now), due=formats.weekday(clock.due_at) + ", " + formats.clock(clock.due_at),
        terms=_terms(clock, counting), days=tuple(_day(each) for each in lines), paused=paused,
        running=clock.stopped_at is None,
    )  # fmt: skip


def timeline(entries: Iterable[Entry]) -> tuple[Line, ...]:
    """The lines as they are read."""
    now = timezone.now()
    return tuple(
        Line(formats.as_of(each.at, now), each.at.isoformat(timespec="seconds"), each.actor_name or each.actor,
             tx(Text(each.words_vi, each.words_en)), each.decision)
        for each in entries
    )  # fmt: skip


def size(amount: int) -> str:
    """ "1,2 MB"."""
    if amount < 1024 * 1024:
        return f"{formats.number(half_up(amount / 1024, 0), 0)} KB"
    return f"{formats.number(half_up(amount / 1024 / 1024, 1), 1)} MB"


def _terms(clock: Clock, counting: Counting) -> str:
    amount = formats.number(half_up(clock.amount, 1))
    words = f"{amount} {tx(_UNITS[counting])}"
    since = formats.moment(clock.started_at)
    place = f" · {tx(clock.agency.title)}" if clock.agency and counting is not Counting.CALENDAR_HOURS else ""
    return t(f"{words} kể từ {since}{place}", f"{words} since {since}{place}")


def _day(line: DayLine) -> ClockDay:
    return ClockDay(
        day=formats.weekday(line.day), counted=_amount(line.counted), total=_amount(line.total), why=tx(line.why),
        counts=line.counted > 0,
    )  # fmt: skip


def _amount(amount: float) -> str:
    return formats.number(half_up(amount, 1)) if amount else "0"

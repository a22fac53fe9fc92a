"""Days off, days worked and swapped days, written with their legal ground; a line that was wrong is undone, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel import holidays
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import read_only, require_everywhere
from toancanh.people.roles import Action
from toancanh.response.calendar.reading import calendar_of, in_force
from toancanh.response.directing.orders import check_agencies
from toancanh.response.events import CalendarChanged
from toancanh.response.models import CalendarDay
from toancanh.units.models import Unit

LONGEST = 31
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From `first` to `last` nobody works, or everybody does; at one agency (None: in the whole province)."""

    first: date
    last: date
    works: bool
    name: str
    basis: str
    worked_instead: date | None = None
    agency: Unit | None = None

    def __iter__(self) -> Iterator[date]:
        return (self.first + _DAY * step for step in range((self.last - self.first).days + 1))


def add_days(actor: Actor, days: Days) -> CalendarDay:
    """Write a line of the calendar; the clocks that run are counted anew after it, each with a line of its own.

    Raises `Problem`: 403, 422 for a wrong span, no name or ground, an agency that is no more, or days that are so already.
    """
    _may(actor)
    _check(days)
    with transaction.atomic():
        made = CalendarDay.objects.create(
            first=days.first, last=days.last, works=days.works, worked_instead=days.worked_instead, agency=days.agency,
            name=days.name.strip(), basis=days.basis.strip(), made_by=actor.label[:200], made_at=timezone.now(),
        )  # fmt: skip
        _noted(actor, "add_calendar_days", made, made.basis)
    return made


def undo_days(actor: Actor, line: int, reason: str) -> CalendarDay:
    """Take a line back, for a reason; clocks run again as if it had not been written. Raises `Problem` 403, 404, 409, 422."""
    _may(actor)
    if not reason.strip():
        raise _wrong(Text("Nêu lý do hủy dòng lịch này.", "Say why this line is undone."))
    with transaction.atomic():
        found = CalendarDay.objects.select_for_update(of=("self",)).filter(pk=line, undoes=None).first()
        if found is None:
            raise Problem(
                "not-found", 404, Text("Không tìm thấy dòng lịch này", "No such line"),
                Text("Tải lại trang lịch làm việc.", "Load the calendar again."),
            )  # fmt: skip
        if not in_force().filter(pk=found.pk).exists():
            raise Problem(
                "undone-already", 409, Text("Dòng lịch này đã được hủy", "This line was undone already"),
                Text("Tải lại trang lịch làm việc.", "Load the calendar again."),
            )  # fmt: skip
        made = CalendarDay.objects.create(
            first=found.first, last=found.last, works=found.works, worked_instead=found.worked_instead, agency=found.agency,
            name=found.name, basis=reason.strip()[:200], undoes=found, made_by=actor.label[:200], made_at=timezone.now(),
        )  # fmt: skip
        _noted(actor, "undo_calendar_days", made, reason.strip())
    return made


def _may(actor: Actor) -> None:
    require_everywhere(actor, Action.CONFIGURE)
    if actor.read_only:
        raise read_only()


def _check(days: Days) -> None:
    every = [days.first, days.last, *([days.worked_instead] if days.worked_instead else [])]
    if any(not holidays.FIRST_YEAR <= each.year <= holidays.LAST_YEAR for each in every):
        raise _wrong(Text("Lịch làm việc bao gồm các năm 2018-2040.", "The calendar covers the years 2018-2040."))
    if not days.first <= days.last <= days.first + _DAY * (LONGEST - 1):
        raise _wrong(Text(f"Ngày cuối không trước ngày đầu, nhiều nhất {LONGEST} ngày một lần.",
                          f"The last day is not before the first, at most {LONGEST} days at a time."))  # fmt: skip
    if not days.name.strip() or not days.basis.strip() or len(days.name.strip()) > 160 or len(days.basis.strip()) > 200:
        raise _wrong(Text("Nêu tên (đến 160 chữ) và căn cứ pháp lý (đến 200 chữ), ví dụ “Thông báo 5015/TB-BNV”.",
                          "Give a name (up to 160 letters) and a legal ground (up to 200)."))  # fmt: skip
    if days.agency is not None:
        check_agencies([days.agency], [days.first])
    known = calendar_of(days.agency)
    instead = days.worked_instead
    if all(known.is_working_day(each) is days.works for each in days) and not instead:
        raise _wrong(Text("Lịch đã ghi như vậy. Kiểm tra lại ngày.", "The calendar says so already: check the days."))
    if instead is not None and (days.works or instead in days or known.is_working_day(instead)):
        raise _wrong(Text(
            "Ngày làm bù phải là một ngày đang nghỉ, ngoài các ngày nghỉ vừa nhập.",
            "The day worked instead must be a day that is off, and not one of the days off entered here.",
        ))  # fmt: skip


def _noted(actor: Actor, act: str, line: CalendarDay, reason: str) -> None:
    detail = {
        "first": f"{line.first}", "last": f"{line.last}", "works": line.works, "name": line.name,
        "worked_instead": f"{line.worked_instead}" if line.worked_instead else "",
        "agency": line.agency.key if line.agency else "", "undoes": line.undoes_id,
    }  # fmt: skip
    audit.record(actor.label, f"response.{act}", f"calendar:{line.pk}", detail=detail, reason=reason, address=actor.address)
    tell_after_commit(CalendarChanged())


def _wrong(detail: Text) -> Problem:
    return Problem("bad-days", 422, Text("Chưa ghi được vào lịch", "The calendar was not changed"), detail)

"""The working-day calendar and the hours of an agency, as they are or as they were known at a moment that has passed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet

from toancanh.kernel.clocks import OFFICE_HOURS, Hours, HoursFrom
from toancanh.kernel.text import Text
from toancanh.kernel.working_days import WorkingCalendar
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_everywhere
from toancanh.people.roles import Action
from toancanh.response.models import CalendarDay, OfficeHours
from toancanh.units.models import Unit

_DAY = timedelta(days=1)
Line = tuple[date, date, bool, date | None, str, str]
NATIONAL = WorkingCalendar()  # as the State announced it


def calendar_of(agency: Unit | None, known: datetime | None = None) -> WorkingCalendar:
    """The calendar of an agency (None: of the province), as it was `known` then."""
    mine = Q(agency=None) | Q(agency=agency) if agency else Q(agency=None)
    rows = in_force(known).filter(mine).order_by("agency", "pk")
    lines = list(rows.values_list("agency", "first", "last", "works", "worked_instead", "name", "basis"))
    lines.sort(key=lambda line: line[0] is not None)  # the agency's own after the province's, each in the order of writing
    return _built(tuple(line[1:] for line in lines))


def in_force(known: datetime | None = None) -> QuerySet[CalendarDay]:
    """The lines that were not undone (by then)."""
    rows = CalendarDay.objects.filter(undoes=None)
    if known is None:
        return rows.filter(undone=None)
    return rows.filter(made_at__lte=known).filter(Q(undone=None) | Q(undone__made_at__gt=known))


def hours_of(agency: Unit | None, day: date, known: datetime | None = None) -> tuple[Hours, tuple[HoursFrom, ...]]:
    """The hours that an agency kept on that day (the usual office hours when it told none), and those that it keeps later."""
    if agency is None:
        return OFFICE_HOURS, ()
    rows = OfficeHours.objects.filter(agency=agency)
    if known is not None:
        rows = rows.filter(Q(made_at=None) | Q(made_at__lte=known))
    kept = {each.valid_from: each for each in rows.order_by("valid_from", "id")}  # of two for one day the later written
    now = next((each for first, each in reversed(kept.items()) if first <= day), None)
    later = tuple(HoursFrom(first, _spans(each), each.basis) for first, each in kept.items() if first > day)
    return (_spans(now) if now else OFFICE_HOURS), later


def lines_of_year(actor: Actor, year: int) -> list[CalendarDay]:
    """Every line about a day of the year, the newest first, those undone too. Raises `Problem` 403."""
    require_everywhere(actor, Action.CONFIGURE)
    first, last = date(year, 1, 1), date(year, 12, 31)
    about = Q(first__lte=last, last__gte=first) | Q(worked_instead__gte=first, worked_instead__lte=last)
    rows = CalendarDay.objects.filter(about, undoes=None).select_related("agency", "undone")
    return list(rows.order_by("-first", "-pk"))


def office_hours(actor: Actor) -> list[OfficeHours]:
    """Every agency's own hours, the newest first. Raises `Problem` 403."""
    require_everywhere(actor, Action.CONFIGURE)
    return list(OfficeHours.objects.select_related("agency").order_by("agency__order_key", "-valid_from", "-pk"))


def words_of(works: bool, name: str, basis: str) -> Text:
    """A changed day as a clock explains it."""
    said = f"{name} ({basis})".replace("{", "").replace("}", "")
    return Text(f"Ngày làm việc: {said}", f"Working day: {said}") if works else Text(f"Ngày nghỉ: {said}", f"Day off: {said}")


@lru_cache(maxsize=128)
def _built(lines: tuple[Line, ...]) -> WorkingCalendar:
    works: dict[date, bool] = {}
    words: dict[date, Text] = {}
    for first, last, worked, instead, name, basis in lines:
        days = {first + _DAY * step: worked for step in range((last - first).days + 1)} | ({instead: True} if instead else {})
        works |= days
        words |= {day: words_of(each, name, basis) for day, each in days.items()}
    off, on = ([day for day, each in works.items() if each is kind] for kind in (False, True))
    return NATIONAL.with_changes(off, on, words) if lines else NATIONAL


def _spans(kept: OfficeHours) -> Hours:
    return {
        int(weekday): tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in spans)
        for weekday, spans in kept.spans.items()
    }

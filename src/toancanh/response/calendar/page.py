"""The administrators' page of working days: what is off and worked this year and why, new lines, and agencies' own hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from toancanh.audit.telling import after
from toancanh.kernel import holidays
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response.calendar import days, reading
from toancanh.response.calendar import hours as office
from toancanh.response.models import CalendarDay, OfficeHours
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import Cell, Choice, Column, FieldView, PagerView, TableView
from toancanh.units import queries as units
from toancanh.units.models import Unit

WEEKDAYS = (("week", range(5)), ("saturday", range(5, 6)), ("sunday", range(6, 7)))
_OFF, _WORKED = "off", "worked"


@require_safe
@require(Action.CONFIGURE)
def page(request: Request) -> HttpResponse:
    """`?year=2026`; this year by default."""
    return _page(request)


@require_POST
@require(Action.CONFIGURE)
def add(request: Request) -> HttpResponse:
    """Write a line of the calendar."""
    form = request.POST
    try:
        made = days.add_days(request.actor, _days(form))
    except Problem as problem:
        return _page(request, form, problem)
    return _back(request, "add_calendar_days", made.first.year)


@require_POST
@require(Action.CONFIGURE)
def undo(request: Request, pk: int) -> HttpResponse:
    """Take a line back."""
    try:
        made = days.undo_days(request.actor, pk, request.POST.get("reason", ""))
    except Problem as problem:
        if problem.status == 404:
            raise
        return _page(request, QueryDict(), problem)
    return _back(request, "undo_calendar_days", made.first.year)


@require_POST
@require(Action.CONFIGURE)
def hours(request: Request) -> HttpResponse:
    """Set an agency's own hours."""
    form = request.POST
    try:
        agency = _agency(form)
        if agency is None:
            raise _incomplete(Text("Chọn cơ quan.", "Choose the agency."))
        spans = {day: office.spans_of(form.get(name, "")) for name, every in WEEKDAYS for day in every}
        begins = _day(form, "valid_from")
        office.set_hours(request.actor, agency, {day: each for day, each in spans.items() if each}, begins, form.get("basis", ""))
    except Problem as problem:
        return _page(request, form, problem)
    return _back(request, "set_hours", begins.year)


def _back(request: Request, act: str, year: int) -> HttpResponseRedirect:
    return after(request, f"response.{act}", f"{reverse('response:working_days')}?year={year}")


def _page(request: Request, typed: QueryDict | None = None, problem: Problem | None = None) -> HttpResponse:
    year = _year(request.GET.get("year", ""))
    form = typed if typed is not None else QueryDict()
    for_hours = "valid_from" in form
    agencies = [(each.key, tx(each.title)) for each in units.agencies()]
    lines = reading.lines_of_year(request.actor, year)
    context = {
        "year": year, "problem": problem, "lines": [_line(each) for each in lines], "national": _national(year),
        "day_fields": _day_fields(QueryDict() if for_hours else form, agencies),
        "hour_fields": _hour_fields(form if for_hours else QueryDict(), agencies),
        "own_hours": _own_hours(reading.office_hours(request.actor)),
        "pager": PagerView(
            text=t(f"Năm {year}", f"Year {year}"),
            earlier_href=f"?year={year - 1}" if year > holidays.FIRST_YEAR else "",
            later_href=f"?year={year + 1}" if year < holidays.LAST_YEAR else "",
            earlier=t(f"Năm {year - 1}", f"Year {year - 1}"), later=t(f"Năm {year + 1}", f"Year {year + 1}"),
        ),
        "writes": not request.actor.read_only,
    }  # fmt: skip
    return render(request, "response/working_days.html", context, status=problem.status if problem else 200)


def _line(each: CalendarDay) -> dict[str, object]:
    undone = getattr(each, "undone", None)
    kind = StatusView("ok", t("Làm việc", "Worked")) if each.works else StatusView("info", t("Nghỉ", "Off"))
    if undone is not None:
        kind = StatusView("none", t("Đã hủy", "Undone"))
    span = formats.day(each.first) + (f" – {formats.day(each.last)}" if each.last != each.first else "")
    instead = t(f"làm bù {formats.day(each.worked_instead)}", f"worked instead: {formats.day(each.worked_instead)}")
    return {
        "pk": each.pk, "status": kind, "span": span, "instead": instead if each.worked_instead else "", "name": each.name,
        "basis": each.basis, "whose": tx(each.agency.title) if each.agency else t("Toàn tỉnh", "The whole province"),
        "made": f"{each.made_by}, {formats.moment(each.made_at)}",
        "undone": f"{undone.made_by}, {formats.moment(undone.made_at)}: {undone.basis}" if undone else "",
    }  # fmt: skip


def _national(year: int) -> TableView:
    """What the State announced, in order: holidays, days in lieu, swapped days."""
    found: dict[date, Text] = dict(reading.NATIONAL.holidays(year))
    for off, worked in holidays.SWAPS.items():
        found |= {each: reading.NATIONAL.explain(each) for each in (off, worked) if each.year == year}
    shown = sorted(found.items())
    rows = tuple((Cell(text=formats.weekday(day)), Cell(text=tx(words))) for day, words in shown)
    title = t("Ngày nghỉ của Nhà nước", "Public holidays")
    heads = (t("Ngày", "Day"), t("Vì sao", "Why"))
    return TableView(title=title, caption=title, columns=tuple(Column(label=each) for each in heads), rows=rows, state="ready")


def _own_hours(found: list[OfficeHours]) -> TableView:
    heads = (t("Cơ quan", "Agency"), t("Từ ngày", "From"), t("Giờ", "Hours"), t("Căn cứ", "Legal ground"))
    rows = tuple(
        (
            Cell(text=tx(each.agency.title)),
            Cell(text=formats.day(each.valid_from)),
            Cell(text=" · ".join(_spans_in_words(each.spans))),
            Cell(text=each.basis or formats.MISSING, note=each.made_by),
        )
        for each in found
    )
    title = t("Giờ làm việc riêng của cơ quan", "Agencies' own hours")
    return TableView(
        title=title, caption=title, columns=tuple(Column(label=each) for each in heads), rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Mọi cơ quan theo giờ 07:30–11:30, 13:00–17:00.", "All keep 07:30–11:30, 13:00–17:00."),
    )  # fmt: skip


def _spans_in_words(spans: dict[str, list[list[str]]]) -> Iterator[str]:
    """Weekdays of the same hours together: "T2–T6: 07:30–11:30, 13:00–17:00"."""
    days = sorted(int(day) for day, kept in spans.items() if kept)
    while days:
        same = [days[0]]
        while same[-1] + 1 in days and spans[str(same[-1] + 1)] == spans[str(same[0])]:
            same.append(same[-1] + 1)
        days = [day for day in days if day not in same]
        first, last = (_SHORT[day] for day in (same[0], same[-1]))
        name = tx(first) if len(same) == 1 else f"{tx(first)}–{tx(last)}"
        yield f"{name}: {', '.join(f'{begin}–{end}' for begin, end in spans[str(same[0])])}"


_SHORT = [Text(f"T{day + 2}", en) for day, en in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"))] + [Text("CN", "Sun")]


def _day_fields(form: QueryDict, agencies: list[tuple[str, str]]) -> tuple[FieldView, ...]:
    kinds = ((_OFF, t("Nghỉ", "Off")), (_WORKED, t("Làm việc", "Worked")))
    chosen = form.get("kind", _OFF)
    return (
        FieldView(
            name="kind", label=t("Loại ngày", "Kind"), kind="select", required=True,
            choices=tuple(Choice(value=value, label=label, chosen=value == chosen) for value, label in kinds),
        ),
        FieldView(name="first", label=t("Từ ngày", "From"), kind="date", required=True, value=form.get("first", "")),
        FieldView(
            name="last", label=t("Đến ngày", "To"), kind="date", value=form.get("last", ""),
            hint=t("Bỏ trống: chỉ một ngày.", "Empty: one day."),
        ),
        FieldView(
            name="worked_instead", label=t("Làm bù ngày", "Worked instead"), kind="date", value=form.get("worked_instead", ""),
            hint=t("Chỉ khi hoán đổi ngày làm việc.", "Only when days are swapped."),
        ),
        _agency_field(form, agencies, t("Toàn tỉnh", "The whole province")),
        FieldView(
            name="name", label=t("Lý do", "Why"), required=True, value=form.get("name", ""), autocomplete="off",
            hint=t("Ví dụ: Nghỉ do bão số 12", "For example: closed for storm no. 12"),
        ),
        _basis_field(form, required=True),
    )  # fmt: skip


def _hour_fields(form: QueryDict, agencies: list[tuple[str, str]]) -> tuple[FieldView, ...]:
    labels = (t("Thứ Hai đến thứ Sáu", "Monday to Friday"), t("Thứ Bảy", "Saturday"), t("Chủ Nhật", "Sunday"))
    usual = {"week": "07:30-11:30, 13:00-17:00"} if not form else {}
    closed = t("Bỏ trống: nghỉ.", "Empty: closed.")
    return (
        _agency_field(form, agencies, t("Chọn cơ quan", "Choose an agency"), required=True),
        FieldView(name="valid_from", label=t("Từ ngày", "From"), kind="date", required=True, value=form.get("valid_from", "")),
        *(
            FieldView(
                name=name, label=label, value=form.get(name, usual.get(name, "")), autocomplete="off",
                hint=closed if name != "week" else t("Các khoảng cách nhau bằng dấu phẩy.", "Separate the spans with commas."),
            )
            for (name, _), label in zip(WEEKDAYS, labels, strict=True)
        ),
        _basis_field(form),
    )  # fmt: skip


def _agency_field(form: QueryDict, agencies: list[tuple[str, str]], empty: str, *, required: bool = False) -> FieldView:
    chosen = form.get("agency", "")
    choices = tuple(Choice(value=key, label=label, chosen=key == chosen) for key, label in agencies)
    first = Choice(value="", label=empty, chosen=not chosen)
    label = t("Cơ quan", "Agency")
    return FieldView(name="agency", label=label, kind="select", required=required, choices=(first, *choices))


def _basis_field(form: QueryDict, *, required: bool = False) -> FieldView:
    hint = t("Ví dụ: Công điện 15/CĐ-UBND", "For example: Công điện 15/CĐ-UBND")
    label = t("Căn cứ pháp lý", "Legal ground")
    return FieldView(name="basis", label=label, required=required, value=form.get("basis", ""), hint=hint, autocomplete="off")


def _days(form: QueryDict) -> days.Days:
    first = _day(form, "first")
    return days.Days(
        first=first, last=_day(form, "last") if form.get("last") else first, works=form.get("kind") == _WORKED,
        worked_instead=_day(form, "worked_instead") if form.get("worked_instead") else None, agency=_agency(form),
        name=form.get("name", ""), basis=form.get("basis", ""),
    )  # fmt: skip


def _agency(form: QueryDict) -> Unit | None:
    key = form.get("agency", "").replace("\x00", "")
    return units.by_key(key) if key else None


def _day(form: QueryDict, name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError:
        raise _incomplete(Text("Nhập đủ các ngày.", "Enter the days.")) from None


def _incomplete(detail: Text) -> Problem:
    return Problem("bad-days", 422, Text("Chưa ghi được vào lịch", "The calendar was not changed"), detail)


def _year(text: str) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if holidays.FIRST_YEAR <= year <= holidays.LAST_YEAR else timezone.localdate().year

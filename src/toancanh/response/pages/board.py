"""S14, the task board: what is overdue and whose, directives and tasks together, by deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor, Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response import changes
from toancanh.response.models import Directive, Kind, Task
from toancanh.response.pages import work_words as words
from toancanh.response.pages.work_words import Left
from toancanh.response.queries import work as queries
from toancanh.response.queries.work import PAGE, Beside, Filters, Show
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import PagerView, PickerView, Tab, TabsView
from toancanh.units import queries as units
from toancanh.units.models import Unit

_TITLES = {
    Show.OPEN: ("Đang mở", "Open"), Show.MINE: ("Của tôi", "Mine"), Show.AGENCY: ("Cơ quan tôi", "My agency"),
    Show.OVERDUE: ("Quá hạn", "Overdue"), Show.SOON: ("Sắp đến hạn", "Due soon"), Show.AWAITED: ("Chờ xác nhận", "To confirm"),
    Show.DONE: ("Đã kết thúc", "Ended"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One directive or task in a list."""

    href: str
    title: str
    code: str
    kind: str
    agency: str
    state: StatusView
    left: Left
    notes: tuple[str, ...]
    directive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """All that the page prints."""

    sentence: str
    below: str
    tabs: TabsView
    agencies: PickerView
    fields: PickerView
    rows: tuple[WorkLine, ...]
    empty: str
    pager: PagerView | None
    directs: bool
    assigns: bool


@require(Action.DIRECT, Action.HANDLE, Action.AUDIT)
@require_safe
def board(request: Request) -> HttpResponse:
    """The page: `show`, `agency`, `field`, `page` in the address."""
    actor, filters = request.actor, _filters(request)
    text = request.GET.get("page", "")
    page = min(max(1, int(text)), 200) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return render(request, "response/board.html", {"page": board_page(actor, filters, page)})


def board_page(actor: Actor, filters: Filters, page: int) -> BoardPage:
    """The board as this actor sees it."""
    found, counted = queries.board(actor, filters, page), queries.counts(actor, filters)
    late = queries.overdue_by_agency(actor, filters)
    return BoardPage(
        sentence=_sentence(late), below=_below(counted), tabs=_tabs(actor, filters, counted), agencies=_agencies(filters),
        fields=_fields(filters), rows=lines(found[:PAGE]), empty=_empty(filters), pager=_pager(filters, page, len(found)),
        directs=actor.can(Action.APPROVE) and actor.can(Action.DIRECT) and not actor.read_only,
        assigns=actor.can(Action.DIRECT) and not actor.read_only,
    )  # fmt: skip


def lines(found: Sequence[Directive | Task]) -> tuple[WorkLine, ...]:
    """Directives and tasks as lines of a list."""
    beside = queries.beside(found)
    return tuple(_line(each, beside[changes.kind_of(each).value, each.pk]) for each in found)


def href_of(record: Directive | Task) -> str:
    """The page of a directive or task."""
    return reverse(f"response:{changes.kind_of(record).value}", args=[record.pk])


def _line(record: Directive | Task, beside: Beside) -> WorkLine:
    kind = changes.kind_of(record)
    directive = kind is Kind.DIRECTIVE
    return WorkLine(
        href=href_of(record), title=record.title, code=record.code, agency=tx(record.lead.title) if record.lead else "",
        kind=t("Ý kiến chỉ đạo", "Directive") if directive else t("Nhiệm vụ", "Task"), state=words.state(record),
        left=words.left(record), notes=_notes(record, beside), directive=directive,
    )  # fmt: skip


def _notes(record: Directive | Task, beside: Beside) -> tuple[str, ...]:
    notes = []
    if isinstance(record, Task) and record.state == "doing" and record.progress:
        notes.append(formats.percent(record.progress, 0))
    if beside.asked:
        notes.append(t("xin gia hạn", "asks for time"))
    if record.extensions:
        notes.append(t(f"gia hạn {record.extensions}", f"{record.extensions} extension{'s' if record.extensions > 1 else ''}"))
    if beside.files:
        notes.append(t(f"{beside.files} tệp", f"{beside.files} file{'s' if beside.files > 1 else ''}"))
    if record.sample:
        notes.append(t("mẫu", "sample"))
    return tuple(notes)


def _filters(request: Request) -> Filters:
    show, key, field = (request.GET.get(name, "")[:100] for name in ("show", "agency", "field"))
    own = getattr(request.actor, "agency", None) is not None and not request.actor.can(Action.DIRECT)
    usual = Show.AGENCY if own else Show.OPEN
    chosen = Show(show) if show in tuple(Show) else usual
    return Filters(chosen, _agency(key), field if registry.pack(field) else "")


def _agency(key: str) -> Unit | None:
    try:
        return units.by_key(key) if key else None
    except Problem:
        return None


def _address(filters: Filters, **other: object) -> str:
    kept: Mapping[str, object] = {
        "show": filters.show.value, "agency": filters.agency.key if filters.agency else "", "field": filters.field,
    } | other  # fmt: skip
    return f"{reverse('response:board')}?{urlencode({name: value for name, value in kept.items() if value})}"


def _sentence(late: list[tuple[Unit, int]]) -> str:
    total = sum(number for _, number in late)
    if not total:
        return t("Không có việc nào quá hạn", "Nothing is overdue")
    worst, number = late[0]
    if len(late) == 1:
        return t(f"{total} việc quá hạn, đều ở {worst.title.vi}", f"{total} overdue, all at {worst.title.en}")
    return t(
        f"{total} việc quá hạn, nhiều nhất {worst.title.vi} ({number})", f"{total} overdue, most at {worst.title.en} ({number})"
    )


def _below(counted: Mapping[Show, int]) -> str:
    number, soon, awaited = counted[Show.OPEN], counted[Show.SOON], counted[Show.AWAITED]
    return t(
        f"{number} việc đang mở · {soon} sắp đến hạn trong 48 giờ · {awaited} chờ xác nhận",
        f"{number} open · {soon} due within 48 hours · {awaited} to confirm",
    )


def _tabs(actor: Actor, filters: Filters, counted: Mapping[Show, int]) -> TabsView:
    hidden = set() if getattr(actor, "agency", None) is not None else {Show.AGENCY}
    return TabsView(
        label=t("Danh sách", "Lists"),
        tabs=tuple(
            Tab(label=t(*_TITLES[each]), href=_address(filters, show=each.value), current=each is filters.show,
                count=str(counted[each]) if counted.get(each) else "")
            for each in Show if each not in hidden
        ),
    )  # fmt: skip


def _agencies(filters: Filters) -> PickerView:
    anyone = t("Mọi cơ quan", "Every agency")
    options = [Tab(label=anyone, href=_address(filters, agency=""), current=filters.agency is None)]
    for each in units.agencies():
        chosen = filters.agency is not None and filters.agency.pk == each.pk
        options.append(Tab(label=tx(each.title), href=_address(filters, agency=each.key), current=chosen))
    now = tx(filters.agency.title) if filters.agency else anyone
    return PickerView(label=t("Cơ quan", "Agency"), current=now, options=tuple(options))


def _fields(filters: Filters) -> PickerView:
    anything = t("Mọi lĩnh vực", "Every field")
    packs = registry.packs()
    options = [Tab(label=anything, href=_address(filters, field=""), current=not filters.field)]
    options += [
        Tab(label=tx(each.title), href=_address(filters, field=each.code), current=each.code == filters.field) for each in packs
    ]
    now = next((tx(each.title) for each in packs if each.code == filters.field), anything)
    return PickerView(label=t("Lĩnh vực", "Field"), current=now, options=tuple(options))


def _empty(filters: Filters) -> str:
    if filters.show is Show.OVERDUE:
        return t("Không có việc nào quá hạn.", "Nothing is overdue.")
    if filters.show is Show.MINE:
        return t("Bạn chưa có việc nào.", "You have no work yet.")
    return t("Chưa có việc nào.", "No work yet.")


def _pager(filters: Filters, page: int, found: int) -> PagerView | None:
    if page == 1 and found <= PAGE:
        return None
    first = (page - 1) * PAGE + 1
    return PagerView(
        text=f"{first}–{first + min(found, PAGE) - 1}",
        earlier_href=_address(filters, page=page - 1) if page > 1 else "",
        later_href=_address(filters, page=page + 1) if found > PAGE else "",
    )  # fmt: skip

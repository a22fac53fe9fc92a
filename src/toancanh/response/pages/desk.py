"""S19, the duty desk: the queue by clock, the open record, the map and the shift beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.people.permissions import Actor, Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response import listening, looks
from toancanh.response.models import Incident, Kind
from toancanh.response.pages import incident_words as words
from toancanh.response.pages.incident_words import ClockView
from toancanh.response.pages.record import RecordView, Typed, record_view
from toancanh.response.queries import incidents as queries
from toancanh.response.queries import shifts
from toancanh.response.queries.incidents import Cursor, Tab
from toancanh.response.queries.shifts import ShiftFigures
from toancanh.response.states import IncidentState
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import Tab as TabLink
from toancanh.ui.tables import TabsView

_TABS = {
    Tab.MINE: ("Của tôi", "Mine"),
    Tab.FREE: ("Chưa ai nhận", "Not taken"),
    Tab.LATE: ("Quá hạn", "Overdue"),
    Tab.ALL: ("Tất cả", "All"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One line of the queue; `take_href` when it may be taken."""

    id: int
    href: str
    title: str
    detail: str
    note: str
    severity: StatusView
    clock: ClockView | None
    version: int
    open: bool
    take_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for."""

    tab: Tab
    q: str = ""
    after: Cursor | None = None
    item: int | None = None

    @classmethod
    def read(cls, query: object) -> Asked:
        """From the query of an address; nonsense is read as nothing."""
        get = query.get  # type: ignore[attr-defined]
        tab = get("tab", "")
        item = get("item", "")
        return cls(
            tab=Tab(tab) if tab in set(Tab) else Tab.ALL, q=get("q", "")[:100], after=Cursor.read(get("after", "")),
            item=int(item) if item.isascii() and item.isdigit() and len(item) < 18 else None,
        )  # fmt: skip

    def href(self, **changes: object) -> str:
        """The desk with something else asked for."""
        asked = {"tab": self.tab.value, "q": self.q, "after": self.after or "", "item": self.item or ""} | changes
        return f"{reverse('response:desk')}?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """What the template prints. `chosen`: the address names the record; else it is the first of the queue, for wide screens."""

    now: str
    chosen: bool
    tabs: TabsView
    waiting: str
    rows: list[QueueRow]
    more_href: str
    q: str
    back_href: str
    here_href: str
    record: RecordView | None
    shift_title: str
    figures: ShiftFigures
    overdue: int


@require(Action.DIRECT)
@require_safe
def desk(request: Request) -> HttpResponse:
    """The desk; `tab` mine, free, late, all, `item` the open record (else the first), `q` words, `after` the cursor of a further
    page."""
    return desk_page(request, Asked.read(request.GET), Typed())


def desk_page(request: Request, asked: Asked, typed: Typed) -> HttpResponse:
    """The desk, with what was typed and refused kept in its form."""
    actor, now = request.actor, timezone.now()
    rows = queries.queue(actor, asked.tab, asked.q, asked.after)
    shown = rows[: queries.PAGE]
    looks.by_phone(actor, asked.q, len(shown))
    item = asked.item or (shown[0].pk if shown else None)
    record = record_view(actor, queries.find(actor, item)) if item else None
    if item:
        listening.listen(request, Kind.INCIDENT.value, item)
    counts = queries.counts(actor)
    shift = shifts.running()
    page = DeskPage(
        now=now.isoformat(), tabs=_tabs(asked, counts), waiting=formats.number(counts[Tab.ALL], 0),
        rows=_rows(actor, shown, asked, item), more_href=_more(asked, rows), q=asked.q, back_href=asked.href(item=""),
        here_href=asked.href(item=item or ""), record=record, chosen=bool(asked.item), shift_title=_shift_title(shift),
        figures=shifts.figures(actor, shift), overdue=counts[Tab.LATE],
    )  # fmt: skip
    status = typed.problem.status if typed.problem else 200
    return render(request, "response/desk.html", {"page": page, "typed": typed}, status=status)


def _rows(actor: Actor, incidents: list[Incident], asked: Asked, item: int | None) -> list[QueueRow]:
    now = timezone.now()
    ids = [each.pk for each in incidents]
    twins, here = queries.twins(ids), queries.at_work(Kind.INCIDENT, ids, actor)
    prefix = asked.href(item="0").removesuffix("0")
    return [
        _row(each, prefix, now, words.at_work(each, here.get(each.pk, [])) or _alike(twins.get(each.pk, 0)), each.pk == item)
        for each in incidents
    ]


def _alike(twins: int) -> str:
    return t(f"{twins + 1} việc giống nhau", f"{twins + 1} alike") if twins else ""


def _row(incident: Incident, prefix: str, now: datetime, note: str, is_open: bool) -> QueueRow:
    return QueueRow(
        id=incident.pk, href=f"{prefix}{incident.pk}", title=tx(incident.heading), detail=words.where(incident),
        note=note, severity=words.severity(incident, word=False),
        clock=words.countdown(incident.next_due_at, now), version=incident.version, open=is_open,
        take_href=f"/incidents/{incident.pk}/take" if incident.state == IncidentState.NEW else "",
    )  # fmt: skip


def _tabs(asked: Asked, counts: dict[Tab, int]) -> TabsView:
    links = []
    for tab, names in _TABS.items():
        count = formats.number(counts[tab], 0)
        links.append(TabLink(label=t(*names), href=asked.href(tab=tab.value, after=""), current=tab is asked.tab, count=count))
    return TabsView(label=t("Hàng chờ", "Queues"), tabs=tuple(links))


def _more(asked: Asked, rows: list[Incident]) -> str:
    if len(rows) <= queries.PAGE:
        return ""
    last = rows[queries.PAGE - 1]
    return asked.href(after=Cursor(last.next_due_at, last.pk))


def _shift_title(shift: object) -> str:
    begun = getattr(shift, "begun_at", None)
    if begun is None:
        return t("Chưa có ca trực", "No shift is running")
    who = shift.begun_by.name  # type: ignore[attr-defined]
    return t(f"Ca trực từ {formats.clock(begun)} · {who}", f"Shift since {formats.clock(begun)} · {who}")

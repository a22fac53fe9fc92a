"""The list of incidents, and the form by which an operator opens one (from a call, from an alert, or from nothing)."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from toancanh.kernel.plain import plain
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response import looks
from toancanh.response.handling.kinds import SEVERITIES, offered
from toancanh.response.handling.origins import BY_HAND, ORIGINS, origin_of
from toancanh.response.models import Incident
from toancanh.response.pages import incident_words as words
from toancanh.response.queries import incidents as queries
from toancanh.response.services.alerts import form_of
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.response.services.receiving import NumberUsed, Sent, receive
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import Cell, Choice, Column, FieldView, PickerView, Tab, TableView, TabsView
from toancanh.units import queries as units
from toancanh.units.models import Unit
from toancanh.watch import queries as alerts

STATES = (
    ("open", ("Đang mở", "Open")),
    ("all", ("Tất cả", "All")),
    ("closed", ("Đã kết thúc", "Closed")),
    ("refused", ("Từ chối", "Refused")),
)


LONGEST_ONCE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address asks for: `state` open, all, closed or refused, `origin` how they came, `order` "newest" or "" (by the
    clocks, where there are any), `q` words, which without a state are sought among all."""

    state: str
    origin: str
    order: str
    q: str

    @classmethod
    def of(cls, request: Request) -> Wanted:
        """Unknown words ask for nothing."""
        given = request.GET
        q, origin = given.get("q", "")[:100], given.get("origin", "")
        state = given.get("state") or ("all" if q else "open")
        order = "newest" if given.get("order") == "newest" else ""
        return cls(state=state if state in dict(STATES) else "open", origin=origin if origin in ORIGINS else "", order=order, q=q)

    @property
    def pressing(self) -> bool:
        return self.state == "open" and not self.order

    def href(self, **other: object) -> str:
        """The address of this, with `other` changed."""
        query = urlencode({name: value for name, value in (asdict(self) | other).items() if value})
        return reverse("response:incidents") + f"?{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What the list's template prints. `orders`: the ways in which open incidents stand, none for the others."""

    tabs: TabsView
    orders: PickerView | None
    table: TableView
    older_href: str
    q: str
    origins: FieldView
    opens: bool


@require(Action.DIRECT, Action.HANDLE, Action.AUDIT)
@require_safe
def incident_list(request: Request) -> HttpResponse:
    """Incidents that the reader may see: the open ones by their clocks, else (or with `order=newest`) the newest first."""
    wanted = Wanted.of(request)
    rows = _found(request, wanted)
    looks.by_phone(request.actor, wanted.q, len(rows))
    shown = rows[: queries.PAGE]
    more = wanted.href(after=_mark(shown[-1], wanted)) if len(rows) > queries.PAGE else ""
    tabs = tuple(Tab(label=t(*names), href=wanted.href(state=code), current=code == wanted.state) for code, names in STATES)
    page = ListPage(
        tabs=TabsView(label=t("Tình trạng", "State"), tabs=tabs), orders=_orders(wanted) if wanted.state == "open" else None,
        table=_table(shown, wanted.pressing), older_href=more, q=wanted.q, origins=_origins(wanted.origin),
        opens=request.actor.can(Action.DIRECT) and not request.actor.read_only,
    )  # fmt: skip
    return render(request, "response/incidents.html", {"page": page})


def _found(request: Request, wanted: Wanted) -> list[Incident]:
    """One page, and one more row when there are more."""
    after = request.GET.get("after", "")
    if wanted.pressing:
        return queries.pressing(request.actor, wanted.q, queries.Cursor.read(after), wanted.origin)
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else None
    return queries.recent(request.actor, "" if wanted.state == "all" else wanted.state, wanted.q, before, wanted.origin)


def _mark(last: Incident, wanted: Wanted) -> str:
    return str(queries.Cursor(last.next_due_at, last.pk)) if wanted.pressing else str(last.pk)


def _orders(wanted: Wanted) -> PickerView:
    by_clock, newest = t("Gấp nhất trước", "Most pressing first"), t("Mới nhất trước", "Newest first")
    return PickerView(
        label=t("Thứ tự", "Order"), current=by_clock if wanted.pressing else newest,
        options=(
            Tab(label=by_clock, href=wanted.href(order=""), current=wanted.pressing),
            Tab(label=newest, href=wanted.href(order="newest"), current=not wanted.pressing),
        ),
    )  # fmt: skip


@require(Action.DIRECT)
@require_http_methods(["GET", "POST"])
def new_incident(request: Request) -> HttpResponse:
    """Open an incident; `?alert=` fills the form from an alert."""
    if request.method == "GET":
        return _form_page(request, _prefilled(request))
    posted = request.POST
    try:
        opened = _open(request, posted)
    except Problem as problem:
        typed = {name: str(value) for name, value in posted.items()}
        return _form_page(request, typed | ({"once": ""} if problem.status == 409 else {}), problem)
    back = reverse("response:desk") + f"?item={opened.pk}" if posted.get("back") == "desk" else ""
    return HttpResponseRedirect(back or reverse("response:incident", args=[opened.pk]))


def _open(request: Request, posted: QueryDict) -> Incident:
    """A form that is sent twice is one incident; about a number that an open one has the person is asked."""
    form = _read(request, posted)
    if form.alert is not None:
        return open_incident(request.actor, form)
    once = form.origin_key or f"form:{secrets.token_urlsafe(12)}"
    return receive(request.actor, form, Sent(f"form:{form.origin}", once[:LONGEST_ONCE]))


def _read(request: Request, posted: QueryDict) -> IncidentForm:
    """The form as a value; one that came from an alert is that alert's incident, however often it is sent."""
    alert = _alert(request, posted.get("alert", ""))
    origin = posted.get("origin", "operator")
    once = plain(posted.get("once", ""))[: LONGEST_ONCE - 5]
    lat, lon = _degrees(posted.get("lat", "")), _degrees(posted.get("lon", ""))
    made = IncidentForm(
        kind=posted.get("kind", ""), title=posted.get("title", ""), text=posted.get("text", ""),
        severity=posted.get("severity", ""), unit=_place(posted.get("unit", "")), address=posted.get("address", ""),
        lat=lat, lon=lon, reporter=posted.get("reporter", ""),
        origin=origin if origin in BY_HAND else "operator", origin_key=f"form:{once}" if once else "",
        number=posted.get("number", ""),
    )  # fmt: skip
    if alert is None:
        return made
    from_alert = form_of(alert)
    same = made.title in (from_alert.title, from_alert.title_en), made.text in (from_alert.text, from_alert.text_en)
    return IncidentForm(
        kind=made.kind, severity=made.severity, unit=made.unit, address=made.address,
        title=from_alert.title if same[0] else made.title, title_en=from_alert.title_en if same[0] else "",
        text=from_alert.text if same[1] else made.text, text_en=from_alert.text_en if same[1] else "",
        lat=lat, lon=lon, field=from_alert.field, origin="alert", origin_key=from_alert.origin_key, alert=alert.pk,
    )  # fmt: skip


def _alert(request: Request, text: str):  # type: ignore[no-untyped-def]  # an alert that the actor may see, or None
    return alerts.find(request.actor, int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _prefilled(request: Request) -> dict[str, str]:
    alert = _alert(request, request.GET.get("alert", ""))
    if alert is None:
        return {"origin": "call", "kind": request.GET.get("kind", ""), "unit": request.GET.get("unit", "")}
    form = form_of(alert)
    unit = form.unit.key if form.unit else ""
    return {
        "alert": str(alert.pk), "title": t(form.title, form.title_en), "text": t(form.text, form.text_en), "kind": form.kind,
        "severity": form.severity, "unit": unit,
    }  # fmt: skip


def _form_page(request: Request, values: dict[str, str], problem: Problem | None = None) -> HttpResponse:
    context = {
        "fields": _fields(values), "once": values.get("once") or secrets.token_urlsafe(12), "alert": values.get("alert", ""),
        "back": values.get("back") or request.GET.get("back", ""), "problem": problem,
        "known": problem.incident if isinstance(problem, NumberUsed) else None,
    }  # fmt: skip
    return render(request, "response/new_incident.html", context, status=problem.status if problem else 200)


def _fields(values: dict[str, str]) -> tuple[FieldView, ...]:
    def text(name: str, label: str, hint: str = "", *, kind: str = "text", required: bool = False) -> FieldView:
        return FieldView(name=name, label=label, value=values.get(name, ""), hint=hint, kind=kind, required=required)

    def select(name: str, label: str, choices: list[tuple[str, str]], *, required: bool = False) -> FieldView:
        chosen = values.get(name, "")
        options = tuple(Choice(value=value, label=word, chosen=value == chosen) for value, word in choices)
        return FieldView(name=name, label=label, kind="select", choices=options, required=required)

    kinds = [("", t("Chọn loại việc", "Choose a kind")), *((each.code, tx(each.title)) for each in offered())]
    severities = [("", t("Theo loại việc", "As usual for the kind"))]
    severities += [(each.value, tx(words.SEVERITY_TITLES[each])) for each in SEVERITIES]
    root = units.root()
    places = [("", tx(root.title)), *((each.key, tx(each.title)) for each in units.children(root))]
    came = [(code, tx(ORIGINS[code].title)) for code in BY_HAND]
    fields = [
        text("title", t("Việc gì xảy ra", "What happened"), t("Một câu ngắn.", "One short sentence."), required=True),
        select("kind", t("Loại việc", "Kind"), kinds, required=True), select("unit", t("Xã, phường", "Commune or ward"), places),
        text("address", t("Địa chỉ, mốc gần nhất", "Address or landmark")),
        select("severity", t("Mức độ", "Severity"), severities),
        text("text", t("Nội dung", "Details"), kind="textarea"),
    ]  # fmt: skip
    if not values.get("alert"):
        fields.append(select("origin", t("Việc đến từ đâu", "How it came"), came, required=True))
        hint = t("Số của sự việc đang mở sẽ được hỏi lại.", "You are asked about a number that an open incident has.")
        fields.append(text("number", t("Số phản ánh, số cuộc gọi", "Number of the report or call"), hint))
        fields.append(
            text("reporter", t("Người báo", "Reported by"), t("Tên, số điện thoại nếu có.", "Name and telephone if known."))
        )
    hint = t("Độ thập phân, ví dụ 22,2013.", "Decimal degrees, as 22.2013.")
    return (
        *fields,
        text("lat", t("Vĩ độ", "Latitude"), hint, kind="number"),
        text("lon", t("Kinh độ", "Longitude"), hint, kind="number"),
    )


def _table(rows: list[Incident], pressing: bool) -> TableView:
    by_clock = t("Sự việc, hạn gần nhất trước", "Incidents, the nearest deadline first")
    return TableView(
        caption=by_clock if pressing else t("Sự việc, mới nhất trước", "Incidents, newest first"),
        columns=tuple(
            Column(label=t(*names))
            for names in (
                ("Sự việc", "Incident"), ("Mức", "Severity"), ("Thời hạn", "Time left"), ("Nơi", "Place"), ("Chủ trì", "Lead"),
                ("Tình trạng", "State"), ("Tiếp nhận", "Received"),
            )
        ),
        rows=tuple(_row(each) for each in rows), state="ready" if rows else "empty",
        message=t("Không có sự việc nào ở đây.", "There is no incident here."), key="incidents@*", folds=True,
    )  # fmt: skip


def _row(incident: Incident) -> tuple[Cell, ...]:
    late = t("trễ hạn", "late") if incident.late else ""
    return (
        Cell(text=tx(incident.heading), href=reverse("response:incident", args=[incident.pk]), note=incident.code),
        Cell(status=words.severity(incident)), _clock(incident), Cell(text=tx(incident.unit.title) if incident.unit else ""),
        Cell(text=tx(incident.lead.title) if incident.lead else ""), Cell(status=words.state(incident), note=late),
        Cell(text=formats.moment(incident.opened_at), note=tx(origin_of(incident.origin).title)),
    )  # fmt: skip


def _origins(chosen: str) -> FieldView:
    every = Choice(value="", label=t("Từ mọi nguồn", "Any way"), chosen=not chosen)
    ways = (Choice(value=code, label=tx(each.title), chosen=code == chosen) for code, each in ORIGINS.items())
    return FieldView(name="origin", label=t("Đến từ", "How it came"), kind="select", required=True, choices=(every, *ways))


def _clock(incident: Incident) -> Cell:
    clock = words.countdown(incident.next_due_at, timezone.now()) if incident.closed_at is None else None
    if clock is None or clock.kind == "none":
        return Cell(text=clock.text if clock else "")
    return Cell(status=StatusView("bad" if clock.kind == "bad" else "warn", clock.text))


def _place(key: str) -> Unit | None:
    return units.by_key(key) if key else None


def _degrees(text: str) -> float | None:
    """A coordinate as typed; nonsense is refused with the position's own words."""
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    try:
        return float(plain)
    except ValueError as error:
        raise Problem(
            "bad-incident",
            422,
            Text("Chưa lập được sự việc", "The incident was not opened"),
            Text("Tọa độ là số độ, ví dụ 22,2013.", "A position is degrees, as 22.2013."),
        ) from error

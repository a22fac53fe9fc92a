"""GET /alerts, /incidents and POST /incidents: what rang, what is being handled, and how another system reports something."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Header, Query, Router, Schema, Status
from pydantic import BeforeValidator, Field

from toancanh.api.access import asking
from toancanh.api.schemas import REFUSED, Cursor, ProblemOut
from toancanh.intake.doors.keys import source_of_key
from toancanh.kernel.contracts import Severity
from toancanh.kernel.cursors import cursor_of, place_of
from toancanh.kernel.plain import plain
from toancanh.people.actors import MachineActor
from toancanh.people.permissions import Actor
from toancanh.response.handling.kinds import offered
from toancanh.response.models import Incident
from toancanh.response.policy import visible_incidents
from toancanh.response.services import incidents
from toancanh.response.services.receiving import Sent, receive
from toancanh.units import queries as units
from toancanh.watch import queries as watch
from toancanh.watch.models import Alert

router = Router(tags=["work"])


class AlertOut(Schema):
    id: int
    rule: str
    indicator: str
    unit: str
    subject: str
    state: str
    severity: str
    since: datetime
    raised_at: datetime
    cleared_at: datetime | None
    count: int
    value: float | None
    limit: float | None
    value_id: int | None
    words: str
    words_en: str


class AlertPage(Schema):
    items: list[AlertOut]
    next: str | None


class AlertFilters(Schema):
    """`state`: "open" (not over), "over", or one state."""

    state: Literal["open", "over", "acknowledged", "false_positive", "cleared"] = "open"
    severity: Severity | None = None
    rule: str = ""
    limit: int = Field(100, ge=1, le=200)
    cursor: Cursor = ""


class KindOut(Schema):
    code: str
    title: str
    title_en: str
    severity: str


class KindList(Schema):
    items: list[KindOut]


class IncidentOut(Schema):
    code: str
    kind: str
    origin: str
    title: str
    state: str
    severity: str
    unit: str | None
    lead: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    late: bool


class IncidentPage(Schema):
    items: list[IncidentOut]
    next: str | None


class IncidentFilters(Schema):
    state: str = Field("", max_length=10)
    limit: int = Field(100, ge=1, le=200)
    cursor: Cursor = ""


Said = Annotated[str, BeforeValidator(lambda said: plain(said) if isinstance(said, str) else said)]


class IncidentIn(Schema):
    """What another system reports. `kind` is one of GET /incident-kinds; without `unit` it is somewhere in the province. `origin`
    says who told that system: a citizen's report, a call, or the system itself. `number` is its own number of the matter: what
    comes again under it is the same incident."""

    kind: Said = Field(max_length=40)
    title: Said = Field(min_length=1, max_length=240)
    text: Said = Field("", max_length=10_000)
    severity: Severity | None = None
    unit: Said | None = Field(None, max_length=90)
    address: Said = Field("", max_length=240)
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    reporter: Said = Field("", max_length=160)
    origin: Literal["api", "citizen", "call"] = "api"
    number: Said = Field("", max_length=80)


@router.get("/alerts", response={200: AlertPage, **REFUSED}, summary="Alerts, the worst first")
def list_alerts(request: HttpRequest, asked: Query[AlertFilters]) -> AlertPage:
    """The alerts about values that the asker may see."""
    filters = watch.Filters(state=asked.state, severity=asked.severity or "", rule=asked.rule)
    start = place_of(asked.cursor)
    rows = watch.alerts(asking(request), filters)[start : start + asked.limit + 1]
    listed = [_alert(each) for each in rows]
    return AlertPage(items=listed[: asked.limit], next=cursor_of(start + asked.limit) if len(listed) > asked.limit else None)


@router.get("/alerts/{alert_id}", response={200: AlertOut, **REFUSED}, summary="One alert")
def one_alert(request: HttpRequest, alert_id: int) -> AlertOut:
    """404 also for one that the asker may not see."""
    return _alert(watch.find(asking(request), alert_id))


@router.get("/incidents", response={200: IncidentPage, **REFUSED}, summary="Incidents, the newest first")
def list_incidents(request: HttpRequest, asked: Query[IncidentFilters]) -> IncidentPage:
    """The incidents that the asker may see. A cursor holds its place while new ones come."""
    rows = _incidents(asking(request))
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.cursor:
        rows = rows.filter(pk__lt=place_of(asked.cursor))
    found = list(rows.order_by("-pk")[: asked.limit + 1])
    return IncidentPage(
        items=[_incident(each) for each in found[: asked.limit]],
        next=cursor_of(found[asked.limit - 1].pk) if len(found) > asked.limit else None,
    )  # fmt: skip


@router.post(
    "/incidents", response={201: IncidentOut, **REFUSED, 409: ProblemOut}, summary="Report something that has to be handled"
)
def report_incident(
    request: HttpRequest, body: IncidentIn, once: Annotated[Said, Header(alias="Idempotency-Key", min_length=1, max_length=80)]
) -> Status:
    """With the key of a source. The same `Idempotency-Key` again answers with the incident that was opened the first time; with
    other content it is refused (409)."""
    source = source_of_key(request.headers.get("Authorization", ""))
    form = incidents.IncidentForm(
        kind=body.kind, title=body.title, text=body.text, severity=body.severity or "",
        unit=units.by_key(body.unit) if body.unit else None, address=body.address, lat=body.lat, lon=body.lon,
        reporter=body.reporter, origin=body.origin, origin_key=f"{source.pk}:{once}", number=body.number,
    )  # fmt: skip
    made = receive(MachineActor.of(source.code, source.owner), form, Sent(f"source:{source.pk}", once))
    return Status(201, _incident(made))


@router.get("/incident-kinds", response={200: KindList, **REFUSED}, summary="The kinds that an incident may be opened with")
def list_kinds(request: HttpRequest) -> KindList:
    """What POST /incidents takes as `kind` here and now."""
    asking(request)
    return KindList(
        items=[
            KindOut(code=each.code, title=each.title.vi, title_en=each.title.en, severity=each.severity) for each in offered()
        ]
    )


def _incidents(actor: Actor) -> QuerySet[Incident]:
    return visible_incidents(Incident.objects.select_related("unit", "lead"), actor)


def _alert(each: Alert) -> AlertOut:
    said = watch.words(each)
    return AlertOut(
        id=each.pk, rule=each.rule, indicator=each.indicator, unit=each.unit.key, subject=each.subject, state=each.state,
        severity=each.severity, since=each.since, raised_at=each.raised_at, cleared_at=each.cleared_at, count=each.count,
        value=each.value, limit=each.limit, value_id=each.cell, words=said.vi, words_en=said.en,
    )  # fmt: skip


def _incident(each: Incident) -> IncidentOut:
    return IncidentOut(
        code=each.code, kind=each.kind, origin=each.origin, title=each.title, state=each.state, severity=each.severity,
        unit=each.unit.key if each.unit else None, lead=each.lead.key if each.lead else None, opened_at=each.opened_at,
        due_at=each.due_at, closed_at=each.closed_at, late=each.late,
    )  # fmt: skip

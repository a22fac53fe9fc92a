"""GET /alerts: what rang."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from toancanh.api.access import asking
from toancanh.api.schemas import REFUSED, Cursor
from toancanh.kernel.contracts import Severity
from toancanh.kernel.cursors import cursor_of, place_of
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


def _alert(each: Alert) -> AlertOut:
    said = watch.words(each)
    return AlertOut(
        id=each.pk, rule=each.rule, indicator=each.indicator, unit=each.unit.key, subject=each.subject, state=each.state,
        severity=each.severity, since=each.since, raised_at=each.raised_at, cleared_at=each.cleared_at, count=each.count,
        value=each.value, limit=each.limit, value_id=each.cell, words=said.vi, words_en=said.en,
    )  # fmt: skip

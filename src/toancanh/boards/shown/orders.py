"""From a number to an order: the ways to a new directive and a new alert rule, and what is open about it
or at an agency: directives and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from toancanh.indicators.queries import find
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.people.policy import covers
from toancanh.people.roles import Action
from toancanh.response.pages.board import WorkLine, lines
from toancanh.response.queries import work
from toancanh.ui.language import t
from toancanh.ui.parts import Link
from toancanh.ui.tables import WorkRow, WorkView
from toancanh.units.models import Unit
from toancanh.watch.policy import may_make

MOST = 8


def order(actor: Actor, indicator: Indicator, unit: Unit) -> Link | None:
    """The way to a directive about this number; None for who issues none."""
    if actor.read_only or not (actor.can(Action.APPROVE) and actor.can(Action.DIRECT)):
        return None
    query = urlencode({"indicator": indicator.code, "unit": unit.key})
    return Link(t("Chỉ đạo", "Issue a directive"), f"/directives/new?{query}")


def rule(actor: Actor, indicator: Indicator) -> Link | None:
    """The way to a new alert rule about this number; None for who makes none."""
    if not may_make(actor, indicator):
        return None
    return Link(t("Đặt quy tắc cảnh báo", "Set an alert rule"), f"/rules/new?{urlencode({'indicator': indicator.code})}")


def local(actor: Actor, indicator: Indicator) -> Link | None:
    """The way to what the province sets itself: target, owner, tolerance; None for who sets nothing."""
    if actor.read_only or not covers(actor, Action.CONFIGURE, field=registry.pack_of(indicator).code):
        return None
    return Link(t("Thiết lập tại tỉnh", "Local settings"), f"/indicators/{indicator.code}/local")


def order_at(actor: Actor, place: Unit) -> Link | None:
    """The way to a directive about a place or an agency."""
    if actor.read_only or not (actor.can(Action.APPROVE) and actor.can(Action.DIRECT)):
        return None
    return Link(t("Chỉ đạo", "Issue a directive"), f"/directives/new?{urlencode({'unit': place.key})}")


def order_about(actor: Actor, cell_id: int) -> Link | None:
    """The way to a directive about one value."""
    found = find(actor, cell_id)
    indicator = registry.indicator(found.indicator) if found else None
    return order(actor, indicator, found.unit) if found and indicator else None


def about(actor: Actor, indicator: Indicator, unit: Unit) -> WorkView | None:
    """The open directives about an indicator of a unit; None without any."""
    found = lines(work.open_about(actor, indicator.code, unit)[:MOST])
    return _list(t("Ý kiến chỉ đạo đang mở", "Open directives"), found, "/tasks") if found else None


def at_agency(actor: Actor, agency: Unit) -> WorkView | None:
    """What an agency still has to do; None for who sees none of it."""
    found = lines(work.open_at(actor, agency, MOST))
    title = t("Việc được giao", "Work given to it")
    return _list(title, found, f"/tasks?{urlencode({'show': 'open', 'agency': agency.key})}") if found else None


def _list(title: str, found: Sequence[WorkLine], more: str) -> WorkView:
    rows = tuple(
        WorkRow(kind=each.left.kind, title=each.title, detail=f"{each.code} · {each.agency} · {each.state.word}",
                clock=each.left.text, clock_note=each.left.note, href=each.href, late=each.left.late)
        for each in found
    )  # fmt: skip
    return WorkView(title=title, more=Link(t("Bảng nhiệm vụ", "Task board"), more), rows=rows, key="tasks@*")

"""Writing the routing table: who is competent for a kind of incident at a place, from which day, on what ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.kernel.contracts import Level
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_everywhere
from toancanh.people.roles import Action
from toancanh.response.handling.kinds import known
from toancanh.response.models import Route
from toancanh.units.models import Unit
from toancanh.watch.definitions import watched


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteForm:
    """One line of the table: `kind` "" = every kind, `rule` "" = every rule and what no alert opened, `area` None = everywhere.
    `valid_to` is the last day, inclusive."""

    agency: Unit
    kind: str = ""
    rule: str = ""
    area: Unit | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    basis: str = ""


def add_route(actor: Actor, form: RouteForm) -> Route:
    """Add a line. Raises `Problem` 403, 422."""
    require_everywhere(actor, Action.CONFIGURE)
    begins = form.valid_from or timezone.localdate()
    unknown = (form.kind and not known(form.kind)) or (form.rule and not watched([form.rule]))
    if form.agency.level != Level.AGENCY or unknown or (form.valid_to and form.valid_to < begins):
        raise Problem(
            "bad-route", 422, Text("Phân công chưa đúng", "The route is not right"),
            Text("Chọn một cơ quan, loại việc và quy tắc có trong danh mục, và ngày kết thúc không trước ngày bắt đầu.",
                 "Choose an agency, a kind and a rule that are known, and a last day that is not before the first."),
        )  # fmt: skip
    with transaction.atomic():
        route = Route.objects.create(
            kind=form.kind, rule=form.rule, area=form.area, agency=form.agency, valid_from=begins, valid_to=form.valid_to,
            basis=form.basis[:200],
        )  # fmt: skip
        detail = {
            "kind": form.kind, "rule": form.rule, "area": form.area.key if form.area else "", "agency": form.agency.key,
            "from": f"{begins}",
        }  # fmt: skip
        audit.record(actor.label, "response.add_route", f"route:{route.pk}", detail=detail, address=actor.address)
    return route


def end_route(actor: Actor, route_id: int, last_day: date) -> Route:
    """Close a line after `last_day`: rows are never deleted, so that an old incident still explains its routing."""
    require_everywhere(actor, Action.CONFIGURE)
    with transaction.atomic():
        route = Route.objects.select_for_update().filter(pk=route_id).first()
        if route is None:
            raise Problem(
                "unknown-route", 404, Text("Không có dòng phân công này", "No such route"),
                Text("Tải lại bảng phân công rồi chọn lại.", "Reload the routing table and choose again."),
            )  # fmt: skip
        route.valid_to = last_day
        route.save(update_fields=["valid_to"])
        detail = {"valid_to": f"{last_day}"}
        audit.record(actor.label, "response.end_route", f"route:{route.pk}", detail=detail, address=actor.address)
    return route

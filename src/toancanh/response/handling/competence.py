"""Who is competent for an incident: by kind, place, rule and date, as rows of `Route`; what no row answers goes to the desk.

In this order: the route with the nearest place (there the one that names the alert's rule, then the kind), the
committee of the commune for local kinds, the agency that owns the figure of the alert, the agency that plays the kind's role, and
last the duty desk itself. An agency that has ended is followed to its successor, which is named in the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from toancanh.kernel.contracts import Level
from toancanh.kernel.text import Text
from toancanh.response.handling.kinds import IncidentKind, kind_of
from toancanh.response.models import Incident, Route
from toancanh.response.states import IncidentState
from toancanh.units import queries as units
from toancanh.units import register
from toancanh.units.models import Unit
from toancanh.watch.models import Alert

DUTY_DESK = Text("Bàn trực điều hành", "Duty desk")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The competent agency and why; None keeps the incident at the duty desk. `given` similar ones, `on_time` of them in time."""

    agency: Unit | None
    reason: Text
    given: int = 0
    on_time: int = 0

    @property
    def name(self) -> Text:
        """The agency, or the desk that keeps what nobody else is competent for."""
        return self.agency.title if self.agency else DUTY_DESK


def propose_for(incident: Incident) -> Proposal:
    """The agency that should lead this incident now."""
    alert = Alert.objects.select_related("owner").filter(pk=incident.alert).first() if incident.alert else None
    return propose(incident.kind, incident.unit, alert=alert)


def propose(kind_code: str, place: Unit | None, on: date | None = None, alert: Alert | None = None) -> Proposal:
    """The agency that should lead an incident of this kind, opened by `alert`, at this place on a day (default: today)."""
    day, kind = on or timezone.localdate(), kind_of(kind_code)
    agency, reason = _competent(kind, place, day, alert)
    if agency is None:
        return Proposal(None, reason)
    now, followed = in_office(agency, day)
    if now is None:
        return Proposal(None, _nobody(agency))
    if followed:
        reason = Text(
            f"{reason.vi}; {agency.full_name} không còn, kế tục là {now.full_name}",
            f"{reason.en}; {agency.title.en} has ended, its successor is {now.title.en}",
        )
    return Proposal(now, reason, *_record(kind_code, now))


def in_office(agency: Unit, day: date) -> tuple[Unit | None, bool]:
    """The agency itself when it exists on `day`, else whoever it went into (None when nobody did); whether it was followed."""
    known = register.current()
    entry, followed = known.by_key.get(agency.key), False
    seen: set[int] = set()
    while entry is not None and not entry.valid_on(day) and entry.id not in seen:
        seen.add(entry.id)
        edges = sorted(known.edges_from.get(entry.id, ()), key=lambda each: -(each.share or 0))
        entry, followed = (known.entries.get(edges[0].after), True) if edges else (None, True)
    if entry is None or not entry.valid_on(day):
        return None, followed
    return (Unit.objects.get(pk=entry.id) if followed else agency), followed


def _competent(kind: IncidentKind, place: Unit | None, day: date, alert: Alert | None) -> tuple[Unit | None, Text]:
    route = _route(kind.code, place, day, alert.rule if alert else "")
    if route is not None:
        where = route.area.title if route.area else Text("toàn địa bàn", "everywhere")
        basis = f" ({route.basis})" if route.basis else ""
        return route.agency, Text(
            f"{kind.title.vi}, {where.vi}: theo bảng phân công{basis}",
            f"{kind.title.en}, {where.en}: by the routing table{basis}",
        )
    if kind.local and place is not None and place.level == Level.COMMUNE:
        committee = next(iter(units.agencies(day, place)), None)
        if committee:
            return committee, Text(f"do {place.full_name} quản lý", f"{place.title.en} is in charge of it")
    if alert is not None and alert.owner is not None:
        return alert.owner, Text("quản lý số liệu đã cảnh báo", "owns the figure of the alert")
    by_role = units.agency_for_role(kind.role, day) if kind.role else None
    if by_role:
        return by_role, Text(f"phụ trách {kind.title.vi.lower()}", f"in charge of: {kind.title.en.lower()}")
    return None, Text(
        "chưa có phân công cho loại việc và nơi này; bàn trực giữ và phân xử",
        "no route for this kind and place: the desk decides",
    )


def _route(kind: str, place: Unit | None, day: date, rule: str) -> Route | None:
    """The route of the nearest place; at the same place the one that names the rule, then the one that names the kind."""
    known = register.current()
    entry = known.by_key.get(place.key) if place else None
    chain = [entry.id, *(each.id for each in known.ancestors(entry))] if entry else []
    found = Route.objects.select_related("area", "agency").filter(
        Q(valid_to=None) | Q(valid_to__gte=day), Q(area=None) | Q(area__in=chain), kind__in=(kind, ""), rule__in=(rule, ""),
        valid_from__lte=day,
    )  # fmt: skip
    depth = {pk: number for number, pk in enumerate(chain)}

    def nearness(route: Route) -> tuple[bool, int, bool, bool, int]:
        return route.area_id is None, depth.get(route.area_id or 0, len(depth)), not route.rule, not route.kind, -route.pk

    return min(found, key=nearness, default=None)


def _record(kind: str, agency: Unit) -> tuple[int, int]:
    """How many incidents of this kind the agency led to the end, and how many of them in time."""
    ended = Incident.objects.filter(kind=kind, lead=agency, state=IncidentState.CLOSED).values_list("late", flat=True)
    late = list(ended[:1000])
    return len(late), late.count(False)


def _nobody(agency: Unit) -> Text:
    return Text(
        f"{agency.full_name} không còn và không có cơ quan kế tục; bàn trực giữ và phân xử",
        f"{agency.title.en} has ended without a successor: the desk decides",
    )

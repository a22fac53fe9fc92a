"""What a new directive is proposed to say, from the number, alert or incident that it comes from: a leader changes what is wrong
and sends it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from toancanh.indicators.overrides import effective
from toancanh.kernel.contracts import Indicator, Level, Severity
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.response.directing import numbers
from toancanh.response.models import Incident
from toancanh.response.queries import incidents
from toancanh.ui.language import tx
from toancanh.units import queries as units
from toancanh.units.models import Unit
from toancanh.watch import queries as watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The proposal, and what it comes from. `goal` in the indicator's unit; `matter` is a number's title without its goal."""

    title: str = ""
    matter: str = ""
    lead: Unit | None = None
    unit: Unit | None = None
    field: str = ""
    severity: Severity = Severity.MEDIUM
    indicator: Indicator | None = None
    goal: float | None = None
    goal_up: bool = True
    incident: Incident | None = None
    alert: int | None = None
    reason: str = ""

    def title_with(self, goal: float | None) -> str:
        """The proposed title with another goal, or with none."""
        if self.indicator is None or not self.matter:
            return self.title
        return self.matter + (tx(goal_clause(numbers.in_words(self.indicator, goal))) if goal is not None else "")


def goal_clause(goal: Text) -> Text:
    """How a title goes on with its goal."""
    return Text(f", mục tiêu {goal.vi}", f", goal {goal.en}")


def proposal(actor: Actor, indicator: str, unit: str, alert: str, incident: str) -> Proposal:
    """What the address names, read as the actor may see it. Raises `Problem` (404) for what is not there."""
    if incident.isdecimal():
        return _of_incident(incidents.find(actor, int(incident)))
    if alert.isdecimal():
        return _of_alert(actor, int(alert))
    place = units.by_key(unit) if unit else None
    if indicator:
        return _of_indicator(actor, indicator, place)
    return _of_place(place) if place else Proposal()


def _of_place(place: Unit) -> Proposal:
    """An agency leads what is asked of it; a place has the one agency that is there."""
    if place.level == Level.AGENCY:
        return Proposal(lead=place, reason=tx(place.title))
    there = units.agencies(parent=place)
    return Proposal(unit=place, lead=there[0] if len(there) == 1 else None, reason=tx(place.title))


def _of_incident(found: Incident) -> Proposal:
    return Proposal(
        title=tx(found.heading), lead=found.lead, unit=found.unit, field=found.field, severity=Severity(found.severity),
        incident=found, reason=f"{found.code} · {tx(found.heading)}",
    )  # fmt: skip


def _of_alert(actor: Actor, pk: int) -> Proposal:
    found = watch.find(actor, pk)
    words = tx(watch.words(found))
    made = _of_indicator(actor, found.indicator, found.unit) if registry.indicator(found.indicator) else Proposal(unit=found.unit)
    title = made.title or words
    return replace(made, title=title[:240], alert=pk, severity=Severity(found.severity), reason=words)


def _of_indicator(actor: Actor, code: str, unit: Unit | None) -> Proposal:
    place = unit or units.root()
    cell = numbers.present(actor, code, place)
    declared = registry.indicator(code)
    assert declared is not None  # `present` refused an unknown one
    indicator = effective(declared, place.pk)
    target, up = numbers.goal_of(indicator, cell, place)
    value = numbers.in_words(indicator, cell.value if cell else None)
    goal = numbers.in_words(indicator, target)
    name = indicator.short or indicator.title
    vi, en = f"Khắc phục: {name.vi}", f"Fix: {name.en}"
    if cell and cell.value is not None:
        vi, en = f"{vi} {value.vi}", f"{en} {value.en}"
    matter = tx(Text(f"{vi} tại {place.title.vi}", f"{en} at {place.title.en}"))[:160]
    return Proposal(
        title=matter + (tx(goal_clause(goal)) if target is not None else ""), matter=matter,
        lead=_lead(indicator, place), unit=place, field=registry.pack_of(declared).code,
        indicator=indicator, goal=target, goal_up=up, reason=tx(indicator.title),
    )  # fmt: skip


def _lead(indicator: Indicator, place: Unit) -> Unit | None:
    """An agency answers for its own number; for a place, the agency that owns the indicator."""
    return place if place.level == Level.AGENCY else units.agency_for_role(indicator.owner.code)

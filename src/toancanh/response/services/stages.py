"""The clocks of an incident's stages: take, route, handle, confirm follow each other, by the terms of its kind and severity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from toancanh.response import clocks
from toancanh.response.handling.kinds import Term, kind_of
from toancanh.response.models import Clock, Incident, Kind
from toancanh.units.models import Unit

HANDLE = "handle"  # the stage whose deadline is the record's own
_AT_THE_DESK = ("take", "route", "confirm")


def next_clock(held: Incident, name: str, ends: Iterable[str] = _AT_THE_DESK) -> Clock:
    """End the clocks of the stages before and start the one called `name`."""
    for each in ends:
        clocks.stop_all(Kind.INCIDENT, held.pk, each)
    term = kind_of(held.kind, held.opened_at).term(name, held.severity)
    return clocks.start(Kind.INCIDENT, held.pk, name, term.amount, term.regime, held.lead)


def handling(held: Incident, agency: Unit) -> Clock:
    """The clock of handling: it runs on while the same agency leads, and begins anew for another."""
    running = clocks.of(Kind.INCIDENT, held.pk).filter(name=HANDLE, stopped_at=None).first()
    for each in _AT_THE_DESK:
        clocks.stop_all(Kind.INCIDENT, held.pk, each)
    if running is not None and held.lead_id == agency.pk:
        return running
    clocks.stop_all(Kind.INCIDENT, held.pk, HANDLE)
    term = kind_of(held.kind, held.opened_at).term(HANDLE, held.severity)
    return clocks.start(Kind.INCIDENT, held.pk, HANDLE, term.amount, term.regime, agency)


def anew(clock: Clock, subject: int, term: Term) -> Clock:
    """Stop a clock and count its stage again for the incident `subject` under `term`: from when it began, with its pauses."""
    clocks.stop(clock)
    made = clocks.start(Kind.INCIDENT, subject, clock.name, term.amount, term.regime, clock.agency, clock.started_at)
    made.told = clock.told if made.due_at <= timezone.now() else 0  # what is late still was told already
    made.save(update_fields=["told"])
    for each in clock.pauses:
        clocks.pause(made, each["ground"], datetime.fromisoformat(each["from"]))
        if each["to"]:
            clocks.resume(made, datetime.fromisoformat(each["to"]))
    return made

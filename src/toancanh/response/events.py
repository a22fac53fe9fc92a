"""What happened to work. Each names the row; who hears it is in the wiring table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IncidentOpened:
    incident: int


@dataclass(frozen=True, slots=True)
class IncidentChanged:
    incident: int


@dataclass(frozen=True, slots=True)
class DirectiveChanged:
    directive: int


@dataclass(frozen=True, slots=True)
class TaskChanged:
    task: int


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Somebody came to a record or left it. `kind` and `subject` name the record."""

    kind: str
    subject: int


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """The working-day calendar or an agency's hours were changed: clocks that run have to be counted anew."""


@dataclass(frozen=True, slots=True)
class ShiftChanged:
    shift: int

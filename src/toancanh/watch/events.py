"""What the room tells the others. Each is told after the change is in the database."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """A rule fired and people are to know. Told again after a crash; handlers are idempotent."""

    alert: int


@dataclass(frozen=True, slots=True)
class AlertChanged:
    """Severity, acknowledgement or verdict of an alert changed."""

    alert: int


@dataclass(frozen=True, slots=True)
class AlertCleared:
    """The value is back where it should be."""

    alert: int


@dataclass(frozen=True, slots=True)
class AlertsMoved:
    """Some alerts were raised, repeated, changed or cleared: told once for a whole evaluation, for those who only look again."""

    count: int

"""The life of one alert as a pure state machine: hold, hysteresis, repeats, flapping, severity by time. No database, no clock.

The evaluation and the trial on the past run the same steps, so that a trial tells what would have happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from toancanh.kernel.conditions import Verdict
from toancanh.kernel.contracts import Rule, Severity

MOST_RINGS, RING_WINDOW = 3, timedelta(hours=24)  # an alert that rings more often than that is flapping ...
CALM = timedelta(hours=6)  # ... and is over only after so long without a crossing ...
STEADY = timedelta(hours=2)  # ... and flaps no more once it has been beyond its limit for so long without a break
RANKS = {each: rank for rank, each in enumerate(Severity)}


class Happening(StrEnum):
    """What one look did to one (rule, unit, subject)."""

    NOTHING = "nothing"
    PENDING = "pending"  # beyond the limit, waiting out its hold
    DROPPED = "dropped"  # back before the hold was over
    RAISED = "raised"
    REPEATED = "repeated"
    STEADY = "steady"  # it was flapping, and now it stays beyond the limit
    QUIETER = "quieter"  # no longer beyond the limit, though not over
    CLEARED = "cleared"


@dataclass(slots=True)
class Track:
    """What is remembered between two looks."""

    pending_since: datetime | None = None
    rang: list[float] = field(default_factory=list)
    open: bool = False
    flapping: bool = False
    quiet_since: datetime | None = None
    firing_since: datetime | None = None


def advance(track: Track, verdict: Verdict, hold: timedelta, now: datetime) -> Happening:
    """Take one verdict in; changes `track`. What cannot be judged changes nothing."""
    if verdict.fires:
        return _fired(track, hold, now)
    if verdict.measured is None and not verdict.clears:
        return Happening.NOTHING
    if not track.open:
        was_pending, track.pending_since = track.pending_since is not None, None
        return Happening.DROPPED if was_pending else Happening.NOTHING
    if verdict.clears and not track.flapping:
        return _close(track)
    if track.quiet_since is None:
        track.quiet_since = now
        return Happening.QUIETER
    if verdict.clears and now - track.quiet_since >= CALM:
        return _close(track)
    return Happening.NOTHING


def _fired(track: Track, hold: timedelta, now: datetime) -> Happening:
    if track.open:
        if track.quiet_since is not None or track.firing_since is None:
            track.firing_since = now
        track.quiet_since = None
        if track.flapping and now - track.firing_since >= STEADY:
            track.flapping = False
            return Happening.STEADY
        return Happening.REPEATED
    begun, track.pending_since = track.pending_since is None, track.pending_since or now
    if now - track.pending_since < hold:
        return Happening.PENDING if begun else Happening.NOTHING
    late = now - RING_WINDOW
    track.rang = [*(each for each in track.rang if each > late.timestamp()), now.timestamp()]
    track.flapping = len(track.rang) > MOST_RINGS
    track.open, track.quiet_since, track.firing_since = True, None, now
    return Happening.RAISED


def _close(track: Track) -> Happening:
    track.open = track.flapping = False
    track.quiet_since = track.pending_since = track.firing_since = None
    return Happening.CLEARED


def severity_at(
    rule: Rule, raised_at: datetime, quiet_since: datetime | None, now: datetime, *, answered: bool, reached: Severity
) -> Severity:
    """The severity at `now` of an alert raised at `raised_at` that has `reached` one.

    Nobody's answer lets it rise, calm lets it fall. Somebody's answer stops the rise and takes nothing back.
    """
    if quiet_since is not None:
        for step in reversed(rule.falls):
            if now - quiet_since >= step.wait:
                return step.severity
    found = rule.severity
    for step in rule.rises:
        if now - raised_at >= step.wait and not answered:
            found = step.severity
    return max(found, reached, key=RANKS.__getitem__)

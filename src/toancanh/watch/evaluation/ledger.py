"""What is known of the alerts while candidates are taken in, read once for all; and the changes, written once for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from toancanh.kernel.text import Text
from toancanh.units import register
from toancanh.watch.evaluation import many_rows
from toancanh.watch.evaluation.judging import Candidate, Key
from toancanh.watch.evaluation.life import Track
from toancanh.watch.models import OPEN, Alert, Entry, Silence, Standing, State

FEW = 800  # units named in one statement
MANY = 500  # rows inserted with one statement
RECENT = timedelta(hours=6)  # so long after an alert was raised others of its cause may join it
_AGAIN = (
    "count", "last_seen", "value", "worst", "limit", "cell", "period_start", "words_vi", "words_en", "quiet_since",
    "firing_since",
)  # fmt: skip
_SAVED = (
    "state", "severity", "rank", "quiet_since", "firing_since", "cleared_at", "flapping", "announced", "end_told", "head_id",
    "silence_id", "told",
)  # fmt: skip
_LINE = ("alert_id", "at", "kind", "who", "words_vi", "words_en")
_REMEMBERED = ("pending_since", "due_at", "rang")


@dataclass(slots=True)
class Changes:
    """What one evaluation will write and tell."""

    raised: list[Alert] = field(default_factory=list)
    repeated: list[Alert] = field(default_factory=list)
    cleared: list[Alert] = field(default_factory=list)
    quieter: list[Alert] = field(default_factory=list)
    graded: list[Alert] = field(default_factory=list)
    steadied: list[Alert] = field(default_factory=list)  # not flapping any more: people are to know
    entries: list[Entry] = field(default_factory=list)
    standings: dict[Key, Track] = field(default_factory=dict)
    holds: dict[Key, timedelta] = field(default_factory=dict)

    def note(self, alert: Alert, now: datetime, kind: str, words: Text) -> None:
        """Add a line to an alert's history."""
        self.entries.append(Entry(alert=alert, at=now, kind=kind, words_vi=words.vi[:500], words_en=words.en[:500]))

    def heard(self) -> list[Alert]:
        """The alerts that people are told of for the first time."""
        fresh = {id(each): each for each in (*self.raised, *self.steadied)}.values()
        return [
            each for each in fresh
            if each.silence_id is None and not each.flapping and each.cleared_at is None and each.state != State.FALSE_POSITIVE
        ]  # fmt: skip


class Remembered(NamedTuple):
    """A standing as far as it is needed."""

    pk: int
    pending_since: datetime | None
    rang: list[float]


class Ledger:
    """Open alerts (locked: a person may answer one meanwhile) and standings of the candidates, silences, heads of causes."""

    def __init__(self, candidates: Sequence[Candidate], now: datetime) -> None:
        rules = {each.watched.code for each in candidates}
        units = {each.unit for each in candidates}
        held = _of(locked(Alert.objects.filter(OPEN)), rules, units)
        self.alerts = {(each.rule, each.unit_id, each.subject): each for each in held}
        rows = _of(Standing.objects.all(), rules, units).values_list("rule", "unit_id", "subject", "pk", "pending_since", "rang")
        self.standings = {row[:3]: Remembered(*row[3:]) for row in rows}
        self._silences = [(each, inside(each)) for each in Silence.objects.filter(begins__lte=now, ends__gt=now)]
        self._now = now

    def track(self, key: Key) -> Track:
        """What is remembered of (rule, unit, subject)."""
        standing, alert = self.standings.get(key), self.alerts.get(key)
        rang = list(standing.rang) if standing else []
        if alert is not None:
            return Track(None, rang, True, alert.flapping, alert.quiet_since, alert.firing_since or alert.raised_at)
        return Track(standing.pending_since if standing else None, rang)

    def silence(self, rule: str, unit: int) -> Silence | None:
        """The silence that holds for an alert of `rule` at `unit` now."""
        fits = (each for each, units in self._silences if each.rule in ("", rule) and (units is None or unit in units))
        return next(fits, None)

    def join(self, changes: Changes) -> None:
        """Give the alerts that people are to be told of the head of their cause: the alert that they know of already, if it is
        still new, open and unanswered once everything has been taken in; else the first of them becomes it."""
        heard = changes.heard()
        if not heard:
            return
        over = {each.pk for each in changes.cleared}
        found = Alert.objects.filter(OPEN, head=None, silence=None, flapping=False, state=State.OPEN, told=True)
        found = found.filter(raised_at__gt=self._now - RECENT).order_by("-pk").only("id", "cause", "rank")
        heads = {each.cause: each for each in found if each.pk not in over}
        for alert in heard:
            head = heads.setdefault(alert.cause, alert)
            alert.head = None if head is alert else head


def locked(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """These alerts, kept from everybody else until the transaction ends; in one order, so that no two wait for each other."""
    return alerts.select_for_update(of=("self",), no_key=True).order_by("pk")


def inside(silence: Silence) -> frozenset[int] | None:
    """The units that a silence covers; None for everywhere."""
    if silence.unit_id is None:
        return None
    known = register.current()
    entry = known.entries.get(silence.unit_id)
    return known.territory(entry) if entry else frozenset({silence.unit_id})


def _of(found: QuerySet[Any], rules: set[str], units: set[int]) -> QuerySet[Any]:
    found = found.filter(rule__in=rules)
    return found.filter(unit__in=units) if len(units) <= FEW else found


def write(changes: Changes, ledger: Ledger) -> None:
    """Write everything of one evaluation in the caller's transaction."""
    first = [each for each in changes.raised if each.head is None]
    Alert.objects.bulk_create(first, batch_size=MANY)  # a row cannot name one that has no number yet
    for each in changes.heard():
        head = each.head
        each.head = head  # takes over the number that it has now
    Alert.objects.bulk_create([each for each in changes.raised if each.head is not None], batch_size=MANY)
    many_rows.update(Alert, _AGAIN, changes.repeated)
    touched = {each.pk: each for each in (*changes.cleared, *changes.quieter, *changes.graded, *changes.steadied)}
    many_rows.update(Alert, _SAVED, touched.values())
    for entry in changes.entries:
        entry.alert_id = entry.alert.pk
    many_rows.insert(Entry, _LINE, changes.entries)
    _write_standings(changes.standings, changes.holds, ledger)


def _write_standings(tracks: Mapping[Key, Track], holds: Mapping[Key, timedelta], ledger: Ledger) -> None:
    fresh, changed, idle = list[Standing](), list[Standing](), list[int]()
    for key, track in tracks.items():
        standing = ledger.standings.get(key)
        row = Standing(
            pk=standing.pk if standing else None, rule=key[0], unit_id=key[1], subject=key[2], rang=track.rang,
            pending_since=track.pending_since, due_at=track.pending_since + holds[key] if track.pending_since else None,
        )  # fmt: skip
        if track.pending_since is None and not track.rang:
            idle += [standing.pk] if standing else []
        else:
            (changed if standing else fresh).append(row)
    many_rows.insert(Standing, ("rule", "unit_id", "subject", *_REMEMBERED), fresh)
    many_rows.update(Standing, _REMEMBERED, changed)
    for begin in range(0, len(idle), FEW):
        Standing.objects.filter(pk__in=idle[begin : begin + FEW]).delete()

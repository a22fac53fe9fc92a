"""From values to candidates: every watched value of every rule, judged once. A candidate is no alert yet: see `evaluation`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from toancanh.indicators.models import stored_start
from toancanh.indicators.overrides import Overrides
from toancanh.intake.queries import SourceHealth, source_health
from toancanh.kernel.condition_words import crossed
from toancanh.kernel.conditions import Condition, Verdict, View, judge, leaves
from toancanh.kernel.contracts import Level
from toancanh.kernel.measures import Count, Distinct, Stock, Total
from toancanh.kernel.periods import VIETNAM, Grain, Period
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.units import register
from toancanh.units.queries import agency_for_role, root
from toancanh.watch.definitions import Watched
from toancanh.watch.evaluation.reading import Before, Seen, is_history, judges_values, listens_to_sources, newest
from toancanh.watch.models import OPEN, Alert, Standing

Key = tuple[str, int, str]  # rule, unit id, subject


@dataclass(frozen=True, slots=True)
class Candidate:
    """One verdict on one (rule, unit, subject), and what it rests on."""

    watched: Watched
    unit: int
    subject: str
    verdict: Verdict
    cause: str
    owner: int | None
    cell: int | None = None
    start: datetime | None = None
    said: Text | None = None

    @property
    def key(self) -> Key:
        return self.watched.code, self.unit, self.subject

    @property
    def words(self) -> Text:
        """By how much the line was crossed."""
        if self.said is not None:
            return self.said
        indicator = self.watched.rule.indicator
        return crossed(self.verdict, indicator.unit, indicator.places)


class Territory:
    """Where rules look: the units of each level inside the centre's own place that exist today, and who answers for what."""

    def __init__(self, now: datetime) -> None:
        self._known = register.current()
        self._day = now.astimezone(VIETNAM).date()
        self.root = root()
        top = self._known.by_key[self.root.key]
        inside = (self._known.entries[each] for each in self._known.territory(top))
        self._of_level: dict[Level, set[int]] = defaultdict(set)
        for entry in inside:
            # a commune's own committee is watched with its commune: the same figures would ring twice
            if entry.valid_on(self._day) and (entry.level is not Level.AGENCY or entry.parent == top.id):
                self._of_level[entry.level].add(entry.id)
        self._owners: dict[tuple[str, int], int | None] = {}
        self._roles: dict[str, int | None] = {}
        self._overrides = Overrides()

    def of_level(self, level: Level) -> set[int]:
        """Row ids of the units that a rule of `level` watches."""
        return self._of_level[level]

    def id_of(self, key: str) -> int | None:
        entry = self._known.by_key.get(key)
        return entry.id if entry else None

    def key_of(self, unit: int) -> str:
        """The key of a unit by its row id; "" when there is none."""
        entry = self._known.entries.get(unit)
        return entry.key if entry else ""

    def cause(self, watched: Watched, unit: int) -> str:
        """Alerts of one rule in one place have one cause; where agencies answer for themselves, each has its own."""
        rule, entry = watched.code, self._known.entries[unit]
        if watched.rule.every is Level.AGENCY:
            return f"{rule}@{entry.key}"
        above = self._known.entries.get(entry.parent or 0, entry)
        return f"{rule}@{above.key if unit != self.root.pk else entry.key}"

    def owner(self, watched: Watched, unit: int) -> int | None:
        """Who answers: the agency itself, or the one that plays the indicator's role here."""
        if watched.rule.every is Level.AGENCY:
            return unit
        indicator = self._overrides.effective(watched.rule.indicator, unit)
        role = indicator.owner.code
        if role not in self._roles:
            found = agency_for_role(role, self._day)
            self._roles[role] = found.pk if found else None
        return self._roles[role]

    def needed_base(self, watched: Watched, unit: int) -> int:
        """How many rows a rate must rest on here."""
        if watched.rule.smallest_base is not None:
            return watched.rule.smallest_base
        return self._overrides.effective(watched.rule.indicator, unit).smallest_base


def of_values(
    rules: Mapping[str, Watched], moved: Mapping[str, set[int]] | None, territory: Territory, now: datetime
) -> Iterator[Candidate]:
    """Candidates of the rules over the values that moved ({indicator: unit ids}); None looks at every value."""
    asked: dict[str, tuple[Watched, Iterable[int]]] = {}
    for code, watched in rules.items():
        if not watched.active or not judges_values(watched):
            continue
        units = territory.of_level(watched.rule.every)
        if moved is not None:
            units = units & moved.get(watched.rule.indicator.code, set())
        if units:
            asked[code] = (watched, units)
    found = newest(asked, now)
    for code, seen in found.items():
        yield from _of_rule(asked[code][0], seen, territory, now)
    parted = {code: asked[code][0] for code in asked if asked[code][0].rule.by is not None}
    if parted:
        yield from _gone(parted, found, territory)


def _gone(rules: Mapping[str, Watched], found: Mapping[str, Sequence[Seen]], territory: Territory) -> Iterator[Candidate]:
    """Parts (stations, procedures) that ring or wait although they are not there any more: they are over."""
    columns = ("rule", "unit_id", "subject")
    waiting = Standing.objects.filter(rule__in=rules, pending_since__isnull=False).values_list(*columns, "pending_since")
    ringing = Alert.objects.filter(OPEN, rule__in=rules).values_list(*columns, "period_start")
    known = {row[:3]: row[3] for row in (*waiting, *ringing)}
    here = {(code, one.unit, one.subject) for code in rules for one in found[code]}
    periods = {(code, one.unit): one.period for code in rules for one in found[code]}
    for key in known.keys() - here:
        (code, unit, subject), last = key, known[key]
        period = periods.get((code, unit))
        if period is not None and last is not None and _is_gone(rules[code], last, period):
            watched = rules[code]
            verdict = replace(judge(watched.rule.condition, View(None, period)), clears=True)
            yield Candidate(watched, unit, subject, verdict, territory.cause(watched, unit), territory.owner(watched, unit))


def _is_gone(watched: Watched, last: datetime, period: Period) -> bool:
    """Whether a part last seen in the period of `last`, and not in `period`, is no longer there. Of what is counted nothing is
    left then, and a value taken back in its own period is gone; a reading may only be late, and is given a period to come."""
    counted = isinstance(watched.rule.indicator.measure, Count | Total | Distinct | Stock)
    counted = counted and all(each.below is None for each in leaves(watched.rule.condition))  # nothing left is little, too
    return counted or last >= stored_start(period) or last < stored_start(period.shift(-1))


def _of_rule(watched: Watched, seen: Sequence[Seen], territory: Territory, now: datetime) -> Iterator[Candidate]:
    before = Before.of(watched, seen)
    for one in seen:
        condition = watched.condition_for(one.unit)
        verdict = judged(watched, condition, one, before, territory.needed_base(watched, one.unit))
        if verdict.fires and is_history(watched, one, now):
            verdict = replace(verdict, fires=False, measured=None)
        yield Candidate(
            watched, one.unit, one.subject, verdict, territory.cause(watched, one.unit), territory.owner(watched, one.unit),
            one.cell, one.start,
        )  # fmt: skip


def judged(watched: Watched, condition: Condition | None, one: Seen, before: Before, needed: int) -> Verdict:
    """The verdict on one value. A rate on too few rows is not judged; a unit taken out of the rule is in order."""
    if condition is None:
        return replace(judge(watched.rule.condition, View(None, one.period)), clears=True)
    if one.base is not None and one.base < needed:
        return judge(watched.rule.condition, View(None, one.period))
    return judge(condition, before.view(one))


def of_sources(rules: Mapping[str, Watched], territory: Territory, now: datetime) -> Iterator[Candidate]:
    """Candidates of the rules about silence: one for each active source of the rule's dataset."""
    listening = [each for each in rules.values() if each.active and listens_to_sources(each)]
    if not listening:
        return
    health = [each for each in source_health(SYSTEM, now) if each.source.active]
    for watched in listening:
        for each in health:
            if each.dataset == watched.rule.indicator.dataset.code:
                yield _of_source(watched, each, territory, now)


def _of_source(watched: Watched, health: SourceHealth, territory: Territory, now: datetime) -> Candidate:
    silent_for = health.lag if health.lag is not None else now - health.source.made_at
    view = View(None, Period.begun_by(now, Grain.HOUR), silent_for=silent_for, pace=health.cadence)
    unit = territory.root.pk
    condition = watched.condition_for(unit)
    verdict = judge(condition or watched.rule.condition, view)
    verdict = replace(verdict, value=silent_for.total_seconds() / 3600)
    if condition is None:
        verdict = replace(verdict, fires=False, clears=True)
    subject = f"source:{health.source.code}"
    owner = health.source.owner_id or territory.owner(watched, unit)
    return Candidate(watched, unit, subject, verdict, subject, owner)

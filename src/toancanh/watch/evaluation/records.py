"""Single records that stay in a state too long: a candidate each for those that have been in it longest, one for the others.

The store is read before the evaluation's transaction begins, so that nobody waits for it with the write lock in hand.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from toancanh.kernel.conditions import DAY, Condition, Overstay, Verdict, View, judge
from toancanh.kernel.contracts import Dataset, Level
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.store.lasting import Lasting, Sought, lasting
from toancanh.watch.definitions import Watched
from toancanh.watch.evaluation.judging import Candidate, Key, Territory
from toancanh.watch.models import OPEN, Alert, Standing

log = logging.getLogger(__name__)

OTHERS = "others"  # the subject of the alert that counts those that are not named
OTHER = Text("và {count} {noun} khác {title} quá {days} ngày", "and {count} other {noun} {title} for more than {days} days")
Looks = Mapping[str, Sequence[Lasting]]  # by rule


def overstay(watched: Watched) -> Overstay | None:
    """What the rule watches of single records; None when it is about something else."""
    return watched.rule.condition if isinstance(watched.rule.condition, Overstay) else None


def watched_datasets() -> set[str]:
    """Datasets of which single records are watched."""
    return {rule.indicator.dataset.code for rule in registry.rules() if isinstance(rule.condition, Overstay)}


def subject_field(dataset: Dataset, level: Level) -> str:
    """The field that names the unit of a record."""
    return str(dataset.agency if level is Level.AGENCY else dataset.area)


def look(rules: Mapping[str, Watched], datasets: Collection[str], territory: Territory, now: datetime) -> Looks:
    """What each rule about records of `datasets` finds in the store. Of a store that is away nothing: the clock looks again."""
    found: dict[str, Sequence[Lasting]] = {}
    for code, watched in rules.items():
        dataset, condition = watched.rule.indicator.dataset, overstay(watched)
        if condition is None or not watched.active or dataset.code not in datasets:
            continue
        try:
            found[code] = lasting(dataset, sought(watched, condition, territory), now, now)
        except Problem as problem:
            log.warning("records of %s could not be looked at: %s", dataset.code, problem.title.en)
    return found


def sought(watched: Watched, condition: Overstay, territory: Territory, each: int = 200) -> Sought:
    """The question to the store, with the limits of single units."""
    own = {}
    for unit, local in watched.local.items():
        if isinstance(local, Overstay):
            own[territory.key_of(unit)] = timedelta(days=local.limit)
    by = subject_field(watched.rule.indicator.dataset, watched.rule.every)
    return Sought(condition.stay, by, timedelta(days=condition.limit), own, max(each, condition.most))


def of_records(rules: Mapping[str, Watched], looks: Looks, territory: Territory, now: datetime) -> Iterator[Candidate]:
    """Candidates of the rules that were looked at, those that are over included."""
    columns = ("rule", "unit_id", "subject")
    ringing: set[Key] = set(Alert.objects.filter(OPEN, rule__in=looks).values_list(*columns))
    waiting = set(Standing.objects.filter(rule__in=looks, pending_since__isnull=False).values_list(*columns))
    for code, rows in looks.items():
        if code in rules:
            yield from _of_rule(rules[code], rows, {key for key in ringing | waiting if key[0] == code}, territory, now)


def _of_rule(
    watched: Watched, rows: Sequence[Lasting], known: set[Key], territory: Territory, now: datetime
) -> Iterator[Candidate]:
    by_unit, cut = defaultdict[int, list[Lasting]](list), set[int]()
    units = territory.of_level(watched.rule.every)
    for row in rows:
        unit = territory.id_of(row.subject)
        if unit in units and unit is not None and watched.condition_for(unit) is not None:
            by_unit[unit].append(row)
    told = set[Key]()
    for unit, found in by_unit.items():
        cut |= {unit} if found[0].of > len(found) else set()
        for candidate in _of_unit(watched, unit, found, known, (territory, now)):
            told.add(candidate.key)
            yield candidate
    for key in known - told:
        if key[1] not in cut or key[2] == OTHERS:  # of a unit with very many not all were read: it may still be there
            yield _over(watched, key, territory, now)


def _of_unit(
    watched: Watched, unit: int, found: Sequence[Lasting], known: Collection[Key], when: tuple[Territory, datetime]
) -> Iterator[Candidate]:
    """Those that ring already stay; the earliest of the others fill the places that are left."""
    territory, now = when
    condition = watched.condition_for(unit)
    if not isinstance(condition, Overstay):
        return
    dataset = watched.rule.indicator.dataset
    subjects = {subject_of(dataset, row): row for row in found}
    ringing = [each for each in subjects if (watched.code, unit, each) in known]
    fresh = [each for each in subjects if (watched.code, unit, each) not in known]
    named = [*ringing, *fresh][: condition.most]
    cause, owner = territory.cause(watched, unit), territory.owner(watched, unit)
    for subject in named:
        yield Candidate(watched, unit, subject, _judged(condition, subjects[subject], now), cause, owner)
    more = found[0].of - len(named)
    if more > 0:
        noun, title, days = watched.rule.indicator.unit, condition.stay.title, f"{condition.limit:g}"
        words = Text(
            OTHER.vi.format(count=more, noun=noun.vi, title=title.vi, days=days),
            OTHER.en.format(count=more, noun=noun.en, title=title.en, days=days),
        )
        verdict = replace(_judged(condition, found[-1], now), value=float(more), limit=None)
        yield Candidate(watched, unit, OTHERS, verdict, cause, owner, said=words)


def _judged(condition: Overstay, row: Lasting, now: datetime) -> Verdict:
    """Judged by its exact length, told in whole days: a day more is a repeat, a minute more is none."""
    verdict = judge(condition, View((now - row.begins) / DAY, Period.begun_by(now, Grain.DAY)))
    return replace(verdict, value=float((now - row.begins) // DAY))


def subject_of(dataset: Dataset, row: Lasting) -> str:
    """How an alert names the record: "dossier_code=H01"."""
    return f"{dataset.key[0]}={' '.join(row.key)}"[:160]


def _over(watched: Watched, key: Key, territory: Territory, now: datetime) -> Candidate:
    condition: Condition = watched.rule.condition
    verdict = replace(judge(condition, View(None, Period.begun_by(now, Grain.DAY))), clears=True)
    return Candidate(watched, key[1], key[2], verdict, territory.cause(watched, key[1]), territory.owner(watched, key[1]))

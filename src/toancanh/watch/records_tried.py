"""A rule about single records tried on the past, as far as their rows tell: from the dates that the newest row of each holds.

Which state a record was in between two deliveries is not looked up: a state that leaves no date of its end is seen only while it
lasts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from toancanh.kernel.conditions import DAY, Overstay, Verdict, View, judge
from toancanh.kernel.periods import Grain, Period
from toancanh.store.lasting import Lasting, lasting
from toancanh.units.models import Unit
from toancanh.watch.definitions import Watched
from toancanh.watch.evaluation.judging import Territory
from toancanh.watch.evaluation.records import OTHERS, sought, subject_of

EACH = 2_000  # records of one unit that a trial looks at


class Look(NamedTuple):
    """One verdict at the moment it could first be given."""

    at: datetime
    verdict: Verdict


class Time(NamedTuple):
    """From when to when an alert would have been; `end` is None where it still goes on."""

    begin: datetime
    end: datetime | None


Looks = dict[tuple[int, str], list[Look]]


def of_records(watched: Watched, units: Iterable[Unit], territory: Territory, span: tuple[datetime, datetime]) -> Looks:
    """The verdicts on each record of `units`, and on the others of each unit, by (unit id, subject)."""
    rule, (since, until) = watched.rule, span
    looks: Looks = {}
    if not isinstance(rule.condition, Overstay):
        return looks
    rows = defaultdict[str, list[Lasting]](list)
    for row in lasting(rule.indicator.dataset, sought(watched, rule.condition, territory, EACH), since, until):
        rows[row.subject].append(row)
    for unit in units:
        condition = watched.condition_for(unit.pk)
        if not isinstance(condition, Overstay):
            continue
        late = [(_late(condition, row, since), row) for row in rows[unit.key]]
        named, others = _places(late, condition.most)
        for time, row in named:
            looks.setdefault((unit.pk, subject_of(rule.indicator.dataset, row)), []).extend(_days(condition, time, row, until))
        for time, row in others:
            looks.setdefault((unit.pk, OTHERS), []).extend(_days(condition, time, row, until))
    return looks


def _late(condition: Overstay, row: Lasting, since: datetime) -> Time:
    return Time(max(row.begins + timedelta(days=condition.limit), since), row.ends)


Late = list[tuple[Time, Lasting]]


def _places(late: Late, most: int) -> tuple[Late, Late]:
    """Which records are told one by one, as many at a time as `most`; and the times in which others wait for a place, without
    gaps or overlaps."""
    named, waits, taken = Late(), list[Time](), list[tuple[bool, datetime]]()
    for time, row in sorted(late, key=lambda pair: pair[0].begin):
        while taken and taken[0] <= (False, time.begin):
            heappop(taken)
        begin = time.begin
        if len(taken) >= most:
            never, begin = taken[0]
            if never or (time.end is not None and begin >= time.end):
                waits.append(time)
                continue
            heappop(taken)
            waits.append(Time(time.begin, begin))
        named.append((Time(begin, time.end), row))
        heappush(taken, (time.end is None, time.end or begin))
    return named, [(each, late[0][1]) for each in _joined(waits)]


def _joined(waits: Sequence[Time]) -> Iterator[Time]:
    current: Time | None = None
    for each in waits:  # they come in the order of their beginnings
        if current is None:
            current = each
        elif current.end is not None and each.begin > current.end:
            yield current
            current = each
        elif current.end is not None:
            current = Time(current.begin, None if each.end is None else max(current.end, each.end))
    if current is not None:
        yield current


def _days(condition: Overstay, time: Time, row: Lasting, until: datetime) -> Iterator[Look]:
    """A look at the beginning, one every day, and one at the end."""
    end, at = min(time.end or until, until), time.begin
    while at < end:
        days = (at - row.begins) // DAY
        verdict = judge(condition, View(condition.limit + 1.0, Period.begun_by(at, Grain.DAY)))
        yield Look(at, replace(verdict, value=float(days)))
        at += DAY
    if time.end is not None and time.end <= until:
        yield Look(time.end, replace(judge(condition, View(None, Period.begun_by(end, Grain.DAY))), clears=True))

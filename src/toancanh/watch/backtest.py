"""A rule tried on the past before it is switched on: which alerts it would have raised, how long each, and whom it would wake.

The same steps run as in the evaluation. Each version of a value counts from the moment it was known; history that was loaded long
after its time counts from the end of its period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Q
from django.utils import timezone

from toancanh.indicators import policy as values
from toancanh.indicators.models import CURRENT, stored_start
from toancanh.intake.models import Delivery
from toancanh.intake.queries import MENDED, sources
from toancanh.kernel.condition_words import crossed
from toancanh.kernel.conditions import Verdict, View, earlier_periods, judge
from toancanh.kernel.contracts import Severity
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.text import Text
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.units.models import Unit
from toancanh.watch import notices
from toancanh.watch.definitions import Watched
from toancanh.watch.evaluation.judging import Territory, judged
from toancanh.watch.evaluation.life import CALM, STEADY, Happening, Track, advance, severity_at
from toancanh.watch.evaluation.reading import LAST_LOOK, Before, Seen, cells_of, form_of, judges_values, listens_to_sources, seen
from toancanh.watch.policy import may_see, seen_places
from toancanh.watch.records_tried import Look, Looks, of_records

DAYS = 90
_ROW = ("id", "unit_id", "dimension", "period_start", "value", "base", "target", "as_of")


@dataclass(slots=True)
class Episode:
    """One alert that would have been: `end` None while it still goes on. `told`: whether anybody would have been woken."""

    unit: Unit
    subject: str
    begin: datetime
    end: datetime | None
    worst: float | None
    words: Text
    severity: Severity
    told: bool
    woken: Sequence[User] = ()

    @property
    def lasted(self) -> timedelta | None:
        return self.end - self.begin if self.end else None


@dataclass(frozen=True)
class Trial:
    """What the rule would have done in the `days` up to `until`, the newest first."""

    days: int
    until: datetime
    episodes: Sequence[Episode]
    judged: int

    @property
    def told(self) -> int:
        """Of how many somebody would have been told."""
        return sum(each.told for each in self.episodes)

    @property
    def woken(self) -> list[User]:
        """Everybody who would have been woken at least once, by name."""
        people = {user.pk: user for each in self.episodes if each.told for user in each.woken}
        return sorted(people.values(), key=lambda each: each.name)

    @property
    def places(self) -> int:
        """In how many places."""
        return len({each.unit.pk for each in self.episodes})


def try_rule(actor: Actor, watched: Watched, days: int = DAYS, now: datetime | None = None) -> Trial:
    """Run `watched`, as it is given, over the last `days`. Only values that `actor` may see are looked at."""
    until = now or timezone.now()
    since = until - timedelta(days=days)
    territory = Territory(until)
    span = (since, until)
    looks = _looks(actor, watched, territory, span)
    episodes, count = list[Episode](), 0
    units = Unit.objects.in_bulk({unit for unit, _ in looks} | {territory.root.pk})
    people: dict[tuple[int, Severity], Sequence[User]] = {}
    for (unit, subject), ordered in looks.items():
        count += len(ordered)
        for episode in _episodes(watched, units[unit], subject, ordered, until):
            who = (unit, episode.severity)
            if who not in people:
                woken = notices.woken(territory.owner(watched, unit), episode.severity)
                people[who] = [each for each in woken if may_see(each, watched, units[unit])]
            episode.woken = people[who]
            episodes.append(episode)
    episodes.sort(key=lambda each: each.begin, reverse=True)
    return Trial(days, until, episodes, count)


Span = tuple[datetime, datetime]


def _looks(actor: Actor, watched: Watched, territory: Territory, span: Span) -> Looks:
    if listens_to_sources(watched):
        return _of_sources(actor, watched, span)
    if judges_values(watched):
        return _of_values(actor, watched, territory, span)
    here = Unit.objects.filter(pk__in=territory.of_level(watched.rule.every))
    return of_records(watched, seen_places(actor, watched, here), territory, span)


def _of_values(actor: Actor, watched: Watched, territory: Territory, span: Span) -> Looks:
    since, until = span
    looks: Looks = defaultdict(list)
    first = Period.begun_by(since, watched.rule.watched_grain)
    back = min((stored_start(each) for each in earlier_periods(watched.rule.condition, first)), default=since)
    units = territory.of_level(watched.rule.every)
    cells = values.visible(cells_of(watched), actor).filter(unit__in=units, period_start__lte=until)
    known = cells.filter(CURRENT, period_start__gte=back).values_list("unit_id", "dimension", "period_start", "value")
    before = Before(watched.rule.indicator, {row[:3]: row[3] for row in known if row[3] is not None})
    rows = cells.filter(Q(known_to__isnull=True) | Q(known_to__gt=since), period_start__gte=stored_start(first.shift(-LAST_LOOK)))
    form, newest = form_of(watched), dict[tuple[int, str], datetime]()
    columns = (*_ROW, "known_from", "known_to")
    versions = [(seen(watched.rule.indicator, form, row[:8]), *row[8:]) for row in rows.values_list(*columns)]
    for at, one in _in_order(watched, versions, until):
        key = (one.unit, one.subject)
        if at < since or newest.get(key, one.start) > one.start:
            continue  # an older period that came in late is no longer the newest value
        newest[key] = one.start
        verdict = judged(watched, watched.condition_for(one.unit), one, before, territory.needed_base(watched, one.unit))
        looks[key].append(Look(at, verdict))
    return looks


def _in_order(
    watched: Watched, versions: Sequence[tuple[Seen, datetime, datetime | None]], until: datetime
) -> list[tuple[datetime, Seen]]:
    """The versions by the moment each was known."""
    found: list[tuple[datetime, Seen]] = []
    for one, known_from, known_to in versions:
        single = one.period.to_single()
        begin, end = single.interval()
        in_time = known_from <= end + LAST_LOOK * max(end - begin, watched.rule.indicator.dataset.cadence)
        if in_time or known_to is None:
            found.append((known_from if in_time else min(end, until), one))
    found.sort(key=lambda pair: (pair[0], pair[1].start))
    return found


def _of_sources(actor: Actor, watched: Watched, span: Span) -> Looks:
    """Silences of the sources that `actor` may see: looked at at every delivery, and when the limit is passed."""
    since, until = span
    looks: Looks = defaultdict(list)
    code = watched.rule.indicator.dataset.code
    root = Territory(until).root.pk
    for source in (each for each, dataset in sources(actor) if dataset == code and each.active):
        pace = source.pace(code)
        if not pace:
            continue
        sent = Delivery.objects.filter(source=source, dataset=code, received_at__lte=until).exclude(via__in=MENDED)
        before = sent.filter(received_at__lt=since).order_by("-received_at").values_list("received_at", flat=True).first()
        inside = sent.filter(received_at__gte=since).values_list("received_at", flat=True)
        moments = sorted({before or min(source.made_at, *inside, until), *inside, until})
        for last, following in pairwise(moments):
            looks[root, f"source:{source.code}"] += list(_silence(watched, last, following, pace, since))
    return looks


def _silence(watched: Watched, last: datetime, following: datetime, pace: timedelta, since: datetime) -> Iterator[Look]:
    condition = watched.rule.condition
    limit = pace * condition.limit if not hasattr(condition, "parts") else pace  # silence is never joined with another condition
    for at in sorted({max(last, since), max(last + limit + timedelta(minutes=1), since)}):
        if at <= following:
            view = View(None, Period.begun_by(at, Grain.HOUR), silent_for=at - last, pace=pace)
            yield Look(at, judge(condition, view))


def _episodes(watched: Watched, unit: Unit, subject: str, looks: Sequence[Look], until: datetime) -> Iterator[Episode]:
    """Run the life of one (unit, subject)."""
    rule, track = watched.rule, Track()
    current: Episode | None = None
    for look in _with_waits(watched, track, looks, until):
        happening = advance(track, look.verdict, rule.hold, look.at)
        if happening is Happening.RAISED:
            words = crossed(look.verdict, rule.indicator.unit, rule.indicator.places)
            told = not track.flapping
            current = Episode(unit, subject, look.at, None, look.verdict.value, words, rule.severity, told)
        elif current is not None and happening in (Happening.REPEATED, Happening.STEADY):
            _take_worst(current, look.verdict)
            current.told = current.told or happening is Happening.STEADY
        if current is not None:
            reached = current.severity
            current.severity = severity_at(rule, current.begin, None, look.at, answered=False, reached=reached)
        if current is not None and happening is Happening.CLEARED:
            current.end = look.at
            yield current
            current = None
    if current is not None:
        yield current


def _with_waits(watched: Watched, track: Track, looks: Sequence[Look], until: datetime) -> Iterator[Look]:
    """The looks, and between them those that the clock takes: when a hold is over, when a flapping alert has calmed down."""
    last: Look | None = None
    for look in (*looks, None):
        limit = look.at if look is not None else until
        if last is not None:
            due = track.pending_since + watched.rule.hold if track.pending_since and not track.open else None
            calm = track.quiet_since + CALM if track.flapping and track.quiet_since else None
            steady = track.firing_since + STEADY if track.flapping and track.firing_since and not track.quiet_since else None
            for moment in (due, calm, steady):
                if moment is not None and last.at < moment < limit:
                    yield Look(moment, last.verdict)
        if look is not None:
            yield look
            last = look


def _take_worst(episode: Episode, verdict: Verdict) -> None:
    if verdict.value is not None and episode.worst is not None:
        episode.worst = verdict.further(episode.worst, verdict.value)

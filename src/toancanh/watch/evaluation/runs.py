"""The machine's verbs: note what moved, judge it, and do what happens by the clock. Every verb may run twice and changes nothing
the second time.

One evaluation is one transaction: alerts, standings, history, audit and notices stand or fall together. Evaluations take turns.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.intake.queries import sources as intake_sources
from toancanh.jobs import queue
from toancanh.jobs.events import tell
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.watch import notices
from toancanh.watch.definitions import Watched, watched
from toancanh.watch.evaluation import records
from toancanh.watch.evaluation.hushing import end_silences, hush_what_is_planned
from toancanh.watch.evaluation.judging import Candidate, Territory, of_sources, of_values
from toancanh.watch.evaluation.ledger import Changes, Ledger, locked, write
from toancanh.watch.evaluation.reading import judges_values
from toancanh.watch.evaluation.steps import close, set_severity, severity_of, take
from toancanh.watch.events import AlertChanged, AlertCleared, AlertRaised, AlertsMoved
from toancanh.watch.models import OPEN, Alert, Dirty, RuleVersion, Standing, State

log = logging.getLogger(__name__)

_IN_TURN = 0x77617463  # "watc": the lock under which evaluations run
AT_ONCE, NOTED_EVERY = 2_000, 1.0  # events told, and seconds, between two notes that they were
MOST_MARKS = 500  # marks drained at a time
PATIENCE = timedelta(seconds=30)  # after so long an alert that was not announced is announced by the clock
UNWATCHED = Text(
    "Không theo dõi nữa: quy tắc đã tắt, hoặc đơn vị không còn được theo dõi.",
    "Not watched any more: the rule was switched off, or the unit is not watched now.",
)


def note_moved(keys: Iterable[str]) -> None:
    """Remember values that moved ("indicator:unit key"), in the transaction that moved them, and ask a worker to judge them."""
    indicators = {each.indicator.code for each in registry.rules()}
    indicators.update(RuleVersion.objects.values_list("definition__indicator", flat=True).distinct())
    concerned = [key for key in keys if key.partition(":")[0] in indicators]
    if concerned:
        Dirty.objects.create(keys=concerned)
        transaction.on_commit(ask_to_evaluate)


def note_rows(dataset: str | None = None) -> None:
    """Remember that rows of `dataset` came in, or (None) that time has passed for all: the clock looks at their single records
    within a minute."""
    concerned = records.watched_datasets()
    Dirty.objects.bulk_create([Dirty(dataset=each) for each in sorted(concerned) if dataset in (each, None)])


def ask_to_evaluate() -> None:
    """Hand the evaluation to a worker. A queue that cannot take it is no harm: the clock asks again."""
    try:
        queue.enqueue(evaluate_job)
    except Exception:
        log.exception("the evaluation could not be queued; it is asked for again within a minute")


def evaluate_dirty(now: datetime | None = None) -> int:
    """Judge everything that moved since the last time. How many values that were."""
    judged = 0
    while True:
        with transaction.atomic():
            take_turn()
            marks = list(Dirty.objects.filter(dataset="").order_by("pk")[:MOST_MARKS])
            if not marks:
                return judged
            Dirty.objects.filter(pk__in=[each.pk for each in marks]).delete()
            keys = {key for mark in marks for key in mark.keys}
            evaluate(keys, now)
            judged += len(keys)


def evaluate(keys: Collection[str] | None, now: datetime | None = None) -> Changes:
    """Judge these values ("indicator:unit key"), or with None every value and every record that a rule watches."""
    moment = now or timezone.now()
    territory = Territory(moment)
    moved: dict[str, set[int]] | None = None if keys is None else defaultdict(set)
    for key in keys or ():
        indicator, _, unit = key.partition(":")
        found = territory.id_of(unit)
        if found is not None and moved is not None:
            moved[indicator].add(found)
    rules = watched()
    looks = records.look(rules, records.watched_datasets(), territory, moment) if keys is None else {}
    candidates = [*of_values(rules, moved, territory, moment), *records.of_records(rules, looks, territory, moment)]
    return settle(candidates, moment)


def settle(candidates: Sequence[Candidate], now: datetime) -> Changes:
    """Take candidates in and write what comes of them."""
    changes = Changes()
    if not candidates:
        return changes
    with transaction.atomic():
        ledger = Ledger(candidates, now)
        for each in candidates:
            take(each, ledger, changes, now)
        conclude(changes, ledger)
    return changes


def conclude(changes: Changes, ledger: Ledger) -> None:
    """Write the changes, the audit entry and the notices; tell of them after the commit."""
    ledger.join(changes)
    heard = changes.heard()
    for each in chain.from_iterable(notices.to_tell(heard)):
        each.told = True  # below, in this transaction; written with the row itself
    write(changes, ledger)
    if not (changes.raised or changes.cleared or changes.graded or changes.repeated or changes.quieter or changes.steadied):
        return
    ids = {name: [each.pk for each in getattr(changes, name)] for name in ("raised", "cleared", "graded")}
    if any(ids.values()):
        record(SYSTEM.label, "watch.evaluate", "watch:alerts", detail={name: found for name, found in ids.items() if found})
    fresh = {id(each) for each in changes.steadied}
    notices.raised(heard)
    notices.worse([each for each in changes.graded if id(each) not in fresh and _wakes(each, ledger)])
    notices.cleared(changes.cleared)
    notices.left_open(changes.cleared)
    eased = {each.head_id or each.pk for each in (*changes.cleared, *changes.graded)}
    notices.eased(eased, notices.OVER)
    moved = len(changes.raised) + len(changes.repeated) + len(changes.cleared) + len(changes.graded)
    graded, over = [each.pk for each in changes.graded], [each.pk for each in changes.cleared]
    news = [*(AlertChanged(each) for each in graded), AlertsMoved(moved)]
    announce_after_commit([each.pk for each in heard])
    _after_commit(lambda: _announce_end(over))
    _after_commit(lambda: [_told(each) for each in news])


def _wakes(alert: Alert, ledger: Ledger) -> bool:
    hushed = alert.silence_id is not None or ledger.silence(alert.rule, alert.unit_id) is not None
    return not hushed and not alert.flapping and alert.state == State.OPEN and alert.cleared_at is None


def announce_after_commit(alerts: Sequence[int]) -> None:
    """Tell AlertRaised of each once the transaction stands, and remember that it was told."""
    if alerts:
        _after_commit(lambda: _announce(alerts))


def _after_commit(act: Callable[[], object]) -> None:
    transaction.on_commit(act, robust=True)  # what breaks here must not keep anything else from being told


def _announce(alerts: Sequence[int]) -> None:
    for part in _heard_by_others(alerts, AlertRaised):
        Alert.objects.filter(pk__in=part).update(announced=True)


def _announce_end(alerts: Sequence[int]) -> None:
    for part in _heard_by_others(alerts, AlertCleared):
        Alert.objects.filter(pk__in=part).update(end_told=True)


def _heard_by_others(alerts: Sequence[int], event: type[AlertRaised | AlertCleared]) -> Iterator[list[int]]:
    """Tell `event` of each; those that were told, in parts that are to be noted: after a second at the latest."""
    part, begun = list[int](), monotonic()
    for each in alerts:
        part += [each] if _told(event(each)) else []
        if len(part) >= AT_ONCE or monotonic() - begun > NOTED_EVERY:
            yield part
            part, begun = [], monotonic()
    if part:
        yield part


def _told(event: object) -> bool:
    """Tell one event; a handler that fails keeps nobody else waiting, and hears of it again by the clock."""
    try:
        tell(event)
    except Exception:
        log.exception("%s could not be handled; it is told again within a minute", event)
        return False
    return True


def evaluate_clock(now: datetime | None = None) -> None:
    """What time alone brings about: holds that are over, severities by time, silent sources, silences that ended, leftovers."""
    moment = now or timezone.now()
    evaluate_dirty(moment)
    territory = Territory(moment)
    marks = dict(Dirty.objects.exclude(dataset="").values_list("pk", "dataset"))  # all: one look answers however many
    looks = records.look(watched(), set(marks.values()), territory, moment)
    with transaction.atomic():
        take_turn()
        rules = watched()  # again: somebody may have made or changed one during the look
        seen = list(marks)
        for begin in range(0, len(seen), MOST_MARKS):
            Dirty.objects.filter(pk__in=seen[begin : begin + MOST_MARKS]).delete()
        hush_what_is_planned(moment)
        due = _due(rules, moment)
        candidates = list(of_values(rules, due, territory, moment)) if due else []
        candidates += records.of_records(rules, looks, territory, moment)
        settle([*candidates, *of_sources(rules, territory, moment)], moment)
        close_unwatched(rules, territory, moment)
        _grade_by_time(rules, moment)
        _announce_the_rest(moment)


def close_unwatched(rules: Mapping[str, Watched], territory: Territory, now: datetime) -> None:
    """Close alerts that nobody judges any more: their rule is off or gone, their unit is not watched, their source retired."""
    found = []
    sources = {f"source:{source.code}@{dataset}" for source, dataset in intake_sources(SYSTEM) if source.active}
    for pk, code, unit, subject in Alert.objects.filter(OPEN).values_list("pk", "rule", "unit", "subject"):
        held = rules.get(code)
        if held is None or not held.active or not _is_there(held, unit, subject, territory, sources):
            found.append(pk)
    changes = Changes()
    for begin in range(0, len(found), 500):
        for alert in locked(Alert.objects.filter(OPEN, pk__in=found[begin : begin + 500])):
            close(alert, changes, now, UNWATCHED)
    if changes.cleared:
        conclude(changes, Ledger((), now))


def _is_there(held: Watched, unit: int, subject: str, territory: Territory, sources: Collection[str]) -> bool:
    if subject.startswith("source:"):
        return f"{subject}@{held.rule.indicator.dataset.code}" in sources
    return unit in territory.of_level(held.rule.every)


def _due(rules: dict[str, Watched], now: datetime) -> dict[str, set[int]]:
    """Values whose hold is over, and those of flapping alerts that may have calmed down, or may have come to stay."""
    pairs = list(Standing.objects.filter(due_at__lte=now).values_list("rule", "unit"))
    pairs += Alert.objects.filter(OPEN, flapping=True).values_list("rule", "unit")
    found: dict[str, set[int]] = defaultdict(set)
    for rule, unit in pairs:
        if rule in rules and judges_values(rules[rule]):
            found[rules[rule].rule.indicator.code].add(unit)
    return found


def _grade_by_time(rules: dict[str, Watched], now: datetime) -> None:
    timed = [code for code, each in rules.items() if each.rule.rises or each.rule.falls]
    changes = Changes()
    for alert in locked(Alert.objects.filter(OPEN, rule__in=timed).exclude(state=State.FALSE_POSITIVE)):
        set_severity(alert, severity_of(rules[alert.rule].rule, alert, now), changes, now)
    if changes.graded:
        conclude(changes, Ledger((), now))


def _announce_the_rest(now: datetime) -> None:
    """What was not told: alerts whose silence ended, and what the other rooms do not know since a fall or a failure of theirs."""
    late = now - PATIENCE
    missed = Alert.objects.filter(OPEN, announced=False, silence=None, flapping=False, raised_at__lte=late)
    missed = missed.exclude(state=State.FALSE_POSITIVE)
    waiting = {*missed.values_list("pk", flat=True), *end_silences(now)}
    announce_after_commit(sorted(waiting))
    ended = list(Alert.objects.filter(end_told=False, cleared_at__lte=late).order_by("pk").values_list("pk", flat=True))
    if ended:
        _after_commit(lambda: _announce_end(ended))


def take_turn() -> None:
    """Wait until nobody else evaluates; nobody does until the transaction ends."""
    if connection.vendor == "postgresql":  # SQLite's writers wait for each other anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IN_TURN])


def _evaluate_in_background() -> None:
    evaluate_dirty()


evaluate_job = queue.job(_evaluate_in_background)

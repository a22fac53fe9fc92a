"""From kept payloads to the store and on to the figures: all waiting deliveries of a dataset in one insert, then the news of it.

Safe to stop at any point. A delivery goes received -> landing -> landed -> done; whoever finds one half way (its claim has run
out) does the step again, and doing a step again changes nothing: the store knows a row by delivery and line, handlers by key.

The worker lands in turns (`land_in_turns`): everything that came goes into the store together and is told of at once (RowsStored)
to whom cannot wait; all figures follow in a job of their own (`settle_job`, RowsLanded), which may take in many turns.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import compress

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from toancanh.intake import keeping
from toancanh.intake.checking.check import Checked, HeldRow, check
from toancanh.intake.events import RowsLanded, RowsStored
from toancanh.intake.models import Delivery, DeliveryState
from toancanh.intake.reading.payload import read_payload
from toancanh.intake.receiving import list_held, terms_of
from toancanh.jobs import queue, right_of_way
from toancanh.jobs.events import tell
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.store import rows, tables
from toancanh.store.problems import StoreFull, StoreShape, StoreUnavailable

log = logging.getLogger(__name__)

MOST_ROWS = 200_000  # rows landed by one insert, so that memory stays small
MOST_DELIVERIES = 500
MOST_AHEAD = 20_000  # rows whose first figures take a moment; those of more would keep the next rows from landing
CLAIM = timedelta(minutes=5)
RETRY = timedelta(seconds=20)
MOST_TRIES = 5
# a store or a database that cannot take anything is no fault of a delivery
AWAY = (StoreUnavailable, StoreFull, StoreShape, OperationalError, InterfaceError)
TURNS, LONGEST_TURN, LONGEST_PAUSE = 20, 1.0, 0.15  # seconds; a job of many turns ends so that a worker can be stopped
LONGEST_REST = 2.0
TO_STORE = (DeliveryState.RECEIVED, DeliveryState.LANDING)
TO_SETTLE = (DeliveryState.LANDED,)
UNFINISHED = (*TO_STORE, *TO_SETTLE)
Step = Callable[[Dataset, Sequence[Delivery]], None]

_at_it: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
_rested: dict[str, float] = {}  # when the next turn of a dataset may begin


def land(dataset_code: str) -> None:
    """Land every waiting delivery of a dataset here and now, the figures too. Raises what a store or database that is away
    raised; the work is done later.

    A batch in which something fails is landed one by one, so that one delivery does not keep the others waiting.
    """
    dataset = _declared(dataset_code)
    if dataset is not None:
        while _next(dataset, TO_STORE, _store):
            pass
        while _next(dataset, TO_SETTLE, _settle):
            pass


def land_in_turns(dataset_code: str) -> None:
    """The worker's way: land what came, tell of it, and leave the rest of the figures to `settle_job`. One thread a dataset: what
    comes meanwhile is left to the one that is at it."""
    dataset = _declared(dataset_code)
    if dataset is None:
        return
    at_it = _at_it["land", dataset_code]
    for _ in range(TURNS):
        if not at_it.acquire(blocking=False):
            return
        try:
            _turn(dataset)
        finally:
            at_it.release()
        if not _unclaimed(TO_STORE).filter(dataset=dataset_code).exists():
            break
    else:
        ask_to_land(dataset_code)
    if _unclaimed(TO_SETTLE).filter(dataset=dataset_code).exists():
        queue.enqueue(settle_job, dataset_code)


def settle_in_turns(dataset_code: str) -> None:
    """The figures of what has landed. After each round a rest as long as that took: more comes together, others have time."""
    dataset = _declared(dataset_code)
    at_it = _at_it["settle", dataset_code]
    until = time.monotonic() + LONGEST_REST
    while dataset is not None and at_it.acquire(blocking=False):
        begun = time.monotonic()
        try:
            _next(dataset, TO_SETTLE, _settle)
        finally:
            at_it.release()
        if not _unclaimed(TO_SETTLE).filter(dataset=dataset_code).exists():
            return
        if begun > until:
            queue.enqueue(settle_job, dataset_code)
            return
        time.sleep(min(time.monotonic() - begun, LONGEST_REST))


def _declared(dataset_code: str) -> Dataset | None:
    dataset = registry.dataset(dataset_code)
    if dataset is None:
        log.error("deliveries of %s wait, but no pack declares it", dataset_code)
    return dataset


def _turn(dataset: Dataset) -> None:
    """Store what waits, batch after batch for a second at most, and tell of it. Of a large load nothing is told ahead: its rows
    come first, all their figures after. The next turn waits for a moment: what comes in it lands together."""
    time.sleep(min(LONGEST_PAUSE, max(0.0, _rested.get(dataset.code, 0.0) - time.monotonic())))
    begun, seqs, loaded = time.monotonic(), list[int](), 0
    with right_of_way.ahead():
        while stored := _next(dataset, TO_STORE, _store):
            seqs += [each.pk for each in stored if each.state == DeliveryState.LANDED]
            loaded += sum(each.received for each in stored)
            if not _full(stored) or time.monotonic() - begun > LONGEST_TURN:
                break
        if seqs and loaded <= MOST_AHEAD:
            _tell_ahead(RowsStored(dataset.code, tuple(seqs)))
    ended = time.monotonic()
    _rested[dataset.code] = ended + (ended - begun)  # at most as long again: half of the time is left to others
    if seqs:
        queue.enqueue(settle_job, dataset.code)


def _tell_ahead(event: RowsStored) -> None:
    """Nothing rests on this news: who missed it hears RowsLanded."""
    try:
        tell(event)
    except Exception:
        log.exception("the first figures of %s failed; they come with the others", event.dataset)


def _next(dataset: Dataset, states: Sequence[DeliveryState], step: Step) -> list[Delivery]:
    """Claim what waits in one of `states` and take it a step further; the deliveries, none when there was nothing to do."""
    claimed = _claim(dataset.code, states)
    try:
        if claimed:
            tables.ensure([dataset])
            _together(dataset, claimed, step)
    except Exception:
        _release(claimed)
        raise
    return claimed


def _together(dataset: Dataset, claimed: Sequence[Delivery], step: Step) -> None:
    try:
        step(dataset, claimed)
    except AWAY:
        raise
    except Exception:
        log.exception("landing %d deliveries of %s failed; now one by one", len(claimed), dataset.code)
        for each in claimed:
            _alone(dataset, each, step)


def _alone(dataset: Dataset, delivery: Delivery, step: Step) -> None:
    """Take one delivery further; a failure is counted, and the last one given up for a person to look at."""
    try:
        step(dataset, [delivery])
    except AWAY:
        raise
    except Exception as error:
        log.exception("landing delivery %s failed, try %d", delivery.uid, delivery.tries + 1)
        if delivery.tries + 1 >= MOST_TRIES:
            _give_up(delivery, error)
        else:
            _ours([delivery]).update(tries=F("tries") + 1, claimed_until=timezone.now() + RETRY)


def _give_up(delivery: Delivery, error: Exception) -> None:
    said = (str(error) or type(error).__name__)[:2000]
    _ours([delivery]).update(state=DeliveryState.FAILED, failure=said, tries=F("tries") + 1, claimed_until=None)
    delivery.state = DeliveryState.FAILED


land_job = queue.job(land_in_turns, first=True)
settle_job = queue.job(settle_in_turns)


def ask_to_land(dataset_code: str) -> None:
    """Hand the landing to a worker. A queue that cannot take it is no reason to refuse a delivery: `recovery` asks again."""
    try:
        queue.enqueue(land_job, dataset_code)
    except Exception:
        log.exception("landing of %s could not be queued; it is asked for again within a minute", dataset_code)


def waiting_datasets() -> list[str]:
    """Datasets with deliveries that nobody is landing."""
    return sorted(set(_unclaimed(UNFINISHED).values_list("dataset", flat=True)))


def _unclaimed(states: Sequence[DeliveryState]) -> QuerySet[Delivery]:
    claim_over = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    # the condition on all unfinished states names the index of what is pending
    return Delivery.objects.filter(claim_over, state__in=UNFINISHED).filter(state__in=states)


def _claim(dataset_code: str, states: Sequence[DeliveryState] = TO_STORE) -> list[Delivery]:
    """The oldest waiting deliveries, marked as ours for a while. Two workers never get the same one."""
    now = timezone.now()
    with transaction.atomic():
        waiting = _unclaimed(states).filter(dataset=dataset_code).select_related("source").order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        chosen = _bounded(waiting[:MOST_DELIVERIES])
        fresh = [each.pk for each in chosen if each.state == DeliveryState.RECEIVED]
        Delivery.objects.filter(pk__in=[each.pk for each in chosen]).update(claimed_until=now + CLAIM)
        Delivery.objects.filter(pk__in=fresh).update(state=DeliveryState.LANDING)
    for each in chosen:
        each.claimed_until = now + CLAIM
    return chosen


def _ours(claimed: Sequence[Delivery]) -> QuerySet[Delivery]:
    """Those of the claimed deliveries that still bear our claim: a rebuild, or a worker after ours ran out, takes it away."""
    stamps = {each.claimed_until for each in claimed}
    return Delivery.objects.filter(pk__in=[each.pk for each in claimed], claimed_until__in=stamps)


def _bounded(waiting: Iterable[Delivery]) -> list[Delivery]:
    """The first deliveries whose rows together are few enough for one insert; always at least one."""
    chosen: list[Delivery] = []
    total = 0
    for delivery in waiting:
        total += delivery.received
        if chosen and total > MOST_ROWS:
            break
        chosen.append(delivery)
    return chosen


def _full(claimed: Sequence[Delivery]) -> bool:
    """Whether a backlog is being landed: what came while one batch was stored can wait for the next turn."""
    return len(claimed) == MOST_DELIVERIES or sum(each.received for each in claimed) > MOST_ROWS // 2


def _release(claimed: Sequence[Delivery]) -> None:
    """Let the step be tried again soon."""
    _ours(claimed).filter(state__in=UNFINISHED).update(claimed_until=timezone.now() + RETRY)


def _store(dataset: Dataset, claimed: Sequence[Delivery]) -> None:
    """Into the store in one insert, and free for the next step."""
    batches = [batch for delivery in claimed if (batch := batch_of(dataset, delivery)) is not None]
    rows.append(dataset, *batches)
    stored = [each for each in claimed if each.state != DeliveryState.FAILED]
    _ours(stored).update(state=DeliveryState.LANDED, landed_at=timezone.now(), claimed_until=None)
    for each in stored:
        each.state = DeliveryState.LANDED


def _settle(dataset: Dataset, claimed: Sequence[Delivery]) -> None:
    tell(RowsLanded(dataset.code, tuple(each.pk for each in claimed)))
    _mark_done(claimed)


def _mark_done(landed: Sequence[Delivery]) -> None:
    _ours(landed).update(state=DeliveryState.DONE, claimed_until=None, tries=0)


def batch_of(dataset: Dataset, delivery: Delivery) -> rows.Batch | None:
    """The rows of a delivery that may land, read again from what was kept; None (and state failed) when it cannot be read."""
    try:
        slip, body = keeping.read(delivery.kept)
        table = read_payload(dataset, body, slip.content_type, slip.filename)
        checked = check(dataset, table, terms_of(delivery.source, delivery.via, delivery.received_at, slip.terms))
    except (FileNotFoundError, ValueError, Problem) as error:
        log.exception("delivery %s cannot be read again", delivery.uid)
        _give_up(delivery, error)
        return None
    held = keeping.unpack_positions(delivery.held_positions)
    newly = [row for row in checked.held if row.position not in held]
    if newly:
        _hold_more(delivery, newly, held)
    return _without(checked, held, delivery)


def _hold_more(delivery: Delivery, newly: list[HeldRow], held: frozenset[int]) -> None:
    """Rows that passed when they came but no longer do (a unit was removed since, say) go to review: nothing is lost in
    silence."""
    log.warning("%d rows of delivery %s no longer pass and wait for review", len(newly), delivery.uid)
    with transaction.atomic():
        packed = keeping.pack_positions(held.union(row.position for row in newly))
        Delivery.objects.filter(pk=delivery.pk).update(
            held_positions=packed, accepted=F("accepted") - len(newly), quarantined=F("quarantined") + len(newly),
            late_held=F("late_held") + len(newly),
        )
        list_held(delivery, newly)


def _without(checked: Checked, held: frozenset[int], delivery: Delivery) -> rows.Batch:
    """The batch of the accepted rows, less those that were held when they came and would pass now: these wait for a person."""
    if held.isdisjoint(checked.positions):
        columns = {name: list(values) for name, values in checked.columns.items()}  # values alone, not the cells they came from
        return rows.Batch(delivery.pk, delivery.received_at, checked.lines, columns)
    wanted = [position not in held for position in checked.positions]
    columns = {name: list(compress(values, wanted)) for name, values in checked.columns.items()}
    return rows.Batch(delivery.pk, delivery.received_at, list(compress(checked.lines, wanted)), columns)

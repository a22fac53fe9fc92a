"""From kept payloads to the store: all waiting deliveries of a dataset in one insert, then the news of it.

Safe to stop at any point. A delivery goes received -> landing -> landed -> done; whoever finds one half way (its claim has run
out)
does the step again, and doing a step again changes nothing: the store knows a row by delivery and line, handlers by key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import compress

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from toancanh.intake import keeping
from toancanh.intake.checking.check import Checked, HeldRow, check
from toancanh.intake.events import RowsLanded
from toancanh.intake.models import Delivery, DeliveryState
from toancanh.intake.reading.payload import read_payload
from toancanh.intake.receiving import list_held, terms_of
from toancanh.jobs import queue
from toancanh.jobs.events import tell
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.store import rows, tables
from toancanh.store.problems import StoreFull, StoreShape, StoreUnavailable

log = logging.getLogger(__name__)

MOST_ROWS = 200_000  # rows landed by one insert, so that memory stays small
MOST_DELIVERIES = 500
CLAIM = timedelta(minutes=5)
RETRY = timedelta(seconds=20)
MOST_TRIES = 5
# a store or a database that cannot take anything is no fault of a delivery
AWAY = (StoreUnavailable, StoreFull, StoreShape, OperationalError, InterfaceError)
UNFINISHED = (DeliveryState.RECEIVED, DeliveryState.LANDING, DeliveryState.LANDED)


def land(dataset_code: str) -> None:
    """Land every waiting delivery of a dataset. Raises what a store or database that is away raised; the work is done later.

    A batch in which something fails is landed one by one, so that one delivery does not keep the others waiting.
    """
    dataset = registry.dataset(dataset_code)
    if dataset is None:
        log.error("deliveries of %s wait, but no pack declares it", dataset_code)
        return
    while claimed := _claim(dataset_code):
        try:
            tables.ensure([dataset])
            _land_together(dataset, claimed)
        except Exception:
            _release(claimed)
            raise


def _land_together(dataset: Dataset, claimed: Sequence[Delivery]) -> None:
    try:
        _land(dataset, claimed)
    except AWAY:
        raise
    except Exception:
        log.exception("landing %d deliveries of %s failed; now one by one", len(claimed), dataset.code)
        for each in claimed:
            _land_alone(dataset, each)


def _land_alone(dataset: Dataset, delivery: Delivery) -> None:
    """Land one delivery; a failure is counted, and the last one given up for a person to look at."""
    try:
        _land(dataset, [delivery])
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


land_job = queue.job(land)


def ask_to_land(dataset_code: str) -> None:
    """Hand the landing to a worker. A queue that cannot take it is no reason to refuse a delivery: `recovery` asks again."""
    try:
        queue.enqueue(land_job, dataset_code)
    except Exception:
        log.exception("landing of %s could not be queued; it is asked for again within a minute", dataset_code)


def waiting_datasets() -> list[str]:
    """Datasets with deliveries that nobody is landing."""
    return sorted(set(_unclaimed(timezone.now()).values_list("dataset", flat=True)))


def _unclaimed(now: datetime) -> QuerySet[Delivery]:
    claim_over = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    return Delivery.objects.filter(state__in=UNFINISHED).filter(claim_over)


def _claim(dataset_code: str) -> list[Delivery]:
    """The oldest waiting deliveries, marked as ours for a while. Two workers never get the same one."""
    now = timezone.now()
    with transaction.atomic():
        waiting = _unclaimed(now).filter(dataset=dataset_code).select_related("source").order_by("id")
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


def _release(claimed: Sequence[Delivery]) -> None:
    """Let the step be tried again soon."""
    _ours(claimed).filter(state__in=UNFINISHED).update(claimed_until=timezone.now() + RETRY)


def _land(dataset: Dataset, claimed: Sequence[Delivery]) -> None:
    to_store = [each for each in claimed if each.state != DeliveryState.LANDED]
    batches = [batch for delivery in to_store if (batch := batch_of(dataset, delivery)) is not None]
    rows.append(dataset, *batches)
    stored = [each for each in to_store if each.state != DeliveryState.FAILED]
    _ours(stored).update(state=DeliveryState.LANDED, landed_at=timezone.now())
    for each in stored:
        each.state = DeliveryState.LANDED
    landed = [each for each in claimed if each.state != DeliveryState.FAILED]
    if landed:
        tell(RowsLanded(dataset.code, tuple(each.pk for each in landed)))
        _mark_done(landed)


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
        return rows.Batch(delivery.pk, delivery.received_at, checked.lines, checked.columns)
    wanted = [position not in held for position in checked.positions]
    columns = {name: list(compress(values, wanted)) for name, values in checked.columns.items()}
    return rows.Batch(delivery.pk, delivery.received_at, list(compress(checked.lines, wanted)), columns)

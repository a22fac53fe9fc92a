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

from django.db import connection, transaction
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

log = logging.getLogger(__name__)

MOST_ROWS = 200_000  # rows landed by one insert, so that memory stays small
MOST_DELIVERIES = 500
CLAIM = timedelta(minutes=5)
RETRY = timedelta(seconds=20)
UNFINISHED = (DeliveryState.RECEIVED, DeliveryState.LANDING, DeliveryState.LANDED)


def land(dataset_code: str) -> None:
    """Land every waiting delivery of a dataset. Raises what the store or a handler raised; the work is then done again later."""
    dataset = registry.dataset(dataset_code)
    if dataset is None:
        log.error("deliveries of %s wait, but no pack declares it", dataset_code)
        return
    while claimed := _claim(dataset_code):
        try:
            _land(dataset, claimed)
        except Exception:
            _release(claimed)
            raise


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
    return chosen


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
    unfinished = Delivery.objects.filter(pk__in=[each.pk for each in claimed], state__in=UNFINISHED)
    unfinished.update(claimed_until=timezone.now() + RETRY)


def _land(dataset: Dataset, claimed: Sequence[Delivery]) -> None:
    tables.ensure([dataset])
    to_store = [each for each in claimed if each.state != DeliveryState.LANDED]
    batches = [batch for delivery in to_store if (batch := batch_of(dataset, delivery)) is not None]
    rows.append(dataset, *batches)
    stored = [each.pk for each in to_store if each.state != DeliveryState.FAILED]
    Delivery.objects.filter(pk__in=stored).update(state=DeliveryState.LANDED, landed_at=timezone.now())
    seqs = tuple(each.pk for each in claimed if each.state != DeliveryState.FAILED)
    if seqs:
        tell(RowsLanded(dataset.code, seqs))
        _mark_done(seqs)


def _mark_done(seqs: Sequence[int]) -> None:
    Delivery.objects.filter(pk__in=seqs).update(state=DeliveryState.DONE, claimed_until=None)


def batch_of(dataset: Dataset, delivery: Delivery) -> rows.Batch | None:
    """The rows of a delivery that may land, read again from what was kept; None (and state failed) when it cannot be read."""
    try:
        slip, body = keeping.read(delivery.kept)
        table = read_payload(dataset, body, slip.content_type, slip.filename)
        checked = check(dataset, table, terms_of(delivery.source, delivery.via, delivery.received_at))
    except (OSError, ValueError, Problem) as error:
        log.exception("delivery %s cannot be read again", delivery.uid)
        delivery.state = DeliveryState.FAILED
        delivery.failure = str(error)
        delivery.save(update_fields=["state", "failure"])
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
            held_positions=packed, accepted=F("accepted") - len(newly), quarantined=F("quarantined") + len(newly)
        )
        list_held(delivery, newly)


def _without(checked: Checked, held: frozenset[int], delivery: Delivery) -> rows.Batch:
    """The batch of the accepted rows, less those that were held when they came and would pass now: these wait for a person."""
    if held.isdisjoint(checked.positions):
        return rows.Batch(delivery.pk, delivery.received_at, checked.lines, checked.columns)
    wanted = [position not in held for position in checked.positions]
    columns = {name: list(compress(values, wanted)) for name, values in checked.columns.items()}
    return rows.Batch(delivery.pk, delivery.received_at, list(compress(checked.lines, wanted)), columns)

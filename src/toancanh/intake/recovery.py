"""After a crash, and every minute in case: payloads that were kept but not registered, and deliveries that wait for landing.

And the store filled anew from kept payloads, after its disk was lost or when its tables changed shape.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import IntegrityError
from django.utils import timezone

from toancanh.intake import keeping, landing
from toancanh.intake.models import Delivery, DeliveryState, Refusal, Source
from toancanh.intake.reading.payload import Payload
from toancanh.intake.receiving import read_and_check, register
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.store import lifecycle, rows, tables

log = logging.getLogger(__name__)

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # before any delivery
SETTLED = timedelta(seconds=60)  # younger ones may be in the middle of being registered
LOOK_BACK = timedelta(hours=2)
AT_ONCE = 500
REFUSALS_KEPT = timedelta(days=90)


def recover(since: datetime | None = None) -> int:
    """Register what was kept and forgotten since `since` (default: the last two hours), ask for landings; how many were found."""
    now = timezone.now()
    found = sum(_take_up(place, now) for place in _forgotten(since or now - LOOK_BACK))
    for dataset in landing.waiting_datasets():
        landing.ask_to_land(dataset)
    keeping.sweep(now - LOOK_BACK)
    Refusal.objects.filter(at__lt=now - REFUSALS_KEPT).delete()
    return found


def _forgotten(since: datetime) -> Iterator[str]:
    """Kept payloads without a delivery."""
    places = keeping.places(since)
    while batch := list(islice(places, AT_ONCE)):
        uids = {place: _uid(place) for place in batch}
        known = set(Delivery.objects.filter(uid__in=[uid for uid in uids.values() if uid]).values_list("uid", flat=True))
        yield from (place for place, uid in uids.items() if uid is not None and uid not in known)


def _uid(place: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(place.rpartition("/")[2].removesuffix(keeping.SUFFIX))
    except ValueError:
        return None


def _take_up(place: str, now: datetime) -> bool:
    """Register one kept payload under its own name and moment; drop it when it counts already. It was never acknowledged
    twice."""
    try:
        slip, body = keeping.read(place)
        source = Source.objects.filter(code=slip.source).first()
        dataset = registry.dataset(slip.dataset)
        received_at = datetime.fromisoformat(slip.received_at)
        if source is None or dataset is None or now - received_at < SETTLED:
            return False
        payload = Payload(body, slip.content_type, slip.filename, slip.key, slip.via, slip.sender, slip.follows)
        register(source, slip, place, read_and_check(dataset, source, payload, received_at))
    except IntegrityError:
        keeping.drop(place)
        return False
    except (OSError, ValueError, Problem):
        log.exception("the kept payload %s cannot be taken up", place)
        return False
    return True


def rebuild() -> Iterator[tuple[str, int]]:
    """Empty the store and land every kept delivery again under its old number; (dataset, rows that count) as each is done.

    Stopped half way it can be started again, or left to the landing jobs: what is not in the store is marked as waiting.
    """
    recover(since=BEGINNING)
    Delivery.objects.exclude(state=DeliveryState.FAILED).update(state=DeliveryState.RECEIVED, claimed_until=None)
    lifecycle.drop_all()
    datasets = list(registry.datasets())
    tables.ensure(datasets)
    for dataset in datasets:
        landing.land(dataset.code)
        yield dataset.code, rows.drill_count(dataset)

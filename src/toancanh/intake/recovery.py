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
from toancanh.intake.receiving import drop_unregistered, read_and_check, register
from toancanh.kernel.registry import registry
from toancanh.store import lifecycle, rows, tables

log = logging.getLogger(__name__)

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # before any delivery
SETTLED = timedelta(seconds=60)  # younger ones may be in the middle of being registered
LOOK_BACK = timedelta(hours=2)
LATEST = timedelta(minutes=10)  # a payload is on disk and registered this long after it came, or its process has fallen
AT_ONCE = 500
RESERVED = timedelta(days=1)  # while the store is emptied nobody begins to land; a worker that starts clears it
REFUSALS_KEPT = timedelta(days=90)
SWEPT = timedelta(days=1)  # how far back half-written files are looked for


_looked_until = BEGINNING  # all that was kept before had been registered when this process looked


def recover(since: datetime | None = None) -> int:
    """Register what was kept and forgotten since `since` (default: the last two hours, less what an earlier look found in order),
    in the order in which it came, and ask for landings whatever happens; how many were found."""
    global _looked_until  # noqa: PLW0603 - one memory for the process
    now = timezone.now()
    try:
        forgotten = sorted(_forgotten(since or max(now - LOOK_BACK, _looked_until)), key=_came)
        found = sum(_take_up(place, now) for place in forgotten)
        if found == len(forgotten):
            _looked_until = now - LATEST
    finally:
        for dataset in landing.waiting_datasets():
            landing.ask_to_land(dataset)
    keeping.sweep(min(since or now, now - SWEPT), now - LOOK_BACK)
    Refusal.objects.filter(at__lt=now - REFUSALS_KEPT).delete()
    return found


def last_known() -> datetime:
    """From when on a process that was away looks for forgotten payloads: an hour before the newest registered delivery."""
    newest = Delivery.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    return min(newest - timedelta(hours=1), timezone.now() - LOOK_BACK) if newest else BEGINNING


def retry_failed() -> int:
    """Let deliveries that were given up be tried again; how many."""
    given_up = Delivery.objects.filter(state=DeliveryState.FAILED)
    return given_up.update(state=DeliveryState.RECEIVED, claimed_until=None, tries=0, failure="")


def _came(place: str) -> tuple[datetime, str]:
    """When a kept payload came; what cannot be read comes last."""
    try:
        moment = datetime.fromisoformat(keeping.read_slip(place).received_at)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC), place
    except (OSError, ValueError):
        return datetime.max.replace(tzinfo=UTC), place


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
    """Register one kept payload under its own name and moment; drop it when another counts in its place, which is then what was
    acknowledged. A payload that cannot be taken up stays on disk and stands in nobody's way."""
    try:
        slip, body = keeping.read(place)
        source = Source.objects.filter(code=slip.source).first()
        dataset = registry.dataset(slip.dataset)
        received_at = datetime.fromisoformat(slip.received_at)
        if source is None or dataset is None or now - received_at < SETTLED:
            return False
        payload = Payload(body, slip.content_type, slip.filename, slip.key, slip.via, slip.sender, slip.follows)
        try:
            register(source, slip, place, read_and_check(dataset, source, payload, received_at, slip.terms))
        except IntegrityError:
            if Delivery.objects.filter(source=source, dataset=slip.dataset, once=slip.once).exists():
                drop_unregistered(slip, place)
            return False
    except Exception:
        log.exception("the kept payload %s cannot be taken up", place)
        return False
    return True


def rebuild() -> Iterator[tuple[str, int]]:
    """Empty the store and land every kept delivery again under its old number; (dataset, rows that count) as each is done.

    Stopped half way it can be started again, or left to the landing jobs: what is not in the store is marked as waiting.
    A centre may run meanwhile: what a worker appends before the tables are dropped is marked as waiting again after it, and a
    worker that is still at it finds its claim gone and marks nothing.
    """
    recover(since=BEGINNING)
    _all_wait(timezone.now() + RESERVED)
    lifecycle.drop_all()
    datasets = list(registry.datasets())
    tables.ensure(datasets)
    _all_wait(None)
    for dataset in datasets:
        landing.land(dataset.code)
        yield dataset.code, rows.drill_count(dataset)


def _all_wait(claimed_until: datetime | None) -> None:
    Delivery.objects.update(state=DeliveryState.RECEIVED, claimed_until=claimed_until, tries=0, failure="")

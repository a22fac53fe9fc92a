"""The store filled anew from kept payloads: after its disk was lost, or when its tables changed shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from toancanh.intake import landing, recovery
from toancanh.intake.models import Delivery, DeliveryState
from toancanh.kernel.registry import registry
from toancanh.store import lifecycle, rows, tables

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def rebuild() -> Iterator[tuple[str, int]]:
    """Empty the store and land every kept delivery again under its old number; (dataset, rows that count) as each is done.

    Stopped half way it can be started again, or left to the landing jobs: what is not in the store is marked as waiting.
    """
    recovery.recover(since=BEGINNING)
    Delivery.objects.exclude(state=DeliveryState.FAILED).update(state=DeliveryState.RECEIVED, claimed_until=None)
    lifecycle.drop_all()
    datasets = list(registry.datasets())
    tables.ensure(datasets)
    for dataset in datasets:
        landing.land(dataset.code)
        yield dataset.code, rows.drill_count(dataset)

"""What was told and handed over is kept for more than a year as proof, then forgotten, a batch at a time.

What was never read and what still waits to be sent stays. Who confirmed what, and who looked at a proof, is in the audit record.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from toancanh.notify.models import Attempt, Dispatch, Notice, State

KEPT = timedelta(days=400)
BATCH = 500


def forget_old() -> None:
    """Drop read notices and finished dispatches, with their attempts, that are older than `KEPT`."""
    before = timezone.now() - KEPT
    finished = Dispatch.objects.filter(made_at__lt=before).exclude(state=State.WAITING)
    # a notice whose message still waits is left until that is finished
    read = Notice.objects.filter(at__lt=before, read_at__lt=before).exclude(dispatches__state=State.WAITING)
    _drop(finished)
    _drop(read)


def _drop(found: QuerySet[Dispatch] | QuerySet[Notice]) -> None:
    model: type[Model] = found.model
    while ids := list(found.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():  # short, so that nobody waits long for the write lock
            if model is Dispatch:
                Attempt.objects.filter(dispatch__in=ids).delete()
            model._default_manager.filter(pk__in=ids).delete()

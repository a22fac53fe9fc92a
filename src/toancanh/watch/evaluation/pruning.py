"""Forgets what is remembered beside alerts once it says nothing any more: nothing waits, and nothing rang of late."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from toancanh.watch.evaluation.life import RING_WINDOW
from toancanh.watch.evaluation.runs import take_turn
from toancanh.watch.models import Standing

BATCH = 500


def forget_old() -> None:
    """Drop standings without a wait whose last ring is older than what flapping looks at."""
    late = (timezone.now() - RING_WINDOW).timestamp()
    idle = Standing.objects.filter(pending_since=None)
    candidates = [pk for pk, rang in idle.values_list("pk", "rang") if max(rang, default=0.0) <= late]
    for begin in range(0, len(candidates), BATCH):
        with transaction.atomic():
            take_turn()  # an evaluation may be about to write one of them
            some = idle.filter(pk__in=candidates[begin : begin + BATCH]).values_list("pk", "rang")
            Standing.objects.filter(pk__in=[pk for pk, rang in some if max(rang, default=0.0) <= late]).delete()

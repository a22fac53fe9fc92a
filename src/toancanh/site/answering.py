"""Whoever confirms in the inbox what was told about alerts has taken them: nobody needs to say so twice."""

from __future__ import annotations

import logging

from django.db.models import Q

from toancanh.kernel.problem import Problem
from toancanh.notify.events import NoticeConfirmed
from toancanh.people.models import User
from toancanh.watch.models import Alert, State
from toancanh.watch.services import answers

log = logging.getLogger(__name__)


def take_alerts(event: NoticeConfirmed) -> None:
    """Acknowledge the alert of the notice, and those that were told with it, where the person may answer for them."""
    kind, _, number = event.subject.partition(":")
    if kind != "alert" or not number.isdecimal():
        return
    user = User.objects.filter(pk=event.user, is_active=True).first()
    if user is None:
        return
    user.address = event.address
    together = Q(pk=number) | Q(head=number)
    told = Alert.objects.filter(together, state=State.OPEN, raised_at__lte=event.told_at).order_by("pk")
    for pk in told.values_list("pk", flat=True):
        try:
            answers.acknowledge(user, pk)
        except Problem as problem:  # not this person's to answer, or somebody was faster
            log.info("alert %s stays as it is after %s confirmed: %s", pk, user.username, problem.code)

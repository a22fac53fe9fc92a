"""Whoever confirms in the inbox what was told has answered for the matter itself: nobody needs to say so twice."""

from __future__ import annotations

import logging

from django.db.models import Q

from toancanh.kernel.problem import Problem
from toancanh.notify.events import NoticeConfirmed
from toancanh.people.models import User
from toancanh.response.models import Incident
from toancanh.response.services import incidents
from toancanh.watch.models import Alert, State
from toancanh.watch.services import answers

log = logging.getLogger(__name__)


def take_alerts(event: NoticeConfirmed) -> None:
    """Acknowledge the alert of the notice, and those that were told with it, where the person may answer for them."""
    number, user = _about(event, "alert"), _person(event)
    if not number or user is None:
        return
    together = Q(pk=number) | Q(head=number)
    told = Alert.objects.filter(together, state=State.OPEN, raised_at__lte=event.told_at).order_by("pk")
    for pk in told.values_list("pk", flat=True):
        try:
            answers.acknowledge(user, pk)
        except Problem as problem:  # not this person's to answer, or somebody was faster
            log.info("alert %s stays as it is after %s confirmed: %s", pk, user.username, problem.code)


def acknowledge_incident(event: NoticeConfirmed) -> None:
    """Acknowledge the incident of the notice, where the person runs the desk: the walls let it go."""
    incident, user = Incident.objects.filter(pk=_about(event, "incident") or 0).first(), _person(event)
    if incident is None or user is None:
        return
    try:
        incidents.acknowledge(user, incident)
    except Problem as problem:
        log.info("incident %s stays as it is after %s confirmed: %s", incident.pk, user.username, problem.code)


def _about(event: NoticeConfirmed, kind: str) -> int | None:
    """The number of the record when the notice was about this kind."""
    said, _, number = event.subject.partition(":")
    return int(number) if said == kind and number.isdecimal() else None


def _person(event: NoticeConfirmed) -> User | None:
    user = User.objects.filter(pk=event.user, is_active=True).first()
    if user is not None:
        user.address = event.address
    return user

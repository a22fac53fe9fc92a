"""The alerts behind an incident: whoever has the incident has them too, so that nobody else is woken for the same thing."""

from __future__ import annotations

import logging

from toancanh.kernel.problem import Problem
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.response import timeline
from toancanh.response.models import Incident, Kind
from toancanh.watch import policy
from toancanh.watch.models import Alert, State
from toancanh.watch.services import answers

log = logging.getLogger(__name__)


def acknowledge(actor: Actor, incident: Incident) -> None:
    """Acknowledge the open alerts that opened or joined the incident, of those that the actor may see."""
    if not isinstance(actor, User):
        return
    joined = timeline.of(Kind.INCIDENT, incident.pk).filter(act="alert").values_list("data", flat=True)
    ids = {incident.alert, *(each.get("alert") for each in joined)} - {None}
    if ids:
        for alert in policy.visible(Alert.objects.filter(pk__in=ids, state=State.OPEN, cleared_at=None), actor):
            try:
                answers.acknowledge(actor, alert.pk)
            except Problem as problem:  # who runs the desk need not be one who answers alerts
                log.info("alert %s stays as it is after %s took %s: %s", alert.pk, actor.username, incident.code, problem.code)

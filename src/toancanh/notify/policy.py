"""Whose notices one may see: one's own. What was handed over about a matter: those who direct, or who read the record."""

from __future__ import annotations

from django.db.models import QuerySet

from toancanh.kernel.problem import Problem
from toancanh.notify.models import Notice
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_everywhere
from toancanh.people.roles import Action


def own(actor: Actor) -> QuerySet[Notice]:
    """The notices of the person who asks; nobody else has any."""
    return Notice.objects.filter(user=actor) if isinstance(actor, User) else Notice.objects.none()


def may_see_proof(actor: Actor) -> None:
    """Raise `Problem` 403 unless `actor` directs everywhere or reads the audit record everywhere."""
    try:
        require_everywhere(actor, Action.AUDIT)
    except Problem:
        require_everywhere(actor, Action.DIRECT)

"""Who looks at a record or writes into it now: a sign every twenty seconds, forgotten after a minute. Seen by those who see the
record."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from toancanh.jobs.events import tell_after_commit
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.response import changes, clocks, policy
from toancanh.response.events import PresenceChanged
from toancanh.response.models import Kind, Presence

FORGOTTEN = timedelta(seconds=60)


def beat(actor: Actor, kind: str, subject: int, *, writes: bool = False) -> None:
    """The actor is here. News is told only when somebody came, left, or began or ceased to write. Raises `Problem` (404) for what
    the actor does not see."""
    if not isinstance(actor, User) or actor.read_only:
        return
    model = clocks.MODELS[kind]
    if not policy.visible(model._default_manager.filter(pk=subject), actor).exists():
        raise policy.unseen(changes.WHAT[Kind(kind)])
    now = timezone.now()
    with transaction.atomic():
        gone = Presence.objects.filter(at__lt=now - FORGOTTEN)
        left = set(gone.values_list("kind", "subject"))
        gone.delete()
        same = Presence.objects.filter(kind=kind, subject=subject, user=actor, writes=writes).exists()
        signs = {"at": now, "writes": writes}
        Presence.objects.update_or_create(kind=kind, subject=subject, user=actor, defaults=signs)
        for each in left | (set() if same else {(kind, subject)}):
            tell_after_commit(PresenceChanged(*each))

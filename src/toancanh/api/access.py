"""Who asks the API: a source by its key (`Authorization: Bearer KEY`), or a person by the session of the pages.

A program with a source's key sees the figures of the fields that the source sends, within its own agency's reach (all of them
where the source belongs to no agency). It enters nothing here, so that personal data in the rows of a proof stay hidden.
"""

from __future__ import annotations

from django.http import HttpRequest

from toancanh.intake.doors.keys import source_of_key
from toancanh.intake.policy import field_of
from toancanh.people.actors import MachineActor
from toancanh.people.permissions import Actor
from toancanh.people.refusals import SIGN_IN_FIRST


def asking(request: HttpRequest) -> Actor:
    """The actor of an API request. Raises `Problem` (401) for a wrong key and for nobody."""
    authorization = request.headers.get("Authorization", "")
    if authorization:
        source = source_of_key(authorization)
        sees = sorted(filter(None, map(field_of, source.datasets)))
        return MachineActor.of(source.code, source.owner, fields=(), sees=sees)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_authenticated:
        raise SIGN_IN_FIRST
    return actor

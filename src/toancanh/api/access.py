"""Who asks the API: a source by its key (`Authorization: Bearer KEY`), or a person by the session of the pages."""

from __future__ import annotations

from django.http import HttpRequest

from toancanh.intake.queries import source_of_key
from toancanh.people.actors import MachineActor
from toancanh.people.permissions import Actor
from toancanh.people.policy import sign_in_required


def asking(request: HttpRequest) -> Actor:
    """The actor of an API request. Raises `Problem` (401) for a wrong key and for nobody."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        source = source_of_key(key.strip())
        if source is None:
            raise sign_in_required()
        return MachineActor.of(source.code, source.owner)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_authenticated:
        raise sign_in_required()
    return actor

"""Who asks the API: a source by its key (`Authorization: Bearer KEY`), or a person by the session of the pages.

A program with a source's key sees the figures of the fields that the source sends, within its own agency's reach (all of them
where the source belongs to no agency). It enters nothing here, so that personal data in the rows of a proof stay hidden. Where an
administrator allowed it, it handles the work of its own agency (decision 0013).

A browser sends a session along by itself, a key never: so a write with a session needs the token of the pages, a write with a key
does not.
"""

from __future__ import annotations

from django.http import HttpRequest
from ninja.utils import check_csrf

from toancanh.intake.doors.keys import source_of_key
from toancanh.intake.models import Source
from toancanh.intake.policy import field_of
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.actors import MachineActor
from toancanh.people.entrance.addresses import address_of
from toancanh.people.permissions import Actor
from toancanh.people.refusals import SIGN_IN_FIRST

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def asking(request: HttpRequest) -> Actor:
    """The actor of an API request. Raises `Problem`: 401 for a wrong key or nobody, 403 a session's write without its token."""
    source = source_asking(request)
    return machine(request, source) if source is not None else _person(request)


def source_asking(request: HttpRequest) -> Source | None:
    """The source whose key came with the request; None when none did. Raises `Problem` (401) for a wrong key."""
    authorization = request.headers.get("Authorization", "")
    return source_of_key(authorization) if authorization else None


def machine(request: HttpRequest, source: Source) -> MachineActor:
    """What a source may do here."""
    sees = sorted(filter(None, map(field_of, source.datasets)))
    made = MachineActor.of(source.code, source.owner, fields=(), address=address_of(request), sees=sees)
    return made.handling(source.owner) if source.handles_work and source.owner is not None else made


def _person(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_authenticated:
        raise SIGN_IN_FIRST
    if request.method not in _READS and check_csrf(request) is not None:
        raise Problem(
            "no-token", 403, Text("Thiếu mã xác nhận của phiên", "The session's token is missing"),
            Text("Gửi kèm tiêu đề X-CSRFToken là mã csrfmiddlewaretoken trên trang của trung tâm, từ địa chỉ của trung tâm.",
                 "Send X-CSRFToken, the csrfmiddlewaretoken of a page of the centre, from the centre's own address."),
        )  # fmt: skip
    return actor

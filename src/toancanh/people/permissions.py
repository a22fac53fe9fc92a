"""What an actor is to the other rooms, and the box that a permission draws: actions x field x agencies x areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest

from toancanh.people.roles import Action
from toancanh.units import register
from toancanh.units.models import Unit

Place = Unit | str  # a unit or its key "scheme:code"


@dataclass(frozen=True, slots=True)
class Reach:
    """The units that a scope covers: the one it names (`key`), all below it, and those that became part of it."""

    ids: frozenset[int]
    keys: frozenset[str]
    key: str

    def covers(self, place: Place) -> bool:
        return (place if isinstance(place, str) else place.key) in self.keys


def reach(unit: Unit) -> Reach:
    """The units a permission on `unit` extends to: who may see a new province may see the old ones it was made of."""
    known = register.current()
    entry = known.by_key.get(unit.key)
    ids = known.territory(entry) if entry else frozenset({unit.pk})
    keys = {known.entries[pk].key for pk in ids if pk in known.entries} | {unit.key}
    return Reach(ids, frozenset(keys), unit.key)


@dataclass(frozen=True, slots=True)
class Permission:
    """`actions` are allowed inside the box; None means "any". `field` is the code of a pack."""

    actions: frozenset[Action]
    field: str | None = None
    agencies: Reach | None = None
    areas: Reach | None = None

    def allows(self, action: Action, field: str | None, agency: Place | None, area: Place | None) -> bool:
        """Whether the act lies inside the box. A side that is not named in the question is not tested."""
        return (
            action in self.actions
            and (field is None or self.field in (None, field))
            and (agency is None or self.agencies is None or self.agencies.covers(agency))
            and (area is None or self.areas is None or self.areas.covers(area))
        )


class Actor(Protocol):
    """Whoever acts: a person, a wall, a source, the system itself."""

    @property
    def label(self) -> str:
        """The name in the audit record."""

    @property
    def name(self) -> str:
        """The name on screen."""

    @property
    def language(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def address(self) -> str:
        """The network address the request came from, "" when there is none."""

    @property
    def read_only(self) -> bool:
        """Whether every write is refused whatever the permissions say (preview, wall)."""

    @property
    def is_authenticated(self) -> bool: ...
    @property
    def permissions(self) -> tuple[Permission, ...]: ...
    def can(self, action: Action, field: str | None = None, agency: Place | None = None, area: Place | None = None) -> bool: ...


class Judging:
    """The one way to answer `can`, shared by every kind of actor."""

    @property
    def permissions(self) -> tuple[Permission, ...]:
        raise NotImplementedError

    def can(self, action: Action, field: str | None = None, agency: Place | None = None, area: Place | None = None) -> bool:
        """Whether `action` is allowed for what is named; sides not named are not tested ("somewhere")."""
        return any(each.allows(action, field, agency, area) for each in self.permissions)


class Request(HttpRequest):
    """A request after `CurrentActor` has seen it."""

    actor: Actor

"""Actors other than a signed-in person: the system itself, the public, a source, a wall, and an administrator's preview."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from toancanh.people.models import User, WallDevice
from toancanh.people.permissions import Actor, Judging, Permission, reach
from toancanh.people.roles import Action, Role
from toancanh.units.models import Unit

WALL_COOKIE = "toancanh_wall"
PREVIEW_KEY = "preview_user"


@dataclass(frozen=True)
class StandIn(Judging):
    """An actor made of plain values."""

    label: str
    name: str
    role: str = ""
    permissions: tuple[Permission, ...] = ()
    language: str = "vi"
    theme: str = "auto"
    address: str = ""
    read_only: bool = False
    is_authenticated: bool = True


SYSTEM = StandIn("system", "Toàn Cảnh", role="system", permissions=(Permission(frozenset(Action)),))
PUBLIC = StandIn("public", "", role="public", read_only=True, is_authenticated=False)


@dataclass(frozen=True)
class MachineActor(StandIn):
    """A source that sends data: may enter for its own agency, in the fields named (None = any), and view those of `sees`. Where
    an administrator allowed it, it handles its own agency's work; it never directs and never approves."""

    @classmethod
    def of(
        cls, code: str, agency: Unit | None, fields: Iterable[str] | None = None, address: str = "", sees: Iterable[str] = ()
    ) -> MachineActor:
        """The actor of the source `code` owned by `agency`; `fields` and `sees` are pack codes."""
        agencies = reach(agency) if agency else None
        enter, view = frozenset({Action.ENTER}), frozenset({Action.VIEW})
        boxes = tuple(Permission(enter, each, agencies) for each in (fields if fields is not None else (None,)))
        boxes += tuple(Permission(view, each, agencies) for each in sees)
        return cls(f"source:{code}", code, role=Role.MACHINE, permissions=boxes, address=address)

    def handling(self, agency: Unit) -> MachineActor:
        """The same, and handling the work of `agency`."""
        return replace(self, permissions=(*self.permissions, Permission(frozenset({Action.HANDLE}), agencies=reach(agency))))


@dataclass(frozen=True)
class WallActor(StandIn):
    """A wall: looks at everything its scenes show, writes nothing."""

    device: WallDevice | None = None

    @classmethod
    def of(cls, device: WallDevice, address: str = "") -> WallActor:
        return cls(
            f"wall:{device.pk}", device.name, role=Role.OPERATOR, permissions=(Permission(frozenset({Action.VIEW})),),
            language=device.language, theme="wall", address=address, read_only=True, device=device,
        )  # fmt: skip


@dataclass(frozen=True)
class PreviewActor(StandIn):
    """An administrator looking through somebody else's eyes: sees what that person may see and do, but does nothing."""

    viewed: User = field(kw_only=True)

    @classmethod
    def of(cls, administrator: User, viewed: User) -> PreviewActor:
        return cls(
            f"{administrator.label} (preview {viewed.label})", viewed.name, role=viewed.role, permissions=viewed.permissions,
            language=administrator.language, theme=administrator.theme, address=administrator.address, read_only=True,
            viewed=viewed,
        )  # fmt: skip


def wall_of_token(token: str) -> WallDevice | None:
    """The wall that holds `token`, unless it was revoked."""
    return WallDevice.objects.filter(token_hash=token_hash(token), revoked_at=None).first() if token else None


def token_hash(token: str) -> str:
    """What is kept of a wall's token: it is random and long, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of_cookies(cookies: Mapping[str, str]) -> Actor | None:
    """Whoever holds these cookies, for a door that is not a Django view; None for the public."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if user.is_authenticated:
        return user
    device = wall_of_token(cookies.get(WALL_COOKIE, ""))
    return WallActor.of(device) if device else None

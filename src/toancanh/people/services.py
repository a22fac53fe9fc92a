"""What may be done to accounts, grants, walls and one's own settings. Each act writes its audit entry in the same transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from toancanh.audit.chain import Anchor
from toancanh.audit.models import WrittenOnce
from toancanh.audit.services import record
from toancanh.people import problems as refusal
from toancanh.people import queries
from toancanh.people.actors import token_hash
from toancanh.people.entrance.credentials import check_new_password, check_username
from toancanh.people.models import Grant, Theme, User, WallDevice
from toancanh.people.permissions import Actor
from toancanh.people.policy import require, require_everywhere
from toancanh.people.queries import Asked
from toancanh.people.roles import GRANTABLE, STANDINGS, Action, Role
from toancanh.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who a person is, apart from the name of the account and the role."""

    full_name: str
    post: str = ""
    agency: Unit | None = None
    language: str = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The box of a grant: "" and None mean any."""

    field: str = ""
    agency: Unit | None = None
    area: Unit | None = None


def create_user(actor: Actor, username: str, password: str, role: str, profile: Profile, *, temporary: bool = True) -> User:
    """A new account. `temporary`: the person must choose another password at the first sign-in. Raises `Problem`."""
    require(actor, Action.ADMINISTER)
    name = check_username(username)
    check_new_password(password, name)
    with transaction.atomic():
        if User.objects.filter(username=name).exists():
            raise refusal.taken(name)
        user = User(username=name, role=_known_role(role), must_change_password=temporary, **_columns(profile))
        user.set_password(password)
        user.save(force_insert=True)
        _note(actor, "create_user", user, {"role": user.role, **_described(profile)})
    return user


def change_profile(actor: Actor, user: User, profile: Profile) -> None:
    """Name, post, agency and language of an account."""
    require(actor, Action.ADMINISTER)
    with transaction.atomic():
        found = _locked(user)
        if found.agency != profile.agency and found.pk == getattr(actor, "pk", None):
            raise refusal.oneself()
        before = {name: str(getattr(found, name) or "") for name in _columns(profile)}
        _set(found, **_columns(profile))
        _note(actor, "change_profile", found, {"before": before, "after": _described(profile)})


def change_role(actor: Actor, user: User, role: str, *, only_grants: bool = False, reason: str = "") -> None:
    """What the person is, and whether the role's own rights hold (`only_grants` False) or only what was granted."""
    require(actor, Action.ADMINISTER)
    _not_oneself(actor, user)
    with transaction.atomic(), _an_administrator_left(user):
        found = _locked(user)
        before = {"role": found.role, "only_grants": found.only_grants}
        _set(found, role=_known_role(role), only_grants=only_grants)
        _note(actor, "change_role", found, {"before": before, "after": {"role": role, "only_grants": only_grants}}, reason)


def set_password(actor: Actor, user: User, password: str, *, temporary: bool = True) -> None:
    """Another password for somebody who lost theirs; every session of the account ends."""
    require(actor, Action.ADMINISTER)
    check_new_password(password, user.username)
    with transaction.atomic():
        found = _locked(user)
        found.set_password(password)
        _set(found, password=found.password, must_change_password=temporary)
        _note(actor, "set_password", found, {"temporary": temporary})


def change_own_password(actor: User, old: str, new: str) -> User:
    """One's own password; every other session of the account ends. Returns the account with its new password hash."""
    if actor.read_only:
        raise refusal.wrong_password()
    if not actor.check_password(old):
        raise refusal.wrong_password()
    if old == new:
        raise refusal.same_password()
    check_new_password(new, actor.username)
    with transaction.atomic():
        found = _locked(actor)
        found.set_password(new)
        _set(found, password=found.password, must_change_password=False)
        _note(actor, "change_own_password", found)
    return found


def close_account(actor: Actor, user: User, *, reason: str = "") -> None:
    """The person may no longer sign in; open sessions end at their next request. The account and its traces stay."""
    require(actor, Action.ADMINISTER)
    _not_oneself(actor, user)
    with transaction.atomic(), _an_administrator_left(user):
        found = _locked(user)
        _set(found, is_active=False)
        _note(actor, "close_account", found, reason=reason)


def open_account(actor: Actor, user: User, *, reason: str = "") -> None:
    """Let a closed account sign in again."""
    require(actor, Action.ADMINISTER)
    _not_oneself(actor, user)
    with transaction.atomic():
        found = _locked(user)
        _set(found, is_active=True)
        _note(actor, "open_account", found, reason=reason)


def add_grant(actor: Actor, user: User, actions: Collection[str], scope: Scope, *, reason: str = "") -> Grant:
    """Allow `actions` inside `scope`. Raises `Problem` when the person's role may never do one of them."""
    require(actor, Action.ADMINISTER)
    _not_oneself(actor, user)
    wanted = _grantable(actions, user)
    with transaction.atomic():
        found = _locked(user)
        grant = Grant.objects.create(
            user=found, actions=wanted, field=scope.field, agency=scope.agency, area=scope.area, given_by=actor.label
        )
        _note(actor, "add_grant", found, {"grant": grant.pk, **_box(grant)}, reason)
    return grant


def remove_grant(actor: Actor, grant: Grant, *, reason: str = "") -> None:
    """Take a grant back."""
    require(actor, Action.ADMINISTER)
    _not_oneself(actor, grant.user)
    with transaction.atomic():
        _note(actor, "remove_grant", grant.user, {"grant": grant.pk, **_box(grant)}, reason)
        grant.delete()


def add_wall(actor: Actor, name: str, *, language: str = "vi") -> tuple[WallDevice, str]:
    """Make a wall and its token. The token is shown to the wall's browser once and kept only as a hash.

    A wall sees every field and place, so only somebody who does may make one.
    """
    require_everywhere(actor, Action.ADMINISTER if actor.can(Action.ADMINISTER) else Action.DIRECT)
    require_everywhere(actor, Action.VIEW)
    if not name.strip():
        raise refusal.nameless_wall()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        device = WallDevice.objects.create(
            name=name.strip()[:120], token_hash=token_hash(token), language=language, made_by=actor.label
        )
        record(actor.label, "people.add_wall", f"wall:{device.pk}", detail={"name": device.name}, address=actor.address)
    return device, token


def revoke_wall(actor: Actor, device: WallDevice, *, reason: str = "") -> None:
    """The wall's token is worth nothing from now on."""
    require_everywhere(actor, Action.ADMINISTER if actor.can(Action.ADMINISTER) else Action.DIRECT)
    with transaction.atomic():
        WallDevice.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=timezone.now())
        record(actor.label, "people.revoke_wall", f"wall:{device.pk}", reason=reason, address=actor.address)


def set_preferences(actor: User, **wanted: object) -> None:
    """One's own `language` (vi, en), `theme` (auto, light, dark) and `single_keys` (bool); unknown values are left out."""
    known = {"language": ("vi", "en"), "theme": tuple(Theme.values), "single_keys": (True, False)}
    changes = {name: value for name, value in wanted.items() if value in known[name]}
    if not changes:
        return
    with transaction.atomic():
        found = _locked(actor)
        _set(found, **changes)
        _note(actor, "set_preferences", found, changes)


def _columns(profile: Profile) -> dict[str, object]:
    if not profile.full_name.strip():
        raise refusal.nameless()
    return {
        "full_name": profile.full_name.strip()[:120],
        "post": profile.post.strip()[:160],
        "agency": profile.agency,
        "language": profile.language,
    }


def _described(profile: Profile) -> dict[str, str]:
    return {name: str(value or "") for name, value in _columns(profile).items()}


def _known_role(role: str) -> str:
    if role not in tuple(Role):
        raise refusal.unknown_role(role)
    return Role(role).value


def _grantable(actions: Collection[str], user: User) -> list[str]:
    wanted = [each.value for each in GRANTABLE if each in actions]
    if not wanted or len(wanted) != len(set(actions)):
        raise refusal.unknown_actions()
    if STANDINGS[Role(user.role)].never.intersection(Action(each) for each in wanted):
        raise refusal.duties_apart(STANDINGS[Role(user.role)].title)
    return wanted


def read_audit(actor: Actor, asked: Asked, *, before: int | None = None) -> WrittenOnce:
    """The entries asked for, newest first; that somebody looked, and for what, is an entry of its own."""
    found = queries.audit_entries(actor, asked, before=before)
    _look(actor, "read_audit", asked)
    return found


def export_audit(actor: Actor, asked: Asked, reason: str) -> WrittenOnce:
    """The same to take away. Raises `Problem` (422) without a reason."""
    found = queries.audit_entries(actor, asked)
    if not reason:
        raise refusal.reasonless()
    _look(actor, "export_audit", asked, reason)
    return found


def take_anchor(actor: Actor) -> Anchor:
    """The end of the chain, to be kept elsewhere. It is taken before it is recorded that it was taken."""
    end = queries.anchor(actor)
    record(actor.label, "people.take_anchor", f"audit:{end.number}", address=actor.address)
    return end


def _look(actor: Actor, verb: str, asked: Asked, reason: str = "") -> None:
    detail = {name: value for name, value in asdict(asked).items() if value}
    record(actor.label, f"people.{verb}", "audit:*", detail=detail, reason=reason, address=actor.address)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _set(user: User, **columns: object) -> None:
    for name, value in columns.items():
        setattr(user, name, value)
    user.save(update_fields=list(columns))


def _not_oneself(actor: Actor, user: User) -> None:
    if isinstance(actor, User) and actor.pk == user.pk:
        raise refusal.oneself()


@contextmanager
def _an_administrator_left(user: User) -> Iterator[None]:
    """Refuse the change inside when it takes away the last who administers. All of them are locked first, in one order: two who
    dismiss each other at the same time neither both succeed nor wait for each other."""
    administrators = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, only_grants=False, is_active=True)
    was_one = user.pk in [each.pk for each in administrators.order_by("pk")]
    yield
    if was_one and not administrators.exists():
        raise refusal.last_administrator()


def _box(grant: Grant) -> dict[str, object]:
    return {
        "actions": list(grant.actions),
        "field": grant.field,
        "agency": grant.agency.key if grant.agency else "",
        "area": grant.area.key if grant.area else "",
    }


def _note(actor: Actor, verb: str, user: User, detail: Mapping[str, object] | None = None, reason: str = "") -> None:
    subject = f"user:{user.username}"
    record(actor.label, f"people.{verb}", subject, detail=detail, reason=reason, address=actor.address)

"""Reads of people, walls and the audit record. Each asks first whether the actor may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from toancanh.audit import queries as audit
from toancanh.audit.chain import Anchor
from toancanh.audit.models import WrittenOnce
from toancanh.audit.queries import Days
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import fold
from toancanh.people.models import Grant, User, WallDevice
from toancanh.people.permissions import Actor
from toancanh.people.policy import require
from toancanh.people.roles import Action


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sought in the audit record: who (account or full name), one act or a room's ("response."), the beginning of a
    subject or a record's number, and the days (both included)."""

    who: str = ""
    action: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None


def people(actor: Actor, *, q: str = "", role: str = "") -> QuerySet[User]:
    """Accounts by name; `q` is part of the name, the account name or the post, with or without marks."""
    require(actor, Action.ADMINISTER)
    found = User.objects.select_related("agency")
    if sought := fold(q):
        said = User.objects.values_list("pk", "full_name", "username", "post")
        found = found.filter(pk__in=[pk for pk, *names in said if any(sought in fold(name) for name in names)])
    return found.filter(role=role) if role else found


def person(actor: Actor, pk: int) -> User:
    """One account with its agency. Raises `Problem` 404."""
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise _missing(Text("tài khoản", "account"))
    return found


def grants(actor: Actor, user: User) -> QuerySet[Grant]:
    """What was granted to `user`."""
    require(actor, Action.ADMINISTER)
    return user.grants.select_related("agency", "area")


def grant(actor: Actor, pk: int) -> Grant:
    """One grant. Raises `Problem` 404."""
    require(actor, Action.ADMINISTER)
    found = Grant.objects.select_related("user", "agency", "area").filter(pk=pk).first()
    if found is None:
        raise _missing(Text("quyền đã cấp", "grant"))
    return found


def walls(actor: Actor) -> QuerySet[WallDevice]:
    """Walls that are in use, and those revoked."""
    require(actor, Action.ADMINISTER if actor.can(Action.ADMINISTER) else Action.DIRECT)
    return WallDevice.objects.all()


def wall(actor: Actor, pk: int) -> WallDevice:
    """One wall. Raises `Problem` 404."""
    found = walls(actor).filter(pk=pk).first()
    if found is None:
        raise _missing(Text("màn hình tường", "wall"))
    return found


def audit_entries(actor: Actor, asked: Asked, *, before: int | None = None) -> WrittenOnce:
    """The audit record, newest first; see `audit.queries.entries`."""
    require(actor, Action.AUDIT)
    days = Days(asked.first, asked.last)
    who = {asked.who, *_named(asked.who)} if asked.who else ()
    return audit.entries(actors=who, action=asked.action, subject=asked.subject, days=days, before=before)


def _named(name: str) -> list[str]:
    """The accounts of whoever has this full name. Compared here: SQLite knows upper and lower case of plain ASCII only."""
    asked = fold(name)
    return [account for account, known in User.objects.values_list("username", "full_name") if fold(known) == asked]


def names(actor: Actor) -> dict[str, str]:
    """The full name behind every account, for readers of the audit record."""
    require(actor, Action.AUDIT)
    return dict(User.objects.order_by("username").values_list("username", "full_name"))


def anchor(actor: Actor) -> Anchor:
    """Number and hash of the newest entry, to be kept where nobody who runs the centre can change it."""
    require(actor, Action.AUDIT)
    return audit.head()


def _missing(what: Text) -> Problem:
    return Problem(
        "not-found",
        404,
        Text(f"Không tìm thấy {what.vi}", f"No such {what.en}"),
        Text("Quay lại danh sách và chọn lại.", "Go back to the list and choose again."),
    )

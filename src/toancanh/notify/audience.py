"""Who is meant: leaders, operators, an agency's officers, and whoever is on duty. A gap in the roster falls to the operators."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from toancanh.notify.models import DutyTurn
from toancanh.people.models import User
from toancanh.people.roles import Role
from toancanh.units import register
from toancanh.units.models import Unit

LEADERS, OPERATORS, DUTY, AGENCY = "leaders", "operators", "duty", "agency:"


def leaders() -> list[User]:
    """The people who lead the centre."""
    return list(_of_role(Role.LEADER))


def operators() -> list[User]:
    """The people who run it."""
    return list(_of_role(Role.OPERATOR))


def people_of(agency: Unit) -> list[User]:
    """The officers whose agency it is, or one that became part of it."""
    known = register.current()
    entry = known.by_key.get(agency.key)
    ids = known.territory(entry) if entry else frozenset({agency.pk})
    return list(_of_role(Role.OFFICER).filter(agency__in=ids))


def on_duty(post: str = "duty", at: datetime | None = None) -> list[User]:
    """Who has the turn at `post`; the operators when nobody has, or nobody who still has an account."""
    moment = at or timezone.now()
    turns = DutyTurn.objects.filter(post=post, starts_at__lte=moment, ends_at__gt=moment)
    return list(User.objects.filter(is_active=True, pk__in=turns.values("user"))) or operators()


def resolve(people: Iterable[int] | str) -> list[User]:
    """The people behind a rung: user ids, or "leaders", "operators", "duty", "duty:post", "agency:scheme:code".

    What nobody stands behind falls to the operators.
    """
    return _named(people) or operators()


def _named(people: Iterable[int] | str) -> list[User]:
    if not isinstance(people, str):
        return list(User.objects.filter(is_active=True, pk__in=list(people)))
    if people.startswith(AGENCY):
        agency = Unit.objects.filter(key=people.removeprefix(AGENCY)).first()
        return people_of(agency) if agency else operators()
    kind, _, post = people.partition(":")
    if kind == DUTY:
        return on_duty(post or "duty")
    return leaders() if kind == LEADERS else operators()


def _of_role(role: Role) -> QuerySet[User]:
    return User.objects.filter(role=role, is_active=True)

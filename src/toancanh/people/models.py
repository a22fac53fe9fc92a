"""Who uses the centre: people, what was granted to them, the walls that never sign out, and attempts to sign in."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from toancanh.people.permissions import Judging, Permission, reach
from toancanh.people.roles import BY_ROLE_ONLY, STANDINGS, Action, Role
from toancanh.units.models import Unit


class Theme(models.TextChoices):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class User(Judging, AbstractBaseUser):
    """A person with an account. `username` is kept in lower case; `post` is the office held (chức vụ)."""

    username = models.CharField(max_length=64, unique=True)
    full_name = models.CharField(max_length=120)
    post = models.CharField(max_length=160, blank=True)
    agency = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Role])
    only_grants = models.BooleanField(default=False)  # True: nothing by role, only what was granted
    language = models.CharField(max_length=2, default="vi", choices=[("vi", "vi"), ("en", "en")])
    theme = models.CharField(max_length=5, default=Theme.AUTO, choices=Theme.choices)
    single_keys = models.BooleanField(default=True)  # single-letter keyboard shortcuts
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager["User"]()

    address = ""  # set by the middleware for the length of a request
    read_only = False

    class Meta:
        ordering = ["full_name", "username"]

    def __str__(self) -> str:
        return self.username

    @property
    def label(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        return self.full_name or self.username

    @cached_property
    def permissions(self) -> tuple[Permission, ...]:
        """By role (unless `only_grants`) and by grant; nothing for an account that was closed."""
        if not self.is_active:
            return ()
        by_role = () if self.only_grants else self._by_role()
        grants = self.grants.select_related("agency", "area") if self.pk else ()
        return tuple(by_role) + tuple(grant.as_permission(self.role) for grant in grants)

    def _by_role(self) -> list[Permission]:
        standing = STANDINGS[Role(self.role)]
        found = [Permission(standing.everywhere)] if standing.everywhere else []
        if standing.own_agency and self.agency:
            found.append(Permission(standing.own_agency, agencies=reach(self.agency)))
        return found


class Grant(models.Model):
    """Actions allowed to one person inside a field, an agency and an area. "" and None mean any; an area covers all below it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    actions = models.JSONField()  # list of Action values
    field = models.CharField(max_length=64, blank=True, default="")
    agency = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user_id}: {','.join(self.actions)} {self.field or '*'} {self.agency_id or '*'} {self.area_id or '*'}"

    def as_permission(self, role: str) -> Permission:
        """What the grant allows to somebody of `role`; acts that the role may never do are left out."""
        return Permission(
            frozenset(Action(each) for each in self.actions) - STANDINGS[Role(role)].never - BY_ROLE_ONLY,
            field=self.field or None,
            agencies=reach(self.agency) if self.agency else None,
            areas=reach(self.area) if self.area else None,
        )


class WallDevice(models.Model):
    """A wall of screens that looks and never signs out. Only the hash of its token is kept."""

    name = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, default="vi", choices=[("vi", "vi"), ("en", "en")])
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """PENDING counts as failed until the password has been checked."""

    PENDING = "pending"
    FAILED = "failed"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"  # too many before it; the password was not looked at


class SignInAttempt(models.Model):
    """One try to sign in; kept 90 days, counted by the rate limit."""

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="attempt_by_account"),
            models.Index(fields=["address", "at"], name="attempt_by_address"),
            models.Index(fields=["at"], name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.account} from {self.address}: {self.outcome}"

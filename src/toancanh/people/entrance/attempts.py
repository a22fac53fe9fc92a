"""How often one may try to sign in: five wrong tries an account, thirty an address, within fifteen minutes.

Each try is written down before the password is looked at, so that a hundred tries at once count as a hundred. Where a person
has signed in from lately, only the tries of that place count against the account: a stranger cannot lock a leader out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import QuerySet
from django.utils import timezone

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.models import Outcome, SignInAttempt

WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 5
ADDRESS_LIMIT = 30
FAMILIAR = timedelta(days=30)
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TooMany:
    """Why a try was not even looked at. `minutes` until the next may be made; `first` = first refusal of this window."""

    minutes: int
    first: bool

    def problem(self) -> Problem:
        return Problem(
            "too-many-attempts",
            429,
            Text("Đăng nhập sai quá nhiều lần", "Too many failed attempts"),
            Text(
                f"Thử lại sau {self.minutes} phút. Nếu quên mật khẩu, đề nghị quản trị hệ thống đặt lại.",
                f"Try again in {self.minutes} minutes. If you forgot the password, ask the administrator to reset it.",
            ),
        )


def begin(account: str, address: str) -> SignInAttempt | TooMany:
    """Write a try down; the caller settles it with `settle` once the password was checked."""
    now = timezone.now()
    attempt = SignInAttempt.objects.create(account=account[:64], address=address, at=now)
    blocked_until = max(_account_free_at(attempt), _address_free_at(attempt))
    if blocked_until <= now:
        return attempt
    refused = SignInAttempt.objects.filter(account=attempt.account, address=address, outcome=Outcome.REFUSED, at__gt=now - WINDOW)
    first = not refused.exists()
    if first:
        settle(attempt, Outcome.REFUSED)
    else:
        attempt.delete()  # one refusal tells the story; a flood must not fill the disk
    return TooMany(max(1, ceil((blocked_until - now) / timedelta(minutes=1))), first)


def settle(attempt: SignInAttempt, outcome: Outcome) -> None:
    """What became of the try."""
    attempt.outcome = outcome
    attempt.save(update_fields=["outcome"])


def forget_old() -> int:
    """Drop tries older than ninety days. Returns how many."""
    return SignInAttempt.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def _account_free_at(attempt: SignInAttempt) -> datetime:
    tries = SignInAttempt.objects.filter(account=attempt.account)
    here = tries.filter(address=attempt.address, outcome=Outcome.SUCCEEDED)
    if here.filter(at__gt=attempt.at - FAMILIAR).exists():
        tries = tries.filter(address=attempt.address)
    lately = tries.filter(outcome=Outcome.SUCCEEDED, address=attempt.address).order_by("-at").values_list("at", flat=True).first()
    wrong = _wrong_before(tries, attempt)
    return _free_at(wrong.filter(at__gt=lately) if lately else wrong, ACCOUNT_LIMIT, attempt.at)


def _address_free_at(attempt: SignInAttempt) -> datetime:
    return _free_at(_wrong_before(SignInAttempt.objects.filter(address=attempt.address), attempt), ADDRESS_LIMIT, attempt.at)


def _wrong_before(tries: QuerySet[SignInAttempt], attempt: SignInAttempt) -> QuerySet[SignInAttempt]:
    return tries.filter(outcome__in=(Outcome.PENDING, Outcome.FAILED), at__gt=attempt.at - WINDOW).exclude(pk=attempt.pk)


def _free_at(wrong: QuerySet[SignInAttempt], limit: int, now: datetime) -> datetime:
    """When fewer than `limit` wrong tries lie within the window again."""
    newest = list(wrong.order_by("-at").values_list("at", flat=True)[:limit])
    return newest[-1] + WINDOW if len(newest) == limit else now

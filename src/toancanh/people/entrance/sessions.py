"""Begins and ends a person's session: sign-in, sign-out, and looking through somebody else's eyes ("xem như")."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction

from toancanh.audit.services import record
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.actors import PREVIEW_KEY, PreviewActor
from toancanh.people.entrance import attempts
from toancanh.people.entrance.addresses import neighbourhood
from toancanh.people.entrance.credentials import LONGEST_PASSWORD, normal_username
from toancanh.people.models import Outcome, User
from toancanh.people.permissions import Request
from toancanh.people.policy import require
from toancanh.people.roles import Action, Role


def sign_in(request: Request, username: str, password: str) -> User:
    """Open a session under a new key. Raises `Problem` 401 (one wording for every cause) or 429 (with the minutes to wait)."""
    account, address = normal_username(username)[:64], request.actor.address
    attempt = attempts.begin(account, neighbourhood(address))
    if isinstance(attempt, attempts.TooMany):
        if attempt.first:
            record("public", "people.sign_in_blocked", f"user:{account}", address=address)
        raise attempt.problem()
    user = authenticate(request, username=account, password=password[: LONGEST_PASSWORD + 1])
    with transaction.atomic():
        if not isinstance(user, User) or user.role == Role.MACHINE:
            user = None
            attempts.settle(attempt, Outcome.FAILED)
            record("public", "people.sign_in_failed", f"user:{account}", address=address)
        else:
            login(request, user)  # a new session key and a new CSRF token
            attempts.settle(attempt, Outcome.SUCCEEDED)
            attempts.forget_old()
            record(user.label, "people.sign_in", f"user:{user.username}", address=address)
    if user is None:
        raise wrong()
    return user


def sign_out(request: Request) -> None:
    """End the session, also out of a preview. Nothing happens when nobody is signed in."""
    if not request.user.is_authenticated:
        return
    with transaction.atomic():
        record(request.actor.label, "people.sign_out", f"user:{request.user.username}", address=request.actor.address)
        logout(request)


def start_preview(request: Request, viewed: User, *, reason: str = "") -> None:
    """See the centre as `viewed` does, read-only, until `stop_preview` or sign-out. For administrators."""
    require(request.actor, Action.ADMINISTER)
    if viewed.pk == request.user.pk or not viewed.is_active:
        raise _not_previewable()
    actor = request.actor
    with transaction.atomic():
        record(actor.label, "people.start_preview", f"user:{viewed.username}", reason=reason, address=actor.address)
        request.session[PREVIEW_KEY] = viewed.pk
        request.session.save()


def stop_preview(request: Request) -> None:
    """Back to one's own eyes."""
    if not isinstance(request.actor, PreviewActor):
        return
    with transaction.atomic():
        subject = f"user:{request.actor.viewed.username}"
        record(request.user.username, "people.stop_preview", subject, address=request.actor.address)
        request.session.pop(PREVIEW_KEY, None)
        request.session.save()


def forget_ended() -> None:
    """Drop sessions that ran out and tries to sign in that are too old to count."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    attempts.forget_old()


def wrong() -> Problem:
    """One wording whether the account, the password or the state of the account is at fault."""
    return Problem(
        "sign-in-failed",
        401,
        Text("Không đăng nhập được", "Sign-in failed"),
        Text(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra rồi nhập lại.",
            "The account name or password is wrong. Check and try again.",
        ),
    )


def _not_previewable() -> Problem:
    return Problem(
        "not-previewable",
        422,
        Text("Không xem như người này được", "This preview is not possible"),
        Text("Chọn một tài khoản khác đang hoạt động.", "Choose another account that is open."),
    )

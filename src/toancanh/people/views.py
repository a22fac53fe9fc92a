"""The gate of every page (`require`), signing in and out, one's own password and settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toancanh.audit.telling import after
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import LANGUAGES, Text
from toancanh.people import services
from toancanh.people.entrance import kept, sessions
from toancanh.people.entrance.forms import own_password_fields, sign_in_fields
from toancanh.people.middleware import LANGUAGE_COOKIE, THEME_COOKIE
from toancanh.people.models import Theme, User
from toancanh.people.permissions import Request
from toancanh.people.policy import not_allowed, read_only
from toancanh.people.refusals import refuse, to_sign_in
from toancanh.people.roles import Action

View = Callable[..., HttpResponseBase]
CHOSEN_COOKIE = "chosen"  # which preferences were chosen before signing in
STALE = Problem(
    "stale-form",
    403,
    Text("Trang này đã cũ", "This page is out of date"),
    Text(
        "Trang mở từ phiên làm việc trước. Quay lại, tải lại trang rồi gửi lần nữa.",
        "It was left open over a sign-in. Go back, reload the page and send it again.",
    ),
)
SIGN_IN = str(settings.LOGIN_URL)
_YEAR = 365 * 24 * 3600
_WHILE_SIGNING_IN = 15 * 60


def require(*actions: Action) -> Callable[[View], View]:
    """Decorator: the public goes to the sign-in page (401 under /api/); who may do none of `actions` anywhere gets the lock.

    The queries and services behind the page still limit what is seen and done there.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.actor.is_authenticated:
                return to_sign_in(request)
            if not any(request.actor.can(action) for action in actions):
                return refuse(request, not_allowed(actions[0]))
            return view(request, *args, **kwargs)

        return never_cache(gated)

    return decorate


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """S34. After sign-in: the page that was asked for, else the overview."""
    back = safe_next(request)
    if request.method == "GET":
        return HttpResponseRedirect(back) if request.user.is_authenticated else _sign_in_page(request, back)
    username = request.POST.get("username", "")
    try:
        user = sessions.sign_in(request, username, request.POST.get("password", ""))
    except Problem as problem:
        return _sign_in_page(request, back, username, problem)
    chosen = _chosen_before(request)
    services.set_preferences(user, **chosen)
    response = HttpResponseRedirect(reverse("people:send_again") if kept.kept(request) else back)
    _keep(response, LANGUAGE_COOKIE, chosen.get("language", user.language))
    _keep(response, THEME_COOKIE, chosen.get("theme", user.theme))
    response.delete_cookie(CHOSEN_COOKIE)
    kept.remember(response, user)
    return response


def _chosen_before(request: Request) -> dict[str, str]:
    """The language and theme chosen on the sign-in page just now: they win over what the account kept."""
    names = request.COOKIES.get(CHOSEN_COOKIE, "").split("-")
    chosen = {"language": request.actor.language, "theme": request.actor.theme}
    return {name: value for name, value in chosen.items() if name in names}


def _sign_in_page(request: Request, back: str, username: str = "", problem: Problem | None = None) -> HttpResponse:
    context = {"fields": sign_in_fields(username[:64]), "next": back, "problem": problem, "kept": kept.kept(request)}
    return render(request, "people/sign_in.html", context, status=problem.status if problem else 200)


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session; signing in again leads back to the page one left."""
    left = urlsplit(request.headers.get("Referer", ""))
    sessions.sign_out(request)
    back = left.path if left.netloc == request.get_host() else ""
    query = f"?{urlencode({'next': back})}" if back.startswith("/") and back not in ("/", SIGN_IN) else ""
    response = HttpResponseRedirect(SIGN_IN + query)
    kept.forget(response)
    return response


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def own_password(request: Request) -> HttpResponse:
    """Choose a new password; the other sessions of the account end."""
    if not isinstance(request.actor, User):
        return to_sign_in(request) if not request.actor.is_authenticated else refuse(request, read_only())
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _change_own_password(request, request.actor)
        if not errors:
            return after(request, "people.change_own_password", "/")
    user = request.actor
    context = {"fields": own_password_fields(errors), "temporary": user.must_change_password, "username": user.username}
    return render(request, "people/own_password.html", context, status=422 if errors else 200)


def _change_own_password(request: Request, user: User) -> dict[str, str]:
    """Errors by field; empty when it is done."""
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        vi, en = "Hai lần nhập mật khẩu mới chưa giống nhau. Nhập lại.", "The two new passwords differ. Enter them again."
        return {"again": en if user.language == "en" else vi}
    try:
        changed = services.change_own_password(user, request.POST.get("old", ""), new)
    except Problem as problem:
        return {"old" if problem.code == "wrong-password" else "new": problem.detail.to(user.language)}
    update_session_auth_hash(request, changed)
    return {}


@require_POST
def preferences(request: Request) -> HttpResponse:
    """POST language=vi|en, theme=auto|light|dark, keys=on|off (any of them), next=. The public keeps them in cookies only."""
    wanted: dict[str, object] = {}
    if request.POST.get("language") in LANGUAGES:
        wanted["language"] = request.POST["language"]
    if request.POST.get("theme") in Theme.values:
        wanted["theme"] = request.POST["theme"]
    if request.POST.get("keys") in ("on", "off"):
        wanted["single_keys"] = request.POST["keys"] == "on"
    if isinstance(request.user, User):
        services.set_preferences(request.user, **wanted)
    response = HttpResponseRedirect(safe_next(request))
    for name, cookie in (("language", LANGUAGE_COOKIE), ("theme", THEME_COOKIE)):
        if name in wanted:
            _keep(response, cookie, str(wanted[name]))
    if not isinstance(request.user, User):
        chosen = {*request.COOKIES.get(CHOSEN_COOKIE, "").split("-"), *wanted} & {"language", "theme"}
        _keep(response, CHOSEN_COOKIE, "-".join(sorted(chosen)), _WHILE_SIGNING_IN)
    return response


@require_POST
def stop_preview(request: Request) -> HttpResponse:
    """Back to one's own eyes."""
    sessions.stop_preview(request)
    return HttpResponseRedirect("/people")


def stale_form(request: Request, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django names the reason; people need the cure
    """The answer to a form without its token (settings.CSRF_FAILURE_VIEW): mostly a page left open over a sign-in. A form that
    came from a page of ours can be sent again as it is."""
    form = None if request.path.startswith(("/api/", SIGN_IN)) else kept.of(request)
    if form is None:
        return refuse(request, STALE)
    if not request.actor.is_authenticated:
        return to_sign_in(request)
    return render(request, "people/send_again.html", {"form": form}, status=STALE.status)


@never_cache
@require_GET
def send_again(request: Request) -> HttpResponse:
    """After signing in: the form that came too late, to be looked at and sent again."""
    if not request.actor.is_authenticated:
        return to_sign_in(request)
    form = kept.kept(request)
    if form is None:
        return HttpResponseRedirect("/")
    response = render(request, "people/send_again.html", {"form": form})
    response.delete_cookie(kept.COOKIE, samesite="Strict")
    return response


def safe_next(request: Request) -> str:
    """Where `next=` leads, when that is a page of ours; else the overview."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if ours and not urlsplit(wanted).path.startswith(SIGN_IN) else "/"


def _keep(response: HttpResponse, name: str, value: str, seconds: int = _YEAR) -> None:
    response.set_cookie(name, value, max_age=seconds, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True)

"""The administrators' pages: people, grants, walls."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toancanh.audit.telling import after
from toancanh.kernel.problem import Problem
from toancanh.people import queries, services
from toancanh.people.actors import WALL_COOKIE
from toancanh.people.administration import forms, listings
from toancanh.people.entrance import sessions
from toancanh.people.entrance.credentials import plain
from toancanh.people.middleware import wall_address
from toancanh.people.models import User
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import tx

PAGE = 50
_TEN_YEARS = 10 * 365 * 24 * 3600


@require_GET
@require(Action.ADMINISTER)
def people(request: Request) -> HttpResponse:
    """All accounts, found by name and role."""
    q, role = plain(request.GET.get("q", "")), plain(request.GET.get("role", ""))
    found = queries.people(request.actor, q=q, role=role)
    return render(request, "people/people.html", {"table": listings.people_table(found), "q": q, "role": forms.role_field(role)})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@require(Action.ADMINISTER)
def new_person(request: Request) -> HttpResponse:
    """Make an account."""
    if request.method == "GET":
        return _new_person_page(request, {})
    posted = request.POST
    try:
        profile = forms.profile_from(posted)
        user = services.create_user(
            request.actor, posted.get("username", ""), posted.get("password", ""), posted.get("role", ""), profile
        )
    except Problem as problem:
        return _new_person_page(request, {forms.FIELD_OF_PROBLEM.get(problem.code, "username"): tx(problem.detail)})
    return after(request, "people.create_user", reverse("people:person", args=[user.pk]))


def _new_person_page(request: Request, errors: dict[str, str]) -> HttpResponse:
    context = {"fields": forms.new_account_fields(request.POST, errors)}
    return render(request, "people/new_person.html", context, status=422 if errors else 200)


@require_GET
@require(Action.ADMINISTER)
def person(request: Request, pk: int) -> HttpResponse:
    """One account: who, what is allowed, and what can be done about it."""
    return _person_page(request, queries.person(request.actor, pk))


def _person_page(request: Request, user: User, problem: Problem | None = None) -> HttpResponse:
    granted = queries.grants(request.actor, user)
    context = {
        "person": user,
        "facts": listings.person_facts(user),
        "grants": [(listings.grant_words(each), each.pk) for each in granted],
        "profile_fields": forms.profile_fields(forms.profile_of(user), {}),
        "role_field": forms.role_field(user.role),
        "grant_fields": forms.grant_fields(user),
        "password_field": forms.password_field(),
        "problem": problem,
        "oneself": user.pk == request.user.pk,
    }
    return render(request, "people/person.html", context, status=problem.status if problem else 200)


@sensitive_post_parameters("password")
@require_POST
@require(Action.ADMINISTER)
def change_person(request: Request, pk: int, act: str) -> HttpResponse:
    """One of `ACTS` on one account."""
    user = queries.person(request.actor, pk)
    try:
        ACTS[act](request, user)
    except Problem as problem:
        return _person_page(request, user, problem)
    if act == "preview":
        return HttpResponseRedirect("/")
    return after(request, AUDITED[act], reverse("people:person", args=[pk]))


def _profile(request: Request, user: User) -> None:
    services.change_profile(request.actor, user, forms.profile_from(request.POST))


def _role(request: Request, user: User) -> None:
    posted = request.POST
    only = posted.get("only_grants") == "1"
    services.change_role(request.actor, user, posted.get("role", ""), only_grants=only, reason=forms.text(posted, "reason"))


def _password(request: Request, user: User) -> None:
    services.set_password(request.actor, user, request.POST.get("password", ""))


def _grant(request: Request, user: User) -> None:
    posted = request.POST
    scope = forms.scope_from(posted)
    services.add_grant(request.actor, user, forms.actions_from(posted), scope, reason=forms.text(posted, "reason"))


def _close(request: Request, user: User) -> None:
    services.close_account(request.actor, user, reason=forms.text(request.POST, "reason"))


def _open(request: Request, user: User) -> None:
    services.open_account(request.actor, user, reason=forms.text(request.POST, "reason"))


def _preview(request: Request, user: User) -> None:
    sessions.start_preview(request, user, reason=forms.text(request.POST, "reason"))


ACTS: dict[str, Callable[[Request, User], None]] = {
    "profile": _profile,
    "role": _role,
    "password": _password,
    "grant": _grant,
    "close": _close,
    "open": _open,
    "preview": _preview,
}
AUDITED = {
    "profile": "people.change_profile", "role": "people.change_role", "password": "people.set_password",
    "grant": "people.add_grant", "close": "people.close_account", "open": "people.open_account",
}  # fmt: skip


@require_POST
@require(Action.ADMINISTER)
def remove_grant(request: Request, pk: int) -> HttpResponse:
    """Take a grant back."""
    grant = queries.grant(request.actor, pk)
    services.remove_grant(request.actor, grant, reason=forms.text(request.POST, "reason"))
    return after(request, "people.remove_grant", reverse("people:person", args=[grant.user_id]))


@require_GET
@require(Action.DIRECT, Action.ADMINISTER)
def walls(request: Request) -> HttpResponse:
    """The walls, and the form that turns this browser into one."""
    return _walls_page(request)


def _walls_page(request: Request, problem: Problem | None = None) -> HttpResponse:
    context = {"walls": listings.walls(queries.walls(request.actor)), "problem": problem}
    return render(request, "people/walls.html", context, status=problem.status if problem else 200)


@require_POST
@require(Action.DIRECT, Action.ADMINISTER)
def make_wall(request: Request) -> HttpResponse:
    """This browser becomes a wall: it gets the wall's cookie and the person is signed out."""
    try:
        _device, token = services.add_wall(request.actor, forms.text(request.POST, "name"), language=request.actor.language)
    except Problem as problem:
        return _walls_page(request, problem)
    sessions.sign_out(request)
    response = HttpResponseRedirect(wall_address())
    response.set_cookie(
        WALL_COOKIE, token, max_age=_TEN_YEARS, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@require_POST
@require(Action.DIRECT, Action.ADMINISTER)
def revoke_wall(request: Request, pk: int) -> HttpResponse:
    """A wall stops being one."""
    services.revoke_wall(request.actor, queries.wall(request.actor, pk), reason=forms.text(request.POST, "reason"))
    return after(request, "people.revoke_wall", reverse("people:walls"))

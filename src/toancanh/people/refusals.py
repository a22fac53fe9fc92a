"""A refusal before the view is reached: problem details for programs, the page with the lock for people."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.entrance import kept
from toancanh.people.permissions import Request
from toancanh.ui.programs import as_details

SIGN_IN_FIRST = Problem(
    "sign-in-first",
    401,
    Text("Chưa đăng nhập", "Not signed in"),
    Text("Đăng nhập rồi thực hiện lại.", "Sign in and try again."),
)


def refuse(request: Request, problem: Problem) -> HttpResponse:
    """`problem` as the asker can read it."""
    if request.path.startswith("/api/"):
        return as_details(request, problem)
    return render(request, "people/denied.html", {"problem": problem}, status=problem.status)


def to_sign_in(request: Request) -> HttpResponse:
    """Send the public to the sign-in page and back afterwards; a fragment request moves the whole page there, and what a form
    said is kept until then."""
    if request.path.startswith("/api/"):
        return refuse(request, SIGN_IN_FIRST)
    fragment = request.headers.get("HX-Request") == "true"
    form = None if fragment else kept.of(request)
    here = request.get_full_path() if request.method == "GET" else form.page if form else "/"
    address = f"{settings.LOGIN_URL}?{urlencode({'next': request.headers.get('HX-Current-URL', '/') if fragment else here})}"
    if fragment:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    response = HttpResponseRedirect(address)
    if form is not None:
        kept.keep(request, response, form)
    return response

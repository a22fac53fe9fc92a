"""Answers for programs: refusals as problem details (RFC 9457), and ETags on what is asked for again and again."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers, set_response_etag

from toancanh.kernel.problem import Problem
from toancanh.ui.language import current

PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER = {429: "60", 503: "5", 507: "60"}  # seconds
View = Callable[..., HttpResponse]


def as_details(request: HttpRequest, problem: Problem) -> HttpResponse:
    """`problem` as problem details, in the language that Accept-Language names, else in the asker's own."""
    language = _wanted(request) or current()
    body = json.dumps(problem.details(language), ensure_ascii=False)
    answer = HttpResponse(body, status=problem.status, content_type=PROBLEM_TYPE)
    answer.headers["Content-Language"] = language
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="toancanh"'
    if problem.status in RETRY_AFTER:
        answer.headers["Retry-After"] = RETRY_AFTER[problem.status]
    return answer


def _wanted(request: HttpRequest) -> str:
    for part in request.headers.get("Accept-Language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith(("vi", "en")):
            return tag[:2]
    return ""


def asked_again(view: View) -> View:
    """A view whose answers to GET carry an ETag; If-None-Match is honoured. For the asker's own cache alone.

    An ETag that the view gave (a record's version) stays in front: If-Match reads the version, the rest tells two looks of one
    version apart, such as those of two people.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        answer = view(request, *args, **named)
        if request.method != "GET" or answer.status_code != 200:
            return answer
        patch_cache_control(answer, private=True, no_cache=True)
        patch_vary_headers(answer, ("Authorization", "Cookie"))
        version = answer.headers.get("ETag", "").strip('"')
        set_response_etag(answer)
        if version:
            answer.headers["ETag"] = f'"{version}-{answer.headers["ETag"].strip(chr(34))}"'
        return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer

    return wrapped

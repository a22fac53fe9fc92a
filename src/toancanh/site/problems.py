"""Turns refusals into answers: problem details (RFC 9457) for programs, a page that says what to do for people."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from toancanh.intake.receiving import too_large
from toancanh.jobs.disk import disk_full, is_full
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.ui.language import current

log = logging.getLogger(__name__)

NOT_FOUND = Problem(
    "not-found", 404, Text("Không tìm thấy trang", "Page not found"),
    Text(
        "Địa chỉ này không có. Quay về trang Tổng quan hoặc dùng ô tìm kiếm.",
        "There is nothing here. Go back to the overview or search.",
    ),
)
BROKEN = Problem(
    "broken", 500, Text("Trang gặp sự cố", "Something broke"),
    Text("Thử lại sau ít phút. Sự cố đã được ghi lại.", "Try again in a few minutes. The fault has been recorded."),
)
FORM_AROUND_A_FILE = 64 * 1024  # bytes of a form besides its file


class ProblemPages:
    """Answers a `Problem` raised by a view, and what no view should have to look at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wrong = _unreadable(request)
        return answer(request, wrong) if wrong else self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this for an exception of a view."""
        if isinstance(exception, Problem):
            return answer(request, exception)
        return answer(request, disk_full()) if is_full(exception) else None


def _unreadable(request: HttpRequest) -> Problem | None:
    """Why a request is not read at all: an address that no database takes, or a file far too large, before it is spooled.
    The delivery door measures bodies itself."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return NOT_FOUND
    length = request.META.get("CONTENT_LENGTH") or ""
    if not request.path.startswith("/api/") and length.isdigit():
        return too_large() if int(length) > settings.LARGEST_DELIVERY + FORM_AROUND_A_FILE else None
    return None


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """`problem` as JSON under /api/, else as a page."""
    if request.path.startswith("/api/"):
        return JsonResponse(problem.details(current()), status=problem.status, content_type="application/problem+json")
    return render(request, "ui/problem.html", {"problem": problem}, status=problem.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    return answer(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of a fault of ours, or of a full disk that no view met (a session is written after it).

    When even its frame cannot be made (the database is away), plain words.
    """
    problem = disk_full() if is_full(sys.exc_info()[1]) else BROKEN
    try:
        return answer(request, problem)
    except Exception:
        log.exception("the page of a fault could not be made")
        words = f"{problem.title.vi}. {problem.detail.vi}\n{problem.title.en}. {problem.detail.en}\n"
        return HttpResponse(words, status=problem.status, content_type="text/plain; charset=utf-8")

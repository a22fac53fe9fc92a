"""Turns refusals into answers: problem details (RFC 9457) for programs, a page that says what to do for people."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render

from toancanh.intake.doors.push import wrong_method
from toancanh.intake.receiving import too_large
from toancanh.jobs.disk import refusal_of
from toancanh.kernel.plain import plain
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.ui.programs import PROBLEM_TYPE, as_details

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
BAD_REQUEST = Problem(
    "bad-request", 400, Text("Yêu cầu chưa đúng", "Bad request"),
    Text(
        "Máy chủ không hiểu yêu cầu này. Kiểm tra tên máy và địa chỉ rồi gửi lại.",
        "The centre does not understand this request. Check the host name and the address and send it again.",
    ),
)
CUT = Problem(
    "cut", 400, Text("Nội dung bị cắt", "The content was cut"),
    Text("Chưa nhận gì; gửi lại toàn bộ.", "Nothing was taken; send all of it again."),
)
TOO_MUCH = Problem(
    "too-large", 413, Text("Nội dung quá lớn", "Too much content"),
    Text("Nội dung gửi dài quá 1 MB. Rút gọn rồi gửi lại.", "The content is longer than 1 MB. Shorten it and send again."),
)
FORM_ONLY = Problem(
    "form-only", 405, Text("Địa chỉ này chỉ nhận biểu gửi", "Only a form can be sent here"),
    Text("Quay lại trang có biểu rồi gửi từ đó.", "Go back to the page with the form and send it from there."),
)
READ_ONLY = Problem(
    "read-only", 405, Text("Địa chỉ này chỉ để xem", "This address is only for reading"),
    Text("Mở trang bình thường; chưa nhận nội dung nào.", "Open the page as usual; nothing was taken."),
)
FORM_AROUND_A_FILE = 64 * 1024  # bytes of a form besides its file


class ProblemPages:
    """Answers a `Problem` raised by a view, and what no view should have to look at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wrong = _unreadable(request)
        return answer(request, wrong) if wrong else _in_our_words(request, self.get_response(request))

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Django calls this before every view: what a form says comes in as plain text."""
        if request.method != "POST" or request.path.startswith("/api/"):
            return None
        try:
            request.POST = _plain(request.POST)  # type: ignore[assignment]  # a form that is changed no more
        except Exception as error:
            problem = _problem_of(error)
            if problem is None:
                raise
            return answer(request, problem)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this for an exception of a view."""
        problem = _problem_of(exception)
        return answer(request, problem) if problem else None


def _plain(form: QueryDict) -> QueryDict:
    """A form without characters that nobody sees and no database takes."""
    said = {name: [plain(each) for each in values] for name, values in form.lists()}
    if said == dict(form.lists()):
        return form
    cleaned = form.copy()
    for name, values in said.items():
        cleaned.setlist(name, values)
    return cleaned


def _problem_of(exception: Exception) -> Problem | None:
    if isinstance(exception, Problem):
        return exception
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return TOO_MUCH
    if isinstance(exception, UnreadablePostError):
        return CUT
    return refusal_of(exception)


def _unreadable(request: HttpRequest) -> Problem | None:
    """Why a request is not read at all: an address that no database takes, or a file far too large, before it is spooled.
    The delivery door measures bodies itself."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return NOT_FOUND
    length = request.META.get("CONTENT_LENGTH") or ""
    if not request.path.startswith("/api/") and length.isdigit():
        return too_large() if int(length) > settings.LARGEST_DELIVERY + FORM_AROUND_A_FILE else None
    return None


def _in_our_words(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What the framework refuses without a word (a method that an address does not take), for programs and for people."""
    if response.status_code != 405 or response.headers["Content-Type"] == PROBLEM_TYPE:
        return response
    allowed = response.headers["Allow"]
    page = FORM_ONLY if "POST" in allowed else READ_ONLY
    refused = as_details(request, wrong_method(allowed)) if request.path.startswith("/api/") else answer(request, page)
    refused.headers["Allow"] = allowed
    return refused


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """`problem` as JSON under /api/, else as a page."""
    if request.path.startswith("/api/"):
        return as_details(request, problem)
    return render(request, "ui/problem.html", {"problem": problem}, status=problem.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    return answer(request, NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is refused before any page is reached. In plain words: a request like this has no frame to be shown in."""
    if request.path.startswith("/api/"):
        return as_details(request, _problem_of(exception) or BAD_REQUEST)
    words = f"{BAD_REQUEST.title.vi}. {BAD_REQUEST.detail.vi}\n{BAD_REQUEST.title.en}. {BAD_REQUEST.detail.en}\n"
    return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")


def broken(request: HttpRequest) -> HttpResponse:
    """The page of a fault of ours, or of a full disk or a busy database that no view met (a session is written after it).

    When even its frame cannot be made (the database is away), plain words.
    """
    problem = refusal_of(sys.exc_info()[1]) or BROKEN
    try:
        return answer(request, problem)
    except Exception:
        log.exception("the page of a fault could not be made")
        words = f"{problem.title.vi}. {problem.detail.vi}\n{problem.title.en}. {problem.detail.en}\n"
        return HttpResponse(words, status=problem.status, content_type="text/plain; charset=utf-8")

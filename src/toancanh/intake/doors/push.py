"""The HTTP push door: programs post deliveries with their source's key, and look up what became of them.

Plain Django views: rows never pass through a form or a schema of the web framework. Answers are JSON; refusals are problem
details
(RFC 9457) in the language of Accept-Language, with both wordings beside it.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from toancanh.intake import policy, queries, services
from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.doors.keys import source_of_key
from toancanh.intake.models import Delivery
from toancanh.intake.reading.payload import Payload
from toancanh.intake.receiving import too_large
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

PIECE = 256 * 1024
GZIP_MARK = b"\x1f\x8b"
PAGE, MOST_PAGE = 100, 1_000

View = Callable[..., HttpResponse]


def wants(request: HttpRequest) -> str:
    """"en" when the client prefers English, else "vi"."""
    for part in request.headers.get("Accept-Language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith(("vi", "en")):
            return tag[:2]
    return "vi"


def problem_answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """`problem` as problem details."""
    language = wants(request)
    body = json.dumps(problem.details(language), ensure_ascii=False)
    answer = HttpResponse(body, status=problem.status, content_type="application/problem+json")
    answer.headers["Content-Language"] = language
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="toancanh"'
    if problem.status in (503, 507):
        answer.headers["Retry-After"] = "60"
    return answer


def answering(*methods: str) -> Callable[[View], View]:
    """A view of the door: only `methods`, no CSRF (programs carry a key, not a cookie), refusals as problem details."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if request.method not in methods:
                answer = problem_answer(request, _wrong_method(methods))
                answer.headers["Allow"] = ", ".join(methods)
                return answer
            try:
                return view(request, *args, **named)
            except Problem as problem:
                return problem_answer(request, problem)

        return wrapped

    return wrap


def _wrong_method(methods: tuple[str, ...]) -> Problem:
    return refuse_whole(
        "wrong-method", f"Địa chỉ này chỉ nhận {', '.join(methods)}.", f"This address only takes {', '.join(methods)}.", 405,
        Text("Sai phương thức", "Method not allowed"),
    )


@answering("POST")
def deliver(request: HttpRequest, dataset: str) -> HttpResponse:
    """POST datasets/{dataset}/deliveries: 201 with the receipt, 200 with the same receipt when it had come before."""
    source = source_of_key(request.headers.get("Authorization", ""))
    payload = Payload(
        body=read_body(request), content_type=request.headers.get("Content-Type", ""), key=request.headers.get("Idempotency-Key"),
        via="push", sender=f"source:{source.code}",
    )
    receipt = services.receive(source, dataset, payload)
    answer = JsonResponse(receipt.body(), status=201 if receipt.created else 200)
    answer.headers["Location"] = f"/api/v1/deliveries/{receipt.id}"
    return answer


@answering("GET", "HEAD")
def delivery(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET deliveries/{id}: the receipt and how far the delivery has come."""
    found = _visible(request, uid)
    return JsonResponse(
        {**found.receipt, "dataset": found.dataset, "state": found.state, "received_at": found.received_at.isoformat()},
    )


@answering("GET", "HEAD")
def quarantine(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET deliveries/{id}/quarantine?offset=&limit=: held rows with row, column and cure."""
    found = _visible(request, uid)
    offset, limit = _whole(request, "offset", 0, 10_000_000), _whole(request, "limit", PAGE, MOST_PAGE)
    rows = found.held.order_by("position")[offset : offset + limit]
    listed = [{"line": row.line, "state": row.state, "values": row.raw, "problems": row.problems} for row in rows]
    return JsonResponse({"id": str(found.uid), "quarantined": found.quarantined, "offset": offset, "rows": listed})


def _whole(request: HttpRequest, name: str, default: int, most: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise refuse_whole("bad-number", f"“{name}” phải là số nguyên không âm.", f"“{name}” must be a whole number, 0 or more.")
    return min(int(text), most)


def _visible(request: HttpRequest, uid: UUID) -> Delivery:
    """A delivery of the key's own source, or one that the signed-in person may work on."""
    actor = getattr(request, "actor", None)
    found = Delivery.objects.select_related("source").filter(uid=uid)
    if request.headers.get("Authorization") or actor is None or not actor.is_authenticated:
        found = found.filter(source=source_of_key(request.headers.get("Authorization", "")))
    else:
        found = policy.deliveries(found, actor, queries.WORK)
    one = found.first()
    if one is None:
        raise refuse_whole(
            "unknown-delivery", "Không có lần gửi này của nguồn. Kiểm tra mã lần gửi.",
            "The source has no such delivery. Check its id.", 404,
            Text("Không tìm thấy lần gửi", "No such delivery"),
        )
    return one


def read_body(request: HttpRequest) -> bytes:
    """The whole body, never more than the largest delivery: too large is refused by its announced length before a byte is
    read."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    length = int(announced) if announced.isdigit() else None
    if length is not None and length > settings.LARGEST_DELIVERY:
        raise too_large()
    stream: Any = request if length is not None else request.environ["wsgi.input"]  # type: ignore[attr-defined]
    body = bytearray()
    while len(body) < (settings.LARGEST_DELIVERY + 1 if length is None else length):
        piece = stream.read(PIECE if length is None else min(PIECE, length - len(body)))
        if not piece:
            break
        body += piece
    if len(body) > settings.LARGEST_DELIVERY:
        raise too_large()
    if length is not None and len(body) < length:
        raise refuse_whole(
            "cut", f"Chỉ nhận được {len(body)} trong {length} byte. Chưa nhận gì; gửi lại toàn bộ.",
            f"Only {len(body)} of {length} bytes arrived. Nothing was taken; send all of it again.", 400,
        )
    return _unpacked(bytes(body), request.headers.get("Content-Encoding", "identity").strip().lower())


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise refuse_whole(
            "unsupported-encoding", f"Chưa nhận nén “{encoding[:40]}”. Dùng gzip.", f"“{encoding[:40]}” is not taken. Use gzip.",
            415,
        )
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as unpacked:  # all members, zeros after them, nothing else
            plain = unpacked.read(settings.LARGEST_DELIVERY + 1)
    except EOFError as error:
        raise refuse_whole(
            "cut", "Nội dung gzip bị cắt. Gửi lại toàn bộ.", "The gzip content was cut. Send all of it again.", 400,
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise refuse_whole(
            "bad-gzip", "Nội dung gzip hỏng hoặc có phần thừa phía sau. Nén lại rồi gửi.",
            "The gzip content is damaged or followed by something else. Compress it again and send.",
            400 if body.startswith(GZIP_MARK) else 422,
        ) from error
    if len(plain) > settings.LARGEST_DELIVERY:
        raise too_large()
    return plain


urlpatterns = [
    path("datasets/<str:dataset>/deliveries", deliver, name="deliver"),
    path("deliveries/<uuid:uid>", delivery, name="delivery"),
    path("deliveries/<uuid:uid>/quarantine", quarantine, name="delivery_quarantine"),
]

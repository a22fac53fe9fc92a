"""The HTTP push door: programs post deliveries with their source's key, and look up what became of them.

Plain Django views: rows never pass through a form or a schema of the web framework. Answers are JSON; refusals are problem
details
(RFC 9457) in the language of Accept-Language, with both wordings beside it.
"""

from __future__ import annotations

import gzip
import io
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
from toancanh.intake.doors.admission import a_hand, a_place
from toancanh.intake.doors.keys import source_of_key
from toancanh.intake.models import Delivery
from toancanh.intake.reading.payload import Payload
from toancanh.intake.reading.spreadsheet import ZIP_MARK
from toancanh.intake.receiving import too_large
from toancanh.kernel.cursors import cursor_of, place_of
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.ui.programs import as_details, asked_again

PIECE = 256 * 1024
GZIP_MARK = b"\x1f\x8b"
PLAIN = ("", "identity")
TELLS_ITS_END = (b"[", ZIP_MARK)  # a cut array or workbook cannot be read; cut lines can
PAGE, MOST_PAGE = 100, 1_000

View = Callable[..., HttpResponse]


def answering(*methods: str) -> Callable[[View], View]:
    """A view of the door: only `methods`, no CSRF (programs carry a key, not a cookie), refusals as problem details."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if request.method not in methods:
                allowed = ", ".join(methods)
                answer = as_details(request, wrong_method(allowed))
                answer.headers["Allow"] = allowed
                return answer
            try:
                return view(request, *args, **named)
            except Problem as problem:
                return as_details(request, problem)

        return wrapped

    return wrap


def wrong_method(allowed: str) -> Problem:
    """The refusal of a method that an address does not take; `allowed` names those that it does."""
    return refuse_whole(
        "wrong-method", f"Địa chỉ này chỉ nhận {allowed}.", f"This address only takes {allowed}.", 405,
        Text("Sai phương thức", "Method not allowed"),
    )


@answering("POST")
def deliver(request: HttpRequest, dataset: str) -> HttpResponse:
    """POST datasets/{dataset}/deliveries: 201 with the receipt, 200 with the same receipt when it had come before."""
    source = source_of_key(request.headers.get("Authorization", ""))
    with a_place(source.code):
        payload = Payload(
            body=read_body(request), content_type=request.headers.get("Content-Type", ""),
            key=request.headers.get("Idempotency-Key"), via="push", sender=f"source:{source.code}",
        )  # fmt: skip
        with a_hand():
            receipt = services.receive(source, dataset, payload)
    answer = JsonResponse(receipt.body(), status=201 if receipt.created else 200)
    answer.headers["Location"] = f"/api/v1/deliveries/{receipt.id}"
    return answer


@answering("GET", "HEAD")
@asked_again
def delivery(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET deliveries/{id}: the receipt and how far the delivery has come."""
    found = _visible(request, uid)
    return JsonResponse(
        {**found.receipt, "dataset": found.dataset, "state": found.state, "received_at": found.received_at.isoformat()},
    )


@answering("GET", "HEAD")
@asked_again
def quarantine(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET deliveries/{id}/quarantine?cursor=&limit=: held rows with row, column and cure."""
    found = _visible(request, uid)
    start, limit = place_of(request.GET.get("cursor", "")), _page_size(request)
    rows = found.held.order_by("position")[start : start + limit + 1]
    listed = [{"line": row.line, "state": row.state, "values": row.raw, "problems": row.problems} for row in rows]
    after = cursor_of(start + limit) if len(listed) > limit else None
    return JsonResponse({"id": str(found.uid), "quarantined": found.quarantined, "items": listed[:limit], "next": after})


def _page_size(request: HttpRequest) -> int:
    text = request.GET.get("limit", str(PAGE))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_PAGE):
        raise refuse_whole(
            "bad-number", f"“limit” phải là số nguyên từ 1 đến {MOST_PAGE}.",
            f"“limit” must be a whole number from 1 to {MOST_PAGE}.",
        )
    return int(text)


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
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if length is None and encoding in PLAIN and not body.lstrip().startswith(TELLS_ITS_END):
        raise _length_needed()
    return _unpacked(bytes(body), encoding)


def _length_needed() -> Problem:
    """The refusal of lines in pieces: the server cannot tell them whole from cut, and a part must not pass for the delivery."""
    return refuse_whole(
        "length-needed", "CSV hoặc NDJSON gửi từng phần phải có Content-Length hoặc nén gzip để biết đã nhận đủ. Chưa nhận gì.",
        "CSV or NDJSON sent in pieces needs Content-Length, or gzip, to be known as whole. Nothing was taken.", 411,
        Text("Chưa biết độ dài", "Length unknown"),
    )


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding in PLAIN:
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

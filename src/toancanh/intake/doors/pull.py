"""The scheduled pull door: asks addresses for a dataset at their pace, with ETag and If-Modified-Since, and backs off when they
fail.

TOANCANH_PULL_NETWORKS lists the private networks and host names that may be asked, for example "10.10.0.0/16,127.0.0.1/32".
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from toancanh.intake import services
from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.models import PullSchedule
from toancanh.intake.reading.payload import Payload
from toancanh.intake.receiving import too_large
from toancanh.jobs.outbound import GuardedTransport
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor

log = logging.getLogger(__name__)

NETWORKS = "TOANCANH_PULL_NETWORKS"
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
MOST_REDIRECTS = 3
DEADLINE_SECONDS = 60.0  # for a whole answer: a trickle of bytes never runs into the time limit of one read
_pulling = threading.Lock()
ACCEPTED = "application/json, application/x-ndjson, text/csv;q=0.9, */*;q=0.1"


def pull_beside() -> threading.Thread | None:
    """`pull_due` in a thread of its own, so that slow addresses do not keep deliveries from landing. None while one is at it."""
    if not _pulling.acquire(blocking=False):
        return None
    thread = threading.Thread(target=_pull_and_close, name="pull", daemon=True)
    thread.start()
    return thread


def _pull_and_close() -> None:
    try:
        pull_due()
    except Exception:
        log.exception("what is due could not be pulled; it is tried again within a minute")
    finally:
        connections.close_all()
        _pulling.release()


def pull_due(now: datetime | None = None, transport: httpx.BaseTransport | None = None) -> None:
    """Ask every address whose time has come."""
    moment = now or timezone.now()
    for schedule in PullSchedule.objects.filter(
        active=True, source__active=True, next_at__lte=moment,
    ).select_related("source__owner"):
        if _claim(schedule, moment):
            pull(schedule, moment, transport)


def _claim(schedule: PullSchedule, now: datetime) -> bool:
    """Take the turn, so that two workers do not ask twice."""
    turn = PullSchedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at)
    return bool(turn.update(next_at=now + schedule.every))


def pull(schedule: PullSchedule, now: datetime, transport: httpx.BaseTransport | None = None) -> None:
    """Ask one address and deliver what it gives; a failure is noted and the next try comes sooner or later by how often it
    failed."""
    try:
        _fetch(schedule, transport or GuardedTransport(NETWORKS))
    except Problem as problem:
        _failed(schedule, now, problem.detail)
    except Exception as error:  # whatever one address does, the others have their turn
        if not isinstance(error, httpx.HTTPError | httpx.InvalidURL | OSError):
            log.exception("pull %s failed in an unknown way", schedule.pk)
        said = str(error)[:200] or type(error).__name__
        _failed(
            schedule, now, Text(f"Không lấy được dữ liệu từ địa chỉ đã đặt: {said}", f"The address could not be read: {said}"),
        )
    else:
        PullSchedule.objects.filter(pk=schedule.pk).update(
            etag=schedule.etag, last_modified=schedule.last_modified, last_at=now, failures=0, last_error_vi="", last_error_en=""
        )


def _failed(schedule: PullSchedule, now: datetime, why: Text) -> None:
    failures = schedule.failures + 1
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    log.warning("pull %s failed (%d): %s", schedule.pk, failures, why.en)
    PullSchedule.objects.filter(pk=schedule.pk).update(
        failures=failures, next_at=now + pause, last_error_vi=why.vi, last_error_en=why.en
    )


def _fetch(schedule: PullSchedule, transport: httpx.BaseTransport) -> None:
    """Raises httpx's errors, OSError and `Problem`. Sets the schedule's etag and date when the delivery was taken."""
    until = time.monotonic() + DEADLINE_SECONDS
    hooks: dict[str, list[Callable[..., object]]] = {"request": [_guard_of(schedule, until)]}
    with (
        httpx.Client(
            transport=transport, timeout=TIMEOUT, follow_redirects=True, max_redirects=MOST_REDIRECTS, event_hooks=hooks,
        ) as client,
        client.stream("GET", schedule.address, headers=_headers(schedule)) as answer,
    ):
        if answer.status_code == 304:
            return
        if answer.status_code != 200:
            raise refuse_whole(
                "pull-status", f"Địa chỉ trả lời mã {answer.status_code}. Kiểm tra địa chỉ và khóa truy cập.",
                f"The address answered {answer.status_code}. Check the address and its key.",
            )
        body = _body(answer, until)
    name = schedule.address.split("?")[0].rpartition("/")[2]
    content_type = answer.headers.get("Content-Type", "")
    services.receive(
        schedule.source, schedule.dataset,
        Payload(body, content_type, name[:255], None, "pull", f"source:{schedule.source.code}"),
    )
    schedule.etag = answer.headers.get("ETag", "")[:255]
    schedule.last_modified = answer.headers.get("Last-Modified", "")[:80]


def _guard_of(schedule: PullSchedule, until: float) -> Callable[[httpx.Request], None]:
    """Looks at each request before it leaves: in time, and a secret only to the address it was given for."""
    origin = _origin(httpx.URL(schedule.address))

    def guard(request: httpx.Request) -> None:
        _in_time(until)
        if schedule.secret_header and _origin(request.url) != origin:
            raise refuse_whole(
                "redirected", "Địa chỉ chuyển hướng sang máy chủ khác nên không gửi khóa truy cập theo. Đặt lại địa chỉ đúng.",
                "The address redirects to another server, so its key was not sent there. Set the right address.",
            )

    return guard


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _in_time(until: float) -> None:
    if time.monotonic() > until:
        raise refuse_whole(
            "too-slow", f"Địa chỉ trả lời quá chậm (hơn {DEADLINE_SECONDS:.0f} giây). Sẽ lấy lại.",
            f"The address takes too long to answer (more than {DEADLINE_SECONDS:.0f} seconds). It will be asked again.",
        )


def _headers(schedule: PullSchedule) -> httpx.Headers:
    headers = httpx.Headers({"Accept": ACCEPTED, "User-Agent": "toancanh"}, encoding="utf-8")
    if schedule.etag:
        headers["If-None-Match"] = schedule.etag
    if schedule.last_modified:
        headers["If-Modified-Since"] = schedule.last_modified
    if schedule.secret_header:
        headers[schedule.secret_header] = read_secret(schedule)
    return headers


def _body(answer: httpx.Response, until: float) -> bytes:
    body = bytearray()
    for piece in answer.iter_bytes():  # as it comes: waiting for a full piece would outlast any deadline
        _in_time(until)
        body += piece
        if len(body) > settings.LARGEST_DELIVERY:
            raise too_large()
    announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and "Content-Encoding" not in answer.headers and len(body) < int(announced):
        raise refuse_whole(
            "cut", "Địa chỉ ngắt giữa chừng. Sẽ lấy lại.", "The address broke off in the middle. It will be asked again.",
        )
    return bytes(body)


def _secret_path(schedule: PullSchedule) -> Path:
    return Path(settings.DATA) / "secrets" / f"pull-{schedule.pk}"


def read_secret(schedule: PullSchedule) -> str:
    """The value of the secret header; empty when none was set."""
    with suppress(FileNotFoundError):
        return _secret_path(schedule).read_text(encoding="utf-8").strip()
    return ""


def write_secret(schedule: PullSchedule, value: str) -> None:
    """Keep the value of the secret header in a file that only the centre's own account can read."""
    path = _secret_path(schedule)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(value)


def schedule_pull(actor: Actor, form: services.PullForm) -> PullSchedule:
    """Make a schedule, with the first pull at once. Raises `Problem` 403, 404."""
    with transaction.atomic():
        schedule = services.make_pull(actor, form)
        if form.secret:
            write_secret(schedule, form.secret)
    return schedule

"""How one delivery is taken: known already? read, checked, kept on disk, registered, answered, and landed soon after.

The order is what makes an acknowledgement worth something: nothing is answered before the payload is on disk,
and a payload on disk
that was never registered is found again by `recovery`.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from toancanh.intake import keeping
from toancanh.intake.checking.check import Checked, HeldRow, Terms, check
from toancanh.intake.checking.refused import printable, refuse_whole
from toancanh.intake.events import DeliveryRefused
from toancanh.intake.models import Delivery, QuarantinedRow, Refusal, Source
from toancanh.intake.reading.payload import Payload, read_payload
from toancanh.jobs.disk import disk_full, is_full
from toancanh.jobs.events import tell
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text

log = logging.getLogger(__name__)

LONGEST_KEY = 200
SAME_REFUSAL = timedelta(minutes=1)  # a sender that goes mad fills no table
MOST_LISTED = 5_000  # held rows kept one by one; the rest are counted, stay in the kept payload and can be replayed
REVIEWED = frozenset({"fix", "replay"})  # deliveries that a person made out of held rows


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a delivery. `created` is False when it had come before; the body is the same then."""

    id: str
    received: int
    accepted: int
    quarantined: int
    created: bool
    delivery_id: int

    def body(self) -> dict[str, object]:
        return {"id": self.id, "received": self.received, "accepted": self.accepted, "quarantined": self.quarantined}


def receipt_of(delivery: Delivery, created: bool) -> Receipt:
    late = delivery.late_held  # the answer stays what it was
    return Receipt(
        str(delivery.uid), delivery.received, delivery.accepted + late, delivery.quarantined - late, created, delivery.pk,
    )


def admitted(source: Source, dataset_code: str, via: str) -> Dataset:
    """The dataset that `source` may deliver. Raises `Problem` 404 (no such dataset) or 403 (not this source's)."""
    dataset = registry.dataset(dataset_code)
    if dataset is None:
        raise refuse_whole(
            "unknown-dataset",
            f"Không có bộ dữ liệu “{dataset_code[:80]}”. Xem danh sách bộ dữ liệu của nguồn và sửa địa chỉ gửi.",
            f"There is no dataset “{dataset_code[:80]}”. Look at the source's datasets and correct the address.", 404,
            Text("Không có bộ dữ liệu này", "No such dataset"),
        )
    if via not in REVIEWED and (not source.active or dataset.code not in source.datasets):
        raise refuse_whole(
            "not-your-dataset",
            f"Nguồn “{source.title_vi}” không được gửi “{dataset.title.vi}”. Đề nghị quản trị hệ thống cấp quyền cho nguồn.",
            f"The source “{source.title_en}” may not deliver “{dataset.title.en}”. Ask the administrator to allow it.", 403,
            Text("Nguồn không được gửi bộ dữ liệu này", "Not this source's dataset"),
        )
    return dataset


def too_large() -> Problem:
    most = settings.LARGEST_DELIVERY // 1_048_576
    return refuse_whole(
        "too-large", f"Lần gửi lớn quá {most} MB. Chia thành nhiều lần gửi nhỏ hơn.",
        f"The delivery is larger than {most} MB. Split it into smaller ones.", 413, Text("Dữ liệu quá lớn", "Delivery too large"),
    )


Beside = Callable[[Delivery], object]  # what is written in the transaction that registers a new delivery


def take(
    source: Source, dataset_code: str, payload: Payload, now: datetime | None = None, *, beside: Beside | None = None,
) -> Receipt:
    """Take one delivery to the point where it may be acknowledged. Raises `Problem` when it cannot be taken.

    `now` is when it came; a loader of history says so, every door leaves it out. `beside` is kept or lost together with the
    registration; a `Problem` of its own undoes it.
    """
    dataset = admitted(source, dataset_code, payload.via)
    if len(payload.body) > settings.LARGEST_DELIVERY:
        raise too_large()
    digest = hashlib.sha256(payload.body).hexdigest()
    once, earlier = _once(source, dataset, payload, digest)
    if earlier is not None:
        return receipt_of(earlier, created=False)
    now = now or timezone.now()
    try:
        checked = read_and_check(dataset, source, payload, now)
    except Problem as problem:
        note_refusal(source, dataset.code, payload, problem)
        raise
    slip = keeping.Slip(
        uid=str(uuid.uuid4()), source=source.code, dataset=dataset.code, once=once, key=payload.key, content_hash=digest,
        content_type=printable(payload.content_type)[:120], filename=printable(payload.filename)[:255], via=payload.via,
        sender=printable(payload.sender)[:150],
        received_at=now.isoformat(), size=len(payload.body), follows=payload.follows,
        terms=written_terms(source),
    )
    kept = keeping.keep(slip, payload.body)
    try:
        return receipt_of(register(source, slip, kept, checked, beside), created=True)
    except Problem:
        drop_unregistered(slip, kept)
        raise
    except IntegrityError:  # the same delivery came through another hand at the same moment, and that one counts
        drop_unregistered(slip, kept)
        return receipt_of(_earlier(source, dataset, once, digest), created=False)
    except DatabaseError as error:
        drop_unregistered(slip, kept)
        if is_full(error):
            raise disk_full() from error
        raise


def drop_unregistered(slip: keeping.Slip, kept: str) -> None:
    """Remove a kept payload that no delivery rests on. In doubt it stays: `recovery` looks at it again."""
    try:
        registered = Delivery.objects.filter(uid=slip.uid).exists()
    except DatabaseError:
        log.exception("whether %s is registered cannot be asked, so it stays", kept)
        return
    if not registered:
        keeping.drop(kept)


def read_and_check(
    dataset: Dataset, source: Source, payload: Payload, now: datetime, written: Mapping[str, str | None] | None = None,
) -> Checked:
    """The checked rows of a payload; `written` are the terms on its slip, when it has come before."""
    table = read_payload(dataset, payload.body, payload.content_type, payload.filename)
    return check(dataset, table, terms_of(source, payload.via, now, written))


def written_terms(source: Source) -> dict[str, str | None]:
    """What of the source decides how its rows are read, as it is written on the slip."""
    since = source.accepts_since
    return {"decimal": source.config.get("decimal"), "accepts_since": since.isoformat() if since else None}


def terms_of(source: Source, via: str, now: datetime, written: Mapping[str, str | None] | None = None) -> Terms:
    """The terms under which this source's rows are checked: those `written` when they came, else today's."""
    terms = written_terms(source) if written is None else written
    since = terms.get("accepts_since")
    oldest = datetime.combine(date.fromisoformat(since), time.min, VIETNAM).astimezone(UTC) if since else None
    return Terms(now=now, oldest=oldest, any_age=via in REVIEWED, decimal=terms.get("decimal"))


def register(source: Source, slip: keeping.Slip, kept: str, checked: Checked, beside: Beside | None = None) -> Delivery:
    """One transaction: the delivery and its held rows. IntegrityError when this delivery counts already."""
    follows = Delivery.objects.filter(uid=slip.follows).first() if slip.follows else None
    with transaction.atomic():
        delivery = Delivery.objects.create(
            uid=uuid.UUID(slip.uid), source=source, dataset=slip.dataset, idempotency_key=slip.key, once=slip.once,
            content_hash=slip.content_hash, via=slip.via, sender=slip.sender, content_type=slip.content_type,
            filename=slip.filename,
            kept=kept, size=slip.size, received_at=datetime.fromisoformat(slip.received_at), received=checked.received,
            accepted=checked.accepted, quarantined=len(checked.held), repeated=checked.repeated, follows=follows,
            held_positions=keeping.pack_positions(row.position for row in checked.held),
        )
        list_held(delivery, checked.held)
        if beside is not None:
            beside(delivery)
    return delivery


def list_held(delivery: Delivery, held: list[HeldRow]) -> None:
    """Keep held rows for review, up to the listed limit."""
    QuarantinedRow.objects.bulk_create(
        [
            QuarantinedRow(
                delivery=delivery, position=row.position, line=row.line, raw=row.raw,
                problems=[each.as_json() for each in row.problems]
            )
            for row in [row for row in held if row.problems][:MOST_LISTED]
        ],
        batch_size=500,
    )


def note_refusal(source: Source, dataset_code: str, payload: Payload, problem: Problem) -> None:
    """Remember that a source sent something that could not be taken, and say so. Never stands in the way of the answer."""
    try:
        now = timezone.now()
        same: dict[str, Any] = {
            "source": source, "dataset": dataset_code[:80], "via": payload.via, "filename": printable(payload.filename)[:255],
            "code": problem.code, "detail_vi": printable(problem.detail.vi), "detail_en": printable(problem.detail.en),
        }  # fmt: skip
        since = max(now - SAME_REFUSAL, now.replace(minute=0, second=0, microsecond=0))  # a line counts within one hour
        again = Refusal.objects.filter(**same, at__gte=since).order_by("-at").values_list("pk", flat=True).first()
        if again is not None:
            Refusal.objects.filter(pk=again).update(times=F("times") + 1, at=now, size=len(payload.body))
            return
        Refusal.objects.create(**same, at=now, size=len(payload.body))
        tell(DeliveryRefused(source.code, dataset_code, problem.code))
    except OperationalError:
        log.exception("a refusal of %s could not be noted", source.code)


def _once(source: Source, dataset: Dataset, payload: Payload, digest: str) -> tuple[str, Delivery | None]:
    """What makes this delivery count once, and the earlier one it repeats, if any. `Problem` 422 when its key stood for other
    content.

    Without a key,
    only a repeat of the latest delivery is a repeat: content that returns after something else means "changed back".
    """
    if payload.key is not None:
        once = f"key:{_checked_key(payload.key)}"
        known = Delivery.objects.filter(source=source, dataset=dataset.code, once=once).first()
        if known is not None and known.content_hash != digest:
            raise _key_reused(payload.key)
        return once, known
    latest = Delivery.objects.filter(source=source, dataset=dataset.code).order_by("-id").first()
    if latest is not None and latest.content_hash == digest:
        return "", latest
    return f"after:{latest.pk if latest else 0}:{digest}", None


def _checked_key(key: str) -> str:
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise refuse_whole(
            "bad-key", f"Idempotency-Key phải có từ 1 đến {LONGEST_KEY} ký tự in được.",
            f"Idempotency-Key must be 1 to {LONGEST_KEY} printable characters.",
        )
    return key


def _key_reused(key: str) -> Problem:
    return refuse_whole(
        "key-reused", f"Idempotency-Key “{key[:60]}” đã dùng cho nội dung khác. Dùng khóa mới cho nội dung mới.",
        f"The Idempotency-Key “{key[:60]}” was used for other content. Use a new key for new content.",
    )


def _earlier(source: Source, dataset: Dataset, once: str, digest: str) -> Delivery:
    earlier = Delivery.objects.get(source=source, dataset=dataset.code, once=once)
    if earlier.content_hash != digest:
        raise _key_reused(once.removeprefix("key:"))
    return earlier

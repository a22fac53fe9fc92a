"""Writes of intake: take a delivery, work on held rows, make sources and their keys. Each by a person leaves an audit entry."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.intake import landing, policy, receiving
from toancanh.intake.checking import held_rows
from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.models import Delivery, PullSchedule, QuarantinedRow, RowState, Source, SourceKey
from toancanh.intake.reading.payload import Payload
from toancanh.intake.receiving import Receipt
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import require
from toancanh.people.roles import Action
from toancanh.units.models import Unit

KEY_PREFIX = "tc_"


def receive(source: Source, dataset: str, payload: Payload, *, beside: receiving.Beside | None = None) -> Receipt:
    """Take one delivery of `dataset` from `source`; when this returns it may be acknowledged.

    Raises `Problem`: 403 not this source's, 404 no such dataset, 413 too large, 415 unknown type,
    422 unreadable or a key used twice,
    507 no room. `beside` is written in the transaction that registers a new delivery.
    """
    receipt = receiving.take(source, dataset, payload, beside=beside)
    if receipt.created:
        landing.ask_to_land(dataset)
    return receipt


def upload(actor: Actor, source: Source, dataset: str, payload: Payload) -> Receipt:
    """Take a file that a person hands in for `source`."""
    policy.require(actor, Action.ENTER, source, dataset)

    def on_record(made: Delivery) -> None:
        detail = {"dataset": dataset, "file": payload.filename, "delivery": str(made.uid), "received": made.received}
        audit.record(actor.label, "intake.upload", f"source:{source.code}", detail=detail, address=actor.address)

    return receive(source, dataset, payload, beside=on_record)


def fix_row(actor: Actor, row_id: int, values: Mapping[str, Any]) -> Receipt:
    """Land a held row with `values` (by field) in place of what came. Raises `Problem` 422 when they are still wrong, 409 when
    decided.

    Done twice with the same values it counts once. Looked at by a person, a row may be older than the dataset allows.
    """
    row = _open_row(actor, row_id)
    delivery = row.delivery
    mended = held_rows.mended(delivery, [dict(values)])
    if mended.problems:
        raise held_rows.still_wrong(mended.problems[0])
    decision = _Decision(RowState.FIXED, "intake.fix_row", f"row:{delivery.uid}:{row.line}")
    return _land_mended(actor, delivery, [row], decision, mended.rows)


def dismiss_row(actor: Actor, row_id: int, reason: str) -> None:
    """Say that a held row will never be used, and why."""
    row = _open_row(actor, row_id)
    if not reason.strip():
        raise refuse_whole("reason-missing", "Ghi lý do bỏ dòng này.", "Say why this row is dismissed.")
    decision = _Decision(RowState.DISMISSED, "intake.dismiss_row", f"row:{row.delivery.uid}:{row.line}", reason.strip()[:400])
    _decide(actor, [row], decision)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay: how many rows landed and how many still wait."""

    landed: int
    waiting: int
    receipt: Receipt | None = None


def replay(actor: Actor, delivery_id: int) -> Replayed:
    """Check the open held rows of a delivery again with today's units and lists; those that pass now land as a delivery of their
    own."""
    delivery = _delivery(delivery_id)
    policy.require(actor, Action.ENTER, delivery.source, delivery.dataset)
    again = held_rows.again(delivery)
    if not again.rows:
        return Replayed(0, again.waiting)
    passed = set(again.positions)
    listed = [row for row in delivery.held.all() if row.position in passed]
    decision = _Decision(RowState.FIXED, "intake.replay", f"delivery:{delivery.uid}")
    receipt = _land_mended(actor, delivery, listed, decision, again.rows)
    return Replayed(len(again.rows), again.waiting, receipt)


def _delivery(delivery_id: int) -> Delivery:
    found = Delivery.objects.select_related("source", "source__owner").filter(pk=delivery_id).first()
    if found is None:
        raise _gone()
    return found


def _open_row(actor: Actor, row_id: int) -> QuarantinedRow:
    row = QuarantinedRow.objects.select_related("delivery__source__owner").filter(pk=row_id).first()
    if row is None:
        raise _gone()
    policy.require(actor, Action.ENTER, row.delivery.source, row.delivery.dataset)
    if row.state != RowState.OPEN:
        raise _already_decided(row)
    return row


def _already_decided(row: QuarantinedRow) -> Problem:
    return Problem(
        "already-decided", 409, Text("Dòng này đã được xử lý", "This row was already dealt with"),
        Text(
            f"{row.decided_by} đã xử lý dòng này. Tải lại trang.",
            f"{row.decided_by} has dealt with this row. Load the page again.",
        ),
    )


def _gone() -> Problem:
    return Problem(
        "not-found", 404, Text("Không tìm thấy", "Not found"),
        Text("Không có lần gửi hoặc dòng này. Quay lại danh sách.", "There is no such delivery or row. Go back to the list."),
    )


@dataclass(frozen=True, slots=True)
class _Decision:
    """What becomes of held rows, and how the record names it."""

    state: RowState
    action: str
    subject: str
    reason: str = ""


def _land_mended(
    actor: Actor, delivery: Delivery, held: Sequence[QuarantinedRow], decision: _Decision, rows: Sequence[Mapping[str, Any]],
) -> Receipt:
    """Land `rows` in place of the `held` ones. These are closed in the transaction that registers the new delivery: of two people
    at one row the second gets the `Problem` 409 and nothing of theirs lands."""
    via = decision.action.removeprefix("intake.").removesuffix("_row")
    place = f":{held[0].position}" if via == "fix" else ""
    key = f"{via}:{delivery.uid}{place}"
    body = json.dumps(list(rows), ensure_ascii=False, sort_keys=True).encode()
    payload = Payload(
        body, "application/json", "", f"{key}:{hashlib.sha256(body).hexdigest()[:24]}", via, actor.label,
        follows=str(delivery.uid),
    )
    receipt = receive(
        delivery.source, delivery.dataset, payload, beside=lambda made: _decide(actor, held, decision, fixed_in=made.pk),
    )
    if not receipt.created:  # landed before the rows were closed: a stop between the two, made good by recovery
        _decide(actor, held, decision, fixed_in=receipt.delivery_id)
    return receipt


def _decide(actor: Actor, rows: Sequence[QuarantinedRow], decision: _Decision, fixed_in: int | None = None) -> None:
    """Close held rows and record who did it. Raises `Problem` 409, and closes none, when somebody else was quicker."""
    with transaction.atomic():
        mine = QuarantinedRow.objects.filter(pk__in=[row.pk for row in rows])
        taken = mine.exclude(state=RowState.OPEN).first()
        closed = mine.filter(state=RowState.OPEN).update(
            state=decision.state, decided_by=actor.label, decided_at=timezone.now(), reason=decision.reason, fixed_in_id=fixed_in,
        )
        if closed < len(rows):
            raise _already_decided(taken or rows[0])
        audit.record(
            actor.label, decision.action, decision.subject, detail={"rows": len(rows)}, reason=decision.reason,
            address=actor.address,
        )


# --- sources ---


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceForm:
    """What a source is made of. `owner` is an agency's unit key; `cadence` None takes the datasets' own; `handles_work` lets its
    keys handle that agency's work."""

    code: str
    title: Text
    datasets: Sequence[str]
    owner: str | None = None
    cadence: timedelta | None = None
    accepts_since: date | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    sample: bool = False
    handles_work: bool | None = None  # None: as it is, for a new source no


def make_source(actor: Actor, form: SourceForm) -> Source:
    """Make a source, or bring the one with this code in line. Raises `Problem` 403, 404 (dataset, agency), 422 for a source that
    would handle nobody's work."""
    require(actor, Action.CONFIGURE)
    for code in form.datasets:
        if registry.dataset(code) is None:
            raise refuse_whole("unknown-dataset", f"Không có bộ dữ liệu “{code}”.", f"There is no dataset “{code}”.", 404)
    owner = None
    if form.owner is not None:
        owner = Unit.objects.filter(key=form.owner).first()
        if owner is None:
            raise refuse_whole("unknown-agency", f"Không có cơ quan “{form.owner}”.", f"There is no agency “{form.owner}”.", 404)
    before = Source.objects.select_related("owner").filter(code=form.code).first()
    for each in (Source(owner=owner, datasets=list(form.datasets)), before):
        if each is not None:
            policy.require_all(actor, Action.CONFIGURE, each)
    handles = _handles(actor, form, before, owner)
    values = {
        "title_vi": form.title.vi, "title_en": form.title.en, "owner": owner, "datasets": list(form.datasets),
        "cadence": form.cadence,
        "accepts_since": form.accepts_since, "config": dict(form.config), "sample": form.sample, "active": True,
        "handles_work": handles,
    }
    with transaction.atomic():
        source, made = Source.objects.update_or_create(code=form.code, defaults=values)
        audit.record(
            actor.label, "intake.make_source" if made else "intake.change_source", f"source:{form.code}",
            detail={"datasets": list(form.datasets), "owner": form.owner or "", "handles_work": handles},
            address=actor.address,
        )
    return source


def _handles(actor: Actor, form: SourceForm, before: Source | None, owner: Unit | None) -> bool:
    """Whether the source's keys handle its owner's work from now on; `Problem` where `actor` may not say so."""
    had = before is not None and before.handles_work
    handles = had if form.handles_work is None else form.handles_work
    if form.handles_work or (handles and before is not None and before.owner != owner):
        _may_handle(actor, owner)
    return handles


def _may_handle(actor: Actor, owner: Unit | None) -> None:
    """Who gives rights allows keys to act for an agency; also a key made later, and another owner, are such a right."""
    require(actor, Action.ADMINISTER)
    if owner is None:
        raise refuse_whole(
            "handles-for-nobody", "Nguồn chưa có cơ quan chủ quản nên không xử lý việc của ai. Chọn cơ quan chủ quản trước.",
            "The source has no owner agency, so there is nobody whose work it could handle. Name the owner agency first.",
        )


def source(code: str) -> Source:
    """The source with this code. Raises `Problem` 404."""
    found = Source.objects.filter(code=code).first()
    if found is None:
        raise refuse_whole(
            "unknown-source", f"Không có nguồn “{code}”. Tạo bằng: toancanh sources add.",
            f"There is no source “{code}”. Make it with: toancanh sources add.", 404,
        )
    return found


def make_key(actor: Actor, of: Source) -> str:
    """A new key for the source `of`; shown this once, only its hash is kept."""
    policy.require_all(actor, Action.CONFIGURE, of)
    if of.handles_work:
        _may_handle(actor, of.owner)
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        SourceKey.objects.create(source=of, hashed=hash_of(key), prefix=key[:9], made_by=actor.label)
        detail = {"prefix": key[:9], "handles_work": of.handles_work}
        audit.record(actor.label, "intake.make_key", f"source:{of.code}", detail=detail, address=actor.address)
    return key


def revoke_key(actor: Actor, key: SourceKey, at: datetime | None = None) -> None:
    """End a key; processes that know it forget it within seconds."""
    policy.require_all(actor, Action.CONFIGURE, key.source)
    with transaction.atomic():
        SourceKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at or timezone.now())
        audit.record(
            actor.label, "intake.revoke_key", f"source:{key.source.code}", detail={"prefix": key.prefix}, address=actor.address,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PullForm:
    """An address to be asked for `dataset` of `source`, `every` so often; `secret` is the value of `secret_header`."""

    source: Source
    dataset: str
    address: str
    every: timedelta = timedelta(minutes=15)
    secret_header: str = ""
    secret: str = ""


def make_pull(actor: Actor, form: PullForm) -> PullSchedule:
    """Make a schedule, due at once. Raises `Problem` 403, 404, 422. The secret is kept by `doors.pull.schedule_pull`."""
    policy.require(actor, Action.CONFIGURE, form.source, form.dataset)
    receiving.admitted(form.source, form.dataset, "pull")
    if not form.address.startswith(("https://", "http://")):
        raise refuse_whole(
            "bad-address", "Địa chỉ phải bắt đầu bằng https:// hoặc http://.", "The address must begin with https:// or http://.",
        )
    with transaction.atomic():
        schedule = PullSchedule.objects.create(
            source=form.source, dataset=form.dataset, address=form.address, every=form.every, secret_header=form.secret_header,
            next_at=timezone.now(),
        )
        detail = {"dataset": form.dataset, "address": form.address.split("?")[0]}
        audit.record(actor.label, "intake.make_pull", f"source:{form.source.code}", detail=detail, address=actor.address)
    return schedule


def hash_of(key: str) -> str:
    """What is kept of a key. Keys are long and random, so one plain round is enough."""
    return hashlib.sha256(key.encode()).hexdigest()

"""Reads of intake: deliveries, held rows, and how every source is doing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from toancanh.intake import policy
from toancanh.intake.models import Delivery, DeliveryState, PullSchedule, QuarantinedRow, Refusal, RowState, Source
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import collation_key
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action

WORK = Action.ENTER  # held rows may hold personal data: those who may enter a field's data see them
MENDED, MOST_MENDED = ("fix", "replay"), 200  # rows mended by a person are no sign of life of the source
GRACE = 1.5  # a source is late when it is silent for longer than its pace times this


@dataclass(frozen=True, slots=True)
class Totals:
    """Since the beginning."""

    deliveries: int
    accepted: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source is doing with one dataset. `lag` is the time since the last delivery; `state`: ok | late | silent | errors
    | off."""

    source: Source
    dataset: str
    dataset_title: Text
    last_delivery: datetime | None
    lag: timedelta | None
    cadence: timedelta | None
    state: str
    rows_today: int
    errors: int
    last_error: Text | None
    quarantined: int
    waiting: int


def delivery_totals() -> Totals:
    """For the metrics page."""
    found = Delivery.objects.aggregate(count=Count("id"), accepted=Sum("accepted"), quarantined=Sum("quarantined"))
    return Totals(found["count"], found["accepted"] or 0, found["quarantined"] or 0)


def waiting_deliveries() -> int:
    """Deliveries kept but not yet in the figures."""
    return Delivery.objects.filter(state__in=("received", "landing", "landed")).count()


def failed_deliveries() -> int:
    """Deliveries that were answered but could not be landed: each needs a person."""
    return Delivery.objects.filter(state=DeliveryState.FAILED).count()


def deliveries(
    actor: Actor, *, source: str = "", dataset: str = "", state: str = "", before: int | None = None, limit: int = 50
) -> list[Delivery]:
    """The latest deliveries that `actor` may see, newest first; `before` pages on by id."""
    found = policy.deliveries(Delivery.objects.select_related("source", "source__owner"), actor).order_by("-id")
    if source:
        found = found.filter(source__code=source)
    if dataset:
        found = found.filter(dataset=dataset)
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found[:limit])


def delivery(actor: Actor, uid: str, action: Action = Action.VIEW) -> Delivery:
    """One delivery. Raises `Problem` 404 when there is none or `actor` may not see it."""
    found = policy.deliveries(
        Delivery.objects.select_related("source", "source__owner", "follows"), actor, action,
    ).filter(uid=uid).first()
    if found is None:
        raise Problem(
            "not-found", 404, Text("Không tìm thấy lần gửi", "No such delivery"),
            Text(
                "Không có lần gửi này, hoặc bạn chưa có quyền xem. Quay lại danh sách nguồn.",
                "There is no such delivery, or you may not see it.",
            ),
        )
    return found


def by_seqs(seqs: Iterable[int]) -> dict[int, Delivery]:
    """Deliveries by sequence number: who sent the rows behind a figure. For rooms above that have judged the actor already."""
    return {each.pk: each for each in Delivery.objects.select_related("source", "source__owner").filter(pk__in=set(seqs))}


def held_rows(
    actor: Actor, *, delivery: Delivery | None = None, source: str = "", dataset: str = "", state: str = RowState.OPEN
) -> QuerySet[QuarantinedRow]:
    """Held rows that `actor` may work on, newest delivery first."""
    found = policy.of_delivery(QuarantinedRow.objects.select_related("delivery__source__owner", "fixed_in"), actor, WORK)
    if delivery is not None:
        found = found.filter(delivery=delivery)
    if source:
        found = found.filter(delivery__source__code=source)
    if dataset:
        found = found.filter(delivery__dataset=dataset)
    if state:
        found = found.filter(state=state)
    return found.order_by("-delivery_id", "position")


def held_row(actor: Actor, row_id: int) -> QuarantinedRow:
    """One held row. Raises `Problem` 404."""
    found = held_rows(actor, state="").filter(pk=row_id).first()
    if found is None:
        raise Problem(
            "not-found", 404, Text("Không tìm thấy dòng", "No such row"),
            Text("Không có dòng này, hoặc bạn chưa có quyền xem.", "There is no such row, or you may not see it."),
        )
    return found


def sources(actor: Actor, action: Action = Action.VIEW) -> list[tuple[Source, str]]:
    """(source, dataset) pairs on which `actor` may do `action`, by the source's title."""
    found = Source.objects.select_related("owner").order_by("title_vi", "code")
    return [
        (source, code) for source in found for code in source.datasets if registry.dataset(code) and policy.may(
            actor, action, source, code,
        )
    ]


def datasets(pairs: Iterable[tuple[Source, str]]) -> list[Dataset]:
    """The declarations of the datasets of `sources`, each once, by title."""
    found = {code: registry.dataset(code) for _, code in pairs}
    return sorted((each for each in found.values() if each is not None), key=lambda each: collation_key(each.title.vi))


def source_health(actor: Actor, now: datetime | None = None) -> list[SourceHealth]:
    """Every (source, dataset) that `actor` may see, the worst first."""
    moment = now or timezone.now()
    pairs = sources(actor)
    if not pairs:
        return []  # nine questions about nothing
    facts = _Facts(pairs, moment)
    found = [_health(source, code, facts, moment) for source, code in pairs]
    return sorted(found, key=lambda each: (_WORST.index(each.state), each.source.title_vi))


_WORST = ("errors", "late", "silent", "ok", "off")


class _Facts:
    """What is known of all sources, gathered once. Only the latest delivery is asked for pair by pair: each is one index look-up,
    where a grouping would read every delivery there ever was."""

    def __init__(self, pairs: Sequence[tuple[Source, str]], now: datetime) -> None:
        midnight = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        by = ("source_id", "dataset")
        self.last = {(source.pk, code): self._last(source, code) for source, code in pairs}
        self.today = self._keyed(Delivery.objects.filter(received_at__gte=midnight).values_list(*by).annotate(Sum("accepted")))
        waiting = Q(state__in=("received", "landing", "landed"))
        self.waiting = self._keyed(Delivery.objects.filter(waiting).values_list(*by).annotate(Count("id")))
        held = QuarantinedRow.objects.filter(state=RowState.OPEN)
        self.held = self._keyed(held.values_list("delivery__source_id", "delivery__dataset").annotate(Count("id")))
        refused = Refusal.objects.filter(at__gte=now - timedelta(days=1))
        failed = Delivery.objects.filter(state=DeliveryState.FAILED)
        self.failed = self._keyed(failed.values_list(*by).annotate(Count("id")))
        self.errors = self._keyed(refused.values_list(*by).annotate(Sum("times")))
        last = refused.values_list(*by).annotate(Max("at"))  # of a line that counts on, `at` is the last time
        newest: dict[tuple[int, str], datetime] = {(row[0], row[1]): row[2] for row in last}
        told = refused.filter(at__in=newest.values()).order_by("id")
        self.last_refusal = {key: each for each in told if newest.get(key := (each.source_id, each.dataset)) == each.at}
        self.pulls = {(each.source_id, each.dataset): each for each in PullSchedule.objects.filter(active=True, failures__gt=0)}

    @staticmethod
    def _last(source: Source, code: str) -> datetime | None:
        found = Delivery.objects.filter(
            source=source, dataset=code,
        ).order_by("-id").values_list("received_at", "via")[:MOST_MENDED]
        return next((at for at, via in found if via not in MENDED), None)

    @staticmethod
    def _keyed(rows: Iterable[Sequence[object]]) -> dict[tuple[object, object], object]:
        return {(row[0], row[1]): row[2] for row in rows}


def _health(source: Source, code: str, facts: _Facts, now: datetime) -> SourceHealth:
    key = (source.pk, code)
    dataset = registry.dataset(code)
    at = facts.last.get(key)
    refusal, pull = facts.last_refusal.get(key), facts.pulls.get(key)
    failed = _whole(facts.failed.get(key))
    error = refusal.detail if refusal else Text(pull.last_error_vi, pull.last_error_en) if pull else None
    error = not_landed(failed) if failed else error
    lag, pace = (now - at if at else None), source.pace(code)
    failing = (refusal is not None and (at is None or refusal.at > at)) or pull is not None or failed > 0
    return SourceHealth(
        source, code, dataset.title if dataset else Text(code, code), at, lag, pace, _state(source, lag, pace, failing),
        _whole(facts.today.get(key)), _whole(facts.errors.get(key)) + failed, error, _whole(facts.held.get(key)),
        _whole(facts.waiting.get(key)),
    )


def not_landed(count: int) -> Text:
    """What a reader is told of deliveries that could not be landed. The technical reason is for the log."""
    return Text(
        f"{count} lần gửi đã nhận nhưng chưa nạp được. Tệp gốc vẫn được giữ. "
        "Quản trị hệ thống xem nhật ký rồi chạy: toancanh intake recover.",
        f"{count} deliveries were taken but could not be landed. The originals are kept. "
        "The administrator looks at the log, then runs: toancanh intake recover.",
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _state(source: Source, lag: timedelta | None, pace: timedelta | None, failing: bool) -> str:
    if not source.active:
        return "off"
    if failing:
        return "errors"
    if lag is None:
        return "silent"
    return "late" if pace is not None and lag > pace * GRACE else "ok"

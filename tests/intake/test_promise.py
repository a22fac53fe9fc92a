"""What was promised is kept, whoever else is at work: recovery, rebuilding beside a working centre, landings that fail."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone
from tests.intake.deliveries import reading, send, stored

from toancanh.intake import keeping, landing, receiving, recovery
from toancanh.intake.models import Delivery, DeliveryState, Source
from toancanh.kernel.problem import Problem
from toancanh.store.problems import StoreUnavailable

pytestmark = pytest.mark.django_db


def _files() -> list[str]:
    return list(keeping.places())


def _claims_run_out() -> None:
    Delivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))



def _forget(source: Source, content: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch, key: str | None = None) -> str:
    """Keep a payload and stop before it is registered; where it lies."""

    def stopped(*_arguments: object) -> Delivery:
        raise KeyboardInterrupt

    before = set(_files())
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "register", stopped)
        with pytest.raises(KeyboardInterrupt):
            send(source, "test_air", content, key=key)
    return (set(_files()) - before).pop()


@pytest.mark.parametrize("error", [IntegrityError("delivery_counts_once"), OperationalError("database or disk is full")])
def test_a_kept_file_whose_delivery_is_registered_is_never_removed(
    source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch, error: Exception,
) -> None:
    real = receiving.register

    def registered_all_the_same(*arguments: Any) -> Delivery:
        real(*arguments)
        raise error

    monkeypatch.setattr(receiving, "register", registered_all_the_same)
    with contextlib.suppress(Problem):
        send(source, "test_air", [reading()], key="k1")
    assert _files() == [Delivery.objects.get().kept]


def test_a_payload_that_recovery_finds_registered_meanwhile_stays(
    source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = _forget(source, [reading()], monkeypatch)
    monkeypatch.setattr(recovery, "SETTLED", timedelta(0))
    assert recovery._take_up(place, timezone.now())
    assert not recovery._take_up(place, timezone.now()), "two recoveries at once"
    assert _files() == [place]


def test_forgotten_payloads_are_registered_in_the_order_in_which_they_came(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = iter(["f0000000-0000-4000-8000-000000000000", "10000000-0000-4000-8000-000000000000"])
    with monkeypatch.context() as patch:
        patch.setattr(receiving.uuid, "uuid4", lambda: next(names))
        for value in (1, 2):
            _forget(source, [reading(pm25=value)], monkeypatch, key=str(value))
    monkeypatch.setattr(recovery, "SETTLED", timedelta(0))
    assert recovery.recover(since=recovery.last_known()) == 2
    landing.land("test_air")
    assert [row.values["pm25"] for row in stored("test_air")] == [2.0]


def test_a_worker_that_was_away_for_days_looks_back_to_the_last_known_delivery(source: Source, no_landing: None) -> None:
    assert recovery.last_known() == recovery.BEGINNING
    send(source, "test_air", [reading()])
    assert recovery.last_known() <= timezone.now() - recovery.LOOK_BACK
    days_ago = timezone.now() - timedelta(days=3)
    Delivery.objects.update(received_at=days_ago)
    assert recovery.last_known() == days_ago - timedelta(hours=1)


def test_one_payload_that_cannot_be_taken_up_stops_neither_the_others_nor_the_landings(
    source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = [_forget(source, [reading(station=name)], monkeypatch, key=name) for name in ("s1", "s2")]
    real = recovery.read_and_check
    calls: list[object] = []

    def first_fails(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise RuntimeError("a bug in a pack")
        return real(*arguments)

    asked: list[str] = []
    monkeypatch.setattr(recovery, "SETTLED", timedelta(0))
    monkeypatch.setattr(recovery, "read_and_check", first_fails)
    monkeypatch.setattr(landing, "ask_to_land", asked.append)
    assert (recovery.recover(), asked) == (1, ["test_air"])
    assert sorted(_files()) == sorted(places)


@pytest.mark.parametrize("moment", ["before the drop", "after the drop"])
def test_a_rebuild_beside_a_working_centre_loses_no_row(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch, moment: str,
) -> None:
    """A worker appends to the old tables; it marks its work before or after these are dropped."""
    from toancanh.store import lifecycle

    send(source, "test_air", [reading()])
    worker: list[object] = []
    real_drop = lifecycle.drop_all

    def drop_all() -> None:
        send(source, "test_air", [reading(station="s2")])
        claimed = landing._claim("test_air")
        landing._store(landing.registry.dataset("test_air"), claimed) if moment == "before the drop" else worker.append(claimed)
        real_drop()

    monkeypatch.setattr(recovery.lifecycle, "drop_all", drop_all)
    rebuilt = recovery.rebuild()
    next(rebuilt)
    for claimed in worker:
        landing._ours(claimed).update(state=DeliveryState.DONE)  # type: ignore[arg-type]
    assert dict(rebuilt) == {"test_dossiers": 0, "test_figures": 0}
    landing.land("test_air")
    assert [row.values["station"] for row in stored("test_air")] == ["s1", "s2"]


def test_a_worker_whose_claim_was_taken_away_marks_nothing(source: Source, no_landing: None, store: None) -> None:
    send(source, "test_air", [reading()])
    claimed = landing._claim("test_air")
    Delivery.objects.update(state=DeliveryState.RECEIVED, claimed_until=None)
    landing.tables.ensure([landing.registry.dataset("test_air")])
    landing._store(landing.registry.dataset("test_air"), claimed)
    assert Delivery.objects.get().state == DeliveryState.RECEIVED


def test_a_delivery_that_cannot_land_keeps_no_other_waiting_and_is_given_up_after_five_tries(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("s1", "poison", "s3"):
        send(source, "test_air", [reading(station=name)])
    bad = Delivery.objects.order_by("id")[1].pk
    real = landing.rows.append

    def append(dataset: Any, *batches: Any) -> int:
        if any(batch.seq == bad for batch in batches):
            raise RuntimeError("no such column")
        return real(dataset, *batches)

    with monkeypatch.context() as patch:
        patch.setattr(landing.rows, "append", append)
        for _ in range(landing.MOST_TRIES):
            assert [row.values["station"] for row in stored("test_air")] in ([], ["s1", "s3"])
            landing.land("test_air")
            Delivery.objects.filter(state__in=landing.UNFINISHED).update(claimed_until=None)
    given_up = Delivery.objects.get(pk=bad)
    assert (given_up.state, given_up.failure, given_up.tries) == (DeliveryState.FAILED, "no such column", 5)
    assert set(Delivery.objects.exclude(pk=bad).values_list("state", flat=True)) == {DeliveryState.DONE}
    assert recovery.retry_failed() == 1
    landing.land("test_air")
    assert len(stored("test_air")) == 3


def test_a_store_that_stays_away_gives_no_delivery_up(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(source, "test_air", [reading()])

    def away(*_arguments: object) -> int:
        raise StoreUnavailable

    monkeypatch.setattr(landing.rows, "append", away)
    for _ in range(7):
        with pytest.raises(StoreUnavailable):
            landing.land("test_air")
        _claims_run_out()
    assert (Delivery.objects.get().state, Delivery.objects.get().tries) == (DeliveryState.LANDING, 0)


def test_a_rebuild_reads_under_the_terms_of_the_day_it_came(source: Source, no_landing: None, store: None) -> None:
    Source.objects.update(config={"decimal": ","}, accepts_since="2020-01-01")
    source.refresh_from_db()
    old = reading(station="s2", measured_at="2021-01-01T09:00:00+07:00")
    send(source, "test_air", [reading(pm25="1,250"), old])
    Source.objects.update(config={"decimal": "."}, accepts_since=None)
    assert dict(recovery.rebuild())["test_air"] == 2
    assert [row.values["pm25"] for row in stored("test_air")] == [1.25, 12.5]


def test_the_receipt_stays_as_it_was_answered_when_rows_are_held_later(
    source: Source, place: dict[str, object], no_landing: None, store: None,
) -> None:
    from toancanh.units import register
    from toancanh.units.models import Unit

    content = [reading(), reading(station="s2", area="MS02")]
    first = send(source, "test_air", content, key="k1")
    Unit.objects.filter(key="sample:MS02").delete()
    register.forget()
    landing.land("test_air")
    assert send(source, "test_air", content, key="k1").body() == first.body() == Delivery.objects.get().receipt
    assert Delivery.objects.get().quarantined == 1

"""An acknowledged delivery is on disk and counts once, however often it is sent and wherever the machine stops."""

from __future__ import annotations

import errno
import json
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone
from tests.intake.datasets import told
from tests.intake.deliveries import held, reading, send, stored

from toancanh.intake import keeping, landing, queries, receiving, recovery
from toancanh.intake.events import RowsLanded
from toancanh.intake.models import Delivery, DeliveryState, QuarantinedRow, Refusal, Source
from toancanh.kernel.problem import Problem
from toancanh.people.actors import SYSTEM
from toancanh.store.problems import StoreUnavailable

pytestmark = pytest.mark.django_db


def _files() -> list[str]:
    return list(keeping.places())


def test_what_was_acknowledged_is_on_disk_byte_for_byte_with_its_slip(source: Source, no_landing: None) -> None:
    body = json.dumps([reading()], indent=3).encode()
    receipt = send(source, "test_air", body, key="k1", filename="a.json")
    delivery = Delivery.objects.get()
    slip, kept = keeping.read(delivery.kept)
    assert kept == body
    assert (slip.uid, slip.source, slip.dataset, slip.key, slip.filename, slip.size) == (
        receipt.id, "station-feed", "test_air", "k1", "a.json", len(body),
    )


def test_files_and_folders_are_forced_to_disk_before_the_answer(
    source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    forced: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        forced.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        real(handle)

    monkeypatch.setattr(keeping.os, "fsync", fsync)
    send(source, "test_air", [reading()])
    assert forced[-2:] == ["file", "folder"]
    assert forced.count("folder") >= 5  # year, month, day, hour and the hour's new entry


def test_the_same_key_and_content_get_the_same_answer(source: Source, no_landing: None) -> None:
    first = send(source, "test_air", [reading(), reading(pm25="x", station="s2")], key="k1")
    again = send(source, "test_air", [reading(), reading(pm25="x", station="s2")], key="k1")
    assert (first.created, again.created) == (True, False)
    assert first.body() == again.body()
    assert Delivery.objects.count() == len(_files()) == 1


def test_the_same_key_with_other_content_is_refused(source: Source, no_landing: None) -> None:
    send(source, "test_air", [reading()], key="k1")
    with pytest.raises(Problem) as caught:
        send(source, "test_air", [reading(pm25=2)], key="k1")
    assert (caught.value.code, caught.value.status) == ("key-reused", 422)
    assert Delivery.objects.count() == 1


def test_without_a_key_a_repeat_counts_once_but_content_that_returns_counts_again(source: Source, no_landing: None) -> None:
    assert send(source, "test_air", [reading(pm25=1)]).created
    assert not send(source, "test_air", [reading(pm25=1)]).created
    assert send(source, "test_air", [reading(pm25=2)]).created
    assert send(source, "test_air", [reading(pm25=1)]).created, "the value was changed back: that is news"


def test_content_that_returns_lands_as_the_current_value(source: Source, no_landing: None, store: None) -> None:
    for value in (1, 2, 1):
        send(source, "test_air", [reading(pm25=value)])
    landing.land("test_air")
    assert [row.values["pm25"] for row in stored("test_air")] == [1.0]


@pytest.mark.parametrize("key", ["", "x" * 300, "a\nb"])
def test_a_key_that_is_no_key_is_refused(source: Source, key: str) -> None:
    with pytest.raises(Problem) as caught:
        send(source, "test_air", [reading()], key=key)
    assert caught.value.code == "bad-key"


@pytest.mark.django_db(transaction=True)
def test_many_copies_at_once_count_once(source: Source, no_landing: None) -> None:
    receipts: list[dict[str, object]] = []
    errors: list[BaseException] = []

    def copies(key: str | None) -> None:
        try:
            for _ in range(25):
                receipts.append(send(source, "test_air", [reading()], key=key).body())
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=copies, args=("same",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(receipts) == 100
    assert len({str(receipt) for receipt in receipts}) == 1
    assert Delivery.objects.count() == len(_files()) == 1


@pytest.mark.slow
def test_a_thousand_copies_in_a_row_count_once(source: Source, no_landing: None, store: None) -> None:
    ids = {send(source, "test_air", [reading()]).id for _ in range(1000)}
    landing.land("test_air")
    assert (len(ids), Delivery.objects.count(), len(stored("test_air"))) == (1, 1, 1)


def test_a_full_disk_is_507_and_leaves_nothing_behind(source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    def write(handle: int, piece: bytes) -> int:
        if len(piece) > 200:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, piece)

    monkeypatch.setattr(keeping.os, "write", write)
    with pytest.raises(Problem) as caught:
        send(source, "test_air", [reading(), reading(station="s2")])
    assert (caught.value.code, caught.value.status) == ("storage-full", 507)
    assert not Delivery.objects.exists()
    assert [path for path in keeping.folder().rglob("*") if path.is_file()] == []
    monkeypatch.undo()


def test_a_full_database_is_507_and_leaves_nothing_behind(
    source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_arguments: object) -> Delivery:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(receiving, "register", full)
    with pytest.raises(Problem) as caught:
        send(source, "test_air", [reading()])
    assert caught.value.status == 507
    assert _files() == []


def test_larger_than_the_limit_is_refused(source: Source, settings: object) -> None:
    settings.LARGEST_DELIVERY = 1000  # type: ignore[attr-defined]
    with pytest.raises(Problem) as caught:
        send(source, "test_air", b" " * 1001)
    assert caught.value.status == 413


def test_an_unknown_dataset_is_404_and_anothers_is_403(source: Source) -> None:
    source.datasets = ["test_air"]
    for dataset, status in (("nothing", 404), ("test_figures", 403)):
        with pytest.raises(Problem) as caught:
            send(source, dataset, [reading()])
        assert caught.value.status == status


def test_a_queue_that_fails_does_not_fail_the_delivery(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise OperationalError("jobs are gone")

    monkeypatch.setattr(landing.queue, "enqueue", broken)
    assert send(source, "test_air", [reading()]).created
    assert landing.waiting_datasets() == ["test_air"]


# --- landing, and stopping in the middle of it ---


def test_landing_takes_all_waiting_deliveries_and_tells_once(source: Source, no_landing: None, store: None) -> None:
    for number in range(3):
        send(source, "test_air", [reading(station=f"s{number}")])
    landing.land("test_air")
    seqs = tuple(Delivery.objects.order_by("id").values_list("id", flat=True))
    assert told == [RowsLanded("test_air", seqs)]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}
    landing.land("test_air")
    assert len(told) == 1


def test_large_backlogs_land_in_bounded_batches(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(landing, "MOST_ROWS", 3)
    for number in range(4):
        send(source, "test_air", [reading(station=f"{number}-{row}") for row in range(2)])
    landing.land("test_air")
    assert [len(event.seqs) for event in told if isinstance(event, RowsLanded)] == [1, 1, 1, 1]
    assert len(stored("test_air")) == 8


def test_a_store_that_is_away_leaves_the_deliveries_waiting(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(source, "test_air", [reading()])

    def away(*_arguments: object) -> int:
        raise StoreUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(landing.rows, "append", away)
        with pytest.raises(StoreUnavailable):
            landing.land("test_air")
    assert told == []
    _claims_run_out()
    landing.land("test_air")
    assert len(stored("test_air")) == len(told) == 1


@pytest.mark.parametrize("stopped_at", ["claimed", "stored", "told"])
def test_a_landing_stopped_anywhere_is_done_again_and_doubles_nothing(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    class Killed(BaseException):
        """The machine stops: no handler of ours runs."""

    def killed(*_arguments: object) -> None:
        raise Killed

    send(source, "test_air", [reading(), reading(station="s2")])
    point = {"claimed": (landing.rows, "append"), "stored": (landing, "tell"), "told": (landing, "_mark_done")}[stopped_at]
    with monkeypatch.context() as patch:
        patch.setattr(*point, killed)
        with pytest.raises(Killed):
            landing.land("test_air")
    landing.land("test_air")
    assert Delivery.objects.get().state != DeliveryState.DONE, "the claim holds for a while"
    _claims_run_out()
    landing.land("test_air")
    assert len(stored("test_air")) == 2
    assert told[-1] == RowsLanded("test_air", (Delivery.objects.get().pk,))
    assert Delivery.objects.get().state == DeliveryState.DONE


def _claims_run_out() -> None:
    Delivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_kept_but_never_registered_is_found_again_under_its_own_name(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_arguments: object) -> Delivery:
        raise KeyboardInterrupt

    send(source, "test_air", [reading(station="s3")])
    assert recovery.recover() == 0, "all is in order when it looks for the first time"
    Delivery.objects.all().delete()
    for place in _files():
        keeping.drop(place)
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "register", stopped)
        with pytest.raises(KeyboardInterrupt):
            send(source, "test_air", [reading(), reading(station="s2", pm25="x")], key="k1")
    assert len(_files()) == 1
    assert recovery.recover() == 0, "it may still be in the middle of being registered"
    monkeypatch.setattr(recovery, "SETTLED", timedelta(0))
    assert recovery.recover() == 1
    delivery = Delivery.objects.get()
    assert str(delivery.uid) in _files()[0]
    assert (delivery.accepted, delivery.quarantined, len(held())) == (1, 1, 1)
    assert send(source, "test_air", [reading(), reading(station="s2", pm25="x")], key="k1").id == str(delivery.uid)
    assert recovery.recover() == 0


def test_a_forgotten_payload_that_was_sent_again_meanwhile_is_dropped(
    source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_arguments: object) -> Delivery:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "register", stopped)
        with pytest.raises(KeyboardInterrupt):
            send(source, "test_air", [reading()], key="k1")
    send(source, "test_air", [reading()], key="k1")
    monkeypatch.setattr(recovery, "SETTLED", timedelta(0))
    assert (recovery.recover(), len(_files()), Delivery.objects.count()) == (0, 1, 1)


def test_recovery_asks_for_landings_that_were_forgotten(
    source: Source, no_landing: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(source, "test_air", [reading()])
    asked: list[str] = []
    monkeypatch.setattr(landing, "ask_to_land", asked.append)
    recovery.recover()
    assert asked == ["test_air"]


def test_half_written_files_are_not_taken_for_deliveries(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    place = keeping.folder() / "2026/11/22/02"
    place.mkdir(parents=True)
    (place / "5e0e2e4e-0000-4000-8000-000000000000.part").write_bytes(b"{")
    (place / "not-ours.payload").write_bytes(b"x")
    (place / "5e0e2e4e-0000-4000-8000-000000000001.payload").write_bytes(b"{broken")
    monkeypatch.setattr(recovery, "SETTLED", timedelta(0))
    assert recovery.recover(since=recovery.BEGINNING) == 0


def test_half_written_files_are_swept_away_after_a_while(source: Source) -> None:
    old = timezone.now() - timedelta(hours=3)
    place = keeping.folder() / f"{old:%Y/%m/%d/%H}"
    place.mkdir(parents=True)
    for name, age in (("a.part", 3 * 3600), ("b.part", 10), ("c.payload", 3 * 3600)):
        (place / name).write_bytes(b"x")
        os.utime(place / name, (timezone.now().timestamp() - age,) * 2)
    now = timezone.now()
    keeping.sweep(now - timedelta(days=1), now - timedelta(hours=2))
    assert sorted(path.name for path in place.iterdir()) == ["b.part", "c.payload"]


def test_kept_payloads_are_listed_from_an_hour_on_oldest_first(source: Source) -> None:
    hours = ("2025/12/31/23", "2026/01/01/00", "2026/11/21/23", "2026/11/22/01", "2026/11/22/02", "2027/01/01/00")
    for hour in hours:
        (keeping.folder() / hour).mkdir(parents=True)
        (keeping.folder() / hour / "a.payload").write_bytes(b"x")
    assert list(keeping.places()) == [f"{hour}/a.payload" for hour in hours]
    since = datetime(2026, 11, 22, 1, 59, tzinfo=UTC)
    assert list(keeping.places(since)) == [f"{hour}/a.payload" for hour in hours[3:]]


def test_the_same_refusal_over_and_over_is_one_line_that_counts(source: Source) -> None:
    for _ in range(5):
        with pytest.raises(Problem):
            send(source, "test_air", b"{")
    with pytest.raises(Problem):
        send(source, "test_air", b"[1]")
    assert sorted(Refusal.objects.values_list("times", flat=True)) == [1, 5]
    line = next(each for each in queries.source_health(SYSTEM) if each.dataset == "test_air")
    assert line.errors == 6
    newest = Refusal.objects.order_by("-id").first()
    assert newest is not None
    assert line.last_error == newest.detail
    with pytest.raises(Problem):
        send(source, "test_air", b"{")  # the first line counts on: it is the newest again
    again = Refusal.objects.get(times=6)
    assert [each.last_error for each in queries.source_health(SYSTEM) if each.dataset == "test_air"] == [again.detail]


def test_a_lost_payload_marks_its_delivery_failed_and_the_others_land(source: Source, no_landing: None, store: None) -> None:
    send(source, "test_air", [reading()])
    (keeping.folder() / Delivery.objects.get().kept).unlink()
    send(source, "test_air", [reading(station="s2")])
    landing.land("test_air")
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == [DeliveryState.FAILED, DeliveryState.DONE]
    assert len(stored("test_air")) == 1


def test_rows_that_no_longer_pass_go_to_review_instead_of_vanishing(
    source: Source, place: dict[str, object], no_landing: None, store: None,
) -> None:
    from toancanh.units import register
    from toancanh.units.models import Unit

    send(source, "test_air", [reading(), reading(station="s2", area="MS02")])
    Unit.objects.filter(key="sample:MS02").delete()
    register.forget()
    landing.land("test_air")
    delivery = Delivery.objects.get()
    assert (delivery.accepted, delivery.quarantined) == (1, 1)
    assert [row.line for row in held()] == [2]
    assert len(stored("test_air")) == 1


def test_held_rows_stay_held_even_if_they_would_pass_when_landing(source: Source, no_landing: None, store: None) -> None:
    from toancanh.units import register
    from toancanh.units.models import Unit

    send(source, "test_air", [reading(), reading(station="s2", area="Phường Mới Lập")])
    Unit.objects.create(scheme="sample", code="MS09", level="commune", name="Mới Lập", full_name="Phường Mới Lập")
    register.forget()
    landing.land("test_air")
    assert len(stored("test_air")) == 1
    assert QuarantinedRow.objects.get().state == "open"


def test_the_store_is_rebuilt_from_kept_payloads_alone(source: Source, no_landing: None, store: None) -> None:
    from toancanh.store import lifecycle

    send(source, "test_air", [reading(pm25=1), reading(station="bad", pm25="x")])
    send(source, "test_air", [reading(pm25=2), reading(station="s2")])
    send(source, "test_figures", [{"item": "revenue", "area": "MS", "period": "10/2026", "value": 7}])
    for code in ("test_air", "test_figures"):
        landing.land(code)
    before = [(row.values, row.seq, row.line) for code in ("test_air", "test_figures") for row in stored(code)]
    lifecycle.drop_all()
    assert dict(recovery.rebuild()) == {"test_air": 2, "test_dossiers": 0, "test_figures": 1}
    assert [(row.values, row.seq, row.line) for code in ("test_air", "test_figures") for row in stored(code)] == before


def test_positions_are_packed_and_unpacked() -> None:
    assert keeping.unpack_positions(keeping.pack_positions([])) == frozenset()
    many = frozenset(range(0, 300_000, 7))
    assert keeping.unpack_positions(keeping.pack_positions(many)) == many


def test_two_workers_never_claim_the_same_delivery(source: Source, no_landing: None) -> None:
    send(source, "test_air", [reading()])
    assert len(landing._claim("test_air")) == 1
    assert landing._claim("test_air") == []
    assert connection.vendor in ("sqlite", "postgresql")


def test_more_held_rows_than_can_be_listed_are_counted_and_left_out(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_LISTED", 2)
    receipt = send(source, "test_air", [reading(station=f"s{n}", pm25="x" if n else 1) for n in range(6)])
    assert (receipt.quarantined, len(held())) == (5, 2)
    landing.land("test_air")
    assert len(stored("test_air")) == 1

"""The worker lands in turns: what cannot wait hears of rows as soon as they are stored, the figures follow, and nothing rests on
the first news."""

from __future__ import annotations

import threading

import pytest
from tests.intake.datasets import told
from tests.intake.deliveries import reading, send, stored

from toancanh.intake import landing, recovery
from toancanh.intake.events import RowsLanded, RowsStored
from toancanh.intake.models import Delivery, DeliveryState, Source
from toancanh.store.problems import StoreUnavailable

pytestmark = pytest.mark.django_db


def _seqs() -> tuple[int, ...]:
    return tuple(Delivery.objects.order_by("id").values_list("id", flat=True))


def test_what_came_together_is_told_of_at_once_and_settled_after(source: Source, no_landing: None, store: None) -> None:
    for number in range(3):
        send(source, "test_air", [reading(station=f"s{number}")])
    landing.land_in_turns("test_air")
    assert told == [RowsStored("test_air", _seqs()), RowsLanded("test_air", _seqs())]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}


def test_a_backlog_is_stored_whole_before_it_is_told_of(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(landing, "MOST_ROWS", 2)
    for number in range(4):
        send(source, "test_air", [reading(station=f"{number}-{row}") for row in range(2)])
    landing.land_in_turns("test_air")
    assert told[0] == RowsStored("test_air", _seqs())
    assert len(stored("test_air")) == 8


def test_of_a_large_load_the_rows_come_first_and_all_figures_after(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(landing, "MOST_AHEAD", 3)
    for number in range(2):
        send(source, "test_air", [reading(station=f"{number}-{row}") for row in range(2)])
    landing.land_in_turns("test_air")
    assert told == [RowsLanded("test_air", _seqs())]


def test_first_news_that_fails_holds_nothing_up(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def tell(event: object) -> None:
        if isinstance(event, RowsStored):
            raise RuntimeError("a figure cannot be computed")
        told.append(event)

    monkeypatch.setattr(landing, "tell", tell)
    send(source, "test_air", [reading()])
    landing.land_in_turns("test_air")
    assert told == [RowsLanded("test_air", _seqs())]
    assert Delivery.objects.get().state == DeliveryState.DONE


@pytest.mark.parametrize("stopped_at", ["_tell_ahead", "_settle"])
def test_what_was_stored_and_not_settled_when_the_worker_died_is_settled_by_recovery(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch, stopped_at: str,
) -> None:
    class Killed(BaseException):
        """The machine stops: no handler of ours runs."""

    def killed(*_arguments: object) -> None:
        raise Killed

    send(source, "test_air", [reading()])
    with monkeypatch.context() as patch:
        patch.setattr(landing, stopped_at, killed)
        with pytest.raises(Killed):
            landing.land_in_turns("test_air")
    assert Delivery.objects.get().state == DeliveryState.LANDED
    Delivery.objects.update(claimed_until=None)  # as the next worker does when it starts
    monkeypatch.setattr(landing, "ask_to_land", landing.land_in_turns)
    recovery.recover()
    assert told[-1] == RowsLanded("test_air", _seqs())
    assert len(stored("test_air")) == 1
    assert Delivery.objects.get().state == DeliveryState.DONE


def test_a_store_that_went_away_before_the_figures_leaves_them_to_another_try(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(_event: RowsLanded) -> None:
        raise StoreUnavailable

    send(source, "test_air", [reading()])
    with monkeypatch.context() as patch:
        patch.setattr(landing, "tell", away)
        with pytest.raises(StoreUnavailable):
            landing.land("test_air")
    assert (Delivery.objects.get().state, Delivery.objects.get().tries) == (DeliveryState.LANDED, 0)
    Delivery.objects.update(claimed_until=None)
    landing.land("test_air")
    assert Delivery.objects.get().state == DeliveryState.DONE


def test_a_second_hand_leaves_a_dataset_to_the_first(
    source: Source, no_landing: None, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def tell(event: object) -> None:
        told.append(event)
        if event == RowsStored("test_air", _seqs()[:1]):
            send(source, "test_air", [reading(station="s2")])
            second = threading.Thread(target=landing.land_in_turns, args=("test_air",))
            second.start()
            second.join(10)
            assert len(stored("test_air")) == 1

    monkeypatch.setattr(landing, "tell", tell)
    send(source, "test_air", [reading()])
    landing.land_in_turns("test_air")
    assert [each.seqs for each in told if isinstance(each, RowsStored)] == [_seqs()[:1], _seqs()[1:]]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}

"""Who computes what takes turns: nobody waits long at the landing for others, and no number of commands takes all hands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from tests.indicators.conftest import NOW, Hand, value
from tests.indicators.sample_pack import CASES
from tests.indicators.test_compute import case

from toancanh.indicators import compute
from toancanh.jobs.turns import turn


@contextmanager
def anothers_turn(name: str) -> Iterator[None]:
    """Somebody else, on a connection of their own, is inside the turn."""
    entered, leave = threading.Event(), threading.Event()

    def another() -> None:
        try:
            with turn(name):
                entered.set()
                leave.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=another)
    thread.start()
    assert entered.wait(10)
    try:
        yield
    finally:
        leave.set()
        thread.join(10)


def test_many_changes_in_a_row_take_one_hand_of_the_worker(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    later: list[object] = []
    monkeypatch.setattr("toancanh.jobs.queue.enqueue", lambda _job, keys, after_seconds: later.append((keys, after_seconds)))
    with anothers_turn("units"):
        compute._recompute_units_in_background(["t:A"])
    assert later == [(["t:A"], compute.UNITS_LATER)]


def test_first_figures_are_left_to_the_others_while_somebody_is_long_at_them(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "OWN_PATIENCE", 0.05)
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    with anothers_turn(f"{CASES.code}-own"):
        came = [hand.store(CASES, case("2", "2026-11-02T08:00"))]
        assert compute.recompute_own(CASES.code, came, NOW) == 0
    assert value("received", "P", "2026-11") == 1
    assert compute.recompute(CASES.code, came, NOW) > 0
    assert value("received", "P", "2026-11") == 2

"""Several threads of one worker: what cannot wait goes ahead, and what happens by the clock is never at it twice."""

from __future__ import annotations

import threading

import pytest

from toancanh.jobs import queue, right_of_way


def test_long_work_gives_way_while_somebody_is_ahead_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_of_way, "PATIENCE", 0.05)
    order: list[str] = []

    def long_work() -> None:
        way = right_of_way.GivingWay()
        way.give()
        order.append("patience is used up")
        way.give()

    with right_of_way.ahead():
        work = threading.Thread(target=long_work)
        work.start()
        work.join(10)
        order.append("ahead is done")
    assert order == ["patience is used up", "ahead is done"]
    right_of_way.GivingWay().give()


def test_what_happens_by_the_clock_is_left_out_while_it_is_still_at_it() -> None:
    runs: list[int] = []

    def slow() -> None:
        runs.append(1)
        again = threading.Thread(target=task.call_local)
        again.start()
        again.join(10)

    task = queue.every(slow)
    task.call_local()
    assert len(runs) == 1
    task.call_local()
    assert len(runs) == 2

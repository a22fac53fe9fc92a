"""A source stops sending: its own alert rings, the duty desk gets it as work with a clock; it is over when data come again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.journeys.conftest import Clock, People, Sender, dossier

from toancanh.watch.evaluation.runs import evaluate_clock

RULE = "Hệ thống một cửa ngừng gửi số liệu"


@pytest.mark.slow
def test_a_silent_source_raises_its_own_alert_and_clears_it_with_its_next_delivery(
    transactional_db: None, sender: Callable[..., Sender], anyone: People, clock: Clock
) -> None:
    desk_system, operator = sender("one-stop", "agency:MS-VP", "dossiers"), anyone("operator")
    desk_system.post("dossiers", [dossier("H99.1", "MS15")])
    evaluate_clock()
    assert RULE not in operator.opens("/alerts")

    clock.forward(hours=2)  # the agreed pace is a quarter of an hour; a call is worth it after three of them, held
    evaluate_clock()
    clock.forward(hours=1)
    evaluate_clock()
    assert RULE in operator.opens("/alerts")
    assert "Chờ xử lý 1" in operator.opens("/desk")
    assert RULE in operator.opens("/inbox")
    before = operator.opens("/inbox").count(RULE)
    clock.forward(hours=1)
    evaluate_clock()
    assert operator.opens("/inbox").count(RULE) == before, "a silence that goes on is not told again"

    desk_system.post("dossiers", [dossier("H99.2", "MS15")])
    evaluate_clock()
    assert RULE not in operator.opens("/alerts")
    assert RULE in operator.opens("/alerts?state=over")

"""A source that goes silent is named on the overview and on the page of sources, and is on time again with its next delivery."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.conftest import Clock, Sender, dossier
from tests.journeys.person import Person


def test_a_silent_source_is_called_late_until_it_sends_again(
    sender: Callable[..., Sender], person: Callable[..., Person], clock: Clock
) -> None:
    desk, leader = sender("one-stop", "agency:MS-VP", "dossiers"), person("leader")
    desk.post("dossiers", [dossier("H99.1", "MS15")])
    assert "gửi chậm" not in leader.opens("/")
    clock.forward(hours=6)  # the agreed pace is a quarter of an hour
    overview = leader.opens("/")
    assert "1 nguồn dữ liệu gửi chậm" in overview
    assert "Hệ thống one-stop" in leader.opens("/sources")
    desk.post("dossiers", [dossier("H99.2", "MS15")])
    assert "gửi chậm" not in leader.opens("/")

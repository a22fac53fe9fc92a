"""From a department's system to the leader's screen, and back from the screen to the line that was sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.conftest import Clock, Sender, dossier, figure
from tests.journeys.person import Person


def test_a_posted_figure_reaches_the_overview_and_proves_itself(
    sender: Callable[..., Sender], person: Callable[..., Person], clock: Clock
) -> None:
    treasury, leader = sender("treasury", "agency:MS-KBNN", "socio_economic_figures"), person("leader")
    assert "11,3" not in leader.opens("/")
    receipt = treasury.post(
        "socio_economic_figures",
        [figure("pub_inv_plan", "sample:MS", "2026", 5000.0), figure("pub_inv_disb", "sample:MS", "2026-03", 565.0)],
    )
    assert (receipt["received"], receipt["accepted"], receipt["quarantined"]) == (2, 2, 0)
    assert treasury.get(f"/api/v1/deliveries/{receipt['id']}")["state"] == "done"
    assert "11,3" in leader.opens("/"), "565 of 5,000 billion disbursed"
    card = re.search(r'href="(/values/\d+/proof)[^"]*"', leader.source_of("/fragments/tile/pub_inv_rate"))
    assert card, "the card offers its proof"
    proof = leader.opens(card[1])
    for said in ("11,3", "Tính lại bây giờ: bằng nhau", "565", "5.000", "Hệ thống treasury"):
        assert said in proof
    by_api: Any = leader.asks("/api/v1/indicators/pub_inv_rate/values?unit=sample:MS&grain=month&cumulative=true")
    (value,) = [each for each in by_api["items"] if each["value"] is not None]
    assert value["period"] == "2026-03-ytd"
    told = leader.asks(f"/api/v1/values/{value['id']}/proof")
    assert (told["equal"], told["rows"][0]["source"]) == (True, "Hệ thống treasury")


@pytest.mark.slow
def test_the_same_delivery_sent_a_thousand_times_counts_once(
    sender: Callable[..., Sender], person: Callable[..., Person]
) -> None:
    desk, leader = sender("one-stop", "agency:MS-VP", "dossiers"), person("leader")
    rows = [dossier(f"H99.{number}", "MS15") for number in range(5)]
    first = desk.post("dossiers", rows)
    for _ in range(1000):
        desk.sent -= 1  # the same idempotency key again
        assert desk.post("dossiers", rows, status=200) == first
    counted = leader.asks("/api/v1/indicators/dossiers_received/values?unit=sample:MS&grain=day")
    assert [each["value"] for each in counted["items"]] == [5.0]

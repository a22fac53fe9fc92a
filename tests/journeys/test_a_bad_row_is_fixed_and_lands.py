"""A row that cannot be right is held with the reason in words, corrected on a page by who may, and counts from then on."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.journeys.conftest import Sender, dossier
from tests.journeys.person import Person

COUNTED = "/api/v1/indicators/dossiers_received/values?unit=sample:MS15&grain=day"


def test_a_bad_row_is_fixed_and_lands(sender: Callable[..., Sender], person: Callable[..., Person]) -> None:
    system = sender("one-stop", "agency:MS-VP", "dossiers")
    operator, auditor = person("operator"), person("auditor")
    rows = [dossier("H99.1", "MS15"), dossier("H99.2", "MS15", commune="Xã Không Có", state="99")]
    receipt = system.post("dossiers", rows)
    assert (receipt["accepted"], receipt["quarantined"]) == (1, 1)
    (held,) = system.get(f"/api/v1/deliveries/{receipt['id']}/quarantine")["items"]
    assert {each["column"] for each in held["problems"]} == {"commune", "state"}
    assert [each["value"] for each in operator.asks(COUNTED)["items"]] == [1.0]

    listed = operator.source_of("/data/quarantine")
    row = re.search(r'href="(/data/quarantine/\d+)"', listed)
    assert row
    assert "Không Có" in operator.opens(row[1])
    form = {f"value-{name}": str(value) for name, value in rows[1].items()}
    assert "99" in operator.sends(row[1], form), "still wrong: the page says so and nothing lands"
    assert [each["value"] for each in operator.asks(COUNTED)["items"]] == [1.0]
    operator.sends(row[1], form | {"value-commune": "Thạch Bình", "value-state": "2"})
    assert [each["value"] for each in operator.asks(COUNTED)["items"]] == [2.0]
    assert "Đã sửa" in operator.opens(f"/data/deliveries/{receipt['id']}")
    assert "intake.fix_row" in auditor.source_of("/audit") or "operator" in auditor.opens("/audit")


def test_who_may_not_enter_data_cannot_touch_a_held_row(sender: Callable[..., Sender], person: Callable[..., Person]) -> None:
    sender("one-stop", "agency:MS-VP", "dossiers").post("dossiers", [dossier("H99.2", "MS15", commune="Xã Không Có")])
    row = re.search(r'href="(/data/quarantine/\d+)"', person("operator").source_of("/data/quarantine"))
    assert row
    leader = person("leader")
    leader.opens(row[1], status=403)
    assert leader.client.post(row[1], {"value-commune": "Thạch Bình"}).status_code == 403

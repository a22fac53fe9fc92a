"""A commune's officer whose account holds one grant: page, map, search, stream of values and file all stop at its border."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.journeys.conftest import Sender, dossier
from tests.journeys.person import Person

HERS, OTHER = "sample:MS15", "sample:MS16"


def test_an_officer_sees_only_her_commune(sender: Callable[..., Sender], person: Callable[..., Person]) -> None:
    rows = [dossier(f"H99.A{number}", "MS15") for number in range(3)]
    rows += [dossier(f"H99.B{number}", "MS16") for number in range(41)]
    sender("one-stop", "agency:MS-VP", "dossiers").post("dossiers", rows)
    leader = person("leader")
    officer = person("officer", agency="agency:MS15", sees=HERS)
    path = "/api/v1/indicators/dossiers_received/values?grain=day"
    assert by_commune(officer.asks(f"{path}&level=commune")) == {HERS: 3.0}
    assert by_commune(leader.asks(f"{path}&level=commune")) == {HERS: 3.0, OTHER: 41.0}
    assert [each for each in officer.asks(f"{path}&unit={OTHER}").get("items", []) if each["value"] is not None] == []

    foreign = [each["id"] for each in leader.asks(f"{path}&unit={OTHER}")["items"]]
    for value in foreign:
        assert officer.client.get(f"/api/v1/values/{value}/proof").status_code in (403, 404)
        assert officer.client.get(f"/values/{value}/proof").status_code in (403, 404)
    for page in ("/", "/indicators/dossiers_received", f"/places/{OTHER}", "/indicators/dossiers_received/values.csv"):
        answer = officer.client.get(page)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "H99.B" not in body.decode(errors="replace")
        assert ";41" not in body.decode(errors="replace")
    assert "3" in officer.opens(f"/places/{HERS}")


def by_commune(answer: Any) -> dict[str, float]:
    return {each["unit"]: each["value"] for each in answer["items"] if each["value"] is not None}


def test_the_public_sees_nothing(sender: Callable[..., Sender], person: Callable[..., Person]) -> None:
    receipt = sender("one-stop", "agency:MS-VP", "dossiers").post("dossiers", [dossier("H99.1", "MS15")])
    leader = person("leader")
    leader.client.logout()
    for path in ("/", "/indicators/dossiers_received", f"/places/{HERS}", "/sources", f"/data/deliveries/{receipt['id']}"):
        answer = leader.client.get(path)
        assert (answer.status_code, answer.url.startswith("/sign-in")) == (302, True), path
    assert leader.client.get("/api/v1/indicators/dossiers_received/values").status_code == 401


def test_a_source_cannot_send_what_is_not_its_own_nor_read_what_others_sent(sender: Callable[..., Sender]) -> None:
    desk, tax = sender("one-stop", "agency:MS-VP", "dossiers"), sender("tax", "agency:MS-THUE", "socio_economic_figures")
    receipt = desk.post("dossiers", [dossier("H99.1", "MS15")])
    tax.post("dossiers", [dossier("H99.2", "MS15")], status=403)
    path = f"/api/v1/deliveries/{receipt['id']}"
    assert tax.client.get(path, headers={"Authorization": f"Bearer {tax.key}"}).status_code == 404

"""Who may open what: another agency gets 404 where existence itself is sensitive, and writes need the right of the act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from toancanh.live.models import Change
from toancanh.people.models import User
from toancanh.response.events import IncidentChanged, PresenceChanged
from toancanh.response.models import Incident
from toancanh.response.services import incidents
from toancanh.site.wiring import WIRING

READS = ("/incidents/{pk}", "/incidents/{pk}/report.docx", "/incidents/{pk}/report.pdf")
ACTS = (
    "take", "assign", "report_fixed", "send_back", "close", "refuse", "reopen", "split_off", "merge", "note", "severity",
    "public", "hand_over", "step",
)  # fmt: skip


@pytest.fixture
def routed(lan: User, pothole: Incident) -> Incident:
    return incidents.assign(lan, pothole)


@pytest.mark.parametrize("path", [*READS, "/incidents/{pk}/take", "/presence/incident/{pk}"])
def test_another_agency_gets_not_found(
    routed: Incident, person: Callable[..., User], browser: Callable[[User], Client], path: str
) -> None:
    client = browser(person("officer", "agency:NNMT"))
    address = path.format(pk=routed.pk)
    answer = client.post(address) if "take" in path or "presence" in path else client.get(address)
    assert answer.status_code == 404
    assert "Ổ gà" not in answer.content.decode()


@pytest.mark.parametrize("verb", ACTS)
def test_no_act_of_another_agency_reaches_the_record(
    routed: Incident, person: Callable[..., User], browser: Callable[[User], Client], verb: str
) -> None:
    before = Incident.objects.filter(pk=routed.pk).values().get()
    answer = browser(person("officer", "agency:NNMT")).post(f"/incidents/{routed.pk}/{verb}", {"reason": "x", "words": "x"})
    assert answer.status_code == 404
    assert Incident.objects.filter(pk=routed.pk).values().get() == before


def test_its_own_officer_sees_it_and_may_only_report(
    routed: Incident, person: Callable[..., User], browser: Callable[[User], Client]
) -> None:
    client = browser(person("officer", "agency:MS01"))
    assert client.get(f"/incidents/{routed.pk}").status_code == 200
    assert "Ổ gà" in client.get("/incidents").content.decode()
    for verb in ("close", "take", "assign", "severity"):
        answer = client.post(f"/incidents/{routed.pk}/{verb}", {"reason": "x", "severity": "low"})
        assert answer.status_code == 403, verb
    assert client.post(f"/incidents/{routed.pk}/report_fixed", {"reason": "Đã vá"}).status_code == 302


@pytest.mark.parametrize("path", ["/desk", "/shifts", "/incidents/new"])
@pytest.mark.parametrize("role", ["officer", "analyst", "auditor"])
def test_the_desk_is_for_those_who_direct(
    person: Callable[..., User], browser: Callable[[User], Client], path: str, role: str
) -> None:
    agency = "agency:SXD" if role == "officer" else ""
    assert browser(person(role, agency)).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/desk", "/shifts", "/incidents", "/incidents/new", *READS])
def test_the_public_signs_in_first(routed: Incident, path: str) -> None:
    assert "/sign-in" in Client().get(path.format(pk=routed.pk)).headers["Location"]


def test_an_auditor_reads_and_writes_nothing(
    routed: Incident, person: Callable[..., User], browser: Callable[[User], Client]
) -> None:
    client = browser(person("auditor"))
    assert client.get(f"/incidents/{routed.pk}").status_code == 200
    assert client.post(f"/incidents/{routed.pk}/note", {"words": "x"}).status_code == 403


def test_the_stream_names_a_record_to_those_alone_who_opened_it(
    lan: User, pothole: Incident, browser: Callable[[User], Client]
) -> None:
    for event in (IncidentChanged(pothole.pk), PresenceChanged("incident", pothole.pk)):
        for handler in WIRING[type(event)]:
            handler(event)
    told = set(Change.objects.values_list("key", flat=True))
    assert {each for each in told if each.endswith("@*")} == {"desk@*", "incidents@*"}
    (own,) = {each.rpartition("@")[2] for each in told if not each.endswith("@*")}
    for path in (f"/incidents/{pothole.pk}", f"/desk?item={pothole.pk}"):
        assert f"scope={own}" in browser(lan).get(path).content.decode()
    assert own not in browser(lan).get("/incidents").content.decode()

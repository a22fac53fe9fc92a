"""How an incident reached the centre: every way has its words on every page, and what is told twice is one incident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.response.incidents.conftest import Clock

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.notify.models import DutyTurn, Notice
from toancanh.people.actors import MachineActor
from toancanh.people.models import Grant, User
from toancanh.response.handling.origins import BY_HAND, ORIGINS
from toancanh.response.models import Entry, Incident
from toancanh.response.printed.after_action import report_of
from toancanh.response.services.incidents import IncidentForm, close, open_incident, refuse, take
from toancanh.response.services.merging import merge
from toancanh.response.services.receiving import Sent, receive
from toancanh.units.models import Unit

Province = dict[str, Unit]
Browser = Callable[[User], Client]
FORM = {
    "kind": "road", "title": "Cây đổ chắn đường", "origin": "citizen", "once": "a", "reporter": "Ông Hai, 0912 345 678",
    "number": "PA-2026-77", "unit": "sample:MS01",
}  # fmt: skip
TOLD = IncidentForm(
    kind="road", title="Cây đổ chắn đường", origin="citizen", reporter="Ông Hai, 0912 345 678", number="PA-2026-77"
)


@pytest.fixture
def hotline(province: Province) -> MachineActor:
    """The source of the citizens' reports."""
    return MachineActor.of("1022", None)


@pytest.mark.parametrize("origin", list(ORIGINS))
def test_every_way_is_said_in_room_list_report_and_audit(
    lan: User, person: Callable[..., User], province: Province, browser: Browser, origin: str
) -> None:
    form = IncidentForm(kind="road", title="Cây đổ", unit=province["sample:MS01"], origin=origin, origin_key="1")
    made, client = open_incident(lan, form), browser(lan)
    words = ORIGINS[origin]
    assert words.through.vi in Entry.objects.get(kind="incident", subject=made.pk, act="open").words_vi
    for path in (f"/incidents/{made.pk}", "/incidents", f"/incidents?origin={origin}", "/desk"):
        assert words.title.vi in client.get(path).content.decode(), path
    printed = " ".join(report_of(lan, made, timezone.now()).sections[0].words)
    assert words.through.vi in printed
    auditor = browser(person("auditor"))
    assert f"Đến từ: {words.title.vi}" in auditor.get("/audit").content.decode()


def test_the_list_is_filtered_by_the_way_it_came(lan: User, pothole: Incident, browser: Browser) -> None:
    open_incident(lan, IncidentForm(kind="road", title="Đèn hỏng", origin="citizen"))
    shown = browser(lan).get("/incidents?origin=citizen").content.decode()
    assert "Đèn hỏng" in shown
    assert pothole.title not in shown
    assert "origin=citizen" in shown  # the tabs keep it
    assert pothole.title in browser(lan).get("/incidents?origin=no-such").content.decode()


@pytest.mark.parametrize("origin", BY_HAND)
def test_an_operator_says_how_it_came(lan: User, browser: Browser, origin: str) -> None:
    offered = browser(lan).get("/incidents/new").content.decode()
    assert f'<option value="{origin}"' in offered
    browser(lan).post("/incidents/new", FORM | {"origin": origin})
    assert Incident.objects.get().origin == origin


def test_a_citizens_report_is_found_by_its_number_and_told_twice_by_a_source_it_is_one_incident(
    lan: User, binh: User, browser: Browser, hotline: MachineActor
) -> None:
    made = receive(hotline, TOLD, Sent("source:1", "a"))
    take(lan, made)
    again = replace(TOLD, title="Cây đổ, vướng dây điện", reporter="Bà Tư, 0987 000 111")
    assert receive(hotline, again, Sent("source:1", "b")) == made
    room = browser(binh).get(f"/incidents/{made.pk}").content.decode()
    assert "Được báo lại, số PA-2026-77: Cây đổ, vướng dây điện" in room
    assert "Phản ánh của người dân, số PA-2026-77" in room
    assert "Ông Hai, 0912 345 678; Bà Tư, 0987 000 111" in room
    assert made.title in browser(lan).get("/incidents?q=0987 000 111").content.decode()
    assert Notice.objects.filter(user=lan, title_vi__startswith="Được báo lại:").count() == 1
    assert made.title in browser(lan).get("/incidents?q=pa-2026-77").content.decode()
    assert "(số PA-2026-77)" in " ".join(report_of(lan, made, timezone.now()).sections[0].words)
    assert AuditEntry.objects.filter(action="response.reported_again", actor=hotline.label).count() == 1
    assert AuditEntry.objects.filter(action="response.read_reporter", actor=binh.label).count() == 1


def test_a_person_is_asked_about_a_number_that_an_open_incident_has_and_keeps_what_was_typed(
    lan: User, binh: User, browser: Browser
) -> None:
    browser(lan).post("/incidents/new", FORM)
    first = Incident.objects.get()
    fire = FORM | {"once": "b", "kind": "fire", "title": "Cháy nhà dân", "severity": "urgent"}
    asked = browser(binh).post("/incidents/new", fire)
    shown = asked.content.decode()
    assert asked.status_code == 409
    assert f'href="/incidents/{first.pk}"' in shown
    assert f"bổ sung vào {first.code}" in shown
    assert 'value="Cháy nhà dân"' in shown
    once = shown.split('name="once" value="')[1].split('"')[0]
    opened = browser(binh).post("/incidents/new", fire | {"once": once, "number": ""})
    assert opened.headers["Location"] == f"/incidents/{Incident.objects.exclude(pk=first.pk).get().pk}"
    assert not Entry.objects.filter(act="reported_again").exists()


def test_a_number_of_an_incident_that_the_person_may_not_see_opens_another(
    lan: User, province: Province, person: Callable[..., User], browser: Browser
) -> None:
    browser(lan).post("/incidents/new", FORM | {"number": "1022"})
    road = Incident.objects.get()
    here = person("analyst")
    User.objects.filter(pk=here.pk).update(only_grants=True)
    Grant.objects.create(user=here, actions=["view", "direct"], area=province["sample:MS02"], given_by="quản trị")
    here = User.objects.get(pk=here.pk)
    fire = {"once": "b", "kind": "fire", "severity": "urgent", "unit": "sample:MS02", "number": "1022", "title": "Cháy chợ"}
    assert browser(here).post("/incidents/new", FORM | fire).status_code == 302
    made = Incident.objects.exclude(pk=road.pk).get()
    assert (made.title, made.severity, made.unit) == ("Cháy chợ", "urgent", province["sample:MS02"])


def test_a_number_is_used_anew_once_its_incident_is_over(lan: User, browser: Browser, hotline: MachineActor) -> None:
    made = receive(hotline, TOLD, Sent("source:1", "a"))
    take(lan, made)
    close(lan, made, "Đã dọn")
    anew = receive(hotline, TOLD, Sent("source:1", "b"))
    assert anew != made
    assert receive(hotline, TOLD, Sent("source:1", "b")) == anew
    assert receive(hotline, TOLD, Sent("source:1", "c")) == anew
    assert not Entry.objects.filter(subject=made.pk, act="reported_again").exists()
    browser(lan).post("/incidents/new", FORM)
    by_hand = Incident.objects.latest("pk")
    refuse(lan, by_hand, "Không phải việc của trung tâm")
    browser(lan).post("/incidents/new", FORM | {"once": "b"})
    assert Incident.objects.latest("pk") != by_hand


def test_what_is_told_graver_again_is_graver(lan: User, hotline: MachineActor) -> None:
    made = receive(hotline, TOLD, Sent("source:1", "a"))
    receive(hotline, replace(TOLD, title="Cháy", kind="fire"), Sent("source:1", "b"))
    made.refresh_from_db()
    assert made.severity == "urgent"
    assert Entry.objects.get(subject=made.pk, act="set_severity").words_en == (
        "Severity urgent: reported again, number PA-2026-77"
    )  # fmt: skip
    receive(hotline, replace(TOLD, severity="low"), Sent("source:1", "c"))
    made.refresh_from_db()
    assert made.severity == "urgent"


def test_what_is_told_of_again_after_a_merge_goes_where_the_matter_goes_on(
    lan: User, pothole: Incident, hotline: MachineActor
) -> None:
    first = receive(hotline, TOLD, Sent("source:1", "a"))
    second = open_incident(lan, IncidentForm(kind="road", title="Sạt lở"))
    merge(lan, first, second)
    merge(lan, second, pothole)
    assert receive(hotline, TOLD, Sent("source:1", "b")) == pothole
    assert Entry.objects.filter(act="reported_again").values_list("subject", flat=True).get() == pothole.pk


def test_those_on_duty_hear_of_a_repeat_when_whoever_has_it_went_home(
    lan: User, binh: User, hotline: MachineActor, clock: Clock
) -> None:
    made = receive(hotline, TOLD, Sent("source:1", "a"))
    take(lan, made)
    DutyTurn.objects.create(user=binh, starts_at=clock.now, ends_at=clock.now + timedelta(hours=8))
    receive(hotline, TOLD, Sent("source:1", "b"))
    told = Notice.objects.filter(title_vi__startswith="Được báo lại:").values_list("user", flat=True)
    assert set(told) == {lan.pk, binh.pk}


@pytest.mark.parametrize("wrong", [{"kind": "dream"}, {"title": " "}, {"severity": "dream"}])
def test_what_could_open_nothing_is_refused_under_a_known_number_too(hotline: MachineActor, wrong: dict[str, Any]) -> None:
    receive(hotline, TOLD, Sent("source:1", "a"))
    with pytest.raises(Problem, match="bad-incident"):
        receive(hotline, replace(TOLD, **wrong), Sent("source:1", "b"))


def test_a_form_sent_twice_opens_one_incident_and_one_with_other_words_is_asked_about(lan: User, browser: Browser) -> None:
    plain = FORM | {"number": ""}
    first, again = (browser(lan).post("/incidents/new", plain) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    other = browser(lan).post("/incidents/new", plain | {"title": "Việc khác hẳn"})
    shown = other.content.decode()
    assert other.status_code == 409
    assert Incident.objects.get().code in shown
    assert 'value="Việc khác hẳn"' in shown
    once = shown.split('name="once" value="')[1].split('"')[0]
    assert browser(lan).post("/incidents/new", plain | {"title": "Việc khác hẳn", "once": once}).status_code == 302
    assert Incident.objects.count() == 2


def test_the_same_number_of_another_sender_is_another_matter(lan: User, province: Province) -> None:
    form = IncidentForm(kind="road", title="Cây đổ", origin="call", number="1")
    made = {receive(lan, form, Sent(sender, "k")).pk for sender in ("source:1", "source:2")}
    assert len(made) == 2


@pytest.mark.parametrize("wrong", [{"origin": "dream"}, {"number": "9" * 81}])
def test_an_unknown_way_or_an_endless_number_opens_nothing(lan: User, province: Province, wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="bad-incident"):
        receive(lan, IncidentForm(kind="road", title="Cây đổ", **wrong), Sent("form:call", "1"))
    assert not Incident.objects.exists()


def test_who_may_not_open_is_refused_also_for_what_was_reported_before(lan: User, province: Province, person: Any) -> None:
    form = IncidentForm(kind="road", title="Cây đổ", origin="call")
    receive(lan, form, Sent("form:call", "1"))
    with pytest.raises(Problem, match="not-allowed"):
        receive(person("officer", "agency:SXD"), form, Sent("form:call", "1"))

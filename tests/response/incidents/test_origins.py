"""How an incident reached the centre: every way has its words on every page, and what is told twice is one incident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.notify.models import Notice
from toancanh.people.models import User
from toancanh.response.handling.origins import BY_HAND, ORIGINS
from toancanh.response.models import Entry, Incident
from toancanh.response.printed.after_action import report_of
from toancanh.response.services.incidents import IncidentForm, close, open_incident, take
from toancanh.response.services.receiving import Sent, receive
from toancanh.units.models import Unit

Province = dict[str, Unit]
Browser = Callable[[User], Client]
FORM = {
    "kind": "road", "title": "Cây đổ chắn đường", "origin": "citizen", "once": "a", "reporter": "Ông Hai, 0912 345 678",
    "number": "PA-2026-77", "unit": "sample:MS01",
}  # fmt: skip


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
    assert f"origin: {words.title.vi}" in auditor.get("/audit").content.decode()


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


def test_a_citizens_report_is_found_by_its_number_and_told_twice_it_is_one_incident(
    lan: User, binh: User, browser: Browser
) -> None:
    browser(lan).post("/incidents/new", FORM)
    later = {"once": "b", "title": "Cây đổ, vướng dây điện", "reporter": "Bà Tư, 0987 000 111"}
    again = browser(binh).post("/incidents/new", FORM | later)
    made = Incident.objects.get()
    assert again.headers["Location"] == f"/incidents/{made.pk}"
    room = browser(binh).get(f"/incidents/{made.pk}").content.decode()
    assert "Được báo lại, số PA-2026-77: Cây đổ, vướng dây điện" in room
    assert "Phản ánh của người dân, số PA-2026-77" in room
    assert "Ông Hai, 0912 345 678; Bà Tư, 0987 000 111" in room
    assert made.title in browser(lan).get("/incidents?q=0987 000 111").content.decode()
    assert Notice.objects.filter(user=lan, title_vi__startswith="Được báo lại:").count() == 1
    assert made.title in browser(lan).get("/incidents?q=pa-2026-77").content.decode()
    assert "(số PA-2026-77)" in " ".join(report_of(lan, made, timezone.now()).sections[0].words)
    assert AuditEntry.objects.filter(action="response.reported_again", actor=binh.label).count() == 1
    assert AuditEntry.objects.filter(action="response.read_reporter", actor=binh.label).count() == 1


def test_what_is_told_again_after_its_end_is_told_to_whoever_had_it(lan: User, province: Province) -> None:
    form = IncidentForm(kind="road", title="Cây đổ", origin="citizen", number="PA-1")
    made = receive(lan, form, Sent("source:1", "a"))
    take(lan, made)
    close(lan, made, "Đã dọn")
    assert receive(lan, form, Sent("source:1", "b")) == made
    assert Notice.objects.filter(user=lan, title_vi__startswith="Được báo lại sau khi kết thúc:").count() == 1
    receive(lan, form, Sent("source:1", "b"))
    assert Entry.objects.filter(subject=made.pk, act="reported_again").count() == 1


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

"""People are told once, ladders climb until somebody confirms, and what is over is settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.notify.conftest import said

from toancanh.audit.models import AuditEntry
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify import audience, services
from toancanh.notify.messages import Step
from toancanh.notify.models import Course, Dispatch, DutyTurn, Escalation, Notice

MAIL = "smtp://127.0.0.1:25?tls=none"
OVER = Text("Số liệu đã trở lại bình thường", "The figure is back to normal")


def test_the_same_key_to_the_same_person_is_one_notice(person, clock):
    lan, minh = person("lan"), person("minh")
    assert services.tell(said(), [lan]) == 1
    assert services.tell(said(), [lan, minh]) == 1
    assert Notice.objects.filter(user=lan).count() == Notice.objects.filter(user=minh).count() == 1


def test_somebody_whose_account_was_closed_is_not_told(person, clock):
    assert services.tell(said(), [person("lan", is_active=False)]) == 0


def test_mail_is_written_with_its_notice_and_once(person, clock, monkeypatch):
    monkeypatch.setenv("TOANCANH_SMTP", MAIL)
    lan = person("lan", contact={"email": "lan@example.vn"})
    for _ in range(2):
        services.tell(said(), [lan])
    row = Dispatch.objects.get()
    assert (row.channel, row.address, row.state, row.due_at) == ("email", "lan@example.vn", "waiting", clock.now)


def test_without_a_mail_server_only_the_inbox_is_told(person, clock):
    services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(
    ("severity", "hour", "expected"),
    [(Severity.HIGH, 22, 30), (Severity.HIGH, 12, 12), (Severity.HIGH, 29, 30), (Severity.URGENT, 22, 22)],
)
def test_quiet_hours_hold_everything_back_but_what_is_urgent(person, clock, monkeypatch, severity, hour, expected):
    monkeypatch.setenv("TOANCANH_SMTP", MAIL)
    contact = {"email": "lan@example.vn", "quiet_from": "21:30", "quiet_to": "06:00"}
    lan = person("lan", contact=contact)
    midnight = clock.now - timedelta(hours=9)
    clock.now = midnight + timedelta(hours=hour)
    services.tell(said(severity=severity), [lan])
    assert Dispatch.objects.get().due_at == midnight + timedelta(hours=expected)


def test_minor_things_wait_for_one_mail_at_the_hour_that_the_person_chose(person, clock, monkeypatch):
    monkeypatch.setenv("TOANCANH_SMTP", MAIL)
    lan = person("lan", contact={"email": "lan@example.vn", "digest_hour": 16})
    for number in range(3):
        services.tell(said(f"alert:{number}:raised", Severity.LOW), [lan])
    assert Dispatch.objects.get().due_at == clock.now + timedelta(hours=7)
    clock.now += timedelta(hours=6, minutes=56)  # four minutes before the hour: tomorrow's
    services.tell(said("alert:9:raised", Severity.LOW), [lan])
    assert Dispatch.objects.count() == 2


def test_a_ladder_climbs_by_the_clock_until_somebody_confirms(person, clock):
    lan, boss = person("lan"), person("boss", "leader")
    ladder = (Step(timedelta(0), (lan.pk,)), Step(timedelta(minutes=10), "leaders"), Step(timedelta(minutes=20), "leaders"))
    services.climb(said(), ladder)
    services.climb(said(), ladder)
    assert Notice.objects.get().needs_answer
    clock.now += timedelta(minutes=9)
    services.climb_due()
    assert not Notice.objects.filter(user=boss).exists()
    clock.now += timedelta(minutes=1)
    services.climb_due()
    services.climb_due()
    notice = Notice.objects.get(user=boss)
    assert notice.title_vi.startswith("Chưa ai nhận sau 10 phút")
    services.confirm(boss, notice.pk)
    clock.now += timedelta(hours=1)
    services.climb_due()
    assert Notice.objects.filter(user=boss).count() == 1
    assert Escalation.objects.get().state == Course.CONFIRMED
    assert AuditEntry.objects.get(action="notify.confirm").subject == "alert:12"


def test_a_rung_that_nobody_stands_on_falls_to_the_operators(person, clock):
    lan = person("lan")
    services.climb(said(), (Step(timedelta(0), "leaders"),))
    assert Notice.objects.get().user == lan


def test_what_is_over_climbs_no_further_and_needs_no_answer(person, clock):
    lan = person("lan")
    services.climb(said(), (Step(timedelta(0), (lan.pk,)), Step(timedelta(minutes=10), (lan.pk,))))
    services.settle("alert:12", OVER)
    clock.now += timedelta(hours=1)
    services.climb_due()
    assert (Notice.objects.get().needs_answer, Escalation.objects.get().state) == (False, Course.SETTLED)


def test_nobody_confirms_for_somebody_else(person, clock):
    lan, minh = person("lan"), person("minh")
    services.tell(said(needs_answer=True), [lan])
    with pytest.raises(Problem) as refused:
        services.confirm(minh, Notice.objects.get().pk)
    assert refused.value.status == 404


def test_duty_falls_to_the_operators_where_the_roster_has_a_gap(person, clock):
    lan, minh = person("lan"), person("minh")
    hour = timedelta(hours=1)
    DutyTurn.objects.create(user=minh, starts_at=clock.now, ends_at=clock.now + 8 * hour, made_by="test")
    assert audience.on_duty() == [minh]
    assert set(audience.on_duty(at=clock.now + 8 * hour)) == {lan, minh}


def test_an_agency_is_told_through_its_officers(person, health):
    hoa = person("hoa", "officer", agency=health)
    person("khac", "officer")
    assert audience.people_of(health) == audience.resolve("agency:sample:SYT") == [hoa]

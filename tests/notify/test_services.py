"""People are told once, ladders climb until somebody confirms, and what is over is settled."""

from __future__ import annotations

import fcntl
from datetime import timedelta

import pytest
from django.db import transaction
from tests.notify.conftest import said
from tests.notify.receivers import mail_server

from toancanh.audit.models import AuditEntry
from toancanh.jobs.events import wire
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify import audience, services
from toancanh.notify.events import NoticeConfirmed
from toancanh.notify.messages import Answer, Step, Topic
from toancanh.notify.models import Attempt, Course, Dispatch, DutyTurn, Escalation, How, Notice, State
from toancanh.notify.outbox import lanes, pruning, sending
from toancanh.people.models import User
from toancanh.units.models import Unit

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


@pytest.mark.parametrize(
    ("how", "vi", "en"),
    [
        (How.ACKNOWLEDGED, "Lan (lan) xác nhận đã biết lúc 09:05", "Lan (lan) acknowledged it at 09:05"),
        (How.TOOK, "Lan (lan) nhận việc lúc 09:05", "Lan (lan) took it at 09:05"),
        (How.CLOSED, "Lan (lan) kết thúc lúc 09:05", "Lan (lan) closed it at 09:05"),
        (None, "Tự kết thúc, chưa ai xác nhận", "Over by itself, confirmed by nobody"),
    ],
)
def test_the_proof_of_a_ladder_says_who_ended_it_when_and_how(how, vi, en, person, clock, client):
    lan, auditor = person("lan"), person("kiem", "auditor")
    services.climb(said(), (Step(timedelta(0), (lan.pk,)),))
    clock.now += timedelta(minutes=5)
    services.settle("alert:12", OVER, Answer("lan", how) if how else None)
    client.force_login(auditor)
    for language, words in (("vi", vi), ("en", en)):
        User.objects.filter(pk=auditor.pk).update(language=language)
        page = " ".join(client.get("/notify/proof?subject=alert:12").content.decode().split())
        assert words in page
        assert ("Tự kết thúc" in page or "Over by itself" in page) == (how is None)


def test_the_proof_of_a_ladder_that_reached_its_top_counts_how_often_the_top_was_told_again(person, clock, client):
    lan, auditor = person("lan"), person("kiem", "auditor")
    services.climb(said(), (Step(timedelta(0), (lan.pk,)), Step(timedelta(minutes=10), (lan.pk,))))
    for _ in range(3):
        clock.now += timedelta(minutes=30)
        services.climb_due()
    client.force_login(auditor)
    vi, en = "Đã báo 2/2 cấp, báo lại 2 lần · báo lại lúc", "2 of 2 rungs told, again 2 times · again at"
    for language, words in (("vi", vi), ("en", en)):
        User.objects.filter(pk=auditor.pk).update(language=language)
        assert words in " ".join(client.get("/notify/proof?subject=alert:12").content.decode().split())


def test_whoever_takes_it_on_its_own_page_has_confirmed(person, clock):
    lan = person("lan")
    services.climb(said(), (Step(timedelta(0), (lan.pk,)), Step(timedelta(minutes=10), (lan.pk,))))
    services.settle("alert:12", Text("Lan đã nhận", "Lan has taken it"), Answer("lan", How.TOOK))
    found = Escalation.objects.get()
    assert (found.state, found.ended_by, found.reason_vi) == (Course.CONFIRMED, "lan", "Lan đã nhận")


def test_what_one_has_confirmed_is_asked_of_nobody_else(person, clock, django_capture_on_commit_callbacks, monkeypatch):
    told: list[object] = []
    monkeypatch.setattr("toancanh.jobs.events._wiring", {})
    wire({NoticeConfirmed: (told.append,)})
    lan, minh = person("lan"), person("minh")
    services.tell(said(needs_answer=True), [lan, minh])
    services.tell(said("alert:13:raised", needs_answer=True, subject="alert:13"), [minh])
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            services.confirm(lan, Notice.objects.get(user=lan).pk)
    assert told == [NoticeConfirmed(lan.pk, "", "alert:12", clock.now)]
    assert [each.subject for each in Notice.objects.filter(user=minh, needs_answer=True)] == ["alert:13"]


def test_an_old_question_of_work_confirmed_leaves_another_one_open(person, clock):
    officer, boss = person("can-bo"), person("boss", "leader")
    services.tell(said("task:7:assigned:1", topic=Topic.TASK, subject="task:7", needs_answer=True), [officer])
    services.tell(said("task:7:extension_asked:2", topic=Topic.TASK, subject="task:7", needs_answer=True), [boss])
    services.confirm(officer, Notice.objects.get(user=officer).pk)
    assert Notice.objects.get(user=boss).needs_answer


def test_a_supporting_agency_does_not_answer_for_the_lead(person, clock, health):
    works = Unit.objects.create(scheme="sample", code="SXD", level="agency", name="Xây dựng", full_name="Sở Xây dựng")
    lead, colleague, helper = person("an", agency=works), person("binh", agency=works), person("chi", agency=health)
    services.tell(
        said("directive:7:issued:1", topic=Topic.DIRECTIVE, subject="directive:7", needs_answer=True), [lead, colleague, helper]
    )
    services.confirm(helper, Notice.objects.get(user=helper).pk)
    asked = Notice.objects.filter(needs_answer=True, confirmed_at=None)
    assert set(asked.values_list("user__username", flat=True)) == {"an", "binh"}
    services.confirm(lead, Notice.objects.get(user=lead).pk)
    assert not Notice.objects.filter(user=colleague, needs_answer=True).exists()


def test_the_top_of_a_ladder_is_told_again_until_somebody_answers(person, clock):
    lan, boss = person("lan"), person("boss", "leader")
    services.climb(said(), (Step(timedelta(0), (lan.pk,)), Step(timedelta(minutes=10), "leaders")))
    for _ in range(70):
        clock.now += timedelta(minutes=1)
        services.climb_due()
    titles = list(Notice.objects.filter(user=boss).order_by("pk").values_list("title_vi", flat=True))
    assert [each.partition(":")[0] for each in titles] == [f"Chưa ai nhận sau {minutes} phút" for minutes in (10, 40, 70)]
    services.confirm(boss, Notice.objects.filter(user=boss).first().pk)
    clock.now += timedelta(hours=5)
    services.climb_due()
    assert Notice.objects.filter(user=boss).count() == 3
    assert not Notice.objects.filter(needs_answer=True, confirmed_at=None).exists()


def test_an_outbox_that_cannot_be_woken_stops_nothing_else(person, clock, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setenv("TOANCANH_SMTP", MAIL)
    after: list[int] = []

    def full(_job: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("toancanh.notify.outbox.waking.enqueue", full)
    with django_capture_on_commit_callbacks(execute=True):
        services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
        transaction.on_commit(lambda: after.append(1))
    assert after == [1]


def test_what_waits_for_a_closed_account_is_not_handed_over(person, clock, monkeypatch):
    lan = person("lan", contact={"email": "lan@example.vn"})
    with mail_server() as box:
        monkeypatch.setenv("TOANCANH_SMTP", box.address)
        services.tell(said(), [lan])
        User.objects.update(is_active=False)
        lanes.send_now()
    assert box.letters == []
    row = Dispatch.objects.get()
    assert (row.state, row.attempts.get().detail) == (State.DROPPED, "the account was closed")


def test_what_a_living_worker_holds_is_left_to_it(person, clock, monkeypatch, settings):
    monkeypatch.setenv("TOANCANH_SMTP", MAIL)
    services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
    until = clock.now + timedelta(minutes=2)
    Dispatch.objects.update(claimed_until=until)
    with (settings.DATA / "outbox.lock").open("w") as lock:  # as another worker's process holds it
        fcntl.flock(lock, fcntl.LOCK_EX)
        sending.take_over()
        assert Dispatch.objects.get().claimed_until == until
    sending.take_over()
    assert Dispatch.objects.get().claimed_until is None


def test_what_was_told_is_forgotten_after_more_than_a_year_unless_it_was_never_read(person, clock, monkeypatch):
    monkeypatch.setenv("TOANCANH_SMTP", MAIL)
    monkeypatch.setattr(pruning, "BATCH", 2)
    lan = person("lan", contact={"email": "lan@example.vn"})
    for number in range(6):
        services.tell(said(f"alert:{number}"), [lan])
    Dispatch.objects.exclude(notice__key="alert:4").update(state=State.SENT)
    for each in Dispatch.objects.all():
        Attempt.objects.create(dispatch=each, at=clock.now, outcome="sent", ms=1)
    services.mark_read(lan, Notice.objects.exclude(key="alert:5").values_list("pk", flat=True))
    clock.now += timedelta(days=399)
    pruning.forget_old()
    assert Notice.objects.count() == Dispatch.objects.count() == 6
    clock.now += timedelta(days=2)
    services.tell(said("alert:new"), [lan])
    pruning.forget_old()
    assert set(Notice.objects.values_list("key", flat=True)) == {"alert:4", "alert:5", "alert:new"}
    assert set(Dispatch.objects.values_list("notice__key", flat=True)) == {"alert:4", "alert:new"}
    assert Attempt.objects.get().dispatch.state == State.WAITING


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

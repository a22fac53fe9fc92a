"""Whoever has to know is told, once, and of nothing they may not see: causes, silences, flapping, ladders, failures of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.watch.conftest import HOUR, NOW, Hand
from tests.watch.field import GRADED, HIGH

from toancanh.jobs import events
from toancanh.kernel.contracts import Level, Severity
from toancanh.notify.models import Dispatch, DutyTurn, Escalation, Notice, WebhookEndpoint
from toancanh.people.models import Grant, User
from toancanh.people.roles import Role
from toancanh.units import register
from toancanh.units.models import Unit
from toancanh.watch import notices
from toancanh.watch.evaluation import runs
from toancanh.watch.events import AlertCleared, AlertRaised
from toancanh.watch.models import Alert, State
from toancanh.watch.services.answers import Hush, acknowledge, end_silence, mark_false, silence
from toancanh.watch.services.rules import save_rule

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
People = dict[str, User]


def told(alert: Alert, name: str = "operator") -> list[Notice]:
    return list(Notice.objects.filter(subject=alert.key, user__username=name))


def climbing(alert: Alert) -> str:
    return Escalation.objects.filter(subject=alert.key).latest("pk").state


@pytest.fixture
def urgent(people: People) -> None:
    save_rule(people["analyst"], replace(HIGH, severity=Severity.URGENT), 0)


def test_an_alert_is_not_hidden_behind_one_that_ends_in_the_same_moment(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0})
    hand.now += HOUR
    hand.move("dust", {"A": 50.0, "B": 130.0})
    (alert,) = hand.open()
    assert alert.head is None
    assert told(alert)


def test_each_agency_is_told_of_its_own_alerts(hand: Hand, people: People) -> None:
    hand.units["T"] = Unit.objects.create(
        scheme="t", code="T", level="agency", name="T", full_name="Đơn vị T", parent=hand.units["P"], role="health"
    )
    register.forget()
    other = User(username="of_t", role=Role.OFFICER, agency=hand.units["T"])
    other.save()
    save_rule(people["analyst"], replace(HIGH, every=Level.AGENCY), 0)
    hand.move("dust", {"S": 120.0, "T": 130.0})
    first, second = hand.open()
    assert told(first, "officer")
    assert told(second, "of_t")
    assert not told(first, "of_t")


def test_a_new_alert_is_told_when_the_one_before_is_in_somebodys_hands_or_old(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0})
    acknowledge(people["operator"], hand.open()[0].pk)
    hand.now += HOUR
    hand.move("dust", {"B": 120.0})
    assert told(hand.open()[1])
    hand.now += 7 * HOUR
    hand.move("dust", {"C": 120.0})
    assert told(hand.open()[2])


def test_the_lesser_alert_of_a_value_is_told_when_the_graver_one_is_over(hand: Hand, people: People) -> None:
    save_rule(people["analyst"], replace(GRADED, severity=Severity.HIGH, rises=(), falls=()), 0)
    hand.move("dust", {"A": 600.0})
    (lesser,), (graver,) = hand.open(), hand.open("dust_graded")
    assert told(graver)
    assert not told(lesser)
    hand.now += HOUR
    hand.move("dust", {"A": 120.0})
    assert hand.open("dust_graded") == []
    (notice,) = told(lesser)
    assert "A: 120" in notice.body_vi
    hand.now += HOUR
    hand.move("dust", {"A": 121.0})
    assert len(told(lesser)) == 1


def test_who_has_the_graver_alert_of_a_value_is_not_told_of_the_lesser_one_meanwhile(hand: Hand, people: People) -> None:
    save_rule(people["analyst"], replace(GRADED, severity=Severity.HIGH, rises=(), falls=()), 0)
    hand.move("dust", {"A": 600.0, "B": 600.0})
    hand.now += HOUR
    hand.move("dust", {"B": 120.0})
    (notice,) = [each for alert in hand.open() for each in told(alert)]
    assert notice.title_vi == "Quy tắc dust_high: B"


def test_a_place_that_joined_a_cause_is_told_when_the_place_that_people_knew_of_is_over(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0})
    hand.now += HOUR
    hand.move("dust", {"B": 130.0, "C": 140.0})
    first, *joined = hand.open()
    assert {each.head for each in joined} == {first}
    assert len(told(first)) == 1
    hand.now += HOUR
    hand.move("dust", {"A": 50.0})
    (_, later) = sorted(told(first), key=lambda each: each.pk)
    assert later.title_vi == "Quy tắc dust_high: 2 nơi"
    hand.move("dust", {"B": 50.0})
    assert len(told(first)) == 2


def test_who_sees_one_place_only_is_told_once_when_it_joins_a_cause_told_elsewhere(hand: Hand, people: People) -> None:
    DutyTurn.objects.create(
        post="duty", user=people["of_a"], starts_at=NOW - HOUR, ends_at=NOW + 24 * HOUR, made_by="x"
    )  # fmt: skip
    hand.move("dust", {"B": 120.0})
    (first,) = hand.open()
    assert not told(first, "of_a")
    hand.now += HOUR
    hand.move("dust", {"A": 130.0})
    (notice,) = told(first, "of_a")
    assert notice.title_vi == "Quy tắc dust_high: A"
    assert len(told(first, "officer")) == 1
    hand.now += HOUR
    hand.move("dust", {"C": 130.0})
    assert len(told(first, "of_a")) == 1


def test_of_causes_that_grow_only_what_those_concerned_heard_is_read_some_causes_at_a_time(
    hand: Hand, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "FEW", 1)
    hand.move("dust", {"A": 600.0})
    hand.now += HOUR
    hand.move("dust", {"B": 600.0})
    joined = [each for rule in ("dust_high", "dust_graded") for each in hand.open(rule) if each.head_id]
    assert len({each.head_id for each in joined}) == 2
    with CaptureQueriesContext(connection) as asked:
        notices.raised(joined)
    reads = [each["sql"] for each in asked if '"notify_notice"."subject" IN' in each["sql"]]
    assert len(reads) == 2
    assert all('"notify_notice"."user_id" IN' in each for each in reads)


def test_a_ladder_goes_on_until_the_last_urgent_alert_of_its_cause_is_answered(hand: Hand, people: People, urgent: None) -> None:
    hand.move("dust", {"A": 120.0, "B": 130.0, "C": 140.0})
    head, second, third = hand.open()
    hand.now += HOUR
    hand.move("dust", {"A": 50.0})
    assert climbing(head) == "open"
    mark_false(people["officer"], second.pk, "Trạm đang hiệu chuẩn")
    assert climbing(head) == "open"
    acknowledge(people["operator"], third.pk)
    assert climbing(head) == "confirmed"


def test_a_ladder_ends_with_the_urgent_alert_that_climbed_it(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0})
    (head,) = hand.open()
    save_rule(people["analyst"], replace(HIGH, severity=Severity.URGENT), 0)
    hand.now += HOUR
    hand.move("dust", {"B": 140.0})
    second = hand.open()[1]
    assert second.head == head
    assert climbing(head) == "open"
    hand.move("dust", {"B": 50.0})
    assert climbing(head) == "settled"


def test_an_urgent_alert_that_calms_down_stops_climbing(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 600.0})
    (alert,) = hand.open("dust_graded")
    hand.wait(3 * HOUR)
    assert climbing(alert) == "open"
    hand.move("dust", {"A": 450.0})
    hand.wait(2 * HOUR)
    assert hand.open("dust_graded")[0].severity == "low"
    assert climbing(alert) == "settled"


def test_what_rises_after_the_ladder_of_its_cause_ended_climbs_anew(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 600.0, "B": 600.0})
    head, second = hand.open("dust_graded")
    assert second.head == head
    Alert.objects.filter(pk=second.pk).update(raised_at=NOW + HOUR)
    hand.wait(3 * HOUR)
    acknowledge(people["operator"], head.pk)
    assert climbing(head) == "confirmed"
    hand.wait(HOUR)
    assert Escalation.objects.filter(subject=head.key).count() == 2
    assert climbing(head) == "open"


def test_of_several_lines_that_one_value_crosses_at_once_the_gravest_is_told(hand: Hand, people: People) -> None:
    save_rule(people["analyst"], replace(GRADED, severity=Severity.HIGH), 0)
    hand.move("dust", {"A": 600.0, "B": 120.0})
    (graver,) = hand.open("dust_graded")
    here, there = hand.open("dust_high")
    assert (here.unit_id, there.unit_id) == (graver.unit_id, hand.units["B"].pk)
    said = {(each.severity, each.title_vi) for each in Notice.objects.all()}
    assert said == {("high", "Quy tắc dust_graded: A"), ("medium", "Quy tắc dust_high: B")}


def flap(hand: Hand, value: float = 120.0) -> Alert:
    for _ in range(4):
        hand.move("dust", {"A": 50.0})
        hand.now += 10 * MINUTE
        hand.move("dust", {"A": value})
        hand.now += 10 * MINUTE
    (alert,) = hand.open()
    assert alert.flapping
    return alert


def test_an_alert_that_flapped_and_then_stays_bad_is_told(hand: Hand, people: People) -> None:
    alert = flap(hand)
    assert not told(alert)
    hand.now += HOUR
    hand.move("dust", {"A": 121.0})
    assert not told(alert)
    hand.wait(40 * MINUTE)
    assert not told(alert)
    hand.wait(20 * MINUTE)
    alert.refresh_from_db()
    assert (alert.flapping, alert.announced) == (False, True)
    assert told(alert)
    assert AlertRaised(alert.pk) in hand.told


def test_a_flapping_alert_that_was_called_false_is_never_told(hand: Hand, people: People) -> None:
    alert = flap(hand)
    mark_false(people["officer"], alert.pk, "Trạm đang hiệu chuẩn")
    hand.now += 2 * HOUR
    hand.move("dust", {"A": 121.0})
    hand.wait(3 * HOUR)
    alert.refresh_from_db()
    assert alert.state == State.FALSE_POSITIVE
    assert not told(alert)
    assert AlertRaised(alert.pk) not in hand.told


def test_a_flapping_alert_that_becomes_urgent_is_told(hand: Hand, people: People) -> None:
    save_rule(people["analyst"], replace(HIGH, rises=(replace(GRADED.rises[0], severity=Severity.URGENT),)), 0)
    alert = flap(hand)
    hand.wait(HOUR)
    assert told(alert)
    assert climbing(alert) == "open"


def test_a_silence_stops_what_climbs_already_and_its_end_tells_again(hand: Hand, people: People, urgent: None) -> None:
    hand.move("dust", {"A": 120.0})
    (alert,) = hand.open()
    with hand._commit(execute=True):
        made = silence(people["operator"], Hush("Bảo trì trạm", NOW + 3 * HOUR, unit=hand.units["A"]))
    alert.refresh_from_db()
    assert (alert.silence, climbing(alert)) == (made, "settled")
    assert [each.kind for each in alert.entries.all()] == ["raised", "silenced"]
    hand.wait(HOUR)
    assert len(told(alert)) == 1
    hand.wait(2 * HOUR)
    alert.refresh_from_db()
    assert (alert.silence, climbing(alert)) == (None, "open")
    assert len(told(alert)) == 2


def test_a_planned_silence_takes_up_what_is_open_when_it_begins(hand: Hand, people: People) -> None:
    silence(people["operator"], Hush("Lễ hội", NOW + 5 * HOUR, begins=NOW + HOUR, rule="dust_graded"))
    hand.move("dust", {"A": 600.0})
    (alert,) = hand.open("dust_graded")
    assert alert.silence is None
    hand.wait(HOUR)
    hand.wait(2 * HOUR)
    alert.refresh_from_db()
    assert (alert.severity, alert.silence is None) == ("urgent", False)
    assert not Escalation.objects.exists()


def test_an_answered_alert_is_told_to_nobody_when_its_silence_ends(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0})
    (alert,) = hand.open()
    acknowledge(people["operator"], alert.pk)
    made = silence(people["operator"], Hush("Bảo trì trạm", NOW + 3 * HOUR))
    end_silence(people["operator"], made.pk)
    hand.wait(MINUTE)
    alert.refresh_from_db()
    assert (alert.silence, len(told(alert))) == (None, 1)


def test_the_end_of_a_silence_respects_a_newer_one(hand: Hand, people: People) -> None:
    silence(people["operator"], Hush("Bảo trì trạm", NOW + HOUR))
    hand.move("dust", {"A": 120.0})
    (alert,) = hand.open()
    newer = silence(people["operator"], Hush("Bảo trì thêm", NOW + 3 * HOUR))
    hand.wait(HOUR)
    alert.refresh_from_db()
    assert (alert.silence, told(alert)) == (newer, [])
    hand.wait(2 * HOUR)
    assert told(alert)


def test_a_silenced_alert_is_told_at_the_end_even_if_the_first_of_its_cause_is_over(hand: Hand, people: People) -> None:
    hand.move("dust", {"B": 120.0})
    silence(people["operator"], Hush("Bảo trì trạm", NOW + 3 * HOUR, unit=hand.units["A"]))
    hand.move("dust", {"A": 130.0})
    hushed = hand.open()[0]
    hand.now += HOUR
    hand.move("dust", {"B": 50.0})
    hand.wait(2 * HOUR)
    assert told(hushed)


def test_nobody_is_told_of_a_place_they_may_not_see(hand: Hand, people: People) -> None:
    for name, where in (("near", {"area": hand.units["A"]}), ("other", {"agency": hand.units["A"]})):
        user = User.objects.create(username=name, role=Role.OFFICER, agency=hand.units["S"], only_grants=True, password="!")
        Grant.objects.create(user=user, actions=["view"], given_by="test", **where)
    hand.move("dust", {"A": 120.0, "B": 130.0})
    first, _ = hand.open()
    (short,) = told(first, "near")
    assert (short.title_vi, short.link) == ("Quy tắc dust_high: A", first.href)
    assert "B: 130" not in short.body_vi
    assert "B: 130" in told(first, "officer")[0].body_vi
    assert "B: 130" not in "".join(each.body_vi for each in told(first, "other"))
    hand.now += 7 * HOUR
    hand.move("dust", {"C": 130.0})
    assert not told(hand.open()[2], "near")


def test_a_leader_who_may_not_see_it_is_no_rung_of_the_ladder(hand: Hand, people: People, urgent: None) -> None:
    mayor = User.objects.create(username="mayor", role=Role.LEADER, only_grants=True, password="!")
    Grant.objects.create(user=mayor, actions=["view"], area=hand.units["B"], given_by="test")
    hand.move("dust", {"A": 120.0})
    (escalation,) = Escalation.objects.all()
    assert people["leader"].pk in escalation.ladder[1][1]
    assert all(mayor.pk not in people for _, people in escalation.ladder)


def test_one_handler_that_fails_keeps_nobody_else_waiting_and_is_asked_again(hand: Hand, people: People) -> None:
    WebhookEndpoint.objects.create(name="x", url="https://x.vn", made_by="t", made_at=NOW)
    bad: list[int] = []

    def handle(event: AlertRaised) -> None:
        if bad and event.alert == bad[0]:
            raise RuntimeError("no incident today")
        hand.told.append(event)

    events.wire(dict(events._wiring) | {AlertRaised: [handle]})
    silence(people["operator"], Hush("Bảo trì trạm", NOW + HOUR))
    hand.move("dust", {"A": 120.0, "B": 130.0})
    first, second = hand.open()
    bad.append(first.pk)
    for _ in range(3):
        hand.wait(HOUR)
    assert hand.told == [AlertRaised(second.pk)]
    assert Dispatch.objects.count() == 1
    bad.clear()
    hand.wait(MINUTE)
    hand.wait(MINUTE)
    assert hand.told == [AlertRaised(second.pk), AlertRaised(first.pk)]


def test_the_end_of_an_alert_is_told_again_after_a_fall(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.move("dust", {"A": 120.0})
    (alert,) = hand.open()
    hand.now += HOUR
    with monkeypatch.context() as patch:
        patch.setattr(runs, "_announce_end", lambda _alerts: None)
        hand.move("dust", {"A": 50.0})
    assert AlertCleared(alert.pk) not in hand.told
    hand.wait(MINUTE)
    hand.wait(MINUTE)
    assert hand.told.count(AlertCleared(alert.pk)) == 1


def test_other_systems_hear_of_the_end_of_exactly_what_they_were_told_of(hand: Hand, people: People) -> None:
    WebhookEndpoint.objects.create(name="x", url="https://x.vn", made_by="t", made_at=timezone.now())
    silence(people["operator"], Hush("Bảo trì trạm", NOW + 9 * HOUR, unit=hand.units["C"]))
    hand.move("dust", {"A": 120.0, "B": 130.0, "C": 140.0})
    first, second, hushed = hand.open()
    hand.now += HOUR
    hand.move("dust", {"A": 50.0, "B": 50.0, "C": 50.0})
    assert Alert.objects.filter(state=State.CLEARED).count() == 3
    sent: list[Any] = [each.body for each in Dispatch.objects.order_by("pk")]
    assert len(sent) == 2
    pair = f'"alerts":[{first.pk},{second.pk}]'
    assert "alert.raised" in sent[0]
    assert "alert.cleared" in sent[1]
    assert all(pair in each and str(hushed.pk) not in each.split('"data"')[1] for each in sent)

"""The pages of alerts through HTTP: what each role sees, does and is refused, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.watch.conftest import HOUR, Hand

from toancanh.people.models import User
from toancanh.watch.models import Alert, Silence, State
from toancanh.watch.services.answers import Hush, silence

pytestmark = pytest.mark.django_db
People = dict[str, User]


@pytest.fixture
def alert(hand: Hand, people: People) -> Alert:
    hand.move("dust", {"A": 120.0, "A/station=K1": 130.0, "B": 150.0})
    return hand.open()[0]


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def body(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_the_public_is_sent_to_sign_in(client: Client, alert: Alert) -> None:
    for path in ("/alerts", alert.href, "/rules", "/rules/dust_high"):
        assert client.get(path).status_code == 302


def test_the_list_says_how_many_are_open_and_shows_the_worst_first(
    client: Client, hand: Hand, alert: Alert, people: People
) -> None:
    hand.move("share", {"C": 50.0}, "2026-11", base=30.0, target=90.0)
    page = body(as_(client, people["leader"]).get("/alerts"))
    assert "3 cảnh báo đang mở, không có cảnh báo khẩn cấp." in page
    assert "Quy tắc dust_high" in page
    assert "150 mg, vượt mức 100 mg" in page
    assert "Quy tắc share_far" not in body(client.get("/alerts?severity=urgent"))
    assert "Không có cảnh báo nào theo lựa chọn này." in body(client.get("/alerts?state=over"))
    assert "Quy tắc dust_high" in body(client.get("/alerts?state=nonsense&severity=x&page=-4&rule=dust_high"))


def test_the_list_says_its_order_and_shows_the_newest_first_when_asked(
    client: Client, hand: Hand, alert: Alert, people: People
) -> None:
    Alert.objects.filter(pk=alert.pk).update(rank=9, raised_at=alert.raised_at - HOUR)
    as_(client, people["leader"])
    worst, newest, over = (body(client.get(f"/alerts{asked}")) for asked in ("", "?order=newest", "?state=all"))
    other = next(each for each in hand.open() if each.pk != alert.pk)
    assert "Cảnh báo, nặng nhất trước" in worst
    assert worst.index(f'"{alert.href}"') < worst.index(f'"{other.href}"')
    assert "Cảnh báo, mới nhất trước" in newest
    assert newest.index(f'"{other.href}"') < newest.index(f'"{alert.href}"')
    assert "Cảnh báo, mới nhất trước" in over


def test_one_alert_is_no_plural(client: Client, hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0})
    people["leader"].language = "en"
    people["leader"].save()
    assert "1 alert is open, none is urgent." in body(as_(client, people["leader"]).get("/alerts"))


def test_the_list_asks_for_the_rules_of_all_silences_at_once(client: Client, hand: Hand, people: People) -> None:
    as_(client, people["operator"]).get("/alerts")
    counts = []
    for _ in range(2):
        for code in ("dust_high", "dust_held", "dust_odd"):
            silence(people["operator"], Hush("Bảo trì trạm", hand.now + HOUR, rule=code))
        with CaptureQueriesContext(connection) as asked:
            client.get("/alerts")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_empty_list_says_so_in_both_languages(client: Client, hand: Hand, people: People) -> None:
    assert "Không có cảnh báo nào đang mở." in body(as_(client, people["leader"]).get("/alerts"))
    people["leader"].language = "en"
    people["leader"].save()
    assert "No alert is open." in body(client.get("/alerts"))


def test_the_page_of_an_alert_tells_its_story(client: Client, hand: Hand, alert: Alert, people: People) -> None:
    page = body(as_(client, people["officer"]).get(alert.href))
    assert "Quy tắc dust_high, A: 120 mg, vượt mức 100 mg." in page
    for said in (f"/values/{alert.cell}/proof", "/rules/dust_high", "Đơn vị S", "Cùng nguyên nhân", "K1", "Diễn biến", "Luật"):
        assert said in page, said
    assert f"/incidents/new?alert={alert.pk}" not in page, "an officer directs nobody"
    lead = body(as_(client, people["operator"]).get(alert.href))
    assert f"/incidents/new?alert={alert.pk}" in lead
    assert f"/directives/new?alert={alert.pk}" not in lead, "orders are given by leaders"
    leader = body(as_(client, people["leader"]).get(alert.href))
    assert f"/directives/new?alert={alert.pk}" in leader


def test_an_officer_takes_it_and_a_second_hand_is_told(client: Client, alert: Alert, people: People) -> None:
    assert as_(client, people["officer"]).post(f"{alert.href}/take", {"seen": "1"}).status_code == 302
    assert Alert.objects.get(pk=alert.pk).state == State.ACKNOWLEDGED
    answer = as_(client, people["operator"]).post(f"{alert.href}/take", {"seen": "1"})
    assert answer.status_code == 409
    assert "officer vừa cập nhật cảnh báo này" in answer.content.decode()


def test_a_false_positive_without_a_reason_keeps_the_page_and_says_what_to_do(
    client: Client, alert: Alert, people: People
) -> None:
    answer = as_(client, people["officer"]).post(f"{alert.href}/false", {"false_reason": "", "seen": "1"})
    assert answer.status_code == 422
    assert "Nhập lý do" in answer.content.decode()
    given = {"false_reason": "Trạm đang hiệu chuẩn", "seen": "1"}
    assert client.post(f"{alert.href}/false", given).status_code == 302
    assert "Trạm đang hiệu chuẩn" in body(client.get(alert.href))


def test_a_silence_is_made_and_ended(client: Client, alert: Alert, people: People) -> None:
    given = {"scope": "place", "hours": "24", "hush_reason": "Lễ hội", "planned": "1"}
    assert as_(client, people["operator"]).post(f"{alert.href}/silence", given).status_code == 302
    made = Silence.objects.get()
    assert (made.rule, made.unit, made.planned, made.ends - made.begins) == ("", alert.unit, True, timedelta(hours=24))
    assert "Lễ hội" in body(client.get("/alerts"))
    assert client.post(f"/alerts/silences/{made.pk}/end").status_code == 302
    assert "Lễ hội" not in body(client.get("/alerts"))
    assert client.post(f"{alert.href}/silence", given | {"hours": "999999999"}).status_code == 422
    assert client.post(f"{alert.href}/silence", given | {"hours": "5"}).status_code == 422
    assert as_(client, people["officer"]).post(f"{alert.href}/silence", given).status_code == 403


def test_an_event_is_planned_with_its_begin_and_its_end(client: Client, alert: Alert, people: People) -> None:
    given = {
        "plan_rule": "dust_high", "plan_unit": alert.unit.key, "begins": "2026-11-25T08:00", "ends": "2026-11-26T17:00",
        "plan_reason": "Lễ hội đua thuyền",
    }  # fmt: skip
    assert "/alerts/silences" in body(as_(client, people["operator"]).get("/alerts"))
    assert 'type="datetime-local"' in body(client.get("/alerts/silences"))
    assert client.post("/alerts/silences", given).status_code == 302
    made = Silence.objects.get()
    assert (made.rule, made.unit, made.planned, made.ends - made.begins) == ("dust_high", alert.unit, True, timedelta(hours=33))
    page = body(client.get("/alerts"))
    assert "Lễ hội đua thuyền" in page
    assert "(bắt đầu" in page
    for wrong in ({"begins": ""}, {"ends": "nonsense"}, {"ends": "2026-11-25T07:00"}, {"plan_reason": " "}):
        assert client.post("/alerts/silences", given | wrong).status_code == 422, wrong
    assert client.post("/alerts/silences", given | {"plan_unit": "t:nowhere"}).status_code == 404
    assert client.post("/alerts/silences", given | {"plan_rule": "nothing"}).status_code == 404
    assert as_(client, people["officer"]).post("/alerts/silences", given).status_code == 403
    assert "/alerts/silences" not in body(client.get("/alerts"))
    assert client.get("/alerts/silences").status_code == 403


def test_every_route_is_closed_to_whom_it_does_not_concern(client: Client, alert: Alert, people: People) -> None:
    as_(client, people["outsider"])
    assert "Quy tắc dust_high" not in body(client.get("/alerts"))
    assert "dust_high" not in body(client.get("/rules"))
    assert client.get(alert.href).status_code == 404
    assert client.get("/rules/dust_high").status_code == 404
    for path in ("take", "false", "silence"):
        assert client.post(f"{alert.href}/{path}", {"false_reason": "Một lý do"}).status_code == 404
    other = Alert.objects.get(unit__code="B", rule="dust_high")
    assert as_(client, people["of_a"]).get(other.href).status_code == 404
    assert client.get(alert.href).status_code == 200


def test_the_last_similar_case_stands_on_the_page(client: Client, hand: Hand, alert: Alert, people: People) -> None:
    as_(client, people["officer"]).post(f"{alert.href}/false", {"false_reason": "Trạm đang hiệu chuẩn", "seen": "1"})
    hand.now += HOUR
    hand.move("dust", {"A": 10.0})
    hand.now += HOUR
    hand.move("dust", {"A": 150.0})
    page = body(client.get(hand.open()[0].href))
    assert "Trường hợp tương tự gần nhất" in page
    assert "Báo nhầm: Trạm đang hiệu chuẩn" in page

"""The morning briefing says what crossed a limit, recovered, is overdue and is missing, and is sent once a day."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from toancanh.boards.acting import morning
from toancanh.boards.acting.morning import send_briefing
from toancanh.boards.pages.briefing import MOST, sentence, since
from toancanh.notify.models import Notice
from toancanh.people.models import User
from toancanh.response.models import Directive, Extension, Task
from toancanh.ui import language
from toancanh.watch.models import Alert

from .conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(sign_in) -> Any:
    return sign_in("leader")


@pytest.fixture
def alert(province):
    def raise_one(unit: str = "sample:MS03", hours: float = 2.0, **more: Any) -> Alert:
        at = NOW - timedelta(hours=hours)
        fields = {
            "rule": f"rule{Alert.objects.count()}", "indicator": "dossiers_on_time", "unit": province[unit], "severity": "high",
            "rank": 2, "since": at, "raised_at": at, "last_seen": NOW, "value": 91.2, "limit": 95.0, "cause": "x",
            "words_vi": "dưới 95%", "words_en": "below 95%", "announced": True,
        }  # fmt: skip
        return Alert.objects.create(**(fields | more))

    return raise_one


def work(model: type, province: Any, **more: Any) -> Any:
    fields = {
        "code": f"X-{model.objects.count()}", "title": "Khắc phục giải ngân chậm", "lead": province["agency:STC"],
        "opened_by": "x", "opened_at": NOW - timedelta(days=9), "due_at": NOW - timedelta(days=2),
    }  # fmt: skip
    return model.objects.create(**(fields | more))


def page_of(client: Any) -> str:
    answer = client.get("/briefing")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_quiet_night_says_so(leader, feeds):
    assert "Mọi việc trong tầm kiểm soát" in page_of(leader)


def test_the_sentence_counts_what_each_part_lists_with_a_link_to_it(leader, alert, province):
    new, over = alert(), alert(hours=30, cleared_at=NOW - timedelta(hours=1), state="cleared")
    alert(hours=60, unit="sample:MS04")  # older than the briefing
    task = work(Task, province)
    page = page_of(leader)
    assert "1 vượt ngưỡng, 1 đã hồi phục, 1 việc quá hạn" in page
    for href in (f"/alerts/{new.pk}", f"/alerts/{over.pk}", f"/tasks/{task.pk}"):
        assert f'href="{href}"' in page


def test_what_rang_often_at_one_place_names_the_place_once(leader, alert, province):
    for number in range(4):
        alert(rule="long", subject=f"dossier={number}")
    alert(rule="long", unit="sample:MS04")
    alert(rule="low")
    alert(rule="low", unit="sample:MS04")
    page = page_of(leader)
    name = province["sample:MS03"].short.vi
    assert re.search(rf"và 4 cảnh báo nữa ở 2 nơi: (?:{name}, [^,<]+|[^,<]+, {name})<", page)
    assert "và 1 nơi nữa: " in page


def test_what_awaits_the_leader_stands_first(leader, province):
    order = work(Directive, province, state="proposed", issued_by=User.objects.get())
    page = page_of(leader)
    assert page.index("Cần quyết định") < page.index(f"/directives/{order.pk}") < page.index("Vượt ngưỡng")


def test_an_officer_reads_of_her_own_commune_only(sign_in, alert):
    mine, other = alert("sample:MS03"), alert("sample:MS04")
    page = page_of(sign_in("officer", area="sample:MS03"))
    assert f"/alerts/{mine.pk}" in page
    assert f"/alerts/{other.pk}" not in page


def test_it_is_sent_to_each_leader_once_a_day_after_seven(leader, alert, feeds):
    alert()
    early = since(NOW) + timedelta(hours=23, minutes=50)
    assert send_briefing(early) == 0
    assert send_briefing(NOW) == 1
    assert send_briefing(NOW + timedelta(minutes=5)) == 0
    assert send_briefing(NOW + timedelta(days=1)) == 1
    notice = Notice.objects.filter(topic="briefing").order_by("id").first()
    assert notice is not None
    assert notice.title_vi == "Bản tin sáng 22/11/2026"
    assert "1 vượt ngưỡng" in notice.body_vi
    assert "1 crossed a limit" in notice.body_en


def test_a_page_that_cannot_be_made_keeps_no_other_leader_waiting(sign_in, feeds, monkeypatch):
    sign_in("leader"), sign_in("leader")
    first = User.objects.order_by("pk").first()
    made = morning.briefing

    def broken_for_the_first(actor: User, *rest: Any) -> Any:
        if actor == first:
            raise ValueError("a figure that cannot be read")
        return made(actor, *rest)

    monkeypatch.setattr(morning, "briefing", broken_for_the_first)
    assert send_briefing(NOW) == 1
    monkeypatch.setattr(morning, "briefing", made)
    assert send_briefing(NOW + timedelta(minutes=5)) == 1
    assert Notice.objects.filter(topic="briefing", user=first).count() == 1


def test_whoever_has_the_briefing_costs_nothing_more_that_day(leader, feeds):
    send_briefing(NOW)
    with CaptureQueriesContext(connection) as asked:
        send_briefing(NOW + timedelta(minutes=5))
    assert len(asked) == 2  # the leaders, and who of them was told


def test_a_part_counts_all_and_a_busy_night_asks_the_database_no_more_often(leader, alert, province):
    def busy(times: int) -> int:
        for number in range(times):
            alert(hours=30, cleared_at=NOW - timedelta(hours=1), state="cleared")
            task = work(Task, province, due_at=NOW + timedelta(days=number))
            Extension.objects.create(
                kind="task", subject=task.pk, asked_by="x", asked_at=NOW, reason="x", until=NOW + timedelta(days=9), number=1
            )
        with CaptureQueriesContext(connection) as asked:
            page_of(leader)
        return len(asked)

    busy(1)  # the first look at the page fills what is kept in memory
    few = busy(MOST)
    assert busy(MOST) <= few + 1  # only how many there are is asked besides
    assert f"{2 * MOST + 1} đã hồi phục" in page_of(leader)


@pytest.mark.parametrize(("count", "words"), [(1, "1 missing figure"), (2, "2 missing figures")])
def test_one_figure_is_one_figure(count, words):
    with language.use("en"):
        assert sentence((0, 0, 0, count)) == words

"""What the centre has to do stands on its first page: incidents on the map, who is behind, what runs out first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.boards.conftest import NOW
from tests.boards.test_pages import opens, words

from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response.models import Directive, Incident, Task
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit

SignIn = Callable[..., Client]


@pytest.fixture
def work(province: dict[str, Unit]) -> dict[str, Any]:
    """An overdue incident, an overdue task and an overdue directive of one agency, and one that waits to be looked at."""
    place, chair = province["sample:MS02"], User.objects.create(username="chair", role="leader")
    incident = open_incident(SYSTEM, IncidentForm(kind="utility", title="Mất nước diện rộng", severity="high", unit=place))
    Incident.objects.filter(pk=incident.pk).update(next_due_at=NOW - timedelta(minutes=35))
    shared = {"lead": province["agency:NNMT"], "opened_by": "x", "opened_at": NOW - timedelta(days=20)}
    late = {"due_at": NOW - timedelta(days=12), "next_due_at": NOW - timedelta(days=12)}
    made = {
        "task": Task.objects.create(code="NV-1", title="Báo cáo tiến độ cầu Nậm Cắt", state="doing", **shared, **late),
        "directive": Directive.objects.create(
            code="CD-1", title="Rà soát tái định cư", state="accepted", issued_by=chair, **shared, **late
        ),
        "handed_in": Task.objects.create(
            code="NV-2", title="Việc đã báo xong", state="reported", **shared, due_at=NOW - timedelta(days=30)
        ),
    }
    return made | {"incident": incident}


def test_leader_sees_the_overdue_incident_and_the_agency_that_is_behind_first(work: Any, figures: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), "/")
    said = words(page)
    assert "Mất nước diện rộng" in said
    assert "quá 35 phút" in said
    assert "Sở Nông nghiệp và Môi trường có 2 nhiệm vụ quá hạn" in said
    assert "Lâu nhất quá 12 ngày" in said
    assert 'href="/tasks?show=overdue&amp;agency=agency%3ANNMT"' in page


def test_the_board_that_the_decision_leads_to_shows_as_many(work: Any, sign_in: SignIn) -> None:
    board = words(opens(sign_in("leader"), "/tasks?show=overdue&agency=agency:NNMT"))
    assert "Báo cáo tiến độ cầu Nậm Cắt" in board
    assert "Rà soát tái định cư" in board
    assert "Việc đã báo xong" not in board


def test_the_list_of_work_stands_in_place_of_the_newest_data(work: Any, figures: Any, sign_in: SignIn) -> None:
    page = words(opens(sign_in("leader"), "/"))
    assert "Nhiệm vụ được giao" in page
    assert "quá 12 ngày" in page
    assert "Việc đã báo xong" not in page
    assert "Dữ liệu mới đến" not in page


def test_an_incident_stands_on_the_map_under_the_number_of_its_row(work: Any, figures: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), "/")
    assert re.search(r'class="mark-word"[^>]*>1</text><title>Mất nước diện rộng</title>', page)
    assert re.search(r'data-live-key="\S+@\* incidents@\*"', page)


def test_the_side_bar_counts_what_is_open(work: Any, figures: Any, sign_in: SignIn) -> None:
    page = re.sub(r"<svg.*?</svg>", "", opens(sign_in("leader"), "/"), flags=re.S)
    assert re.search(r'<span>Nhiệm vụ</span><b class="num">3</b>', page)
    assert re.search(r'<span>Sự việc</span><b class="num">1</b>', page)


def test_the_phones_tabs_count_what_waits_for_whoever_looks(work: Any, figures: Any, sign_in: SignIn) -> None:
    def waiting(client: Client) -> list[str]:
        return re.findall(r'<span class="vh">, ([^<]+)</span><b class="num"', opens(client, "/"))

    officer = Client()
    officer.force_login(User.objects.create(username="nnmt", role="officer", agency=work["task"].lead))
    assert waiting(sign_in("leader")) == ["1 chờ bạn"]  # what was reported
    assert waiting(sign_in("operator")) == ["1 chưa ai nhận", "1 chờ bạn"]
    assert waiting(officer) == ["2 chờ bạn"]  # what is not reported yet


def test_whoever_may_not_see_the_work_sees_the_page_without_it(work: Any, figures: Any, sign_in: SignIn) -> None:
    page = words(opens(sign_in("analyst"), "/"))
    for said in ("Mất nước", "Nậm Cắt", "nhiệm vụ quá hạn", "tái định cư"):
        assert said not in page
    assert "Dữ liệu mới đến" in page


def test_the_stream_refreshes_the_sentence_the_decisions_and_the_list(work: Any, figures: Any, sign_in: SignIn) -> None:
    leader = sign_in("leader")
    key = re.search(r'class="summary" data-live-key="([^"]+)" data-live-href="([^"]+)"', opens(leader, "/"))
    assert key is not None
    assert key[1].split() == ["*@sample:MS", "incidents@*", "tasks@*", "sources@*"]
    part = opens(leader, key[2])
    assert "<html" not in part
    assert f'data-live-key="{key[1]}"' in part
    assert 'data-live-key="tasks@*"' in part
    assert "Mất nước diện rộng" in part


def test_where_the_list_of_work_stood_the_stream_finds_what_stands_there_without_any(
    figures: Any, feeds: Any, sign_in: SignIn
) -> None:
    leader = sign_in("leader")
    for address in ("/", "/fragments/summary"):
        keys = re.findall(r'data-live-key="([^"]+)" data-live-href="/fragments/summary"', opens(leader, address))
        assert [("tasks@*" in key.split()) for key in keys] == [True, True], address
        assert "Dữ liệu mới đến" in words(opens(leader, address))


def test_an_agency_says_what_is_overdue_before_how_its_data_come(work: Any, figures: Any, sign_in: SignIn) -> None:
    page = words(opens(sign_in("leader"), "/agencies/agency:NNMT"))
    assert "2 việc quá hạn, nợ 1 chỉ tiêu" in page


def test_the_wall_shows_the_clocks_and_the_work_of_each_agency(work: Any, figures: Any, feeds: Any, sign_in: SignIn) -> None:
    page = words(opens(sign_in("operator"), "/wall/main?scene=overview"))
    assert "Sự việc đang xử lý" in page
    assert "1 sự việc · 1 quá hạn" in page
    assert "quá 35 phút" in page
    assert "Nhiệm vụ được giao" in page
    assert "2 nguồn đúng hạn" in page

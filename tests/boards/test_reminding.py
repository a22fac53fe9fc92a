"""A figure that is owed: whoever may direct reminds the agency, once a day, and the page says when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.boards.conftest import NOW, PASSWORD

from toancanh.audit.models import AuditEntry
from toancanh.indicators.models import Cell
from toancanh.notify.models import Notice
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.units.models import Unit

SignIn = Callable[..., Client]
ADDRESS = "/indicators/pub_inv_rate/remind"


@pytest.fixture
def owed(cell: Callable[..., Cell]) -> None:
    """The rate of public investment came until September; October's was due on the 15th of November."""
    cell("pub_inv_rate", "2026-09-ytd", 57.0, target=67.5)


@pytest.fixture
def officer(province: dict[str, Unit]) -> User:
    profile = people.Profile(full_name="Trần Văn Bình", agency=province["agency:STC"])
    return people.create_user(SYSTEM, "binh", PASSWORD, "officer", profile, temporary=False)


def test_the_agency_is_told_and_the_page_says_when(owed: None, officer: User, sign_in: SignIn) -> None:
    leader = sign_in("leader")
    assert f'action="{ADDRESS}"' in leader.get("/indicators/pub_inv_rate").content.decode()
    answer = leader.post(ADDRESS, follow=True)
    notice = Notice.objects.get(user=officer)
    assert notice.title_vi == "Nhắc nộp số liệu: Giải ngân đầu tư công"
    assert "Tháng 10" in notice.body_vi or "10 tháng" in notice.body_vi
    assert notice.link == "/agencies/agency:STC"
    page = answer.content.decode()
    assert "đã nhắc 09:42" in page
    assert f'action="{ADDRESS}"' not in page
    entry = AuditEntry.objects.get(action="figure.remind")
    assert entry.details["indicator"] == "pub_inv_rate"


def test_a_second_reminder_on_the_same_day_sends_nothing_and_the_next_day_one_more(
    owed: None, officer: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = sign_in("leader")
    for _ in range(2):
        assert leader.post(ADDRESS).status_code == 302
    assert Notice.objects.filter(user=officer).count() == 1
    assert AuditEntry.objects.filter(action="figure.remind").count() == 1
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    sign_in("leader").post(ADDRESS)
    assert Notice.objects.filter(user=officer).count() == 2


def test_where_an_agency_has_no_officer_the_operators_are_told(owed: None, sign_in: SignIn) -> None:
    sign_in("operator").post(ADDRESS)
    assert Notice.objects.get().user.role == "operator"


def test_who_may_not_direct_has_no_button_and_is_refused(owed: None, officer: User, sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    page = analyst.get("/indicators/pub_inv_rate").content.decode()
    assert ADDRESS not in page
    assert "Xem nơi nợ số liệu" in page
    assert analyst.post(ADDRESS).status_code == 403
    assert not Notice.objects.exists()


def test_nobody_is_reminded_of_a_figure_that_is_there(figures: dict[str, Cell], officer: User, sign_in: SignIn) -> None:
    answer = sign_in("leader").post(ADDRESS)
    assert answer.status_code == 409
    assert "Không có gì để nhắc" in answer.content.decode()
    assert not Notice.objects.exists()


def test_where_there_is_nobody_to_tell_it_says_so(owed: None, sign_in: SignIn) -> None:
    answer = sign_in("leader").post(ADDRESS)
    assert answer.status_code == 409
    assert "Chưa có ai để nhắc" in answer.content.decode()


def test_a_reminder_is_of_now_whatever_day_the_address_names(
    figures: dict[str, Cell], officer: User, sign_in: SignIn
) -> None:
    answer = sign_in("leader").post(f"{ADDRESS}?known=2026-08-01")  # nothing was known on that day
    assert answer.status_code == 409
    assert not Notice.objects.exists()


def test_a_page_of_another_place_does_not_offer_to_remind_of_the_figure_of_the_province(
    figures: dict[str, Cell], officer: User, sign_in: SignIn
) -> None:
    page = sign_in("leader").get("/indicators/pub_inv_rate", {"unit": "agency:NNMT"}).content.decode()
    assert "Xem nơi nợ số liệu" in page
    assert ADDRESS not in page

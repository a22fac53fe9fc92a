"""Any page can be asked as known on another day: the figures of then, said so, with the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.boards.conftest import NOW, ROOT
from tests.boards.test_pages import opens, words

from toancanh.indicators.models import Cell
from toancanh.response.models import Task
from toancanh.units.models import Unit

SignIn = Callable[..., Client]
CORRECTED = NOW - timedelta(days=5)  # 17/11, 09:42 in Viet Nam


@pytest.fixture
def corrected(cell: Callable[..., Cell]) -> None:
    """The October figure was 62.9 until it was corrected to 63.5 on 17/11; a commune's 49.0 became 50.0."""
    for unit, before, after in ((ROOT, 62.9, 63.5), ("sample:MS01", 49.0, 50.0)):
        cell("pub_inv_rate", "2026-10-ytd", before, unit, target=75.0, known_from=NOW - timedelta(days=12), known_to=CORRECTED)
        cell("pub_inv_rate", "2026-10-ytd", after, unit, target=75.0, known_from=CORRECTED)


@pytest.mark.parametrize(
    ("known", "shown"),
    [("", "63,5"), ("2026-11-17", "63,5"), ("2026-11-16", "62,9"), ("2026-11-17T09:41", "62,9"), ("2027-01-01", "63,5")],
)
@pytest.mark.parametrize("path", ["/", "/indicators/pub_inv_rate", "/fragments/tile/pub_inv_rate"])
def test_a_figure_is_what_it_was_known_to_be(path: str, known: str, shown: str, corrected: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), f"{path}?known={known}")
    other = {"63,5": "62,9", "62,9": "63,5"}[shown]
    assert f"<b>{shown}</b>" in page
    assert f"<b>{other}</b>" not in page


def test_the_map_and_the_table_are_of_that_day_too(corrected: Any, sign_in: SignIn) -> None:
    leader = sign_in("leader")
    assert "49%" in words(opens(leader, "/indicators/pub_inv_rate?known=2026-11-16"))
    assert "49%" not in words(opens(leader, "/indicators/pub_inv_rate"))
    assert "62,9" in opens(leader, "/indicators/pub_inv_rate/values.csv?known=2026-11-16")


def test_before_anything_was_known_nothing_is_shown(corrected: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), "/indicators/pub_inv_rate?known=2026-11-01")
    assert "63,5" not in page
    assert "62,9" not in page


def test_the_page_says_so_and_leads_back(corrected: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), "/indicators/pub_inv_rate?known=2026-11-16&period=2026-10")
    assert "Đang xem số liệu như biết lúc 23:59 16/11/2026" in words(page)
    assert '<a href="/indicators/pub_inv_rate?period=2026-10">Về số liệu hiện nay</a>' in page
    assert "như biết lúc" not in words(opens(sign_in("leader"), "/"))


def test_links_of_the_page_stay_on_that_day(corrected: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), "/?known=2026-11-16")
    assert "/indicators/pub_inv_rate?known=2026-11-16&amp;unit=sample%3AMS" in page
    assert 'type="date" name="known" value="2026-11-16"' in page


def test_work_of_today_is_left_out_of_another_day(corrected: Any, province: dict[str, Unit], sign_in: SignIn) -> None:
    late = NOW - timedelta(days=1)
    Task.objects.create(
        code="NV-1", title="Việc của hôm nay", lead=province["agency:VP"], state="doing", opened_by="x", opened_at=late,
        due_at=late, next_due_at=late,
    )  # fmt: skip
    leader = sign_in("leader")
    assert "Việc của hôm nay" in opens(leader, "/")
    assert "Việc của hôm nay" not in opens(leader, "/?known=2026-11-16")


@pytest.mark.parametrize("wrong", ["hôm qua", "2026-13-01", "2026-11-16T25:00", "1", "0001-01-01T00:00", "1905-01-01"])
def test_a_day_that_cannot_be_read_is_named(wrong: str, sign_in: SignIn) -> None:
    answer = sign_in("leader").get("/", {"known": wrong})
    assert answer.status_code == 404
    assert f"known={wrong}" in words(answer.content.decode())


def test_a_period_of_before_all_records_is_no_fault_of_the_page(sign_in: SignIn) -> None:
    assert sign_in("leader").get("/", {"period": "1905"}).status_code == 404


def test_the_briefing_is_of_now_whatever_day_is_asked_for(corrected: Any, sign_in: SignIn) -> None:
    leader = sign_in("leader")
    assert words(opens(leader, "/briefing?known=2026-11-16")) == words(opens(leader, "/briefing"))

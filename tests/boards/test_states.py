"""States of a part as the product itself shows them, in words: missing, denied, empty, waiting and failing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.boards.conftest import ROOT
from tests.boards.test_pages import opens, words

from toancanh.indicators.models import Cell

SignIn = Callable[..., Client]


def card(page: str, title: str) -> str:
    """The card of a figure, with its state in its class."""
    found = re.search(rf'<article class="panel tile[^>]*>(?:(?!</article>).)*?{title}.*?</article>', page, re.S)
    assert found is not None, title
    return found[0]


def test_a_missing_figure_is_a_dash_that_names_who_owes_it_and_asks_for_it(figures: Any, sign_in: SignIn) -> None:
    sign_in("operator")  # who is told where an agency has no officer
    leader = sign_in("leader")
    missing = card(opens(leader, "/"), "Hộ nghèo giảm trong năm")
    assert "state-missing" in missing
    assert "<b>–</b>" in missing
    assert "Sở Nông nghiệp và Môi trường trễ" in words(missing)
    reminds = re.search(r'method="post" action="(/indicators/[a-z_]+/remind)"[^>]*><button[^>]*>Nhắc nộp số liệu<', missing)
    assert reminds is not None
    leader.post(reminds[1])
    missing = card(opens(leader, "/"), "Hộ nghèo giảm trong năm")
    assert "đã nhắc 09:42" in words(missing)
    asks = re.search(r'href="(/tasks/new\?[^"]+)">Giao việc nộp số liệu<', missing)
    assert asks is not None
    form = opens(leader, asks[1].replace("&amp;", "&"))
    assert "Nộp số liệu: Hộ nghèo giảm trong năm, " in form
    assert re.search(r'value="agency:NNMT" selected', form)


def test_whoever_may_not_give_work_is_led_to_the_agency_instead(figures: Any, sign_in: SignIn) -> None:
    missing = card(opens(sign_in("analyst"), "/"), "Hộ nghèo giảm trong năm")
    assert "/tasks/new" not in missing
    assert "Xem nơi nợ số liệu" in missing


def test_a_field_without_permission_is_a_lock_without_the_shape_of_its_data(figures: Any, sign_in: SignIn) -> None:
    denied = card(opens(sign_in("officer", field="air_quality"), "/"), "Hồ sơ giải quyết đúng hạn")
    assert "state-denied" in denied
    assert "cấp quyền" in words(denied)
    assert "97,8" not in denied
    assert "<svg class=\"spark" not in denied


@pytest.mark.parametrize("scope", [{"agency": "agency:STC"}, {"area": "sample:MS03"}])
def test_a_value_beyond_ones_agency_or_area_is_a_lock_and_not_a_missing_figure(
    figures: Any, sign_in: SignIn, scope: dict[str, str]
) -> None:
    page = opens(sign_in("officer", **scope), "/")
    denied = card(page[page.index("Chỉ tiêu trọng tâm") :], "Hồ sơ giải quyết đúng hạn")
    assert "state-denied" in denied
    assert "Chưa có số liệu" not in words(denied)


def test_an_empty_part_says_so_in_one_line(sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), "/")
    assert "state-empty" in page
    assert "Chưa có nguồn dữ liệu nào." in words(page)


def test_a_value_that_cannot_be_proved_now_says_why_and_stays(cell: Callable[..., Cell], sign_in: SignIn) -> None:
    made = cell("pub_inv_rate", "2026-10-ytd", 63.5, ROOT)
    page = opens(sign_in("leader"), f"/values/{made.pk}/proof")
    assert "63,5" in page
    assert re.search(r'class="[^"]*state-(error|ready|empty)', page)


@pytest.mark.parametrize("words_of", ["drawer-loading", "drawer-failed"])
def test_the_drawer_brings_the_words_of_waiting_and_of_failing(words_of: str, sign_in: SignIn) -> None:
    page = opens(sign_in("leader"), "/")
    part = re.search(rf"<template data-{words_of}>(.*?)</template>", page, re.S)
    assert part is not None
    assert {"drawer-loading": "Đang tải số liệu…", "drawer-failed": "Thử lại"}[words_of] in words(part[1])

"""A part that cannot be made takes nothing else of its page with it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from toancanh.indicators.models import Cell
from toancanh.intake.models import Source

PAGES = "toancanh.boards.pages"
PARTS = (
    ("/", f"{PAGES}.overview.places_part"),
    ("/", f"{PAGES}.overview.tile"),
    ("/", f"{PAGES}.overview.work.burning"),
    ("/", f"{PAGES}.overview.feed_views.arrivals"),
    ("/fields/public_services", f"{PAGES}.field.places_part"),
    ("/fields/public_services", f"{PAGES}.field.tile"),
    ("/fields/public_services", f"{PAGES}.field.ranking"),
    ("/fields/public_services", f"{PAGES}.field.flow"),
    ("/fields/public_services", f"{PAGES}.field.feed_views.table"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.lines.line"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.of_indicator"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.breakdown"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.definition"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.intake.deliveries"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.earlier"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.history.numbers"),
    ("/indicators/dossiers_on_time", f"{PAGES}.indicator.orders.about"),
)


def falls(*_given: object, **_named: object) -> object:
    raise RuntimeError("the part is broken")


@pytest.mark.parametrize(("path", "broken"), PARTS)
def test_a_part_that_cannot_be_made_says_so_with_its_code_and_the_rest_of_the_page_stands(
    path: str,
    broken: str,
    figures: dict[str, Cell],
    feeds: dict[str, Source],
    sign_in: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = sign_in()
    whole = client.get(path).content.decode()
    monkeypatch.setattr(broken, falls)
    answer = client.get(path)
    assert answer.status_code == 200
    page = html.unescape(answer.content.decode())
    codes = re.findall(r"Không tải được phần này\. Mã lỗi ([0-9A-F]{6})\.", page)
    assert codes
    assert all(f"code {code}" in caplog.text for code in codes)
    assert "Thử lại</a>" in page
    assert page.count("<h2") > whole.count("<h2") // 2


def test_the_words_of_a_broken_part_are_in_the_readers_language(
    figures: dict[str, Cell], sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{PAGES}.overview.places_part", falls)
    page = sign_in(language="en").get("/").content.decode()
    assert "This part could not be loaded. Code" in page
    assert "Try again</a>" in page


def test_a_refusal_is_still_the_answer_of_the_whole_page(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    assert sign_in().get("/?on_map=khong_co").status_code == 404

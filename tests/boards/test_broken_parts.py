"""A part that cannot be made takes nothing else of its page with it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from toancanh.indicators.models import Cell
from toancanh.intake.models import Source
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

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
    ("/places/sample:MS01", f"{PAGES}.place._peers"),
    ("/places/sample:MS01", f"{PAGES}.place.standings"),
    ("/places/sample:MS01", f"{PAGES}.place.tile"),
    ("/places/sample:MS01", f"{PAGES}.place.work.burning"),
    ("/places/sample:MS01", f"{PAGES}.place._facts"),
    ("/places/sample:MS01", f"{PAGES}.place._origins"),
    ("/places/sample:MS", f"{PAGES}.place.units.children"),
    ("/agencies/agency:VP", f"{PAGES}.agency.overdue_at"),
    ("/agencies/agency:VP", f"{PAGES}.agency.orders.at_agency"),
    ("/agencies/agency:VP", f"{PAGES}.agency._owed"),
    ("/agencies/agency:VP", f"{PAGES}.agency._owns"),
    ("/agencies/agency:VP", f"{PAGES}.agency.feed_views.table"),
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


def test_a_comparison_that_cannot_be_made_says_so_once(
    figures: dict[str, Cell], sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{PAGES}.indicator.of_indicator", falls)
    page = sign_in().get("/indicators/dossiers_on_time").content.decode()
    assert page.count("Không tải được phần này") == 1
    assert '<section class="stack-column" id="places"' in page


@pytest.mark.parametrize("beside", [False, True])
def test_a_proof_that_cannot_be_made_is_tried_again_where_it_was_opened(
    figures: dict[str, Cell], sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, *, beside: bool
) -> None:
    monkeypatch.setattr(f"{PAGES}.proof.proof", falls)
    path = f"/values/{figures['on_time'].pk}/proof"
    answer = sign_in().get(path, headers={"X-Drawer": "1"} if beside else {})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Không tải được phần này. Mã lỗi" in page
    assert f'<a class="button small" href="{path}"{" data-drawer" if beside else ""}>Thử lại</a>' in page


def test_a_proof_without_its_rows_tells_the_value_and_offers_to_try_again(
    figures: dict[str, Cell], sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object, **_named: object) -> object:
        raise Problem("store-away", 503, Text("Kho tạm ngừng", "Store away"), Text("Thử lại sau.", "Try again later."))

    monkeypatch.setattr(f"{PAGES}.proof.proof", away)
    path = f"/values/{figures['on_time'].pk}/proof"
    page = sign_in().get(path).content.decode()
    assert "Thử lại sau." in page
    assert f'<a class="button small" href="{path}">Thử lại</a>' in page


def test_a_page_that_broke_whole_can_be_tried_again(
    figures: dict[str, Cell], sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in()
    client.raise_request_exception = False
    monkeypatch.setattr("toancanh.boards.views.pages.place_page", falls)
    answer = client.get("/places/sample:MS01")
    assert answer.status_code == 500
    assert '<a class="button primary" href="">Thử lại</a>' in answer.content.decode()
    assert "Thử lại</a>" not in client.get("/places/sample:KHONG").content.decode()


def test_the_words_of_a_broken_part_are_in_the_readers_language(
    figures: dict[str, Cell], sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{PAGES}.overview.places_part", falls)
    page = sign_in(language="en").get("/").content.decode()
    assert "This part could not be loaded. Code" in page
    assert "Try again</a>" in page


def test_a_refusal_is_still_the_answer_of_the_whole_page(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    assert sign_in().get("/?on_map=khong_co").status_code == 404

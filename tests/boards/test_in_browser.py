"""The pages in a real Chromium: they stand as drawn, prove their figures, answer while one types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.support import in_browser

from toancanh.indicators.models import Cell
from toancanh.intake.models import Source

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with in_browser.chromium() as running:
        yield running


@pytest.fixture
def centre(transactional_db: None) -> Iterator[str]:
    with in_browser.served() as address:
        yield address


@pytest.fixture
def open_page(
    chromium: Any,
    centre: str,
    transactional_db: None,
    figures: dict[str, Cell],
    feeds: dict[str, Source],
    sign_in: Callable[..., Client],
) -> Iterator[Any]:
    """Opens an address as a leader. Scripts that fail and broken rules of the content policy fail the test."""
    troubles: list[str] = []
    contexts: list[Any] = []
    session = sign_in("leader").cookies[settings.SESSION_COOKIE_NAME].value

    def open_(path: str, width: int = 1920, height: int = 1080, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": centre}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(centre + path)
        return page

    yield open_
    for each in contexts:
        each.close()
    assert troubles == []


def test_the_cards_of_the_overview_stand_four_across_in_two_rows(open_page: Any) -> None:
    page = open_page("/")
    tops = page.evaluate(
        "[...document.querySelectorAll('.cards .tile')].map(each => Math.round(each.getBoundingClientRect().top))"
    )
    assert len(tops) > 4
    assert len(set(tops)) == 2
    assert page.locator(".row-map .map").bounding_box()["height"] > 200


def test_a_figure_opens_its_proof_beside_the_page_and_escape_closes_it(open_page: Any) -> None:
    page = open_page("/")
    page.locator("a.figure[data-drawer]").first.click()
    drawer = page.locator("#drawer")
    drawer.wait_for(state="visible")
    page.locator("#drawer .proof").wait_for()
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")


def test_the_search_box_answers_while_one_types(open_page: Any) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    page.keyboard.type("hoa binh", delay=20)
    page.locator('#found a[href="/places/sample:MS02"]').wait_for(timeout=5000)


def test_the_long_line_can_be_explored_and_saved_as_a_picture(open_page: Any) -> None:
    page = open_page("/indicators/pub_inv_rate")
    page.locator("[data-explorer-open]").click()
    page.wait_for_selector(".explorer canvas")
    with page.expect_download() as saved:
        page.locator("[data-explorer-save]").click()
    assert saved.value.suggested_filename == "pub_inv_rate-2026-10-ytd.png"


def test_a_line_that_the_stream_brings_again_can_be_explored_and_stays_explored(open_page: Any, figures: dict[str, Cell]) -> None:
    page = open_page("/indicators/pub_inv_rate")
    news = 'event: beat\ndata:\n\ndata: ["pub_inv_rate@sample:MS"]\n\n'
    page.route("**/live/stream*", lambda route: route.fulfill(body=news, headers={"Content-Type": "text/event-stream"}))
    for value, what in ((64.5, "[data-explorer-open]:visible"), (65.5, ".explorer canvas")):
        page.evaluate("document.querySelector('.line-part').dataset.stands = 'yes'")
        Cell.objects.filter(pk=figures["pub_inv_rate"].pk).update(value=value)
        page.wait_for_selector(f".line-part:not([data-stands]) {what}", timeout=15_000)
        if page.locator("[data-explorer-open]:visible").count():
            page.locator("[data-explorer-open]").click()
            page.wait_for_selector(".explorer canvas")

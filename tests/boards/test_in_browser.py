"""The pages in a real Chromium: no accessibility violation in any theme or width, alive, light, usable by keyboard."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client

from toancanh.indicators.models import Cell
from toancanh.intake.models import Source
from toancanh.ui.assets import static_build

pytestmark = [pytest.mark.browser]
AXE = static_build.FRONTEND / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = (
    "/",
    "/?period=2026-10",
    "/fields/public_services",
    "/indicators/dossiers_on_time",
    "/indicators/pub_inv_rate",
    "/places/sample:MS01",
    "/agencies/agency:NNMT",
    "/sources",
    "/search?q=so",
    "/map-choice",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    static_build.build()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in this very thread
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield running
        running.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def centre(transactional_db: None) -> Iterator[str]:
    """The address of the pages, served from one thread over the test's own database connection."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Silent)

    def serve() -> None:
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    shared.dec_thread_sharing()


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


@pytest.mark.slow
@pytest.mark.parametrize(("width", "theme"), [(1920, "light"), (1920, "dark"), (390, "light"), (320, "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page: Any, path: str, width: int, theme: str) -> None:
    page = open_page(path, width, 900, bypass_csp=True, reduced_motion="reduce")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


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

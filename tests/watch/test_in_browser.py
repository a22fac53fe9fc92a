"""Alerts and rules in a real Chromium: no accessibility violation, nothing wider than a phone, keys alone suffice."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as configured
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from tests.support.in_browser import until
from tests.watch.conftest import Hand
from tests.watch.test_backtest import history

from toancanh.people.models import User
from toancanh.ui.assets import static_build
from toancanh.watch.models import Alert, State

pytestmark = [pytest.mark.browser]
AXE = static_build.FRONTEND / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TURN = threading.Lock()  # the test and the server share one connection, one at a time


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
def alert(transactional_db: None, hand: Hand, people: dict[str, User]) -> Alert:
    history(hand.units, {"A": [50, 120, 180, 90, 70, 160, 60], "B": [10, 160, 30, 20, 10, 20, 10]})
    hand.move("dust", {"A": 120.0, "A/station=K1": 130.0, "A/station=K2": 720.0, "B": 150.0})
    hand.move("share", {"C": 50.0}, "2026-11", base=30.0, target=90.0)
    return hand.open()[0]


@pytest.fixture
def open_page(chromium: Any, alert: Alert, people: dict[str, User]) -> Iterator[Any]:
    """Opens an address as one of the people, served from one thread over the test's own database connection."""
    shared, application = connections["default"], get_wsgi_application()
    contexts: list[Any] = []

    def in_turn(environ: dict[str, Any], begin: Any) -> list[bytes]:
        with TURN:
            answer = application(environ, begin)
            body = [b"".join(answer)]
            answer.close()  # type: ignore[attr-defined]
            return body

    def serve() -> None:
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)

    shared.inc_thread_sharing()
    server = make_server("127.0.0.1", 0, in_turn, handler_class=_Silent)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    centre = f"http://127.0.0.1:{server.server_port}"

    def open_(path: str, who: str, width: int = 1440, theme: str = "light") -> Any:
        with TURN:
            User.objects.filter(username=who).update(theme=theme)
            client = Client()
            client.force_login(people[who])
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        session = client.cookies[configured.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": centre}])
        page = context.new_page()
        page.goto(centre + path)
        return page

    yield open_
    for each in contexts:
        each.close()
    server.shutdown()
    thread.join()
    server.server_close()
    shared.dec_thread_sharing()


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(r => r.violations)", TAGS)
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", ["/alerts", "/alerts/{alert}", "/rules", "/rules/dust_high"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page: Any, alert: Alert, path: str, width: int, theme: str) -> None:
    who = "operator" if path.startswith("/alerts") else "analyst"
    page = open_page(path.format(alert=alert.pk), who, width, theme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_alert_is_taken_and_denied_with_the_keyboard_alone(open_page: Any, alert: Alert) -> None:
    page = open_page(alert.href, "operator")
    page.get_by_role("button", name="Tôi nhận xử lý").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Đã có người nhận").first.is_visible()
    page.get_by_label("Lý do báo nhầm").focus()
    page.keyboard.type("Trạm đang hiệu chuẩn")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with TURN:
        assert Alert.objects.get(pk=alert.pk).state == State.FALSE_POSITIVE


def test_a_rule_is_tried_and_the_page_tells_how_often_it_would_ring(open_page: Any) -> None:
    page = open_page("/rules/dust_high", "analyst")
    page.locator("[name=c_limit]").fill("155")
    page.locator("[name=c_clears]").fill("")
    with page.expect_navigation():
        page.get_by_role("button", name="Thử trên 90 ngày qua").press("Enter")
    assert page.get_by_role("heading", name="Sẽ báo 3 lần trong 90 ngày qua, tại 2 nơi").is_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "theme"), [(1920, "light"), (390, "dark")])
def test_a_rule_is_made_with_the_keyboard_alone(open_page: Any, width: int, theme: str) -> None:
    page = open_page("/rules/new?indicator=dust", "analyst", width, theme)
    assert violations(page) == []
    kind = page.get_by_label("Loại điều kiện")
    kind.select_option("any")
    page.get_by_role("button", name="Thêm điều kiện").press("Enter")
    page.locator("[name=c_2_kind]").wait_for()
    page.get_by_role("button", name="Bỏ Điều kiện 3").press("Enter")
    page.locator("[name=c_2_kind]").wait_for(state="detached")
    until(page, "document.activeElement.id === 'condition'")  # the keyboard goes on where it was
    page.locator("[name=c_1_kind]").select_option("rate")
    page.locator("[name=c_1_per]").wait_for()
    for name, words in (("c_0_limit", "155"), ("c_1_limit", "500"), ("title_vi", "Bụi tăng"), ("title_en", "Dust rises")):
        page.locator(f"[name={name}]").focus()
        page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")  # in a field it tries, and neither adds nor drops a condition
    assert page.get_by_role("heading", name="Sẽ báo 3 lần trong 90 ngày qua, tại 2 nơi").is_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu và bật").press("Enter")
    assert page.get_by_role("heading", name="Bụi tăng").first.is_visible()
    assert violations(page) == []

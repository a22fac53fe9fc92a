"""The inbox in a real Chromium: the bell rings by the stream alone, a notice is confirmed by keyboard, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.boards.test_in_browser import centre, chromium  # noqa: F401  fixtures
from tests.notify.conftest import PASSWORD, said
from tests.support.in_browser import AXE, TAGS, until

from toancanh.kernel.contracts import Severity
from toancanh.notify import services
from toancanh.notify.arranging import roster, webhooks
from toancanh.notify.models import Notice
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User

pytestmark = [pytest.mark.browser]
STREAM = "window.EventSource = class { constructor() { window.stream = this; } addEventListener() {} close() {} };"
Open = Callable[..., Any]


@pytest.fixture
def admin(transactional_db: None, health: Any, person: Callable[..., User], monkeypatch: pytest.MonkeyPatch) -> User:
    """An administrator with notices of every severity; a turn on the roster; a webhook."""
    monkeypatch.setenv("TOANCANH_WEBHOOK_INTERNAL", "localhost")
    user = person("lan", "administrator", contact={"email": "lan@so.gov.vn", "phone": "+84912345678"})
    webhooks.add(SYSTEM, webhooks.Wanted(name="Cổng SMS", url="http://localhost:9/hook", kind="webhook"))
    for severity in Severity:
        services.tell(said(f"alert:{severity}", severity, needs_answer=severity == Severity.URGENT), [user])
    now = timezone.now()
    roster.add_turn(SYSTEM, person("minh"), now - timedelta(hours=1), now + timedelta(hours=7))
    return user


@pytest.fixture
def open_page(chromium: Any, centre: str, admin: User) -> Iterator[Open]:  # noqa: F811
    """Opens an address as the administrator, with an event stream that the test speaks through."""
    troubles: list[str] = []
    contexts: list[Any] = []
    client = Client()
    assert client.post("/sign-in", {"username": admin.username, "password": PASSWORD}).status_code == 302
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def open_(path: str, width: int = 1440, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, service_workers="block", **options)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": centre}])
        context.add_init_script(STREAM)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda each: troubles.append(each.text) if "Content Security Policy" in each.text else None)
        page.goto(centre + path, wait_until="networkidle")  # the pages and the test share one database connection
        return page

    yield open_
    for each in contexts:
        each.close()
    assert troubles == []


def test_the_bell_counts_what_the_stream_tells(open_page: Open, admin: User) -> None:
    page = open_page("/roster")
    assert page.locator(".bell b").inner_text() == "4"
    services.tell(said("alert:99"), [admin])
    until(page, "Boolean(window.stream && window.stream.onmessage)")
    page.evaluate(f"window.stream.onmessage({{data: 'inbox@user:{admin.pk}'}})")
    page.locator(".bell b", has_text="5").wait_for()


def test_a_notice_is_confirmed_by_keyboard(open_page: Open, admin: User) -> None:
    page = open_page("/inbox")
    page.get_by_role("button", name="Xác nhận đã nhận").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/confirm")):
        page.keyboard.press("Enter")
    page.get_by_text("Đã xác nhận lúc").wait_for()
    assert Notice.objects.get(user=admin, key="alert:urgent").confirmed_at is not None


@pytest.mark.parametrize("path", ["/inbox", "/inbox/settings", "/roster", "/webhooks", "/notify/proof?subject=alert:12"])
@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1440, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page: Open, path: str, width: int, theme: str) -> None:
    page = open_page(path, width, bypass_csp=True, reduced_motion="reduce")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

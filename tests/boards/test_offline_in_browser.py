"""Without a network the pages a leader read stay readable and say their age; an order waits and goes out once."""

from __future__ import annotations

from typing import Any

import pytest

from toancanh.people.models import User
from toancanh.response.models import Directive

from .test_in_browser import centre, chromium, open_page  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.browser]
READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
def page(open_page: Any, centre: str) -> Any:  # noqa: F811
    """The overview on a phone, kept once by the service worker."""
    opened = open_page("/", 390, 844)
    opened.wait_for_function(READY)
    opened.reload()
    opened.wait_for_function("caches.open('pages-1').then(kept => kept.keys()).then(all => all.length > 0)")
    return opened


def test_a_page_that_was_read_is_read_again_without_a_network_and_says_its_age(page: Any) -> None:
    page.context.set_offline(True)
    page.reload()
    bar = page.locator("[data-kept-bar]")
    bar.wait_for(state="visible")
    assert "Đang xem bản lưu lúc" in bar.inner_text()
    assert page.locator(".cards .tile").count() > 0
    page.context.set_offline(False)
    page.reload()
    assert bar.is_hidden()


def test_an_order_given_without_a_network_goes_out_once_when_it_is_back(page: Any, centre: str) -> None:  # noqa: F811
    page.goto(f"{centre}/directives/new?indicator=pub_inv_rate")
    page.context.set_offline(True)
    page.locator("form[data-offline] button[type=submit]").first.click()
    waiting = page.locator("[data-waiting-bar]")
    waiting.wait_for(state="visible")
    assert not Directive.objects.exists()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    waiting.wait_for(state="hidden", timeout=15_000)
    assert Directive.objects.count() == 1
    page.goto(f"{centre}/directives/new?indicator=pub_inv_rate")
    page.wait_for_timeout(500)
    assert Directive.objects.count() == 1


def test_what_waits_is_sent_for_nobody_else(page: Any, centre: str) -> None:  # noqa: F811
    page.goto(f"{centre}/directives/new?indicator=pub_inv_rate")
    page.context.set_offline(True)
    page.locator("form[data-offline] button[type=submit]").first.click()
    page.locator("[data-waiting-bar]").wait_for(state="visible")
    page.goto("about:blank")
    User.objects.update(username="nguoikhac")  # the phone is now another person's
    page.context.set_offline(False)
    page.goto(f"{centre}/")
    page.wait_for_timeout(1500)
    assert page.locator("[data-waiting-bar]").is_hidden()
    assert not Directive.objects.exists()


def test_signing_out_drops_what_was_kept(page: Any, centre: str) -> None:  # noqa: F811
    page.locator(".account summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/sign-in*")
    assert page.evaluate("caches.has('pages-1')") is False

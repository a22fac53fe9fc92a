"""Without a network the pages a leader read stay readable and say their age; an order waits and goes out once."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from tests.support.in_browser import until

from toancanh.notify.models import PushSubscription
from toancanh.people.models import User
from toancanh.response.models import Directive

from .conftest import NOW
from .test_in_browser import centre, chromium, open_page  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.browser]
_ENDPOINT = "https://push.example.vn/1"
_SUBSCRIBED = f"""PushManager.prototype.getSubscription = async () => ({{
    endpoint: "{_ENDPOINT}", unsubscribe: () => caches.open("unsubscribed"),
}});"""
READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
def page(open_page: Any, centre: str) -> Any:  # noqa: F811
    """The overview on a phone, kept once by the service worker."""
    opened = open_page("/", 390, 844)
    until(opened, READY)
    opened.reload()
    until(opened, "caches.open('pages-1').then(kept => kept.keys()).then(all => all.length > 0)")
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


def test_an_order_given_after_the_session_has_ended_asks_to_sign_in_and_then_goes_out_once(
    page: Any,
    centre: str,  # noqa: F811
) -> None:
    page.goto(f"{centre}/directives/new?indicator=pub_inv_rate")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("form[data-offline] button[type=submit]").first.click()
    waiting = page.locator("[data-waiting-bar]")
    again = waiting.get_by_role("link", name="Phiên đã hết, đăng nhập lại để gửi")
    again.wait_for(state="visible")
    assert "Chờ gửi khi có mạng" not in waiting.inner_text()
    assert again.get_attribute("href") == "/sign-in?next=%2Fdirectives%2Fnew%3Findicator%3Dpub_inv_rate"
    page.context.add_cookies(cookies)  # signed in again
    again.click()
    page.wait_for_url("**/directives/new*")
    waiting.wait_for(state="hidden", timeout=15_000)
    until(page, "localStorage.getItem('toancanh-waiting') === '[]'")
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


def test_two_orders_from_the_same_kept_page_are_two_orders(page: Any, centre: str) -> None:  # noqa: F811
    form = f"{centre}/directives/new?indicator=pub_inv_rate"
    page.goto(form)
    page.context.set_offline(True)
    for title in ("Đẩy nhanh giải ngân", "Rà soát các dự án chậm"):
        page.goto(form)
        page.locator("#f-title").fill(title)
        page.locator("form[data-offline] button[type=submit]").first.click()
        page.locator("[data-waiting-bar]").wait_for(state="visible")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("[data-waiting-bar]").wait_for(state="hidden", timeout=15_000)
    assert set(Directive.objects.values_list("title", flat=True)) == {"Đẩy nhanh giải ngân", "Rà soát các dự án chậm"}


def test_what_waits_is_not_sent_by_a_page_left_open_when_another_person_has_signed_in(
    page: Any,
    centre: str,  # noqa: F811
    sign_in: Any,
) -> None:
    page.goto(f"{centre}/directives/new?indicator=pub_inv_rate")
    page.context.set_offline(True)
    page.locator("form[data-offline] button[type=submit]").first.click()
    page.locator("[data-waiting-bar]").wait_for(state="visible")
    other = sign_in("operator").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": other, "url": centre}])
    page.context.set_offline(False)
    with page.expect_response("**/inbox"):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(1000)
    assert page.locator("[data-waiting-bar]").is_visible()
    assert not Directive.objects.exists()


def test_signing_out_leaves_no_refused_order_behind(page: Any) -> None:
    account = User.objects.get().username
    refused = {"once": "1", "account": account, "action": "/", "body": "title=x", "words": "Giao việc", "refused": "Đã đổi"}
    page.evaluate("item => localStorage.setItem('toancanh-waiting', JSON.stringify([item]))", refused)
    page.reload()
    page.locator("[data-waiting-bar]").wait_for(state="visible")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/sign-in*")
    assert page.evaluate("localStorage.getItem('toancanh-waiting')") == "[]"


def test_a_device_that_was_signed_out_rings_no_more(page: Any) -> None:
    page.context.service_workers[0].evaluate(f"() => {{ {_SUBSCRIBED} }}")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/sign-in*")
    until(page, "caches.has('unsubscribed')")


@pytest.mark.parametrize("mine", [True, False])
def test_a_device_rings_for_whoever_is_signed_in_and_for_nobody_before(page: Any, mine: bool) -> None:
    leader = User.objects.get()
    owner = leader if mine else User.objects.create(username="nguoikhac", full_name="Người khác", role="leader")
    PushSubscription.objects.create(user=owner, endpoint=_ENDPOINT, p256dh="x", auth="x", made_at=NOW)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(_SUBSCRIBED)
    with page.expect_response("**/push/subscriptions"):
        page.reload()
    if mine:
        page.wait_for_timeout(500)
    else:
        until(page, "caches.has('unsubscribed')")
    assert page.evaluate("caches.has('unsubscribed')") is not mine

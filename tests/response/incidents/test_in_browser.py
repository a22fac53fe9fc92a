"""The desk in a real Chromium: everything by keyboard, what was typed is never lost, no accessibility violation at any width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.boards.test_in_browser import centre, chromium  # noqa: F401  fixtures
from tests.support.in_browser import AXE, TAGS

from toancanh.people.models import User
from toancanh.response.listening import key_of
from toancanh.response.models import Incident
from toancanh.response.services import incidents
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit

pytestmark = [pytest.mark.browser]
STREAM = "window.EventSource = class { constructor() { window.stream = this; } addEventListener() {} close() {} };"
Open = Callable[..., Any]


@pytest.fixture
def work(lan: User, pothole: Incident, province: dict[str, Unit]) -> list[Incident]:
    """Three incidents in the order of their clocks: fire, pothole, rubbish."""
    fire = open_incident(lan, IncidentForm(kind="fire", title="Cháy chợ", unit=province["sample:MS02"]))
    rubbish = open_incident(lan, IncidentForm(kind="environment", title="Đốt rác", unit=province["sample:MS02"], severity="low"))
    return [fire, pothole, rubbish]


@pytest.fixture
def open_page(
    transactional_db: None,
    chromium: Any,  # noqa: F811
    centre: str,  # noqa: F811
    work: list[Incident],
    lan: User,
    browser: Callable[[User], Client],
) -> Iterator[Open]:
    """Opens an address as Lan, with an event stream that the test speaks through. Scripts that fail fail the test."""
    troubles: list[str] = []
    contexts: list[Any] = []
    session = browser(lan).cookies[settings.SESSION_COOKIE_NAME].value

    def open_(path: str, width: int = 1920, height: int = 1080, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": centre}])
        context.add_init_script(STREAM)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(centre + path)
        if page.locator("[data-desk]").count():
            ready(page)
        return page

    yield open_
    for each in contexts:
        each.close()
    assert troubles == []


def ready(page: Any) -> None:
    """The desk's keys are listening, and its first sign of presence has been taken: the test and the pages share a connection."""
    page.locator("[data-desk=ready]").wait_for(state="attached")
    page.wait_for_load_state("networkidle")


def telling(page: Any) -> Any:
    """Around what begins or ends writing: it is told at once, and the test must not ask the database meanwhile."""
    return page.expect_response(lambda answer: "/presence/" in answer.url)


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_j_k_enter_a_and_g_take_and_route_without_a_mouse(open_page: Open, work: list[Incident]) -> None:
    page = open_page("/desk")
    assert page.locator(".record h2").first.inner_text() == "Cháy chợ"
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == "Cháy chợ"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == "Ổ gà sâu, đã có người ngã"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"item={work[1].pk}" in page.url
    ready(page)
    with page.expect_navigation():
        page.keyboard.press("a")
    work[1].refresh_from_db()
    assert work[1].state == "taken"
    ready(page)
    page.fill("textarea#words", "Vá ngay")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    assert page.locator("[data-ask]").inner_text() == "Chuyển cho UBND phường Đông Sơn? Enter để chuyển, Esc để thôi."
    page.keyboard.press("Escape")
    assert page.locator("[data-ask]").inner_text() == ""
    work[1].refresh_from_db()
    assert work[1].state == "taken"
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    work[1].refresh_from_db()
    assert work[1].state == "handling"
    assert page.locator(".log").inner_text().count("Vá ngay") == 1


def test_keys_on_a_framed_row_that_somebody_has_open_it_and_leave_the_open_record_alone(
    open_page: Open, work: list[Incident], lan: User
) -> None:
    incidents.take(lan, work[0])
    page = open_page(f"/desk?item={work[1].pk}")
    for key in ("a", "g"):
        page.locator(f'.queue-rows a[data-row="{work[0].pk}"]').focus()
        with page.expect_navigation():
            page.keyboard.press(key)
        assert f"item={work[0].pk}" in page.url
        page.goto(page.url.replace(f"item={work[0].pk}", f"item={work[1].pk}"))
        ready(page)
    work[1].refresh_from_db()
    assert work[1].state == "new"


def test_a_on_a_focused_row_takes_that_row(open_page: Open, work: list[Incident]) -> None:
    page = open_page(f"/desk?item={work[1].pk}")
    page.locator(".queue-rows a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("a")
    work[0].refresh_from_db()
    work[1].refresh_from_db()
    assert (work[0].state, work[1].state) == ("taken", "new")


def test_slash_searches_question_mark_helps_and_escape_goes_one_step_up(open_page: Open, work: list[Incident]) -> None:
    page = open_page(f"/desk?item={work[1].pk}")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    assert focused(page) == "Ổ gà sâu, đã có người ngã"
    page.keyboard.press("?")
    page.locator("#keys").wait_for(state="visible")
    assert "Chuyển xử lý" in page.locator("#keys").inner_text()
    page.keyboard.press("Escape")
    page.locator("#keys").wait_for(state="hidden")
    page.fill("#find", "rác")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".queue-rows a").all_inner_texts() == ["Đốt rác"]


def test_single_letters_can_be_turned_off(open_page: Open, work: list[Incident], lan: User) -> None:
    User.objects.filter(pk=lan.pk).update(single_keys=False)
    page = open_page(f"/desk?item={work[1].pk}")
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.wait_for_timeout(200)
    work[1].refresh_from_db()
    assert work[1].state == "new"
    assert page.evaluate("document.activeElement === document.body")


def test_the_clock_ticks(open_page: Open, work: list[Incident]) -> None:
    page = open_page(f"/desk?item={work[1].pk}")
    clock = page.locator(".big-clock b")
    before = clock.inner_text()
    page.wait_for_timeout(1300)
    assert clock.inner_text() != before
    assert before.startswith(("29:", "30:"))


def test_what_is_typed_stays_when_somebody_changes_the_record_and_their_change_is_shown(
    open_page: Open, work: list[Incident], binh: User
) -> None:
    page = open_page(f"/desk?item={work[1].pk}")
    with telling(page):
        page.fill("textarea#words", "Đặt biển cảnh báo")
    incidents.take(binh, work[1], 1)
    page.evaluate(f"window.stream.onmessage({{data: '{key_of('incident', work[1].pk)} desk@*'}})")
    bar = page.locator("[data-merge]")
    bar.wait_for(state="visible")
    assert "Trần Văn Bình" in bar.inner_text()
    assert page.input_value("textarea#words") == "Đặt biển cảnh báo"
    page.click("[data-merge-keep]")
    with page.expect_navigation():
        page.click("[data-give]")
    work[1].refresh_from_db()
    assert work[1].state == "handling"
    assert "Đặt biển cảnh báo" in page.locator(".log").first.inner_text()


def test_what_is_chosen_is_guarded_like_what_is_typed(open_page: Open, work: list[Incident], binh: User) -> None:
    page = open_page(f"/desk?item={work[1].pk}")
    page.evaluate("for (const each of document.querySelectorAll('main details:not([data-menu])')) each.open = true")
    with telling(page):
        page.select_option("select#severity", "high")
    incidents.take(binh, work[1], 1)
    page.evaluate(f"window.stream.onmessage({{data: '{key_of('incident', work[1].pk)} desk@*'}})")
    page.locator("[data-merge]").wait_for(state="visible")


def test_a_form_that_nobody_touched_just_goes_on(open_page: Open, work: list[Incident], binh: User) -> None:
    page = open_page(f"/desk?item={work[1].pk}")
    incidents.take(binh, work[1], 1)
    page.evaluate(f"window.stream.onmessage({{data: '{key_of('incident', work[1].pk)} desk@*'}})")
    page.locator(".record input[name=version][value='2']").first.wait_for(state="attached")
    assert page.locator("[data-merge]").is_hidden()


def test_a_phone_begins_with_the_queue(open_page: Open, work: list[Incident]) -> None:
    page = open_page("/desk", 390, 800)
    assert page.locator(".queue").is_visible()
    assert page.locator(".record").is_hidden()
    assert "item=" not in page.url


def test_others_see_that_somebody_is_at_work_here(open_page: Open, work: list[Incident], binh: User) -> None:
    from toancanh.response.services import presence

    page = open_page("/desk")
    presence.beat(binh, "incident", work[1].pk)
    page.evaluate("window.stream.onmessage({data: 'desk@*'})")
    page.locator(".at-work", has_text="Bình đang xem").wait_for()


def test_what_changes_with_any_figure_is_first_asked_for_at_a_moment_of_the_screens_own(
    open_page: Open, work: list[Incident]
) -> None:
    page = open_page("/")
    page.wait_for_load_state("networkidle")
    page.evaluate("Math.random = () => 0.5")
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.headers.get("x-live-keys", "")))
    with page.expect_response(lambda answer: "*@" in answer.request.headers.get("x-live-keys", "")):
        page.evaluate("window.stream.onmessage({data: 'a_figure@sample:MS'})")
        page.wait_for_timeout(400)
        assert asked == []


def test_who_writes_into_a_form_is_at_work_from_the_first_letter(open_page: Open, work: list[Incident], lan: User) -> None:
    from toancanh.response.models import Presence

    page = open_page(f"/desk?item={work[1].pk}")
    here = Presence.objects.filter(user=lan, subject=work[1].pk)
    for text, writes in (("Đội", True), ("", False)):
        with telling(page):
            page.fill("textarea#words", text)
        assert here.get().writes == writes


@pytest.mark.slow
@pytest.mark.parametrize(("width", "theme"), [(1920, "light"), (1920, "dark"), (390, "light"), (320, "dark")])
@pytest.mark.parametrize("path", ["/desk", "/desk?item={pk}", "/incidents/{pk}", "/incidents", "/incidents/new", "/shifts"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: Open, work: list[Incident], path: str, width: int, theme: str
) -> None:
    page = open_page(path.format(pk=work[0].pk), width, 900, bypass_csp=True, reduced_motion="reduce")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate("for (const each of document.querySelectorAll('main details:not([data-menu])')) each.open = true")
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(900, whole)})  # so that the tabs of a phone cover no link by chance
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

"""The pages of work in a real Chromium: no accessibility violation, nothing wider than a phone, an order in four taps."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as configured
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from tests.response.work.conftest import GOAL, Clockwork, Staff, make_staff, units_of
from tests.support.in_browser import until

from toancanh.indicators.models import Cell
from toancanh.response.directing.orders import Term
from toancanh.response.models import Directive, Task
from toancanh.response.services import directives, extensions, tasks
from toancanh.ui.assets import static_build
from toancanh.units.models import Unit

pytestmark = [pytest.mark.browser]
AXE = static_build.FRONTEND / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


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


TURN = threading.Lock()  # the test and the server share one connection, one at a time


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def province(transactional_db: None, settings: Any, tmp_path: Any) -> Iterator[dict[str, Unit]]:
    yield from units_of(settings, tmp_path)


@pytest.fixture
def staff(province: dict[str, Unit]) -> Staff:
    return make_staff(province)


@pytest.fixture
def centre(province: dict[str, Unit]) -> Iterator[str]:
    """The address of the pages, served from one thread over the test's own database connection."""
    shared, application = connections["default"], get_wsgi_application()

    def in_turn(environ: dict[str, Any], begin: Any) -> list[bytes]:
        with TURN:
            answer = application(environ, begin)
            body = [b"".join(answer)]
            answer.close()  # type: ignore[attr-defined]
            return body

    shared.inc_thread_sharing()
    server = make_server("127.0.0.1", 0, in_turn, handler_class=_Silent)

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
def open_page(chromium: Any, centre: str, sign_in: Callable[..., Client]) -> Iterator[Any]:
    """Opens an address as one of the staff. Scripts that fail and broken rules of the content policy fail the test."""
    troubles: list[str] = []
    contexts: list[Any] = []

    def open_(path: str, who: str = "leader", width: int = 1920, height: int = 1080, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        with TURN:
            session = sign_in(who).cookies[configured.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": centre}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(centre + path)
        return page

    yield open_
    for each in contexts:
        each.close()
    assert troubles == []


@pytest.fixture
def busy(
    staff: Staff, province: dict[str, Unit], directive: Callable[..., Directive], task: Callable[..., Task],
    cell: Callable[..., Cell], clock: Clockwork,
) -> dict[str, str]:  # fmt: skip
    """A province at work: overdue, soon, watched, asked for time. The addresses of its pages."""
    cell("pub_inv_rate", "2026-10-ytd", 61.5, target=75.0)
    order = directive(
        title="Khắc phục: Tỷ lệ giải ngân vốn đầu tư công 61,5% tại Tỉnh Minh Sơn, mục tiêu 75%", goal=GOAL,
        supporting=(province["agency:STC"], province["agency:VP"]), document_number="123/UBND-KT", person="Nguyễn Văn Minh",
        result="Tỷ lệ giải ngân từ 75% trở lên", deadline=Term(10),
    )  # fmt: skip
    part = tasks.begin(staff.builder, task(directive=order, title="Rà soát vướng mắc mặt bằng 12 dự án trọng điểm"))
    tasks.progress(staff.builder, part, 40, "Đã rà soát 5/12 dự án")
    task(directive=order, title="Điều chuyển vốn các dự án chậm", lead=province["agency:STC"], deadline=Term(6))
    until = clock.now.replace(month=12, day=4, hour=10)
    extensions.ask(staff.builder, part, until, "Chờ phương án bồi thường của hai hộ dân")
    for number, who in enumerate(("SXD", "SXD", "YT", "VP")):
        task(title=f"Báo cáo chuyên đề số {number + 1}", lead=province[f"agency:{who}"], deadline=Term(1))
    directives.report_done(staff.doctor, directives.accept(staff.doctor, directive(lead=province["agency:YT"])), "Đã họp")
    clock.at("2026-11-27 09:00")
    return {
        "board": "/tasks", "directive": f"/directives/{order.pk}", "task": f"/tasks/{part.pk}", "order": "/directives/new",
        "prefilled": "/directives/new?indicator=pub_inv_rate&unit=sample:MS", "new_task": f"/tasks/new?directive={order.pk}",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("width", "theme"), [(1920, "light"), (1920, "dark"), (390, "light"), (320, "dark")])
@pytest.mark.parametrize("name", ["board", "directive", "task", "prefilled", "new_task"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: Any, busy: dict[str, str], name: str, width: int, theme: str
) -> None:
    page = open_page(busy[name], "leader", width, 900, bypass_csp=True, reduced_motion="reduce")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate("document.querySelectorAll('details[data-menu]').forEach(each => each.open = false)")
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    folder = os.environ.get("TOANCANH_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}-{width}-{theme}.png"), full_page=width < 1000)
    assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_proposed_title_follows_the_goal_until_somebody_writes_another(open_page: Any, busy: dict[str, str]) -> None:
    page = open_page(busy["prefilled"], "leader", 1280, 900)
    until(page, "Boolean(document.querySelector('[data-goal-clause]').dataset.follows)")
    page.fill("#f-goal", "80,5")
    assert page.input_value("#f-title").endswith("mục tiêu 80,5%")
    page.uncheck("#f-watch")
    assert page.input_value("#f-title").endswith("tại Tỉnh Minh Sơn")
    page.fill("#f-title", "Tập trung giải ngân")
    page.check("#f-watch")
    page.fill("#f-goal", "90")
    assert page.input_value("#f-title") == "Tập trung giải ngân"


def test_a_directive_is_issued_on_a_phone_in_four_taps(open_page: Any, busy: dict[str, str]) -> None:
    options = {name: value for name, value in PHONE.items() if name not in ("width", "height")}
    page = open_page("/indicators/pub_inv_rate", "leader", 390, 844, **options)
    begun = perf_counter()
    page.get_by_role("link", name="Chỉ đạo").tap()  # one
    page.locator("label.chip-choice", has_text="5 ngày làm việc").tap()  # two
    send = page.locator(".order-send button")
    assert send.bounding_box()["height"] >= 44
    assert send.bounding_box()["y"] + 44 <= 844
    send.tap()  # three
    page.wait_for_url(re.compile(r"/directives/\d+$"))
    assert perf_counter() - begun < 15
    with TURN:
        made = Directive.objects.select_related("lead").latest("pk")
    assert (made.lead.key, made.indicator, made.goal) == ("agency:STC", "pub_inv_rate", 75.0)  # type: ignore[union-attr]
    assert "61,5%" in made.title


def test_targets_on_a_phone_are_large_enough_for_a_thumb(open_page: Any, busy: dict[str, str]) -> None:
    for name in ("board", "directive", "prefilled"):
        page = open_page(busy[name], "leader", 390, 844)
        small = page.evaluate(
            "[...document.querySelectorAll('main .button, main summary, main .chip-choice span, main input:not([type=hidden])"
            ":not([type=checkbox]):not([type=radio]), main select')].filter(each => each.offsetHeight && each.offsetHeight < 43)"
            ".map(each => each.outerHTML.slice(0, 90))"
        )
        assert small == [], name


def test_everything_is_done_with_the_keyboard(open_page: Any, busy: dict[str, str]) -> None:
    page = open_page(busy["task"], "builder")
    page.locator(".trail a").last.focus()
    page.keyboard.press("Tab")  # the only act stands open: its first field comes next
    page.keyboard.type("Đã rà soát xong 12 dự án")
    page.keyboard.press("Tab")
    page.keyboard.type("Chờ phương án bồi thường")
    page.keyboard.press("Tab")  # the file that goes with it
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with TURN:
        assert Task.objects.get(pk=int(busy["task"].rpartition("/")[2])).state == "reported"


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_result_and_its_file_are_sent_with_one_press(
    open_page: Any, staff: Staff, task: Callable[..., Task], script: bool
) -> None:
    made = tasks.begin(staff.builder, task())
    page = open_page(f"/tasks/{made.pk}", "builder", 390, 844, java_script_enabled=script)
    page.fill("textarea[name=words]", "Đã thông tuyến")
    page.set_input_files("#f-file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.get_by_role("button", name="Chỉ gửi tệp").click()
    page.wait_for_selector("text=a.pdf")
    assert page.input_value("textarea[name=words]") == "Đã thông tuyến"
    page.set_input_files("#f-file", {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    with page.expect_navigation():
        page.get_by_role("button", name="Báo hoàn thành").click()
    assert page.get_by_text("Báo hoàn thành: Đã thông tuyến").count()
    assert page.get_by_role("link", name="b.pdf").count()


def test_a_result_with_a_file_stays_in_its_form_without_a_network_and_says_why(
    open_page: Any, staff: Staff, task: Callable[..., Task]
) -> None:
    made = tasks.begin(staff.builder, task())
    page = open_page(f"/tasks/{made.pk}", "builder", 390, 844)
    page.fill("textarea[name=words]", "Đã thông tuyến")
    page.set_input_files("#f-file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.context.set_offline(True)
    page.set_viewport_size({"width": 390, "height": 400})  # the button is reached by scrolling
    page.get_by_role("button", name="Báo hoàn thành").click()
    said = page.get_by_text("Gửi tệp cần có mạng.")
    said.wait_for(state="visible")
    below_the_top_bar = "document.querySelector('[data-waiting-bar]').getBoundingClientRect().top >= 50"
    assert page.evaluate(below_the_top_bar)
    assert page.get_by_text("Chờ gửi khi có mạng").is_hidden()
    assert page.input_value("textarea[name=words]") == "Đã thông tuyến"
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    said.wait_for(state="hidden")
    with page.expect_navigation():
        page.get_by_role("button", name="Báo hoàn thành").click()
    assert page.get_by_role("link", name="a.pdf").count()


def test_the_line_under_the_files_leads_to_an_act_that_is_seen(
    open_page: Any, staff: Staff, task: Callable[..., Task]
) -> None:
    made = tasks.begin(staff.builder, task())
    page = open_page(f"/tasks/{made.pk}", "leader", 390, 844)
    page.get_by_role("link", name="Báo hoàn thành").click()
    page.wait_for_url("**#report")
    assert page.evaluate("document.getElementById('report').getBoundingClientRect().top") >= 50
    page.keyboard.press("Enter")
    assert page.locator("#f-file").is_visible()

"""The parts in a real browser: accessible in every theme and width, light enough, alive, and usable by keyboard alone."""

import json
import re
import time
from dataclasses import replace

import pytest

from toancanh.ui.assets import static_build
from toancanh.ui.views import kit_context

pytestmark = [pytest.mark.browser]
AXE = static_build.FRONTEND / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KIB = 1024


@pytest.fixture
def open_page(browser, site):
    """Opens an address at a width; scripts that fail and broken rules of the content policy fail the test."""
    opened, troubles = [], []

    def open_(address, width=1920, height=1080, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(site.address + address)
        return page

    yield open_
    for context in opened:
        context.close()
    assert troubles == []


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "width"), [("light", 1920), ("light", 390), ("light", 320), ("dark", 320), ("wall", 1920)])
def test_axe_finds_nothing_on_the_kit_page(open_page, theme, width):
    page = open_page(f"/kit?theme={theme}", width, bypass_csp=True, reduced_motion="reduce")
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("address", ["/kit/overview", "/kit/overview?theme=dark&lang=en", "/kit/wall"])
def test_axe_finds_nothing_on_whole_pages(open_page, address):
    page = open_page(address, bypass_csp=True, reduced_motion="reduce")
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [v["id"] for v in found["violations"]] == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1366])
def test_no_page_scrolls_sideways(open_page, width, language):
    page = open_page(f"/kit/overview?lang={language}", width, 800)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.here').getBoundingClientRect().width") > 60


@pytest.mark.parametrize(("address", "budget"), [("/kit/overview", 150), ("/kit/wall", 200)])
def test_the_first_view_keeps_its_byte_budget(browser, site, address, budget):
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(site.address + address, wait_until="networkidle")
    context.close()
    assert len(sizes) >= 5
    assert sum(sizes) <= budget * KIB


def test_the_explorable_chart_with_its_page_keeps_the_indicator_budget(open_page, site):
    page = open_page("/kit")
    fetched = []
    page.on("response", lambda answer: fetched.append(answer.url))
    page.locator("[data-explorer-open]").first.click()
    page.wait_for_selector(".explorer canvas")
    assert any("chart-" in url for url in fetched)
    sizes = [static_build.sizes(n) for n in ("app.js", "app.css", "inter-latin.woff2", "inter-vietnamese.woff2")]
    first_view = sum(size.get("br", size[""]) for size in sizes)
    assert first_view + static_build.sizes("chart.ts")["br"] <= 350 * KIB
    with page.expect_download() as saved:
        page.locator("[data-explorer-save]:visible").first.click()
    assert saved.value.suggested_filename == "giai-ngan.png"


def until(page, expression, timeout=4000):
    """Waits until the expression is true, without the eval that the content policy forbids."""
    end = time.monotonic() + timeout / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not within {timeout} ms: {expression}"
        page.wait_for_timeout(20)


def _overview(templates, **more):
    context = kit_context("light")
    context["shell"] = replace(context["shell"], live_href="/live/stream")
    return templates.get_template("ui/kit_overview.html").render(context | more)


def test_a_changed_figure_arrives_within_a_second_and_only_that_part_moves(open_page, site, templates):
    tile = '<article class="panel tile is-bad state-ready"'
    html = _overview(templates).replace(f"{tile}>", f'{tile} data-live-key="spent@MS" data-live-href="/part">')
    site.pages["/alive"] = html
    page = open_page("/alive")
    page.wait_for_timeout(300)
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    site.pages["/part"] = html.replace("63,5", "64,2")
    site.tell("spent@MS")
    until(page, "document.querySelector('[data-live-key=\"spent@MS\"] b').textContent === '64,2'", timeout=1000)
    assert page.evaluate("document.querySelector('h1').dataset.kept") == "yes"
    assert page.locator('[data-live-key="spent@MS"].changed').count() == 1


def test_the_star_refreshes_every_part(open_page, site, templates):
    site.pages["/alive"] = _overview(templates)
    page = open_page("/alive")
    page.wait_for_timeout(300)
    site.pages["/alive"] = site.pages["/alive"].replace("Xã Thạch Bình: ", "Xã Thạch Bình nay: ")
    site.tell("*")
    until(page, "document.querySelector('[data-live-key=kit-map]').innerHTML.includes('nay: ')", timeout=2000)


def test_the_wall_keeps_its_picture_and_says_since_when_it_is_cut_off(open_page, site, templates):
    site.pages["/alive"] = _wall(templates)
    site.pages["/state"] = '{"scene":"overview","href":"/alive","held":true,"visitor":false,"seconds":30,"scenes":[]}'
    page = open_page("/alive")
    page.wait_for_timeout(400)
    tiles = page.locator(".wall-tile:visible").count()
    assert page.locator("[data-lost-bar]").is_hidden()
    site.cut()
    bar = page.locator("[data-lost-bar]")
    bar.wait_for(state="visible", timeout=12_000)
    assert re.fullmatch(r"Mất kết nối từ \d\d:\d\d, đang hiển thị số liệu cũ dưới 1 phút", bar.inner_text())
    assert page.locator(".wall-tile:visible").count() == tiles
    site.alive = True
    bar.wait_for(state="hidden", timeout=15_000)


@pytest.mark.parametrize("kind", ["wall", "page"])
def test_a_stream_that_falls_silent_is_lost_though_its_connection_stands(open_page, site, templates, kind):
    alive = _wall(templates) if kind == "wall" else _overview(templates)
    site.pages["/alive"] = alive.replace("<body ", '<body data-live-silence="1.5" ')
    site.pages["/state"] = '{"scene":"overview","href":"/alive","held":true,"visitor":false,"seconds":30,"scenes":[]}'
    page = open_page("/alive")
    page.wait_for_timeout(1800)
    bar = page.locator("[data-lost-bar]")
    assert bar.is_hidden()
    tiles = page.locator("[data-live-key]:visible").count()
    site.fall_silent()
    bar.wait_for(state="visible", timeout=5000)
    assert "đang hiển thị số liệu cũ dưới 1 phút" in bar.inner_text()
    assert page.locator("[data-live-key]:visible").count() == tiles
    page.wait_for_timeout(1200)
    assert bar.is_visible()
    site.silent = False
    bar.wait_for(state="hidden", timeout=10_000)


def test_a_page_whose_session_ended_says_that_its_figures_are_old_and_keeps_them(open_page, site, templates):
    site.pages["/alive"] = _overview(templates)
    page = open_page("/alive")
    page.wait_for_timeout(300)
    page.route("**/alive", lambda route: route.fulfill(status=302, headers={"Location": "/sign-in"}))
    site.pages["/sign-in"] = "<!doctype html><title>Đăng nhập</title>"
    site.tell("kit-map")
    page.locator("[data-lost-bar]").wait_for(state="visible", timeout=3000)
    assert page.locator('[data-live-key="kit-map"]').count() == 1


@pytest.mark.parametrize("visitor", [False, True])
def test_the_wall_turns_to_the_next_scene_by_itself_and_stays_when_held(open_page, site, templates, visitor):
    context = kit_context("light")
    for code in ("overview", "economy"):
        live = {"live_href": "/live/stream", "state_href": "/state"}
        context["wall"] = replace(context["wall"], scene=code, subtitle=code, visitor=visitor, **live)
        site.pages[f"/wall/{code}"] = templates.get_template("ui/kit_wall.html").render(context)
    scenes = [{"code": code, "href": f"/wall/{code}"} for code in ("overview", "economy")]
    state = {"scene": "overview", "href": "/wall/overview", "visitor": visitor, "seconds": 1, "scenes": scenes}
    site.pages["/state"] = json.dumps(state | {"held": False})
    page = open_page("/wall/overview")
    until(page, "document.body.dataset.scene === 'economy'", timeout=4000)
    assert "economy" in page.locator(".wall-id p").inner_text()
    site.pages["/state"] = json.dumps(state | {"held": True})
    site.tell("wall@kit")
    until(page, "document.body.dataset.scene === 'overview'", timeout=4000)
    page.wait_for_timeout(1500)
    assert page.evaluate("document.body.dataset.scene") == "overview"


def test_the_page_is_usable_by_keyboard_alone(open_page, site, templates):
    page = open_page("/kit/overview")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Bỏ qua đến nội dung"
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#keys").evaluate("dialog => dialog.open")
    page.keyboard.press("Escape")
    assert not page.locator("#keys").evaluate("dialog => dialog.open")
    page.locator(".bar .picker summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".bar .picker[open] .menu a").first.is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".picker[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_single_letter_keys_can_be_turned_off(open_page, site, templates):
    site.pages["/quiet"] = _overview(templates).replace('<body data-live="/live/stream">', '<body data-keys="off">')
    page = open_page("/quiet")
    page.keyboard.press("?")
    assert not page.locator("#keys").evaluate("dialog => dialog.open")


def test_a_proof_opens_beside_the_page_and_focus_comes_back(open_page, site, templates):
    site.pages["/proof"] = "<main><h2>Chứng minh</h2><p>1.177 / 1.204</p></main>"
    site.pages["/page"] = _overview(templates).replace("#proof", "/proof")
    page = open_page("/page")
    figure = page.locator("a.figure").first
    figure.focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#drawer').textContent.includes('1.177 / 1.204')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "figure"


def test_a_proof_that_takes_long_shows_its_shape_and_then_words(open_page, site, templates):
    site.pages["/page"] = _overview(templates).replace("#proof", "/proof")
    page = open_page("/page")
    page.route("**/proof", lambda route: None)  # never answered
    page.locator("a.figure").first.click()
    waiting = page.locator("#drawer .state-loading")
    waiting.wait_for(state="visible", timeout=2000)
    assert waiting.locator(".bone").count() >= 2
    assert "Đang tải" in waiting.inner_text()


def test_a_proof_that_comes_late_is_not_shown_under_another_figure(open_page, site, templates):
    site.pages["/second"] = "<main><p>của số thứ hai</p></main>"
    site.pages["/page"] = _overview(templates).replace("#proof", "/first", 1).replace("#proof", "/second", 1)
    page = open_page("/page")
    held = []
    page.route("**/first", lambda route: held.append(route))  # noqa: PLW0108  (playwright marks its handlers)
    page.locator("a.figure").first.click()
    page.locator("#drawer .state-loading").wait_for(state="visible", timeout=2000)
    page.keyboard.press("Escape")
    page.locator("a.figure[href='/second']").click()
    until(page, "document.querySelector('#drawer').textContent.includes('của số thứ hai')")
    held[0].fulfill(status=200, content_type="text/html", body="<main><p>của số thứ nhất</p></main>")
    page.wait_for_timeout(300)
    assert "của số thứ hai" in page.locator("#drawer").inner_text()


def test_on_a_phone_the_more_tab_opens_the_whole_menu(open_page):
    page = open_page("/kit/overview", 390, 844)
    assert page.locator("#side").is_hidden()
    page.locator("[data-side]").click()
    assert page.locator("#side").is_visible()
    page.locator("#side .picker summary").first.click()
    assert page.locator("#side .menu a").first.is_visible()
    heights = page.evaluate(
        "[...document.querySelectorAll('.tabs a, .button')].filter(e => e.getClientRects().length)"
        ".map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


@pytest.mark.parametrize(("width", "height", "tiles"), [(3840, 1080, 9), (1920, 1080, 4), (5760, 1080, 9)])
def test_the_wall_fits_its_screen_and_nothing_is_too_small_to_read(open_page, width, height, tiles):
    page = open_page("/kit/wall", width, height)
    assert page.locator(".wall-tile:visible").count() == tiles
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [width, height]
    small = page.evaluate(
        "u => [...document.querySelectorAll('.wall *')]"
        ".filter(e => !e.closest('.map') && !e.closest('.vh') && e.getClientRects().length)"
        ".filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"
        ".filter(e => parseFloat(getComputedStyle(e).fontSize) < 2.59 * u).map(e => e.className + ' ' + e.textContent)",
        height / 108,
    )
    assert small == []


def test_motion_stops_for_those_who_asked(open_page):
    page = open_page("/kit/wall", reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0


def _wall(templates):
    context = kit_context("light")
    context["wall"] = replace(context["wall"], live_href="/live/stream", state_href="/state")
    return templates.get_template("ui/kit_wall.html").render(context)

"""Every page of the product in a real Chromium, light and dark, on a desk and on the smallest phone: no accessibility violation,
nothing that scrolls sideways, no broken rule of the content policy, no failing script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from tests.support.in_browser import AXE, TAGS, chromium, served

from toancanh.kernel.registry import registry

from .a_full_centre import FullCentre, build
from .addresses import client_of, every_page
from .living_figures import give_figures

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RUN = """async ([tags, colours]) => (await axe.run(document, colours ? {runOnly: {type: "rule", values: ["color-contrast"]}}
  : {runOnly: {type: "tag", values: tags}})).violations.map(each =>
  `${each.id}: ${each.nodes.slice(0, 3).map(node => node.target.join(" ")).join(" | ")}`)"""
AT_DESKS = ((1920, "light"), (1920, "dark"), (320, "dark"), (320, "light"))
ON_WALLS = ((1920, "wall"), (3840, "wall"))
MORE = (
    ("leader", "/?period=2026-10"), ("leader", "/?known=2026-01-01"), ("leader", "/search?q=so"),
    ("leader", "/tasks?show=overdue"), ("leader", "/places/sample:MS"),
    ("leader", "/agencies/agency:SYT"), ("other", "/"), ("other", "/places/sample:MS01"),
    ("leader", "/indicators/pub_inv_rate"), ("leader", "/no-such-page"),
)  # fmt: skip


@pytest.fixture
def full(transactional_db: None, settings: Any) -> FullCentre:
    settings.ROOT_UNIT = "sample:MS"
    made = build()
    give_figures()
    return made


class Walk:
    """One browser that opens page after page and keeps what it finds."""

    def __init__(self, browser: Any, home: str, full: FullCentre) -> None:
        self.browser, self.home, self.full = browser, home, full
        self.found: list[str] = []
        self.axe = AXE.read_text()
        self._open: dict[str, Any] = {}
        self._path = ""

    def page_of(self, asker: str) -> Any:
        """The one tab of an asker; scripts that fail and broken rules of the policy are kept."""
        if asker not in self._open:
            context = self.browser.new_context(reduced_motion="reduce", service_workers="block")
            if asker != "public":
                session = client_of(asker, self.full).cookies[configured.SESSION_COOKIE_NAME].value
                context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": self.home}])
            context.route("**/live/stream**", lambda route: route.fulfill(status=204))  # the stream is another process
            page = self._open[asker] = context.new_page()
            page.on("pageerror", lambda error: self.keep(f"script: {error}"))
            page.on("console", lambda said: self.keep(said.text) if "Content Security Policy" in said.text else None)
        return self._open[asker]

    def keep(self, what: str) -> None:
        self.found.append(f"{self._path}: {what}")

    def visit(self, asker: str, path: str) -> None:
        """Look at one page in every theme and width; colours alone change with the theme."""
        self._path, page = path, self.page_of(asker)
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.goto(self.home + path, wait_until="load")
        page.evaluate(self.axe)
        wall = page.evaluate("document.documentElement.dataset.theme") == "wall"
        for width, theme in ON_WALLS if wall else AT_DESKS:
            if page.viewport_size["width"] != width:
                page.set_viewport_size({"width": width, "height": 1080 if wall else 640})
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            self.look(asker, width, theme)

    def look(self, asker: str, width: int, theme: str) -> None:
        """Keep what is wrong on the page as it stands."""
        page = self.page_of(asker)
        for each in page.evaluate(RUN, [TAGS, theme == "dark"]):
            self.keep(f"{width} {theme}: {each}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            self.keep(f"{width} {theme}: scrolls sideways")


@pytest.fixture
def walk(full: FullCentre) -> Iterator[Walk]:
    with chromium() as browser, served() as home:
        yield Walk(browser, home, full)


@pytest.mark.parametrize("half", [0, 1])  # two that can be walked side by side
def test_every_page_is_open_to_everyone_in_every_theme_and_width(walk: Walk, half: int) -> None:
    scenes = [("operator", f"/wall/main?preview={scene.code}") for scene in registry.scenes()]
    every = list(dict.fromkeys([*every_page(walk.full), *MORE, *scenes]))
    assert len(every) > 60
    for asker, path in every[half::2]:
        walk.visit(asker, path)
    assert walk.found == []
    walk.page_of("public").set_content("<img src=x><p>a</p>")
    walk.page_of("public").evaluate(walk.axe)
    walk.look("public", 1920, "light")
    assert walk.found  # the walk does see what is wrong

"""The same person at a real Chromium: opens pages, fills in the forms that stand there, presses their buttons."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils import timezone
from tests.journeys.person import PASSWORD, Person, text_of

_GIVEN_BY_THE_PAGE = frozenset({"version", "once"})  # hidden in the form; the page knows them better than the journey
_BROUGHT = ("incident", "indicator", "unit")
_PAGES_OF = {"/wall-control/main": ("/wall-control",)}
_WIDE = {"width": 1600, "height": 1000}


class AtABrowser(Person):
    """Every act goes through what stands on a page: a form that is not offered cannot be sent."""

    def __init__(self, username: str, browser: Any, address: str) -> None:
        self.address = address
        context = browser.new_context(viewport=_WIDE, reduced_motion="reduce", service_workers="block")
        context.route("**/live/stream*", lambda asked: asked.abort())  # nobody pushes news to a journey
        self.page = context.new_page()
        self.page.goto(f"{address}/sign-in")
        self.page.fill('[name="username"]', username)
        self.page.fill('[name="password"]', PASSWORD)
        with self.page.expect_navigation():
            self.page.press('[name="password"]', "Enter")
        self._settle()
        assert urlsplit(self.page.url).path != "/sign-in", self.page.content()

    def opens(self, path: str, status: int = 200) -> str:
        self._go(path, status)
        return text_of(self.page.content())

    def source_of(self, path: str) -> str:
        self._go(path, 200)
        return str(self.page.content())

    def asks(self, path: str) -> Any:
        return self.page.request.get(self.address + path).json()

    def sends(self, path: str, form: dict[str, str]) -> str:
        found = self._form(path, form)
        for name, value in form.items():
            self._fill(found, name, value)
        if not found.evaluate("form => form.checkValidity()"):
            raise LookupError(f"the form for {path} asks for more than {sorted(form)}")
        with self.page.expect_navigation():
            found.locator("button:not([type=button])").first.click()
        self._settle()
        parts = urlsplit(self.page.url)
        if parts.path == path:  # what was refused is said where it was sent
            return text_of(self.page.content())
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def tries(self, path: str, form: dict[str, str], words: str) -> None:
        try:
            super().tries(path, form, words)
        except LookupError:
            return  # the page does not offer it, or does not let it go like this

    def _go(self, path: str, status: int) -> None:
        self.page.clock.set_fixed_time(timezone.now())  # the browser's clock is the journey's
        answer = self.page.goto(self.address + path.replace("&amp;", "&"))
        self._settle()
        assert answer.status == status, f"{path}: {answer.status}"

    def _settle(self) -> None:
        """Until the page asks for nothing more: the journey and the pages share one connection to the database."""
        self.page.wait_for_load_state("networkidle")

    def _form(self, path: str, form: dict[str, str]) -> Any:
        """The form that posts to `path`, where a person would look for it; the page is opened anew and shows what holds now."""
        for place in self._places(path, form):
            self._go(place, 200)
            found = self.page.locator(f'form[action="{path}"]')
            if found.count():
                return self._shown(found.first)
        raise LookupError(f"no page offers a form for {path}")

    def _places(self, path: str, form: dict[str, str]) -> tuple[str, ...]:
        """A new thing has an address of its own, with what a link to it brings along; an act stands on the page of its record."""
        if path.endswith("/new"):
            brought = {name: value for name, value in form.items() if name in _BROUGHT}
            return (f"{path}?{urlencode(brought)}" if brought else path,)
        above = path.rpartition("/")[0]
        return (*_PAGES_OF.get(above, (above,)), f"/{path.split('/')[1]}")

    def _shown(self, form: Any) -> Any:
        """Open what the form is folded into."""
        folded = form.locator("xpath=ancestor::details[not(@open)]")
        for place in range(folded.count()):
            folded.nth(place).locator("summary").first.click()
        return form

    def _fill(self, form: Any, name: str, value: str) -> None:
        fields = form.locator(f'[name="{name}"]')
        assert fields.count(), f"the form has no field {name}"
        kind = fields.first.evaluate("each => each.tagName === 'INPUT' ? each.type : each.tagName")
        if kind == "hidden":
            assert name in _GIVEN_BY_THE_PAGE or fields.first.input_value() == value, f"{name} is {fields.first.input_value()}"
        elif kind in ("radio", "checkbox"):
            form.locator(f'[name="{name}"][value="{value}"]').check(force=True)
        elif kind == "SELECT":
            fields.first.select_option(value)
        else:
            self._shown(fields.first).fill(value)

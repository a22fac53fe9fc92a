"""The editor of procedures in a real Chromium: by keyboard alone, without script, and without an accessibility violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.boards.test_in_browser import centre, chromium  # noqa: F401  fixtures
from tests.support.in_browser import AXE, TAGS

from toancanh.people.models import User
from toancanh.response.handling.procedures import procedure_of

pytestmark = [pytest.mark.browser]
Open = Callable[..., Any]


@pytest.fixture
def open_page(
    transactional_db: None,
    chromium: Any,  # noqa: F811
    centre: str,  # noqa: F811
    chief: User,
    browser: Callable[[User], Client],
) -> Iterator[Open]:
    """Opens an address as the administrator."""
    contexts: list[Any] = []
    session = browser(chief).cookies[settings.SESSION_COOKIE_NAME].value

    def open_(path: str, width: int = 1920, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 1080}, service_workers="block", **options)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": centre}])
        page = context.new_page()
        page.goto(centre + path)
        return page

    yield open_
    for each in contexts:
        each.close()


def tab_to(page: Any, wanted: str, most: int = 120) -> int:
    """Press Tab until the field of this name, or the button of these words, has the focus; how often it took."""
    for count in range(1, most + 1):
        page.keyboard.press("Tab")
        if wanted in page.evaluate("[document.activeElement.name, document.activeElement.textContent.trim()]"):
            return count
    raise AssertionError(f"{wanted} is not reached by Tab")


def press(page: Any, words: str, most: int = 120) -> int:
    """Reach a button by Tab and press it."""
    count = tab_to(page, words, most)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return count


def test_a_procedure_is_changed_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/procedures/source")
    press(page, "Thêm bước")
    assert tab_to(page, "s5_vi", most=2) <= 2  # the new step is where the focus goes on
    page.keyboard.type("Ghi sổ sự cố")
    for name, typed in (("s5_en", "Write the failure down"), ("s5_minutes", "15"), ("s5_basis", "Quy chế vận hành")):
        tab_to(page, name, most=3)
        page.keyboard.type(typed)
    press(page, "Lên Bước 5", most=2)
    assert page.locator("[name=s4_vi]").input_value() == "Ghi sổ sự cố"
    tab_to(page, "why")
    page.keyboard.type("Quyết định 12/QĐ-UBND")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # Enter in a field only looks
    assert "Thêm bước 4: Ghi sổ sự cố / Write the failure down" in page.locator("#outcome").inner_text()
    assert procedure_of("source").version == 1  # type: ignore[union-attr]
    press(page, "Lưu thành phiên bản mới")
    held = procedure_of("source")
    assert held is not None
    assert (held.version, held.stages[3].words.en, held.stages[3].minutes) == (2, "Write the failure down", 15)
    assert "Quyết định 12/QĐ-UBND" in page.locator("main").inner_text()


def test_the_editor_works_where_script_is_switched_off(open_page: Open) -> None:
    page = open_page("/procedures/source", java_script_enabled=False)
    page.get_by_role("button", name="Bỏ bước Bước 1").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("fieldset.step-box").count() == 3


@pytest.mark.parametrize("width", [320, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation_and_nothing_wider_than_the_screen(open_page: Open, width: int, scheme: str) -> None:
    for path in ("/kinds", "/kinds/flood", "/kinds/new", "/procedures/flood"):
        page = open_page(path, width, color_scheme=scheme, bypass_csp=True)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate(f"axe.run({{runOnly: {TAGS}}}).then(found => found.violations.map(each => each.id))")
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path

"""In English no page has Vietnamese left over, except what the data themselves are called."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from toancanh.kernel.registry import registry
from toancanh.people.models import User

from .a_full_centre import FullCentre, build
from .addresses import client_of, every_page
from .living_figures import give_figures

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VIETNAMESE = re.compile(r"\w*[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]\w*", re.IGNORECASE)
# Names of people, places and agencies, titles and reasons that somebody wrote, and the name of the other language.
DATA = (
    "Vụ việc mật của Sở Y tế", "Minh Sơn", "Đông Sơn", "Chợ Rã", "Sở Y tế", "Sở Giáo dục", "Người", "Bảo trì", "Mã", "Phòng họp",
    "Tiếng Việt", "Nghỉ", "Hùng Kings",
)  # fmt: skip
NAMES = "Chương trình|Công điện|Luật|Nghị định|Quyết định|Thông tư|Nghị quyết|QCVN|Công văn|Chỉ thị|Kế hoạch số"
LAW = re.compile(rf"({NAMES})[^.;<]*|\S*/\S*[ĐƯ]\S*")
MORE = (("leader", "/places/sample:MS"), ("leader", "/agencies/agency:SYT"), ("leader", "/?known=2026-01-01"), ("other", "/"))


@pytest.fixture
def full(db: None, settings: Any) -> FullCentre:
    settings.ROOT_UNIT = "sample:MS"
    made = build()
    give_figures()
    User.objects.update(language="en")
    return made


def left_over(page: str) -> list[str]:
    """Vietnamese words of a page, in its text and in what is read aloud."""
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page)
    body = re.sub(r'(?s)<(\w+)[^>]* lang="vi".*?</\1>', " ", body)  # what is said in both languages says which is which
    body = re.sub(r"(?s)<textarea\b.*?</textarea>", " ", body)  # what somebody wrote
    text = html.unescape(" · ".join([re.sub(r"<[^>]+>", " · ", body), *spoken]))
    for name in DATA:
        text = text.replace(name, " ")
    return sorted(set(VIETNAMESE.findall(LAW.sub(" ", text))))


def test_no_page_has_vietnamese_left_over(full: FullCentre) -> None:
    found, clients = {}, {}
    declared = [
        *(f"/fields/{pack.code}" for pack in registry.packs()),
        *(f"/wall/main?preview={scene.code}" for scene in registry.scenes()),
        *(f"/indicators/{one.code}" for one in registry.indicators()),
        *(f"/rules/{rule.code}" for rule in registry.rules()),
    ]
    every = [each for each in (*every_page(full), *MORE, *(("leader", path) for path in declared)) if each[0] != "public"]
    assert len(every) > 45
    for asker, path in every:
        client = clients.setdefault(asker, client_of(asker, full))
        words = left_over(client.get(path).content.decode())
        if words:
            found[path] = words
    assert found == {}
    User.objects.update(language="vi")
    assert left_over(client_of("leader", full).get("/").content.decode())  # it does see what is there

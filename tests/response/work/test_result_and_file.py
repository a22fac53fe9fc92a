"""A result in words and the file that shows it go with one form: neither is lost when the other is sent."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.response.work.conftest import Clockwork, Staff

from toancanh.response.models import Directive, Evidence, Task
from toancanh.response.services import directives, tasks

SAID = "Đã thông tuyến, mặt đường khô"
Made = Callable[..., Any]


@pytest.fixture(params=["directive", "task"])
def doing(request: pytest.FixtureRequest, staff: Staff, directive: Made, task: Made) -> Directive | Task:
    """Work that its agency may report done."""
    if request.param == "task":
        return tasks.begin(staff.builder, task())
    return directives.accept(staff.builder, directive())


def here(record: Directive | Task) -> str:
    return f"/{'tasks' if isinstance(record, Task) else 'directives'}/{record.pk}"


def file(name: str = "biên bản.pdf", content: bytes = b"%PDF-1.7 ...") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def box(answer: Any, name: str) -> str:
    """What stands in the field `name` of the form that reports."""
    form = rf'<form[^>]*/report_done".*?<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>'
    found = re.search(form, answer.content.decode(), re.S)
    assert found, name
    return html.unescape(found.group(1))


def test_words_and_file_are_reported_together_and_sent_twice_count_once(doing: Any, sign_in: Callable[..., Client]) -> None:
    client = sign_in("builder")
    for _ in range(2):
        answer = client.post(f"{here(doing)}/report_done", {"version": doing.version, "words": SAID, "file": file()})
        assert (answer.status_code, answer["Location"]) == (302, here(doing))
    assert Evidence.objects.get().name == "biên bản.pdf"
    page = html.unescape(client.get(here(doing)).content.decode())
    assert SAID in page
    assert "biên bản.pdf" in page
    doing.refresh_from_db()
    assert (doing.state, doing.version) == ("reported", 4)


def test_the_page_has_one_form_for_both_and_it_takes_files_without_a_script(doing: Any, sign_in: Callable[..., Client]) -> None:
    page = sign_in("builder").get(here(doing)).content.decode()
    assert page.count('type="file"') == 1
    form = re.search(r'<form[^>]*/report_done".*?</form>', page, re.S)
    assert form
    assert 'enctype="multipart/form-data"' in form[0]
    assert 'type="file"' in form[0]
    assert f'formaction="{here(doing)}/evidence" formnovalidate' in form[0]


def test_a_file_sent_alone_leaves_the_words_in_their_field(doing: Any, sign_in: Callable[..., Client]) -> None:
    answer = sign_in("builder").post(f"{here(doing)}/evidence", {"version": doing.version, "words": SAID, "file": file()})
    assert answer.status_code == 200
    assert box(answer, "words") == SAID
    assert "biên bản.pdf" in html.unescape(answer.content.decode())
    doing.refresh_from_db()
    assert f'name="version" value="{doing.version}"' in answer.content.decode(), "what is sent next is not a conflict"
    assert doing.state != "reported"


@pytest.mark.parametrize("verb", ["report_done", "evidence"])
def test_a_refused_file_leaves_the_words_in_their_field_and_reports_nothing(
    verb: str, doing: Any, sign_in: Callable[..., Client]
) -> None:
    wrong = file("bc.pdf", b"MZ" + bytes(40))
    answer = sign_in("builder").post(f"{here(doing)}/{verb}", {"version": doing.version, "words": SAID, "file": wrong})
    assert answer.status_code == 415
    assert box(answer, "words") == SAID
    assert not Evidence.objects.exists()
    doing.refresh_from_db()
    assert doing.state != "reported"


def test_a_refused_report_keeps_the_file_and_the_words(doing: Any, sign_in: Callable[..., Client], clock: Clockwork) -> None:
    clock.at("2027-03-01 09:00")
    client, path = sign_in("builder"), f"{here(doing)}/report_done"
    answer = client.post(path, {"version": doing.version, "words": SAID, "file": file()})
    assert answer.status_code == 422
    assert "giải trình lý do" in html.unescape(answer.content.decode())
    assert box(answer, "words") == SAID
    assert Evidence.objects.count() == 1
    doing.refresh_from_db()
    said = {"version": doing.version, "words": SAID, "overdue_reason": "mưa lũ"}
    assert client.post(path, said).status_code == 302
    doing.refresh_from_db()
    assert doing.state == "reported"


def test_a_report_on_an_old_version_is_a_conflict_and_takes_no_file(
    task: Made, staff: Staff, sign_in: Callable[..., Client]
) -> None:
    made = tasks.begin(staff.builder, task())
    tasks.progress(staff.builder, made, 40, "Đã đo đạc")
    answer = sign_in("builder").post(f"{here(made)}/report_done", {"version": made.version, "words": SAID, "file": file()})
    assert answer.status_code == 409
    assert box(answer, "words") == SAID
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("who", "element"), [("builder", "form"), ("leader", "summary")], ids=["one act", "several acts"])
def test_the_line_under_the_files_leads_to_what_stands_open_on_the_page(
    doing: Any, sign_in: Callable[..., Client], who: str, element: str
) -> None:
    page = sign_in(who).get(here(doing)).content.decode()
    assert 'href="#report"' in page
    assert re.findall(r'<(\w+) id="report"', page) == [element]

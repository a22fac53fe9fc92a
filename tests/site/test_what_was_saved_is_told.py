"""After every form of settings and administration the page says what was done, once, in the words of the audit record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

import toancanh
from toancanh.audit.words import words_of
from toancanh.people.models import User
from toancanh.units import register

from .a_full_centre import FullCentre, build
from .addresses import client_of
from .living_figures import give_figures

pytestmark = pytest.mark.django_db
NEW = "mot-mat-khau-rat-dai-2026"
MADE = {"username": "mai.tran", "full_name": "Trần Thị Mai", "agency": "agency:SYT", "language": "vi", "role": "officer",
        "password": NEW}  # fmt: skip
TURN = {"starts_at": "2199-01-01T07:00", "ends_at": "2199-01-01T19:00"}
OFF = {"kind": "off", "first": "2026-11-24", "name": "Nghỉ do bão", "basis": "Công điện 15"}
HOURS = {"agency": "agency:SYT", "valid_from": "2026-12-01", "week": "08:00-12:00", "basis": "QĐ 1"}
LOCAL, SEEN = "/indicators/dossiers_on_time/local", {"seen": "0", "note": "Thử"}
FORMS: list[tuple[str, str, dict[str, str], str]] = [
    ("administrator", "/people/new", MADE, "Đã tạo tài khoản."),
    ("administrator", "/people/{officer}/profile", {"full_name": "Lê Văn An", "language": "vi"}, "Đã sửa thông tin người dùng."),
    ("administrator", "/people/{officer}/role", {"role": "analyst"}, "Đã đổi vai trò."),
    ("administrator", "/people/{officer}/password", {"password": NEW}, "Đã đặt lại mật khẩu."),
    ("administrator", "/people/{officer}/grant", {"action-view": "1", "scope-area": "sample:MS01"}, "Đã cấp quyền."),
    ("administrator", "/people/grants/{grants}/remove", {}, "Đã thu hồi quyền."),
    ("administrator", "/people/{officer}/close", {"reason": "Nghỉ việc"}, "Đã khóa tài khoản."),
    ("administrator", "/walls/{walls}/revoke", {}, "Đã thu hồi màn hình tường."),
    ("administrator", "/webhooks/{webhooks}/pause", {}, "Đã tạm dừng webhook."),
    ("administrator", "/webhooks/{webhooks}/remove", {}, "Đã bỏ webhook."),
    ("administrator", "/working-days/add", OFF, "Đã ghi ngày nghỉ, ngày làm việc vào lịch."),
    ("administrator", "/working-days/hours", HOURS, "Đã đặt giờ làm việc của cơ quan."),
    ("administrator", "/working-days/{working-days}/undo", {"reason": "Bão tan"}, "Đã hủy một dòng lịch làm việc."),
    ("analyst", "/me/password", {"old": "mot-cau-rat-dai-de-nho", "new": NEW, "again": NEW}, "Đã đổi mật khẩu của mình."),
    ("analyst", "/inbox/settings", {"email": "an@example.vn", "language": "vi"}, "Đã lưu."),
    ("analyst", LOCAL, {"act": "target", "year": "2026", "values": "80", "reason": "QĐ 2"}, "Đã đặt kế hoạch của chỉ tiêu."),
    ("analyst", LOCAL, {"act": "definition", "owner": "office", "reason": "QĐ 3"}, "Đã sửa khai báo chỉ tiêu."),
    ("analyst", "/rules/dossiers_on_time_low/switch", {"active": "", **SEEN}, "Đã lưu."),
    ("operator", "/roster", TURN, "Đã xếp lượt trực."),
    ("operator", "/roster/{roster}/remove", {}, "Đã bỏ lượt trực."),
    ("operator", "/alerts/silences/{silences}/end", {}, "Đã kết thúc tạm dừng báo."),
    ("operator", "/wall-control/new", {"name": "Phòng họp", "code": "phong-hop"}, "Đã tạo tường màn hình."),
    ("operator", "/wall-control/main/pace", {"seconds": "45"}, "Đã lưu."),
]  # fmt: skip


@pytest.fixture(scope="module")
def _full(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[FullCentre]:
    """Made once for all forms, and taken away again at the end."""
    with django_db_blocker.unblock(), override_settings(ROOT_UNIT="sample:MS"):
        whole = transaction.atomic()
        whole.__enter__()
        made = build()
        give_figures()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        register.forget()


@pytest.fixture
def full(_full: FullCentre, db: None, settings: Any) -> FullCentre:
    """What a test changes is undone."""
    settings.ROOT_UNIT = "sample:MS"
    return _full


def told(page: str) -> list[str]:
    return re.findall(r'<p class="message is-ok" role="status">.*?</span>([^<]*)</p>', page)


@pytest.mark.parametrize(("who", "path", "form", "said"), FORMS, ids=[each[1] for each in FORMS])
def test_the_page_that_a_form_leads_to_says_what_was_done(
    full: FullCentre, who: str, path: str, form: dict[str, str], said: str
) -> None:
    client = client_of(who, full)
    people = {name: user.pk for name, user in full.people.items()}
    here = path.format(**(full.at | people))
    given = {"user": str(people["operator"]), **form} if path == "/roster" else form
    answer = client.post(here, given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert told(page.content.decode()) == [said]
    assert told(client.get(answer.headers["Location"]).content.decode()) == []


def granted(client: Client, full: FullCentre) -> str:
    """Where the form leads that gives a permission."""
    given = {"action-view": "1", "scope-area": "sample:MS01"}
    return client.post(f"/people/{full.people['officer'].pk}/grant", given).headers["Location"]


def test_it_is_said_in_english_too(full: FullCentre) -> None:
    User.objects.update(language="en")
    client = client_of("administrator", full)
    assert told(client.get(granted(client, full)).content.decode()) == ["Granted a permission."]


def test_an_address_alone_tells_nothing(full: FullCentre) -> None:
    page = client_of("administrator", full).get("/people?done=people.close_account").content.decode()
    assert told(page) == []


@pytest.mark.parametrize("headers", [{"X-Live-Keys": "*"}, {"X-Drawer": "1"}], ids=["live", "drawer"])
def test_another_page_and_a_part_that_comes_anew_leave_it_for_the_page_that_the_form_leads_to(
    full: FullCentre, headers: dict[str, str]
) -> None:
    client = client_of("administrator", full)
    there = granted(client, full)
    assert told(client.get("/people").content.decode()) == []
    assert told(client.get(there, headers=headers).content.decode()) == []
    assert told(client.get(there).content.decode()) == ["Đã cấp quyền."]


def test_a_page_that_tells_nothing_writes_no_session(full: FullCentre) -> None:
    client = client_of("administrator", full)

    def writes(path: str) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return [each["sql"] for each in asked if re.match(r"(INSERT|UPDATE|DELETE).*django_session", each["sql"])]

    assert [writes(each) for each in ("/", "/people", "/people?done=people.add_grant")] == [[], [], []]
    assert writes(granted(client, full)) != []


def test_every_act_that_a_form_tells_has_words(full: FullCentre) -> None:
    files = Path(toancanh.__file__).parent.rglob("*.py")
    acts = {each for file in files for each in re.findall(r'\bafter\(request, "([a-z_.]+)"', file.read_text(encoding="utf-8"))}
    assert len(acts) > 8
    assert [each for each in sorted(acts) if words_of(each) is None] == []

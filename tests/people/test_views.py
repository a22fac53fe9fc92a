"""The gate of pages, previews, walls, settings, and the administrators' pages, all through HTTP."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from toancanh.audit import queries
from toancanh.audit.commands import read_anchors
from toancanh.audit.models import AuditEntry
from toancanh.people.actors import PUBLIC, WALL_COOKIE, actor_of_cookies
from toancanh.people.middleware import actor_of
from toancanh.people.models import Grant, User, WallDevice
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.units import register

from .conftest import PASSWORD

NEW = "mot-cau-khac-cung-dai"
PAGES = ("/people", "/people/new", "/walls", "/audit")


@pytest.fixture
def chief(person) -> User:
    return person("administrator", "chief", full_name="Lê Quản Trị")


@pytest.fixture
def officer(person, province) -> User:
    return person("officer", agency=province.health, full_name="Phạm Thị Y", post="Chuyên viên")


@pytest.mark.parametrize("address", PAGES)
def test_the_public_is_sent_to_sign_in_and_back(db, browser, address):
    assert browser().get(address).headers["Location"] == "/sign-in?next=" + address.replace("/", "%2F")


def test_a_fragment_request_moves_the_whole_page_to_sign_in(db, browser):
    answer = browser().get("/walls", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="/walls?a=1")
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Fwalls%3Fa%3D1"


@pytest.mark.parametrize(
    ("role", "pages"),
    [("leader", "--w-"), ("operator", "--w-"), ("auditor", "---a"), ("officer", "----"), ("administrator", "pnwa")],
)
def test_each_role_opens_its_pages_and_sees_a_lock_on_the_others(person, browser, role, pages):
    client = browser(person(role))
    for address, mark in zip(PAGES, pages, strict=True):
        answer = client.get(address)
        assert answer.status_code == (403 if mark == "-" else 200), address
        if mark == "-":
            assert "Bạn chưa có quyền" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]


def test_under_the_api_the_gate_answers_with_problem_details(db, person):
    view = require(Action.CONFIGURE)(lambda request: HttpResponse("ok"))
    request = RequestFactory().get("/api/v1/x")
    request.actor = PUBLIC
    assert view(request).status_code == 401
    request.actor = person("leader")
    answer = view(request)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    request.actor = person("analyst")
    assert view(request).content == b"ok"


def test_an_administrator_makes_an_account_grants_and_takes_back(chief, browser, province):
    client = browser(chief)
    made = client.post(
        "/people/new",
        {
            "username": "mai.tran",
            "full_name": "Trần Thị Mai",
            "post": "Chuyên viên",
            "agency": "sample:MS-SYT",
            "language": "vi",
            "role": "officer",
            "password": NEW,
        },
    )
    mai = User.objects.get(username="mai.tran")
    assert made.headers["Location"] == f"/people/{mai.pk}"
    assert "Đã tạo tài khoản" in client.get(made.headers["Location"]).content.decode()
    given = client.post(f"/people/{mai.pk}/grant", {"action-approve": "1", "scope-area": "sample:MS01", "reason": "QĐ 7"})
    assert given.status_code == 302
    grant = Grant.objects.get()
    assert (grant.actions, grant.area) == (["approve"], province.north)
    assert "Bắc Sơn" in client.get(f"/people/{mai.pk}").content.decode()
    client.post(f"/people/grants/{grant.pk}/remove")
    assert not Grant.objects.exists()
    assert client.post(f"/people/{mai.pk}/role", {"role": "analyst"}).status_code == 302
    assert client.post(f"/people/{mai.pk}/close", {"reason": "Chuyển công tác"}).status_code == 302
    for sought in ("mai", "tran thi", "TRẦN"):
        page = client.get("/people", {"q": sought, "role": "analyst"}).content.decode()
        assert "Trần Thị Mai" in page
    assert "Đã khóa" in page
    assert "Không có tài khoản nào khớp" in client.get("/people?q=zzz").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "a"}, "f-username"),
        ({"password": "short"}, "f-password"),
        ({"full_name": " "}, "f-full_name"),
        ({"role": "king"}, "f-role"),
        ({"agency": "no:where"}, "f-username"),
    ],
)
def test_a_refused_account_keeps_what_was_typed_and_says_why_beside_the_field(chief, browser, changes, field):
    posted = {"username": "mai", "full_name": "Mai", "role": "officer", "password": NEW, "post": "Chuyên viên giữ lại"} | changes
    answer = browser(chief).post("/people/new", posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert "Chuyên viên giữ lại" in page
    assert NEW not in page
    assert User.objects.count() == 1


def test_a_refused_act_is_explained_on_the_persons_page(chief, browser, officer):
    answer = browser(chief).post(f"/people/{officer.pk}/grant", {})
    assert answer.status_code == 422
    assert "Chọn ít nhất một quyền" in answer.content.decode()
    assert browser(chief).post(f"/people/{chief.pk}/close").status_code == 403


def test_somebody_who_does_not_exist_is_not_found(chief, browser):
    client = browser(chief)
    assert client.get("/people/999999").status_code == 404
    assert client.post("/people/grants/999999/remove").status_code == 404
    assert client.post("/walls/999999/revoke").status_code == 404


def test_a_temporary_password_must_be_changed_before_anything_else(chief, browser, officer):
    browser(chief).post(f"/people/{officer.pk}/password", {"password": NEW})
    client = Client()
    client.post("/sign-in", {"username": "officer", "password": NEW})
    assert client.get("/walls").headers["Location"] == "/me/password"
    assert "mật khẩu tạm" in client.get("/me/password").content.decode()
    mistaken = client.post("/me/password", {"old": NEW, "new": PASSWORD, "again": "other"})
    assert (mistaken.status_code, 'id="f-again-error"' in mistaken.content.decode()) == (422, True)
    assert 'id="f-old-error"' in client.post("/me/password", {"old": "x", "new": PASSWORD, "again": PASSWORD}).content.decode()
    assert client.post("/me/password", {"old": NEW, "new": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.get("/walls").status_code == 403  # signed in still, and past the gate


def test_changing_the_password_ends_the_other_sessions(officer, browser):
    here, there = browser(officer), browser(officer)
    here.post("/me/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert here.get("/me/password").status_code == 200
    assert there.get("/me/password").headers["Location"].startswith("/sign-in")


def test_viewing_as_somebody_shows_their_pages_and_refuses_every_write(chief, browser, officer):
    client = browser(chief)
    assert client.post(f"/people/{officer.pk}/preview").status_code == 302
    assert client.get("/people").status_code == 403
    banner = re.search(r'(?s)<div class="preview">.*?</div>', client.get("/").content.decode())[0]
    assert "Đang xem như" in banner
    assert 'action="/preview/stop"' in banner
    before = AuditEntry.objects.count()
    for address in ("/people/new", f"/people/{officer.pk}/close", "/walls/here", "/me/password"):
        answer = client.post(address, {"name": "x"})
        assert answer.status_code == 403, address
        assert "chỉ xem" in answer.content.decode()
    assert AuditEntry.objects.count() == before
    assert client.post("/preview/stop").headers["Location"] == "/people"
    assert client.get("/people").status_code == 200
    acts = [entry.action for entry in AuditEntry.objects.order_by("number")]
    assert acts == ["people.sign_in", "people.start_preview", "people.stop_preview"]


def test_an_administrator_cannot_preview_oneself_or_a_closed_account(chief, browser, person):
    closed = person("leader", is_active=False)
    for user in (chief, closed):
        assert browser(chief).post(f"/people/{user.pk}/preview").status_code == 422


def test_settings_of_a_person_follow_the_account_and_of_the_public_the_browser(officer, browser):
    client = browser(officer)
    assert client.post("/me/preferences", {"theme": "dark", "keys": "off", "next": "/walls"}).headers["Location"] == "/walls"
    client.post("/me/language", {"language": "en"})
    officer.refresh_from_db()
    assert (officer.theme, officer.language, officer.single_keys) == ("dark", "en", False)
    assert 'data-theme="dark"' in browser(officer).get("/me/password").content.decode()
    public = browser()
    public.post("/me/theme", {"theme": "dark"})
    assert 'data-theme="dark"' in public.get("/sign-in").content.decode()
    public.post("/me/preferences", {"theme": "neon", "language": "fr"})
    assert 'data-theme="dark"' in public.get("/sign-in").content.decode()


def test_a_browser_becomes_a_wall_that_only_looks_and_stays_until_revoked(person, browser):
    operator = person("operator")
    client = browser(operator)
    made = client.post("/walls/here", {"name": "Phòng trực"})
    cookie = made.cookies[WALL_COOKIE]
    assert cookie["max-age"] == 10 * 365 * 24 * 3600
    assert cookie["httponly"]
    assert client.cookies["sessionid"].value == ""  # the person is out, the wall is in
    wall = actor_of_cookies({WALL_COOKIE: cookie.value})
    assert (wall.name, wall.role, wall.read_only, wall.can(Action.VIEW), wall.can(Action.ENTER)) == (
        "Phòng trực",
        "operator",
        True,
        True,
        False,
    )
    assert made.headers["Location"] == client.get("/").headers["Location"] == "/wall/main"
    for address in ("/walls", "/search?q=dan", "/values/1/proof", "/indicators/x/rows", "/data/deliveries", "/api/v1/units"):
        assert client.get(address).status_code == 403, address
    assert client.get("/sign-in").status_code == 200
    assert client.post("/walls/here", {"name": "another"}).status_code == 403
    device = WallDevice.objects.get()
    browser(operator).post(f"/walls/{device.pk}/revoke")
    assert actor_of_cookies({WALL_COOKIE: cookie.value}) is None
    assert client.get("/walls").status_code == 302


def test_a_wall_needs_a_name(person, browser):
    answer = browser(person("operator")).post("/walls/here", {"name": " "})
    assert answer.status_code == 422
    assert "Đặt tên cho màn hình" in answer.content.decode()


def test_the_holder_of_a_session_cookie_is_known_outside_of_views(officer, browser):
    key = browser(officer).cookies["sessionid"].value
    assert actor_of_cookies({"sessionid": key}) == officer
    assert actor_of_cookies({"sessionid": "x" * 32}) is None
    assert actor_of_cookies({}) is None


def test_the_audit_page_pages_and_filters(person, browser):
    from toancanh.audit.services import record

    for number in range(60):
        record("robot", "test.act", f"thing:{number}", detail={"số": number})
    client = browser(person("auditor"))
    page = client.get("/audit?who=robot").content.decode()
    assert "thing:59" in page
    assert "thing:9<" not in page
    older = re.search(r'href="(\?[^"]*before=11[^"]*)"', page)[1].replace("&amp;", "&")
    assert "thing:9<" in client.get("/audit" + older).content.decode()
    assert "Không có mục nào khớp" in client.get("/audit?subject=zzz&before=abc").content.decode()


def test_the_audit_page_finds_an_act_by_its_words_and_a_person_by_name_in_any_case(person, browser):
    from toancanh.audit.services import record

    lan = person("operator", full_name="Nguyễn Thị Lan")
    record(lan.username, "response.take", "incident:7", detail={"code": "SV-2611-00007"})
    record("robot", "response.take_over", "incident:8", detail={"code": "SV-2611-00008"})
    client = browser(person("auditor"))
    page = client.get("/audit").content.decode()
    room = re.search(r'(?s)<optgroup label="Sự việc, chỉ đạo, nhiệm vụ">.*?</optgroup>', page)[0]
    assert '<option value="response.take">Nhận xử lý sự việc</option>' in room
    assert "Sự việc SV-2611-00007" in page
    found = {
        query: [code for code in ("incident:7", "incident:8") if code in client.get(f"/audit?{query}").content.decode()]
        for query in ("action=response.take", "action=response.", "who=Nguyễn Thị Lan", "who=NGUYỄN THỊ LAN", "action=nothing")
    }
    assert found == {
        "action=response.take": ["incident:7"], "action=response.": ["incident:7", "incident:8"],
        "who=Nguyễn Thị Lan": ["incident:7"], "who=NGUYỄN THỊ LAN": ["incident:7"], "action=nothing": [],
    }  # fmt: skip


def test_the_audit_page_tells_moments_by_the_clock_here_and_leaves_the_rest_as_it_was_written(person, browser):
    from toancanh.audit.services import record

    moment = "2026-11-22T02:42:00"
    detail = {"due": f"{moment}+00:00", "day": "2026-11-22", "remark": f"{moment} khác", "local": moment}
    record("robot", "test.act", "thing:1", detail=detail)
    page = browser(person("auditor")).get("/audit?who=robot").content.decode()
    for said in ("due: 09:42 22/11/2026", "day: 2026-11-22", f"remark: {moment} khác", f"local: {moment}"):
        assert said in page


@pytest.mark.parametrize("days", ["last=9999-12-31", "first=0001-01-01", "first=0001-01-01&last=9999-12-31"])
def test_the_first_and_the_last_of_all_days_leave_the_span_open(person, browser, days):
    page = browser(person("auditor")).get(f"/audit?{days}").content.decode()
    assert "people.sign_in" in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_has_unique_ids_labels_and_no_inline_code(chief, officer, browser, language):
    chief.language = language
    chief.save()
    Grant.objects.create(user=officer, actions=["view"], given_by="x")
    WallDevice.objects.create(name="Tường", token_hash="h")
    client = browser(chief)
    for address in (*PAGES, f"/people/{officer.pk}", f"/people/{chief.pk}", "/me/password"):
        page = client.get(address).content.decode()
        ids = Counter(re.findall(r'\bid="([^"]+)"', page))
        assert [each for each, times in ids.items() if times > 1] == [], address
        for target in re.findall(r'\bfor="([^"]+)"', page):
            assert target in ids, (address, target)
        assert not re.search(r'\sstyle="|\son\w+="|<script>', page), address
        assert f'lang="{language}"' in page


def asking(**cookies: str):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    request.session = SessionStore(cookies.get("sessionid"))
    request.user = SimpleLazyObject(lambda: get_user(request))
    return request


def test_a_request_without_cookies_costs_no_query_to_know_who_asks(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not actor_of(asking()).is_authenticated


def test_a_signed_in_person_is_known_in_two_queries_and_judged_in_at_most_four(
    officer, browser, django_assert_num_queries, django_assert_max_num_queries
):
    key = browser(officer).cookies["sessionid"].value
    request = asking(sessionid=key)
    with django_assert_num_queries(2):
        actor = actor_of(request)
    assert actor == officer
    register.current()
    with django_assert_max_num_queries(4):  # agency, grants, and whether the register of units has changed
        assert actor.can(Action.ENTER, agency="sample:MS-SYT")
        assert not actor.can(Action.ENTER, agency="sample:MS-SGD")


def test_looking_at_the_record_and_taking_it_away_are_entries_of_their_own(client, person):
    auditor = person("auditor")
    client.force_login(auditor)
    today = timezone.localdate().isoformat()
    assert client.get("/audit", {"who": auditor.label, "first": today, "last": today}).status_code == 200
    refused = client.post("/audit/export", {"who": ""})
    assert refused.status_code == 422
    assert "Nhập lý do" in refused.content.decode()
    answer = client.post("/audit/export", {"action": "people.", "reason": "Công văn 12/TTr"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Số;Lúc;Ai;Việc")
    entries = list(AuditEntry.objects.filter(actor=auditor.label).order_by("number").values_list("action", "reason"))
    assert ("people.read_audit", "") in entries
    assert entries[-1] == ("people.export_audit", "Công văn 12/TTr")


def test_an_anchor_taken_on_the_page_checks_the_record(client, person, tmp_path):
    client.force_login(person("auditor"))
    answer = client.get("/audit/anchor")
    file = tmp_path / "anchor.txt"
    file.write_bytes(answer.content)
    assert queries.verify(read_anchors(file)) is None


def test_only_auditors_and_administrators_take_the_record_away(client, person):
    client.force_login(person("leader"))
    assert client.post("/audit/export", {"reason": "x"}).status_code == 403
    assert client.get("/audit/anchor").status_code == 403

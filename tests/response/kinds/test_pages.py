"""The pages of kinds and procedures: what would change is said before it is saved, nothing typed is lost, history is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from toancanh.people.models import User
from toancanh.response.handling.kept import LocalVersion
from toancanh.response.handling.kinds import kind_of
from toancanh.response.handling.procedures import procedure_of
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.response.services.kinds import Saving, save_kind

Browser = Callable[[User], Client]
WHY = {"why": "Quyết định 12/QĐ-UBND"}


def filled(client: Client, path: str) -> dict[str, str]:
    """What a browser would send of the form on a page."""
    page = client.get(path).content.decode()
    return sent_by(page)


def sent_by(page: str) -> dict[str, str]:
    form = page.split("<form class=\"panel ranking form editor\"")[1].split("</form>", maxsplit=1)[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value, kind = (re.search(rf'\b{each}="([^"]*)"', tag) for each in ("name", "value", "type"))
        if name and (not kind or kind[1] != "checkbox" or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[0] if chosen else re.findall(r'<option value="([^"]*)"', options)[0]
    return found


def send(client: Client, path: str, form: dict[str, str], act: str) -> Any:
    answer = client.post(path, form | {"act": act})
    return answer, unescape(answer.content.decode())


def test_the_list_names_every_kind_and_procedure(chief: User, browser: Browser) -> None:
    page = browser(chief).get("/kinds").content.decode()
    for words in ("Thiên tai, mưa lũ", "Khẩn cấp 4 giờ", "Ứng phó cháy, nổ", "Sở Nông nghiệp và Môi trường"):
        assert words in page
    assert 'href="/kinds/flood"' in page
    assert 'href="/procedures/flood"' in page
    assert 'href="/kinds"' in browser(chief).get("/working-days").content.decode()  # in the side bar


def test_a_kind_is_changed_after_its_differences_were_seen(chief: User, browser: Browser) -> None:
    client = browser(chief)
    form = filled(client, "/kinds/road") | {"take_urgent": "5 phút", "severity": "high", "local": ""} | WHY
    answer, page = send(client, "/kinds/road", form, "save")
    assert answer.status_code == 200
    assert not LocalVersion.objects.exists()  # nobody had seen what would change
    assert "Tiếp nhận, khẩn cấp: 3 phút → 5 phút" in page
    assert "Mức độ ban đầu: Trung bình → Cao" in page
    form = sent_by(page)
    assert send(client, "/kinds/road", form, "save")[0].status_code == 302
    held = kind_of("road")
    assert (held.term("take", "urgent").amount * 60, held.severity, held.local) == (5, "high", False)
    shown = unescape(client.get("/kinds/road").content.decode())
    assert "Quyết định 12/QĐ-UBND" in shown
    assert "phiên bản 2" in shown
    assert "Tiếp nhận, khẩn cấp: 3 phút → 5 phút" in shown
    assert "đã sửa tại địa phương" in client.get("/kinds").content.decode()


def test_a_form_that_was_changed_after_the_look_is_looked_at_again(chief: User, browser: Browser) -> None:
    client = browser(chief)
    form = filled(client, "/kinds/road") | {"icon": "flag"} | WHY
    seen = sent_by(send(client, "/kinds/road", form, "show")[1]) | {"icon": "leaf"}
    answer, page = send(client, "/kinds/road", seen, "save")
    assert (answer.status_code, LocalVersion.objects.count()) == (200, 0)
    assert "Biểu tượng: Tòa nhà → Lá cây" in page


def test_the_form_as_it_stands_says_the_same_kind_in_both_languages(chief: User, browser: Browser) -> None:
    client = browser(chief)
    for language, words in (("vi", "Không khác gì phiên bản đang dùng."), ("en", "No difference from the version that holds.")):
        client.post("/me/preferences", {"language": language, "next": "/kinds"})
        for path in ("/kinds/road", "/kinds/plan", "/kinds/fire", "/procedures/flood", "/procedures/air"):
            assert words in send(client, path, filled(client, path), "show")[1], (language, path)


def test_wrong_fields_are_named_and_nothing_typed_is_lost(chief: User, browser: Browser) -> None:
    client = browser(chief)
    wrong = {"take_urgent": "-5 phút", "handle_low": "bao lâu cũng được", "title_vi": "", "icon": "dragon"}
    answer, page = send(client, "/kinds/road", filled(client, "/kinds/road") | wrong | WHY, "save")
    assert answer.status_code == 422
    assert "Khắc phục, thấp: Viết như 30 phút" in page
    assert "Tiếp nhận, khẩn cấp: Viết như 30 phút" in page
    assert 'value="bao lâu cũng được"' in page
    answer, page = send(client, "/kinds/road", filled(client, "/kinds/road") | {"take_urgent": "0 giờ", "title_vi": ""}, "show")
    assert answer.status_code == 422
    assert "lớn hơn 0" in page
    assert 'href="#f-title_vi"' in page


def test_the_second_of_two_administrators_sees_what_the_first_saved_and_keeps_the_own_words(
    chief: User, analyst: User, browser: Browser
) -> None:
    one, other = browser(chief), browser(analyst)
    mine = filled(other, "/kinds/road") | {"icon": "leaf"} | WHY
    form = filled(one, "/kinds/road") | {"title_vi": "Hạ tầng đô thị"} | WHY
    send(one, "/kinds/road", sent_by(send(one, "/kinds/road", form, "show")[1]), "save")
    answer, page = send(other, "/kinds/road", mine, "show")
    assert answer.status_code == 409
    assert "vừa lưu phiên bản 2: “Quyết định 12/QĐ-UBND”" in page
    assert "Tên tiếng Việt: Hạ tầng đô thị → Đường, vỉa hè, chiếu sáng" in page
    assert "Biểu tượng: Tòa nhà → Lá cây" in page
    merged = sent_by(page) | {"title_vi": "Hạ tầng đô thị"}
    merged = sent_by(send(other, "/kinds/road", merged, "show")[1])
    assert send(other, "/kinds/road", merged, "save")[0].status_code == 302
    assert (kind_of("road").title.vi, kind_of("road").icon) == ("Hạ tầng đô thị", "leaf")


def test_steps_are_added_moved_and_taken_out_without_script(chief: User, browser: Browser) -> None:
    client, path = browser(chief), "/procedures/source"
    form = filled(client, path)
    first, second = form["s1_vi"], form["s2_vi"]
    form = sent_by(send(client, path, form, "down:1")[1])
    assert (form["s1_vi"], form["s2_vi"]) == (second, first)
    form = sent_by(send(client, path, form, "drop:4")[1])
    form = sent_by(send(client, path, form, "add")[1])
    assert (form["steps"], form["s4_vi"], form["s4_role"]) == ("4", "", "duty")
    form |= {"s4_vi": "Ghi sổ", "s4_en": "Write it down", "s4_minutes": "45", "s4_basis": "Quy chế"} | WHY
    answer, page = send(client, path, form, "show")
    assert answer.status_code == 200
    assert "45 phút" in page
    send(client, path, sent_by(page), "save")
    held = procedure_of("source")
    assert held is not None
    assert (held.version, [each.words.vi for each in held.stages][:2], held.stages[3].minutes) == (2, [second, first], 45)
    for nonsense in ("up:1", "down:9", "drop:x", "dance:2"):
        assert send(client, path, filled(client, path), nonsense)[0].status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"s1_minutes": "0"}, "Nhập số từ 1"), ({"s1_minutes": "1,5"}, "số nguyên"), ({"s1_vi": "x" * 301}, "300"),
     ({"s1_role": "king"}, "vai trò"), ({"steps": "0"}, "ít nhất một bước"), ({"steps": "999"}, "40 bước")],
)  # fmt: skip
def test_a_wrong_step_is_named(chief: User, browser: Browser, wrong: dict[str, str], words: str) -> None:
    client = browser(chief)
    answer, page = send(client, "/procedures/flood", filled(client, "/procedures/flood") | wrong, "show")
    assert answer.status_code == 422
    assert words in page


def test_an_earlier_version_is_looked_at_and_the_default_comes_back(chief: User, browser: Browser) -> None:
    client = browser(chief)
    form = filled(client, "/kinds/road") | {"title_vi": "Hạ tầng đô thị"} | WHY
    send(client, "/kinds/road", sent_by(send(client, "/kinds/road", form, "show")[1]), "save")
    page = client.get("/kinds/road?version=1").content.decode()
    assert "Hạ tầng đô thị → Đường, vỉa hè, chiếu sáng" in page
    assert sent_by(page)["title_vi"] == "Đường, vỉa hè, chiếu sáng"
    refused, page = send(client, "/kinds/road", {"seen": "2", "restore_why": ""}, "restore")
    assert refused.status_code == 422
    assert send(client, "/kinds/road", {"seen": "2", "restore_why": "Hết thí điểm"}, "restore")[0].status_code == 302
    assert kind_of("road").title.vi == "Đường, vỉa hè, chiếu sáng"
    assert "Trở về mặc định; Tên tiếng Việt" in client.get("/kinds/road").content.decode()


def test_a_new_kind_and_procedure_are_made_on_their_pages(chief: User, lan: User, browser: Browser) -> None:
    client = browser(chief)
    form = filled(client, "/procedures/new") | WHY
    form |= {"title_vi": "Xử lý cây đổ", "title_en": "Fallen trees", "s1_vi": "Cắt điện", "s1_en": "Cut the power"}
    made, _ = send(client, "/procedures/new", sent_by(send(client, "/procedures/new", form, "show")[1]), "save")
    assert made.headers["Location"] == "/procedures/xu_ly_cay_do"
    form = filled(client, "/kinds/new") | WHY | {"title_vi": "Cây đổ", "title_en": "Fallen tree", "procedure": "xu_ly_cay_do"}
    made, _ = send(client, "/kinds/new", sent_by(send(client, "/kinds/new", form, "show")[1]), "save")
    assert made.headers["Location"] == "/kinds/cay_do"
    assert '<option value="cay_do"' in browser(lan).get("/incidents/new").content.decode()
    again, page = send(client, "/kinds/new", sent_by(send(client, "/kinds/new", form, "show")[1]), "save")
    assert again.status_code == 409
    assert "Đã có loại việc tên này" in page


def test_a_planned_version_is_announced(chief: User, browser: Browser) -> None:
    client = browser(chief)
    form = filled(client, "/kinds/road") | {"icon": "flag", "valid_from": "2027-01-01"} | WHY
    send(client, "/kinds/road", sent_by(send(client, "/kinds/road", form, "show")[1]), "save")
    assert "Phiên bản 2 áp dụng từ 01/01/2027" in client.get("/kinds/road").content.decode()
    assert kind_of("road").icon == "building"
    late = filled(client, "/kinds/road") | {"icon": "leaf", "valid_from": "hôm qua"} | WHY
    answer, page = send(client, "/kinds/road", sent_by(send(client, "/kinds/road", late, "show")[1]), "save")
    assert answer.status_code == 422
    assert "Nhập ngày áp dụng" in page


def test_what_is_planned_and_would_not_apply_any_more_is_said_before_it_is_saved(chief: User, browser: Browser) -> None:
    client = browser(chief)
    planned = filled(client, "/kinds/road") | {"icon": "flag", "valid_from": "2027-01-01"} | WHY
    send(client, "/kinds/road", sent_by(send(client, "/kinds/road", planned, "show")[1]), "save")
    given_up = "Phiên bản 2 dự kiến từ ngày 01/01/2027 sẽ không áp dụng nữa."
    assert given_up in client.get("/kinds/road").content.decode().split("Trở về mặc định của hệ thống")[1]
    after = filled(client, "/kinds/road") | {"icon": "leaf", "valid_from": "2027-01-02"} | WHY
    shown = send(client, "/kinds/road", after, "show")[1]
    assert given_up not in shown.split("Trở về mặc định của hệ thống")[0]
    answer, page = send(client, "/kinds/road", sent_by(shown) | {"valid_from": ""}, "save")
    assert answer.status_code == 200
    assert "Nội dung đã đổi sau lần xem trước" in page
    assert given_up in page.split("Trở về mặc định của hệ thống")[0]
    assert send(client, "/kinds/road", sent_by(page), "save")[0].status_code == 302
    page = client.get("/kinds/road").content.decode()
    assert "Phiên bản 2 áp dụng từ" not in page
    assert "không áp dụng nữa" in page


@pytest.mark.parametrize("path", ["/kinds", "/kinds/new", "/kinds/road", "/procedures/new", "/procedures/flood"])
@pytest.mark.parametrize("role", ["leader", "operator", "officer", "auditor"])
def test_the_pages_are_for_who_configures(person: Callable[..., User], browser: Browser, role: str, path: str) -> None:
    client = browser(person(role, "agency:SXD" if role == "officer" else ""))
    assert client.get(path).status_code == 403
    if path != "/kinds":
        assert client.post(path, {"act": "restore", "restore_why": "abc"}).status_code == 403
    assert "/sign-in" in Client().get(path).headers["Location"]


@pytest.mark.parametrize("path", ["/kinds/no_such", "/procedures/no_such"])
def test_what_is_not_there_is_not_found(chief: User, browser: Browser, path: str) -> None:
    assert browser(chief).get(path).status_code == 404
    assert browser(chief).post(path, {"act": "save"}).status_code == 404


def test_lists_of_incidents_read_no_versions_and_a_room_a_few_small_rows(
    chief: User, lan: User, browser: Browser
) -> None:
    made = [open_incident(lan, IncidentForm(kind="flood", title=f"Ngập {number}")) for number in range(5)]
    save_kind(chief, replace(kind_of("flood"), icon="flag"), Saving(seen=1, why="Thử"))
    client = browser(lan)
    for path, most in (("/desk", 3), ("/incidents", 0), (f"/incidents/{made[0].pk}", 4)):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert sum("response_localversion" in each["sql"] for each in asked.captured_queries) <= most, path


def test_the_list_and_a_long_history_read_the_versions_a_few_times_however_long_they_are(chief: User, browser: Browser) -> None:
    for number in range(1, 9):
        save_kind(chief, replace(kind_of("flood"), icon=("rain", "flag")[number % 2]), Saving(seen=number, why="Thử"))
    client = browser(chief)
    for path, most in (("/kinds", 8), ("/kinds/flood", 8)):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert sum("response_localversion" in each["sql"] for each in asked.captured_queries) <= most, path

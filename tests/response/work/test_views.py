"""The pages of work: the board says what is late and whose, a directive takes four taps, each act is a button of the table."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.response.work.conftest import GOAL, Clockwork, Staff

from toancanh.indicators.models import Cell
from toancanh.notify.arranging import calendar
from toancanh.response.directing.calendar import deadlines_of
from toancanh.response.directing.orders import Term
from toancanh.response.models import Directive, Evidence, Extension, Incident, Task
from toancanh.response.services import directives, extensions, following, tasks
from toancanh.units.models import Unit


def vietnam(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


SignIn = Callable[..., Client]


def text_of(answer: Any) -> str:
    visible = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", visible)))


def sent(client: Client, path: str, status: int = 302, **form: Any) -> Any:
    answer = client.post(path, form)
    assert answer.status_code == status, text_of(answer)
    return answer


def field(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', answer.content.decode())
    assert found, name
    return html.unescape(found.group(1))


def test_the_board_says_first_what_is_overdue_and_whose(
    task: Callable[..., Task], directive: Callable[..., Directive], province: dict[str, Unit], sign_in: SignIn, clock: Clockwork
) -> None:
    task(), task(), task(lead=province["agency:STC"])
    directive(title="Còn hạn", deadline=Term(10))
    page = text_of(sign_in("leader").get("/tasks"))
    assert "Không có việc nào quá hạn" in page
    clock.at("2026-11-30 09:00")
    page = text_of(sign_in("leader").get("/tasks"))
    assert "3 việc quá hạn, nhiều nhất Sở Xây dựng (2)" in page
    assert page.index("Rà soát vướng mắc") < page.index("Còn hạn")
    assert "quá 4 ngày" in page
    english = text_of(sign_in("leader", "en").get("/tasks?show=overdue&agency=agency:STC"))
    assert "1 overdue, all at Sở Tài chính (en)" in english
    assert "Còn hạn" not in english


def test_each_list_of_the_board_shows_its_own(
    task: Callable[..., Task], directive: Callable[..., Directive], staff: Staff, sign_in: SignIn
) -> None:
    mine, other = task(assignee=staff.builder, title="Của cán bộ"), task(title="Chưa giao ai")
    done = tasks.cancel(staff.operator, task(title="Đã hủy"), "thôi")
    reported = directives.report_done(staff.builder, directives.accept(staff.builder, directive(title="Đã báo")), "xong")
    officer, leader = sign_in("builder"), sign_in("leader")
    shown = {show: text_of(officer.get(f"/tasks?show={show}")) for show in ("mine", "agency", "awaited", "done", "soon", "open")}
    assert mine.title in shown["mine"]
    assert other.title not in shown["mine"]
    assert all(each.title in shown["agency"] for each in (mine, other, reported))
    assert reported.title in shown["awaited"]
    assert other.title not in shown["awaited"]
    assert done.title in shown["done"]
    assert done.title not in shown["open"]
    assert reported.title in text_of(leader.get("/tasks?show=mine"))
    assert text_of(officer.get("/tasks")) == shown["agency"]


def test_an_officer_of_another_agency_gets_404_for_every_address_of_the_work(
    task: Callable[..., Task], directive: Callable[..., Directive], staff: Staff, sign_in: SignIn
) -> None:
    made, order = task(), directive()
    asked = extensions.ask(staff.builder, made, vietnam("2026-12-10 17:00"), "x")
    stranger = sign_in("banker")
    assert made.title not in text_of(stranger.get("/tasks?show=open"))
    for path in (
        f"/tasks/{made.pk}",
        f"/directives/{order.pk}",
        f"/tasks/new?parent={made.pk}",
        f"/tasks/new?directive={order.pk}",
    ):
        assert stranger.get(path).status_code == 404, path
    for path in (
        f"/tasks/{made.pk}/begin", f"/directives/{order.pk}/accept", f"/tasks/{made.pk}/evidence",
        f"/extensions/{asked.pk}/decide", f"/directives/{order.pk}/recall",
    ):  # fmt: skip
        assert stranger.post(path).status_code == 404, path
    assert stranger.get("/directives/999999").status_code == 404
    assert stranger.get("/directives/new").status_code == 403


def test_the_public_is_led_to_the_entrance(task: Callable[..., Task]) -> None:
    made = task()
    for path in ("/tasks", f"/tasks/{made.pk}", "/directives/new", "/evidence/1"):
        assert Client().get(path).status_code == 302, path


def test_a_directive_is_proposed_from_a_number_and_issued_with_one_button(
    staff: Staff, cell: Callable[..., Cell], sign_in: SignIn, province: dict[str, Unit]
) -> None:
    cell("pub_inv_rate", "2026-10-ytd", 61.5, target=75.0)
    leader = sign_in("leader")
    page = leader.get("/directives/new?indicator=pub_inv_rate&unit=sample:MS")
    assert "tại Tỉnh Minh Sơn, mục tiêu 75%" in text_of(page)
    assert "61,5%" in text_of(page)
    assert 'value="agency:STC" selected' in page.content.decode()
    assert field(page, "goal") == "75"
    form = {
        "title": "Khắc phục: giải ngân 61,5%", "lead": "agency:STC", "deadline": "w5", "watch": "1", "goal": "75,0",
        "indicator": "pub_inv_rate", "unit": "sample:MS", "once": field(page, "once"),
    }  # fmt: skip
    first = sent(leader, "/directives/new", **form)
    assert sent(leader, "/directives/new", **form).url == first.url
    made = Directive.objects.get()
    assert (made.indicator, made.goal, made.goal_up, made.unit, made.field) == (
        "pub_inv_rate", 75.0, True, province["sample:MS"], "socio_economic",
    )  # fmt: skip
    page = text_of(leader.get(first.url))
    assert "mục tiêu từ 75%" in page
    assert "Vì sao hạn là ngày này" in page
    assert "Ngày nhận việc, chưa tính" in page


@pytest.mark.parametrize(
    ("goal", "words"),
    [("60", "61,5% đã đạt mục tiêu 60%"), ("120", "120% vượt 100%")],
)
def test_a_goal_that_is_reached_or_unusual_is_asked_about_before_it_is_given(
    staff: Staff, cell: Callable[..., Cell], sign_in: SignIn, goal: str, words: str
) -> None:
    cell("pub_inv_rate", "2026-10-ytd", 61.5, target=75.0)
    leader = sign_in("leader")
    form = {
        "title": "Giải ngân", "lead": "agency:STC", "deadline": "w5", "watch": "1", "goal": goal, "once": "k",
        "indicator": "pub_inv_rate", "unit": "sample:MS",
    }  # fmt: skip
    asked = sent(leader, "/directives/new", 422, **form)
    assert words in text_of(asked)
    assert field(asked, "goal") == goal
    assert Directive.objects.count() == 0
    sent(leader, "/directives/new", sure="1", **form)
    assert str(Directive.objects.get().goal) == f"{float(goal)}"


def test_a_goal_that_can_never_be_is_refused_with_the_range_even_by_who_is_sure(
    staff: Staff, cell: Callable[..., Cell], sign_in: SignIn
) -> None:
    cell("pub_inv_rate", "2026-10-ytd", 61.5, target=75.0)
    form = {
        "title": "Giải ngân", "lead": "agency:STC", "deadline": "w5", "watch": "1", "goal": "-5", "once": "k",
        "indicator": "pub_inv_rate", "unit": "sample:MS",
    }  # fmt: skip
    for sure in ("", "1"):
        refused = sent(sign_in("leader"), "/directives/new", 422, sure=sure, **form)
        assert "không thể là -5%. Nhập số từ 0% trở lên." in text_of(refused)
        assert field(refused, "goal") == "-5"
    assert not Directive.objects.exists()


@pytest.mark.parametrize(
    ("more", "ends"), [({"goal": "80", "watch": "1"}, "mục tiêu 80%"), ({"goal": "80"}, "tại Tỉnh Minh Sơn")]
)
def test_the_proposed_title_goes_with_the_goal(
    staff: Staff, cell: Callable[..., Cell], sign_in: SignIn, more: dict[str, str], ends: str
) -> None:
    cell("pub_inv_rate", "2026-10-ytd", 61.5, target=75.0)
    leader = sign_in("leader")
    proposed = "Khắc phục: Giải ngân đầu tư công 61,5% tại Tỉnh Minh Sơn, mục tiêu 75%"
    assert proposed in text_of(leader.get("/directives/new?indicator=pub_inv_rate&unit=sample:MS"))
    form = {"title": proposed, "lead": "agency:STC", "deadline": "w5", "indicator": "pub_inv_rate", "unit": "sample:MS"}
    sent(leader, "/directives/new", once="k", **form, **more)
    assert Directive.objects.get().title.endswith(ends)


def test_an_order_to_an_agency_names_it_and_nonsense_in_the_address_is_no_page(sign_in: SignIn, staff: Staff) -> None:
    leader = sign_in("leader")
    assert 'value="agency:YT" selected' in leader.get("/directives/new?unit=agency:YT").content.decode()
    for query in ("unit=no:such", "indicator=no_such", "incident=99999999999999999999999", "alert=7"):
        assert leader.get(f"/directives/new?{query}").status_code == 404, query
    for query in ("incident=x", "alert=²", ""):
        assert leader.get(f"/directives/new?{query}").status_code == 200, query


def test_a_refused_order_keeps_what_was_typed_and_says_what_to_do(sign_in: SignIn, staff: Staff) -> None:
    leader = sign_in("leader")
    for wrong, words in (
        ({"deadline": "date", "date": "2020-01-01"}, "đã qua"),
        ({"deadline": "date", "date": "31/12"}, "Chọn thời hạn"),
        ({"lead": ""}, "Chọn cơ quan chủ trì"),
        ({"lead": "agency:GTVT"}, "Chọn cơ quan kế thừa: Sở Xây dựng"),
        ({"document_number": "abc"}, "123/UBND-KT"),
    ):
        form = {"title": "Việc rất riêng", "lead": "agency:SXD", "deadline": "w3", "once": "k"} | wrong
        page = text_of(sent(leader, "/directives/new", 422, **form))
        assert words in page
        assert "Việc rất riêng" in page
    assert not Directive.objects.exists()
    assert sign_in("operator").post("/directives/new", {"title": "x"}).status_code == 403


def test_an_order_comes_from_an_incident(sign_in: SignIn, staff: Staff, province: dict[str, Unit], clock: Clockwork) -> None:
    incident = Incident.objects.create(
        code="SV-2611-00001", title="Sạt lở đường", kind="other", lead=province["agency:SXD"], unit=province["sample:MS01"],
        opened_by="operator", opened_at=clock.now, severity="high",
    )  # fmt: skip
    leader = sign_in("leader")
    assert "Sạt lở đường" in text_of(leader.get(f"/directives/new?incident={incident.pk}"))
    sent(leader, "/directives/new", title="Thông đường", lead="agency:SXD", deadline="today", incident=incident.pk, once="a")
    made = Directive.objects.get()
    assert (made.incident, made.unit, made.severity) == (incident, province["sample:MS01"], "high")
    sent(sign_in("operator"), "/tasks/new", title="Cắm biển", lead="agency:SXD", deadline="w3", incident=incident.pk, once="b")
    assert Task.objects.get().incident == incident


def test_the_buttons_of_a_page_are_the_moves_of_the_table_for_this_reader(
    directive: Callable[..., Directive], sign_in: SignIn, staff: Staff
) -> None:
    made = directive()
    path = f"/directives/{made.pk}"
    officer, leader, auditor = (sign_in(each) for each in ("builder", "leader", "auditor"))
    page = officer.get(path).content.decode()
    assert f'action="{path}/accept"' in page
    assert page.count(">Tiếp nhận</button>") == 1
    assert '<summary class="button primary">Tiếp nhận' not in page, "one act alone needs no second button"
    assert f'action="{path}/accept"' not in auditor.get(path).content.decode()
    assert f'action="{path}/recall"' in leader.get(path).content.decode()
    assert f'action="{path}/close"' not in leader.get(path).content.decode()
    sent(officer, f"{path}/accept", version=1)
    sent(officer, f"{path}/report_done", version=2, words="Đã thông tuyến")
    page = leader.get(path)
    assert "Đã thông tuyến" in text_of(page)
    sent(leader, f"{path}/close", version=3)
    made.refresh_from_db()
    assert made.state == "closed"


def test_who_supports_an_order_is_offered_to_add_a_file_and_no_move(
    directive: Callable[..., Directive], province: dict[str, Unit], sign_in: SignIn
) -> None:
    made = directive(supporting=(province["agency:STC"],))
    client, here = sign_in("banker"), f"/directives/{made.pk}"
    page = client.get(here).content.decode()
    assert set(re.findall(rf'action="{here}/([a-z_]+)"', page)) == {"evidence"}
    assert "/tasks/new" not in page
    sent(client, f"{here}/accept", 403)
    sent(client, f"{here}/evidence", file=SimpleUploadedFile("a.pdf", b"%PDF-1.7"))
    assert "a.pdf" in text_of(client.get(here))


def test_the_same_act_sent_twice_is_done_once_and_somebody_elses_is_a_conflict(
    directive: Callable[..., Directive], sign_in: SignIn, staff: Staff
) -> None:
    made = directives.report_done(staff.builder, directives.accept(staff.builder, directive()), "xong")
    leader, deputy = sign_in("leader"), sign_in("deputy")
    for _ in range(2):
        sent(leader, f"/directives/{made.pk}/close", version=made.version)
    page = sent(deputy, f"/directives/{made.pk}/send_back", 409, version=made.version, words="Thiếu biên bản")
    assert "Người khác vừa thay đổi việc này" in text_of(page)
    assert "Bạn đã nhập: Thiếu biên bản" in text_of(page)
    assert Directive.objects.get(pk=made.pk).version == made.version + 1
    assert sent(leader, f"/directives/{made.pk}/no_such_act", 404)


def test_a_refused_act_keeps_its_form_open_with_what_was_typed(
    directive: Callable[..., Directive], sign_in: SignIn, staff: Staff
) -> None:
    made = directives.report_done(staff.builder, directives.accept(staff.builder, directive()), "xong")
    path = f"/directives/{made.pk}"
    said = {"version": made.version, "words": "Thiếu biên bản", "date": "2020-01-02"}
    page = sent(sign_in("leader"), f"{path}/send_back", 422, **said).content.decode()
    opened = re.findall(rf'<details open>(?:(?!</details>).)*?action="{path}/([a-z_]+)"', page, re.DOTALL)
    assert opened == ["send_back"]
    assert 'name="date" value="2020-01-02"' in page


def test_what_was_typed_in_a_refused_act_stands_in_no_other_form(
    directive: Callable[..., Directive], sign_in: SignIn, staff: Staff
) -> None:
    made = directives.accept(staff.builder, directive())
    said = {"version": made.version, "words": "Mưa lớn nhiều ngày", "date": "2020-01-02"}
    page = sent(sign_in("builder"), f"/directives/{made.pk}/ask_extension", 422, **said).content.decode()
    forms = dict(re.findall(rf'action="/directives/{made.pk}/([a-z_]+)"(.*?)</form>', page, re.DOTALL))
    assert len(forms) > 1
    assert {verb for verb, form in forms.items() if "Mưa lớn" in form} == {"ask_extension"}


def test_a_task_is_worked_through_its_page(task: Callable[..., Task], sign_in: SignIn, staff: Staff, clock: Clockwork) -> None:
    made = task()
    path, officer, operator = f"/tasks/{made.pk}", sign_in("builder"), sign_in("operator")
    sent(officer, f"{path}/begin", version=1)
    sent(officer, f"{path}/progress", version=2, progress="60", words="Đã đo đạc")
    assert "60" in text_of(officer.get(path))
    sent(officer, f"{path}/hand_to", version=3, person="builder")
    sent(officer, f"{path}/ask_extension", version=4, date="2026-12-04", words="chờ mặt bằng")
    page = text_of(operator.get(path))
    assert "Lần 1: đến 17:00 04/12/2026" in page
    asked = Extension.objects.get()
    sent(operator, f"/extensions/{asked.pk}/decide", granted="1", version=5)
    sent(operator, f"/extensions/{asked.pk}/decide", granted="1", version=5)
    sent(operator, f"{path}/pause_clock", version=6, words="Điều 12 Nghị định 118/2025/NĐ-CP")
    assert "Tạm dừng: Điều 12" in text_of(officer.get(path))
    sent(operator, f"{path}/resume_clock", version=7)
    clock.at("2026-12-07 09:00")
    officer, operator = sign_in("builder"), sign_in("operator")
    refused = sent(officer, f"{path}/report_done", 422, version=8, words="Đã xong phần thô")
    assert "giải trình lý do" in text_of(refused)
    assert "Đã xong phần thô" in text_of(refused)
    file = SimpleUploadedFile("biên bản.pdf", b"%PDF-1.7 ...")
    sent(officer, f"{path}/evidence", file=file)
    assert "biên bản.pdf" in text_of(operator.get(path))
    sent(officer, f"{path}/report_done", version=9, words="", overdue_reason="mưa lũ")
    sent(operator, f"{path}/confirm", version=10)
    made.refresh_from_db()
    assert (made.state, made.late, made.extensions) == ("done", True, 1)
    assert "xong trễ hạn" in text_of(operator.get(path))


def test_a_task_is_put_under_another_by_its_number_but_never_under_itself(
    task: Callable[..., Task], sign_in: SignIn, staff: Staff
) -> None:
    top, low = task(title="Việc lớn"), task(title="Việc nhỏ")
    operator = sign_in("operator")
    sent(operator, f"/tasks/{low.pk}/hang_under", version=1, parent=top.code.lower())
    assert Task.objects.get(pk=low.pk).parent == top
    assert "Việc nhỏ" in text_of(operator.get(f"/tasks/{top.pk}"))
    page = sent(operator, f"/tasks/{top.pk}/hang_under", 422, version=1, parent=low.code)
    assert "nằm dưới" in text_of(page)
    assert "NV-2026-00012" in text_of(sent(operator, f"/tasks/{top.pk}/hang_under", 422, version=1, parent="x"))


def test_a_wrong_file_is_refused_on_the_page(task: Callable[..., Task], sign_in: SignIn) -> None:
    made = task()
    answer = sent(sign_in("builder"), f"/tasks/{made.pk}/evidence", 415, file=SimpleUploadedFile("a.pdf", b"MZ\x00\x00"))
    assert "Nội dung tệp không phải là pdf" in text_of(answer)
    assert not Evidence.objects.exists()
    sent(sign_in("builder"), f"/tasks/{made.pk}/evidence", 422)


def test_a_watched_directive_shows_its_number_each_period_with_its_proof(
    directive: Callable[..., Directive], sign_in: SignIn, staff: Staff, cell: Callable[..., Cell], clock: Clockwork
) -> None:
    made = directives.report_done(staff.builder, directives.accept(staff.builder, directive(goal=GOAL)), "xong")
    clock.on(hours=1)
    seen = cell("pub_inv_rate", "2026-11-ytd", 76.5)
    following.follow_all()
    answer = sign_in("leader").get(f"/directives/{made.pk}")
    assert "Đã xem 1/2 kỳ" in text_of(answer)
    assert "76,5%" in text_of(answer)
    assert f"/values/{seen.pk}/proof" in answer.content.decode()


def test_who_only_reads_the_record_is_offered_no_act(task: Callable[..., Task], sign_in: SignIn, staff: Staff) -> None:
    made = task()
    page = sign_in("auditor").get(f"/tasks/{made.pk}")
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]


def test_deadlines_go_to_the_calendar_of_those_who_have_them(
    task: Callable[..., Task], directive: Callable[..., Directive], staff: Staff
) -> None:
    made, order = task(), directive()
    keys = {each.key for each in deadlines_of(staff.builder)}
    assert keys == {f"task:{made.pk}", f"directive:{order.pk}"}
    assert {each.key for each in deadlines_of(staff.leader)} == {f"directive:{order.pk}"}
    assert not list(deadlines_of(staff.banker))
    assert b"NV-2026-00001" in calendar.feed(staff.builder)


@pytest.mark.parametrize("who", ["leader", "operator", "builder", "auditor"])
@pytest.mark.slow
def test_every_page_prints_in_both_languages(
    who: str, task: Callable[..., Task], directive: Callable[..., Directive], sign_in: SignIn, staff: Staff
) -> None:
    whole = directive(goal=GOAL)
    part = task(directive=whole)
    for language in ("vi", "en"):
        client = sign_in(who, language)
        for path in ("/tasks", "/tasks?show=done&page=2", f"/tasks/{part.pk}", f"/directives/{whole.pk}"):
            assert client.get(path).status_code == 200, path


def test_an_order_that_leaves_person_and_result_open_asks_the_agency_for_them(
    directive: Callable[..., Directive], sign_in: SignIn
) -> None:
    made = directive(person="", result="", responsibility="")
    path, officer = f"/directives/{made.pk}", sign_in("builder")
    page = officer.get(path)
    assert text_of(page).count("Chưa rõ") == 3
    for name in ("person", "result", "responsibility"):
        assert f'name="{name}"' in page.content.decode()
    refused = officer.post(f"{path}/accept", {"version": 1, "person": "Ông Bình"})
    assert refused.status_code == 422
    assert "Nêu rõ trước khi tiếp nhận: kết quả phải có." in text_of(refused)
    assert 'value="Ông Bình"' in refused.content.decode(), "what was typed is kept"
    sent(officer, f"{path}/accept", version=1, person="Ông Bình", result="Đường thông")
    made.refresh_from_db()
    assert (made.state, made.person, made.result) == ("accepted", "Ông Bình", "Đường thông")
    page = officer.get(path)
    assert text_of(page).count("Chưa rõ") == 1, "the responsibility, and it stays marked"
    assert "Người chịu trách nhiệm: Ông Bình; Kết quả phải có: Đường thông" in text_of(page)


def test_what_the_leader_said_no_agency_says_anew(directive: Callable[..., Directive], sign_in: SignIn) -> None:
    made = directive(person="Bà Hoa", result="Xong tuyến 1")
    sent(sign_in("builder"), f"/directives/{made.pk}/accept", version=1, person="Ông Bình", result="Không làm gì")
    made.refresh_from_db()
    assert (made.person, made.result) == ("Bà Hoa", "Xong tuyến 1")

"""The desk, the room, the list, the form, the shifts and the report, as a browser sees them; every act works without a script."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.response.incidents.conftest import Clock

from toancanh.people.models import User
from toancanh.response.models import Clock as Deadline
from toancanh.response.models import Incident
from toancanh.response.queries import incidents as queries
from toancanh.response.services import incidents
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit

Browser = Callable[[User], Client]


def text(page: str) -> str:
    visible = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", visible)))


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return text(answer.content.decode())


def test_the_desk_shows_queue_record_and_proposal(lan: User, pothole: Incident, browser: Browser) -> None:
    page = seen(browser(lan), f"/desk?item={pothole.pk}")
    assert "còn 30 phút" in page
    assert "còn lại để tiếp nhận" in page
    assert "UBND phường Đông Sơn" in page
    assert "do Phường Đông Sơn quản lý" in page
    assert "128 đường Trần Phú" in page
    assert "SV-2611-00001" in page


def test_the_tabs_count_and_a_late_one_says_so(lan: User, pothole: Incident, browser: Browser, clock: Clock) -> None:
    clock.forward(minutes=34)
    page = seen(browser(lan), "/desk?tab=late")
    assert "quá 4 phút" in page
    assert "Của tôi 0" in page
    assert "Chưa ai nhận 1" in page
    assert "Không có việc nào" in seen(browser(lan), "/desk?tab=mine")


def test_take_and_route_by_forms_alone(lan: User, pothole: Incident, browser: Browser) -> None:
    client, here = browser(lan), f"/desk?item={pothole.pk}"
    taken = client.post(f"/incidents/{pothole.pk}/take", {"version": "1", "next": here})
    assert (taken.status_code, taken.url) == (302, here)
    client.post(f"/incidents/{pothole.pk}/assign", {"version": "2", "lead": "agency:SXD", "words": "Vá ngay", "next": here})
    pothole.refresh_from_db()
    assert pothole.state == "handling"
    page = seen(client, here)
    assert "Chuyển xử lý: Sở Xây dựng chủ trì. Vá ngay" in page


def test_one_takes_over_from_others_and_never_from_oneself(lan: User, binh: User, pothole: Incident, browser: Browser) -> None:
    held = incidents.take(lan, pothole)
    assert incidents.take(lan, held).version == held.version
    assert "Nhận tiếp" not in seen(browser(lan), f"/desk?item={pothole.pk}")
    assert "Nhận tiếp" in seen(browser(binh), f"/desk?item={pothole.pk}")
    assert incidents.take(binh, held).taken_by == binh


def test_what_was_typed_is_kept_when_somebody_was_quicker(lan: User, binh: User, pothole: Incident, browser: Browser) -> None:
    incidents.take(binh, pothole, 1)
    form = {"version": "1", "lead": "agency:SXD", "words": "Đặt biển cảnh báo ngay", "next": f"/desk?item={pothole.pk}"}
    answer = browser(lan).post(f"/incidents/{pothole.pk}/assign", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Trần Văn Bình" in page
    assert "Đặt biển cảnh báo ngay</textarea>" in page
    assert 'name="version" value="2"' in page
    again = browser(lan).post(f"/incidents/{pothole.pk}/assign", form | {"version": "2"})
    assert again.status_code == 302


def test_the_others_see_who_looks_and_who_is_at_work(
    lan: User, binh: User, pothole: Incident, browser: Browser, clock: Clock
) -> None:
    def beat(**said: str) -> None:
        assert browser(lan).post(f"/presence/incident/{pothole.pk}", said).status_code == 204

    beat()
    for path in ("/desk", f"/incidents/{pothole.pk}"):
        assert "Lan đang xem" in seen(browser(binh), path)
        assert "Lan đang" not in seen(browser(lan), path)
    beat(writes="1")
    assert "Lan đang xử lý" in seen(browser(binh), "/desk")
    beat()
    assert "Lan đang xem" in seen(browser(binh), "/desk")
    incidents.take(lan, pothole)
    for path in ("/desk", f"/incidents/{pothole.pk}"):
        assert "Lan đang xử lý" in seen(browser(binh), path)
    clock.forward(seconds=61)
    assert "Lan đang" not in seen(browser(binh), "/desk")


@pytest.mark.slow
def test_a_queue_longer_than_a_page_goes_on_where_it_stopped(lan: User, province: dict[str, Unit], browser: Browser) -> None:
    for number in range(53):
        open_incident(lan, IncidentForm(kind="road", title=f"Việc số {number:02}.", unit=province["sample:MS02"]))
    client = browser(lan)
    first = client.get("/desk").content.decode()
    more = html.unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0])
    second = client.get(more).content.decode()
    rows = [re.findall(r'data-row="(\d+)"', each) for each in (first, second)]
    assert [len(each) for each in rows] == [50, 3]
    assert len({*rows[0], *rows[1]}) == 53


@pytest.mark.slow
def test_a_queue_goes_on_among_what_has_no_clock(lan: User, province: dict[str, Unit], browser: Browser) -> None:
    for number in range(53):
        open_incident(lan, IncidentForm(kind="road", title=f"Việc số {number:02}.", unit=province["sample:MS02"]))
    Incident.objects.filter(pk__gt=Incident.objects.order_by("pk")[10].pk).update(next_due_at=None)
    client = browser(lan)
    first = client.get("/desk").content.decode()
    more = html.unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0])
    second = client.get(more).content.decode()
    rows = [re.findall(r'data-row="(\d+)"', each) for each in (first, second)]
    assert [len(each) for each in rows] == [50, 3]
    assert len({*rows[0], *rows[1]}) == 53


def test_the_desk_opens_the_first_of_the_queue_and_nobody_seems_to_work_on_it(
    lan: User, pothole: Incident, province: dict[str, Unit], browser: Browser
) -> None:
    open_incident(lan, IncidentForm(kind="road", title="Đèn đường hỏng", unit=province["sample:MS02"], severity="low"))
    page = browser(lan).get("/desk").content.decode()
    assert "<h2>Ổ gà sâu, đã có người ngã</h2>" in page
    assert "data-presence" not in page
    assert "has-record" not in page, "a phone begins with the queue"
    Incident.objects.update(closed_at=pothole.opened_at)
    assert "Không có việc nào trong hàng này." in seen(browser(lan), "/desk")


def test_only_who_may_order_is_led_to_an_order(
    lan: User, pothole: Incident, person: Callable[..., User], browser: Browser
) -> None:
    link = f"/directives/new?incident={pothole.pk}"
    assert link not in browser(lan).get(f"/desk?item={pothole.pk}").content.decode()
    shown = browser(person("leader", name="Lò Văn Chủ")).get(f"/desk?item={pothole.pk}").content.decode()
    assert link in shown
    assert "Giao chỉ đạo" in shown


def test_the_room_has_checklist_contacts_decisions_and_notes(lan: User, province: dict[str, Unit], browser: Browser) -> None:
    flood = open_incident(lan, IncidentForm(kind="flood", title="Nước lên nhanh", unit=province["sample:MS02"]))
    client, here = browser(lan), f"/incidents/{flood.pk}"
    page = seen(client, here)
    for words in ("Ứng phó mưa lũ, sạt lở", "Sổ quyết định", "Liên hệ", "Nguyễn Thị Lan", "Luật Phòng thủ dân sự 18/2023/QH15"):
        assert words in page
    client.post(f"{here}/step", {"number": "1", "next": here})
    client.post(f"{here}/public", {"public_message": "Tránh ngầm tràn", "version": "1", "next": here})
    client.post(f"{here}/hand_over", {"hand_over": "Chờ tin xã", "version": "2", "next": here})
    flood.refresh_from_db()
    assert (flood.public_message, flood.hand_over) == ("Tránh ngầm tràn", "Chờ tin xã")
    assert "Xong bước 1" in seen(client, here)


def test_a_call_becomes_an_incident_and_sent_twice_it_is_one(lan: User, province: dict[str, Unit], browser: Browser) -> None:
    client = browser(lan)
    assert "Lập sự việc" in seen(client, "/incidents/new")
    form = {"title": "Mất nước", "kind": "utility", "unit": "sample:MS01", "origin": "call", "reporter": "0912", "once": "abc"}
    first = client.post("/incidents/new", form)
    second = client.post("/incidents/new", form)
    assert first.status_code == 302
    assert first.url == second.url
    made = Incident.objects.get()
    assert (made.origin, made.severity, made.reporter) == ("call", "high", "0912")


@pytest.mark.parametrize("wrong", [{"title": ""}, {"kind": "dragon"}, {"lat": "x", "lon": "5"}, {"unit": "sample:NOWHERE"}])
def test_a_wrong_form_comes_back_with_what_was_typed(
    lan: User, province: dict[str, Unit], browser: Browser, wrong: dict[str, str]
) -> None:
    form = {"title": "Mất nước", "kind": "utility", "text": "Từ sáu giờ sáng"} | wrong
    answer = browser(lan).post("/incidents/new", form)
    assert answer.status_code in (404, 422)
    assert "Từ sáu giờ sáng" in answer.content.decode()
    assert Incident.objects.count() == 0


def test_the_list_finds_by_code_and_words(lan: User, pothole: Incident, browser: Browser) -> None:
    client = browser(lan)
    assert "Ổ gà sâu" in seen(client, "/incidents?q=SV-2611")
    assert "Ổ gà sâu" not in seen(client, "/incidents?state=closed")


def test_the_list_stands_by_the_clocks_says_so_and_shows_the_newest_first_when_asked(
    lan: User, pothole: Incident, browser: Browser, province: dict[str, Unit]
) -> None:
    rubbish = IncidentForm(kind="environment", title="Đốt rác", unit=province["sample:MS02"], severity="low")
    closed, later = open_incident(lan, rubbish), open_incident(lan, rubbish)
    incidents.close(lan, incidents.assign(lan, closed, province["agency:NNMT"]), "Đã dọn")
    client = browser(lan)
    pressing, newest, every = (seen(client, f"/incidents{asked}") for asked in ("", "?order=newest", "?state=all"))
    assert "hạn gần nhất trước" in pressing
    assert "còn 30 phút" in pressing
    assert pressing.index(pothole.code) < pressing.index(later.code)
    assert closed.code not in pressing
    assert "Sự việc, mới nhất trước" in newest
    assert newest.index(later.code) < newest.index(pothole.code)
    assert closed.code in every


def test_the_list_goes_on_after_its_last_row(
    lan: User, pothole: Incident, browser: Browser, province: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = open_incident(lan, IncidentForm(kind="environment", title="Đốt rác", unit=province["sample:MS02"], severity="low"))
    monkeypatch.setattr(queries, "PAGE", 1)
    for order, first, second in (("", pothole, later), ("?order=newest", later, pothole)):
        page = browser(lan).get(f"/incidents{order}").content.decode()
        more = html.unescape(re.search(r'rel="next" href="([^"]+)"', page)[1])  # type: ignore[index]
        assert (first.code in page, second.code in page) == (True, False)
        assert second.code in seen(browser(lan), more)


@pytest.mark.parametrize("words", ["đường trần phú", "ĐƯỜNG TRẦN PHÚ", "duong tran phu", "Ổ GÀ"])
def test_the_search_knows_vietnamese_letters(lan: User, pothole: Incident, browser: Browser, words: str) -> None:
    assert "Ổ gà sâu" in seen(browser(lan), f"/incidents?q={words}")
    assert "SV-2611-00001" not in seen(browser(lan), f"/incidents?q={words} khác")


@pytest.mark.slow
def test_a_long_or_odd_note_is_in_the_report(lan: User, pothole: Incident, browser: Browser) -> None:
    incidents.note(lan, pothole, "Đoàn kiểm tra hiện trường báo cáo. " * 200)
    incidents.note(lan, pothole, "dòng\n" * 300)
    incidents.note(lan, pothole, "chữ\uffff lạ 🚒")
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = browser(lan).get(f"/incidents/{pothole.pk}/report.{form}")
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
    answer = browser(lan).post(f"/incidents/{pothole.pk}/note", {"verb": "note", "words": "a" * 8001})
    assert answer.status_code == 422


def test_an_empty_hand_over_asks_for_a_word_and_a_quiet_shift_is_taken(lan: User, binh: User, browser: Browser) -> None:
    mine, his = browser(lan), browser(binh)
    mine.post("/shifts/begin")
    assert "Không có việc tồn" in text(mine.post("/shifts/hand_over", {"note": " "}).content.decode())
    mine.post("/shifts/hand_over", {"note": "Không có việc tồn."})
    assert his.post("/shifts/take_over").status_code == 302
    User.objects.filter(pk=binh.pk).update(language="en")
    assert "Trần Văn Bình began the shift" in seen(browser(User.objects.get(pk=binh.pk)), "/shifts")


def test_what_was_handed_over_stands_in_place_of_the_form_and_can_be_changed(
    lan: User, binh: User, pothole: Incident, browser: Browser
) -> None:
    incidents.take(lan, pothole)
    mine, his = browser(lan), browser(binh)
    mine.post("/shifts/begin")
    assert 'id="give"' in mine.get("/shifts").content.decode()
    mine.post("/shifts/hand_over", {"note": "Chờ Sở báo lại", "item": pothole.code})
    page = mine.get("/shifts").content.decode()
    assert 'id="give"' not in page
    assert "Sửa bàn giao" in page
    theirs = his.get("/shifts").content.decode()
    assert "Sửa bàn giao" not in theirs
    assert "Nhận bàn giao, bắt đầu ca" in theirs
    assert pothole.title in text(theirs)


def test_the_report_is_word_and_pdf_with_the_record_in_it(lan: User, pothole: Incident, browser: Browser) -> None:
    from docx import Document

    incidents.assign(lan, pothole, words="Vá trước 17:00")
    incidents.close(lan, pothole, "Đã vá xong")
    client = browser(lan)
    word = client.get(f"/incidents/{pothole.pk}/report.docx")
    document = Document(io.BytesIO(word.content))
    whole = "\n".join(each.text for each in document.paragraphs)
    whole += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO",
        "Ổ gà sâu",
        "Vá trước 17:00",
        "Kết thúc: Đã vá xong",
        "Lưu: VT",
    ):
        assert words in whole
    printed = client.get(f"/incidents/{pothole.pk}/report.pdf")
    assert printed.content.startswith(b"%PDF")
    assert b"/FontFile2" in printed.content
    assert client.get(f"/incidents/{pothole.pk}/report.exe").status_code == 404


def test_in_english_every_page_speaks_english(lan: User, pothole: Incident, browser: Browser) -> None:
    User.objects.filter(pk=lan.pk).update(language="en")
    client = browser(User.objects.get(pk=lan.pk))
    assert "30 min left" in seen(client, f"/desk?item={pothole.pk}")
    assert "Decision log" in seen(client, f"/incidents/{pothole.pk}")
    assert "Begin a shift" in seen(client, "/shifts")


def test_a_step_shows_the_deadline_of_its_clock(lan: User, province: dict[str, Unit], browser: Browser, clock: Clock) -> None:
    flood = open_incident(lan, IncidentForm(kind="flood", title="Nước lên", unit=province["sample:MS02"]))
    Deadline.objects.filter(subject=flood.pk, name="step 2").update(due_at=clock.now - timedelta(minutes=7))
    page = browser(lan).get(f"/incidents/{flood.pk}").content.decode()
    assert "quá 7 phút" in page

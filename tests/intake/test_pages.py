"""The pages of intake: hand in a file, see what happened, work on held rows."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.intake.datasets import READINGS
from tests.intake.deliveries import held, reading, send, workbook

from toancanh.audit.models import AuditEntry
from toancanh.intake.models import Delivery, QuarantinedRow, RowState, Source
from toancanh.people.models import User
from toancanh.people.roles import Role
from toancanh.units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_landing")]
GOOD = b"station;area;measured_at;pm25\ns1;MS01;22/11/2026 09:00;12,5\n"


@pytest.fixture
def officer(place: dict[str, Unit], client: Client) -> User:
    """A signed-in officer of the source's agency."""
    person = User.objects.create(username="officer", full_name="Trần Thị Bình", role=Role.OFFICER, agency=place["agency"])
    client.force_login(person)
    return person


def _file(content: bytes, name: str = "so-lieu.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_public_is_sent_to_sign_in(client: Client, source: Source) -> None:
    for path in ("/data/upload", "/data/deliveries", "/data/quarantine"):
        assert client.get(path).status_code == 302


def test_a_file_is_handed_in_and_the_result_is_shown(client: Client, source: Source, officer: User) -> None:
    assert "Không khí – Trạm quan trắc" in client.get("/data/upload").content.decode()
    answer = client.post("/data/upload", {"what": "station-feed/test_air", "file": _file(GOOD), "act": "send"})
    assert answer.status_code == 200
    delivery = Delivery.objects.get()
    assert (delivery.via, delivery.sender, delivery.filename, delivery.accepted) == ("file", "officer", "so-lieu.csv", 1)
    assert f"/data/deliveries/{delivery.uid}" in answer.content.decode()
    assert AuditEntry.objects.filter(action="intake.upload", actor="officer").count() == 1


def test_a_file_can_be_checked_before_it_is_sent(client: Client, source: Source, officer: User) -> None:
    body = workbook(
        [
            ["station", "area", "measured_at", "pm25"], ["s1", "MS01", "22/11/2026 09:00", 5],
            ["s2", "MS01", "22/11/2026 09:00", "x"],
        ],
    )
    page = client.post(
        "/data/upload", {"what": "station-feed/test_air", "file": _file(body, "a.xlsx"), "act": "check"},
    ).content.decode()
    assert "Phường An Hòa" in page, "the preview shows what was understood"
    assert "không phải là số" in page
    assert not Delivery.objects.exists()


def test_a_file_that_cannot_be_read_says_why_in_the_form(client: Client, source: Source, officer: User) -> None:
    answer = client.post("/data/upload", {"what": "station-feed/test_air", "file": _file(b"a;b\n1;2\n"), "act": "send"})
    assert answer.status_code == 422
    assert "Thiếu cột" in answer.content.decode()
    for form in ({}, {"what": "nothing/at-all", "file": _file(GOOD)}, {"what": "station-feed/test_air"}):
        assert client.post("/data/upload", form).status_code == 422


def test_held_rows_are_listed_explained_and_corrected(client: Client, source: Source, officer: User) -> None:
    send(source, "test_air", [reading(), reading(station="s2", pm25="mười")])
    row = held()[0]
    assert "mười" in client.get("/data/quarantine").content.decode()
    page = client.get(f"/data/quarantine/{row.pk}").content.decode()
    assert "không phải là số" in page
    values = {f"value-{name}": str(value) for name, value in reading(station="s2", pm25="x").items()}
    assert client.post(f"/data/quarantine/{row.pk}", values).status_code == 422
    answer = client.post(f"/data/quarantine/{row.pk}", values | {"value-pm25": "10,5"})
    assert answer.status_code == 302
    assert QuarantinedRow.objects.get().state == RowState.FIXED
    assert "Đã sửa" in client.get(answer.url).content.decode()
    assert client.get(f"/data/quarantine/{row.pk}").status_code == 200


@pytest.mark.parametrize("sent", ["online", "Trực tuyến", "TRỰC TUYẾN", "Online", "2", 2])
def test_a_choice_that_came_right_stays_chosen_while_another_cell_is_mended(
    client: Client, source: Source, officer: User, sent: object,
) -> None:
    row = {
        "code": "H1", "agency": "SYT", "area": "MS01", "received_at": "hôm qua", "updated_at": "22/11/2026 09:00",
        "channel": sent,
    }
    send(source, "test_dossiers", [row])
    path = f"/data/quarantine/{held()[0].pk}"
    page = client.get(path).content.decode()
    assert re.search(r'<option value="online"\s+selected', page)
    assert "Chọn…" not in page


def test_after_a_row_the_next_one_says_which_was_taken(client: Client, source: Source, officer: User) -> None:
    send(source, "test_air", [reading(station=f"s{number}", pm25="x") for number in range(3)])
    first, second, third = held()
    values = {f"value-{name}": str(value) for name, value in reading(station="s0", pm25="1,5").items()}
    answer = client.post(f"/data/quarantine/{first.pk}", values)
    assert answer.url.startswith(f"/data/quarantine/{second.pk}?")
    assert f"Đã nhận dòng {first.line}." in client.get(answer.url).content.decode()
    answer = client.post(f"/data/quarantine/{second.pk}/dismiss", {"reason": "Trạm thử"})
    assert f"Đã bỏ dòng {second.line}." in client.get(answer.url).content.decode()
    client.post("/me/language", {"language": "en"})
    answer = client.post(f"/data/quarantine/{third.pk}", values | {"value-station": "s2"})
    assert answer.url.startswith("/data/deliveries/")
    assert f"Row {third.line} is taken." in client.get(answer.url).content.decode()
    assert "goi-so" not in client.get(f"/data/quarantine/{third.pk}?taken=goi-so").content.decode()


def test_a_dismissal_without_a_reason_comes_back_to_the_row_with_the_field_marked(
    client: Client, source: Source, officer: User,
) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    answer = client.post(f"/data/quarantine/{held()[0].pk}/dismiss", {"reason": "  "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'<input[^>]*name="reason"[^>]*aria-invalid="true"', page)
    assert page.count("Ghi lý do bỏ dòng này.") == 2, "on top and beside the field"
    assert 'value="mười"' in page
    assert QuarantinedRow.objects.get().state == RowState.OPEN


def test_long_reasons_run_over_several_lines(client: Client, source: Source, officer: User) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    bad = _file(GOOD.replace(b"12,5", b"x"))
    tried = client.post("/data/upload", {"what": "station-feed/test_air", "file": bad, "act": "check"})
    for page in (client.get("/data/quarantine"), tried):
        assert re.search(r'<td class="long">[^<]*không phải là số', page.content.decode())


def test_a_row_is_dismissed_with_a_reason(client: Client, source: Source, officer: User) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    row = held()[0]
    assert client.post(f"/data/quarantine/{row.pk}/dismiss", {"reason": "Trạm thử"}).status_code == 302
    assert QuarantinedRow.objects.get().state == RowState.DISMISSED


def test_a_delivery_shows_its_facts_and_gives_back_the_original(client: Client, source: Source, officer: User) -> None:
    send(source, "test_air", GOOD.decode(), filename="=cmd.csv")
    delivery = Delivery.objects.get()
    assert delivery.content_hash in client.get(f"/data/deliveries/{delivery.uid}").content.decode()
    answer = client.get(f"/data/deliveries/{delivery.uid}/payload")
    assert answer.content == GOOD
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{delivery.uid}.csv"'
    assert AuditEntry.objects.filter(action="intake.read_payload").count() == 1
    assert str(delivery.uid) in client.get("/data/deliveries").content.decode()


def test_what_a_page_is_told_in_its_address_and_what_a_store_said_are_not_repeated(
    client: Client, source: Source, officer: User,
) -> None:
    send(source, "test_air", [reading()])
    Delivery.objects.update(state="failed", failure="DB::Exception: no such column", via="sample")
    path = f"/data/deliveries/{Delivery.objects.get().uid}"
    page = client.get(f"{path}?done=goi-so-0900").content.decode()
    assert "goi-so-0900" not in page
    assert "DB::Exception" not in page
    assert "Tệp gốc vẫn được giữ" in page
    assert "Dữ liệu mẫu" in page
    assert "12" in client.get(f"{path}?done=12").content.decode()


def test_replay_reports_how_many_rows_came_in(client: Client, source: Source, officer: User) -> None:
    send(source, "test_air", [reading(area="Phường Mới Lập")])
    delivery = Delivery.objects.get()
    assert client.post(f"/data/deliveries/{delivery.uid}/replay").url.endswith("?done=0")


def test_an_officer_of_another_agency_sees_no_rows_and_no_payload(client: Client, source: Source, place: dict[str, Unit]) -> None:
    send(source, "test_air", [reading(note="Nguyễn Văn Kín", pm25="mười")])
    other = Unit.objects.create(
        scheme="agency", code="STC", level="agency", name="Tài chính", full_name="Sở Tài chính", parent=place["province"],
    )
    client.force_login(User.objects.create(username="stranger", full_name="Lê Văn An", role=Role.OFFICER, agency=other))
    delivery, row = Delivery.objects.get(), held()[0]
    for path in (
        "/data/quarantine", f"/data/quarantine/{row.pk}", f"/data/deliveries/{delivery.uid}",
        f"/data/deliveries/{delivery.uid}/payload",
        f"/api/v1/deliveries/{delivery.uid}/quarantine",
    ):
        answer = client.get(path)
        assert "Nguyễn Văn Kín" not in answer.content.decode()
        assert "mười" not in answer.content.decode()
    assert client.get(f"/data/deliveries/{delivery.uid}/payload").status_code == 404


def test_pages_speak_english_to_those_who_ask(client: Client, source: Source, officer: User) -> None:
    User.objects.update(language="en")
    send(source, "test_air", [reading(pm25="ten")])
    for path in ("/data/upload", "/data/deliveries", "/data/quarantine", f"/data/quarantine/{held()[0].pk}"):
        page = client.get(path).content.decode()
        assert 'lang="en"' in page
        main = page[page.index("<main") : page.index("</main>")]
        assert "Dữ liệu" not in main
        assert "không" not in main


def test_the_number_of_queries_of_a_list_does_not_grow(
    client: Client, source: Source, officer: User, django_assert_max_num_queries: object,
) -> None:
    send(source, "test_air", [reading(station=f"s{n}", pm25="x") for n in range(40)])
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        client.get("/data/quarantine")
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        client.get("/data/deliveries")


def test_the_columns_of_every_dataset_are_told_with_type_need_and_example(client: Client, source: Source, officer: User) -> None:
    page = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", client.get("/data/upload").content.decode())))
    assert "Các cột của “Không khí”" in page
    assert "Địa bàn: mã hoặc tên Có Phường An Hòa" in page
    assert "PM2,5" in page or "pm25" in page


def test_the_examples_of_all_columns_take_the_same_reads_of_units_as_those_of_one_dataset(
    client: Client, source: Source, officer: User
) -> None:
    counts, every = [], list(source.datasets)
    client.get("/data/upload")
    for codes in (["test_dossiers"], every):
        Source.objects.filter(pk=source.pk).update(datasets=codes)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/data/upload").status_code == 200
        counts.append(sum('FROM "units_unit"' in each["sql"] for each in asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("language", "between"), [("vi", ";"), ("en", ",")])
def test_a_template_has_the_heading_row_and_nothing_else(
    client: Client, source: Source, officer: User, language: str, between: str
) -> None:
    client.post("/me/language", {"language": language})
    taken = client.get("/data/templates/test_air.csv")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="test_air.csv"'
    assert taken.content.startswith(b"\xef\xbb\xbf")
    heads = taken.content.decode("utf-8-sig").splitlines()
    assert len(heads) == 1
    book = load_workbook(BytesIO(client.get("/data/templates/test_air.xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [list(each) for each in rows] == [heads[0].split(between)]
    assert len(rows[0]) == len(READINGS.fields)


def test_a_template_of_data_that_one_may_not_hand_in_does_not_exist(client: Client, source: Source, officer: User) -> None:
    for name in ("khong_co.csv", "khong_co.xlsx"):
        assert client.get(f"/data/templates/{name}").status_code == 404

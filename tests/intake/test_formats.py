"""Every form a table may come in: names, separators, code pages, numbers and dates as officers write them, wide sheets."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from tests.intake.deliveries import XLSX, dossier, held, reading, reasons, send, stored, workbook

from toancanh.intake import landing
from toancanh.intake.models import Source
from toancanh.kernel.problem import Problem
from toancanh.ui.sheets import csv_lines

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def _landed(code: str) -> list[dict[str, object]]:
    landing.land(code)
    return [row.values for row in stored(code)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator_is_found(source: Source, no_landing: None, store: None, separator: str) -> None:
    rows = [
        ["station", "area", "measured_at", "pm25"], ["s1", "MS01", "22/11/2026 09:00", "12"],
        ["s2", "MS02", "2026-11-22 09:00", "1"],
    ]
    send(source, "test_air", "\r\n".join(separator.join(row) for row in rows))
    assert [(row["station"], row["measured_at"]) for row in _landed("test_air")] == [("s1", NINE), ("s2", NINE)]


def test_columns_are_known_by_title_and_by_the_senders_own_names(source: Source, no_landing: None, store: None) -> None:
    heading = "MaHoSo;Cơ quan;Địa bàn;NgayTiepNhan;Cập nhật lúc;Hình thức nộp;Cột lạ\n"
    text = heading + "H1;Sở Y tế;An Hoà;20/11/2026;20/11/2026 10:30;Trực tuyến;x\n"
    send(source, "test_dossiers", text)
    row = _landed("test_dossiers")[0]
    assert (row["code"], row["agency"], row["area"], row["channel"]) == ("H1", "agency:SYT", "sample:MS01", "online")
    assert row["updated_at"] == datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


def test_vietnamese_and_english_numbers_are_told_by_the_whole_column(source: Source, no_landing: None, store: None) -> None:
    heading = "item;area;period;value\n"
    send(source, "test_figures", heading + "revenue;MS;9/2026;1.234\nrevenue;MS;10/2026;7.842,5\n", key="vi")
    send(source, "test_figures", heading + "revenue;MS01;9/2026;1,234\nrevenue;MS01;10/2026;7,842.5\n", key="en")
    assert [row["value"] for row in _landed("test_figures")] == [1234.0, 7842.5, 1234.0, 7842.5]


def test_a_lone_ambiguous_number_is_held_unless_the_source_said_its_habit(source: Source, no_landing: None) -> None:
    text = "item;area;period;value\nrevenue;MS;9/2026;1.234\n"
    send(source, "test_figures", text)
    assert reasons() == [(2, "value", "ambiguous-number")]
    source.config = {"decimal": ","}
    source.save()
    assert send(source, "test_figures", text, key="again").quarantined == 0


def test_a_workbook_with_dates_titles_and_numbers_is_read(source: Source, no_landing: None, store: None) -> None:
    cells = [
        ["Số liệu quan trắc", None, None, None], [None, None, None, None], ["Trạm", "Địa bàn", "Thời điểm", "PM2.5 (µg/m3)"],
        [5.0, "Phường Bình Thủy", datetime(2026, 11, 22, 9, 0), 12.25], ["s2", "MS01", "22/11/2026 09:00", None],
    ]
    send(source, "test_air", workbook(cells), content_type=XLSX)
    assert held() == []
    found = _landed("test_air")
    assert [(row["station"], row["pm25"], row["measured_at"]) for row in found] == [("5", 12.25, NINE), ("s2", None, NINE)]
    assert [row.line for row in stored("test_air")] == [4, 5]


def test_a_period_that_a_spreadsheet_turned_into_a_date_is_understood(source: Source, no_landing: None, store: None) -> None:
    cells = [
        ["item", "area", "period", "value"], ["revenue", "MS", date(2026, 10, 1), 5], ["revenue", "MS", date(2026, 10, 17), 5],
    ]
    send(source, "test_figures", workbook(cells), content_type=XLSX)
    assert reasons() == [(3, "period", "unknown-period")]
    assert str(_landed("test_figures")[0]["period"]) == "2026-10"


def test_figures_as_columns_become_rows(source: Source, no_landing: None, store: None) -> None:
    cells = [
        ["Xã", "Kỳ", "Thu ngân sách (tỷ đồng)", "Tăng trưởng GRDP"], ["An Hòa", "10/2026", 7.5, None],
        ["Bình Thủy", "10/2026", "..", 6.1],
    ]
    receipt = send(source, "test_figures", workbook(cells), content_type=XLSX)
    assert receipt.received == 2
    found = [(row["item"], row["area"], row["value"]) for row in _landed("test_figures")]
    assert found == [("revenue", "sample:MS01", 7.5), ("growth", "sample:MS02", 6.1)]


def test_months_as_columns_become_rows_and_keep_their_status(source: Source, no_landing: None, store: None) -> None:
    cells = [
        ["Chỉ tiêu", "Địa bàn", "9/2026", "Ước tháng 10/2026"], ["Thu ngân sách", "Tỉnh Minh Sơn", 700, 720],
        ["Tăng trưởng GRDP", "MS", 6, 990],
    ]
    send(source, "test_figures", workbook(cells), content_type=XLSX)
    assert [
        (row.line, each["heading"], each["code"]) for row in held() for each in row.problems
    ] == [(3, "Ước tháng 10/2026", "out-of-bounds")]
    found = {(row["item"], str(row["period"]), row["value"], row["status"]) for row in _landed("test_figures")}
    assert found == {
        ("revenue", "2026-09", 700.0, None), ("revenue", "2026-10", 720.0, "estimate"), ("growth", "2026-09", 6.0, None),
    }


def test_bare_months_take_their_year_from_the_row(source: Source, no_landing: None, store: None) -> None:
    send(source, "test_figures", "Chỉ tiêu;Năm;Tháng 1;Tháng 2\nThu ngân sách;2026;5;6\n")
    assert {
        (str(row["period"]), row["area"]) for row in _landed("test_figures")
    } == {("2026-01", "sample:MS"), ("2026-02", "sample:MS")}


def test_json_may_be_an_array_lines_one_object_or_wrapped(source: Source, no_landing: None, store: None) -> None:
    one = reading()
    forms = [
        (json.dumps([one]), "application/json"), (json.dumps(one), "application/json"),
        (json.dumps({"data": [one]}), "application/json"),
        (json.dumps(one) + "\n\n" + json.dumps(one) + "\n", "application/x-ndjson"),
        (json.dumps([one]), "application/json; charset=utf-8"),
    ]
    for number, (body, kind) in enumerate(forms):
        receipt = send(source, "test_air", body.encode(), content_type=kind, key=str(number))
        assert receipt.quarantined == 0
        assert receipt.received == (2 if kind.endswith("ndjson") else 1)
    assert len(_landed("test_air")) == 1


def test_rows_of_different_shape_and_unknown_names_are_read_alike(source: Source, no_landing: None, store: None) -> None:
    late_name = {**reading(station="s2"), "battery": {"volts": 3.1}}
    other = {"station": "s3", "phuong": "MS01", "measured_at": "2026-11-22T09:00:00+07:00", "PM10": 7}
    send(source, "test_air", [reading(battery=1), late_name, other])
    assert held() == []
    assert [(row["station"], row["area"], row["pm10"]) for row in _landed("test_air")] == [
        ("s1", "sample:MS01", 30.0), ("s2", "sample:MS01", 30.0), ("s3", "sample:MS01", 7.0),
    ]


def test_numbers_are_codes_where_a_code_is_wanted(source: Source, no_landing: None, store: None) -> None:
    send(source, "test_dossiers", [dossier(code=1, channel=1), dossier(code="2", channel="1"), dossier(code=True)])
    assert reasons() == [(3, "code", "wrong-type")]
    assert [(row["code"], row["channel"]) for row in _landed("test_dossiers")] == [("1", "direct"), ("2", "direct")]


def test_versions_of_one_record_in_one_delivery_are_all_taken_and_the_latest_counts(
    source: Source, no_landing: None, store: None,
) -> None:
    send(
        source, "test_dossiers",
        [dossier(updated_at="21/11/2026 08:00", channel="direct"), dossier(updated_at="20/11/2026 08:00")],
    )
    assert held() == []
    assert [row["channel"] for row in _landed("test_dossiers")] == ["direct"]


def test_the_first_sheet_that_fits_is_taken(source: Source, no_landing: None, store: None) -> None:
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Hướng dẫn nhập"])
    sheet = book.create_sheet("Số liệu")
    sheet.append(["station", "area", "measured_at"])
    sheet.append(["s9", "MS01", "22/11/2026 09:00"])
    out = io.BytesIO()
    book.save(out)
    send(source, "test_air", out.getvalue(), content_type="", filename="quan-trac.xlsx")
    assert [row["station"] for row in _landed("test_air")] == ["s9"]


def test_a_payload_that_is_no_plain_table_goes_through_its_datasets_own_reading(
    source: Source, no_landing: None, store: None,
) -> None:
    from dataclasses import replace

    from tests.intake.datasets import PACK, READINGS

    from toancanh.kernel.registry import registry

    def parse(body: bytes) -> list[dict[str, object]]:
        return [{"station": cell, "area": "MS01", "measured_at": "22/11/2026 09:00"} for cell in body.decode().split()]

    registry.install([replace(PACK, datasets=(replace(READINGS, parse=parse), *PACK.datasets[1:]))])
    send(source, "test_air", "s1 s2\n")
    assert [row["station"] for row in _landed("test_air")] == ["s1", "s2"]


def test_an_item_sheet_without_any_period_says_what_to_add(source: Source) -> None:
    with pytest.raises(Problem) as caught:
        send(source, "test_figures", workbook([["Xã", "Thu ngân sách"], ["An Hòa", 5]]), content_type=XLSX)
    assert caught.value.code == "wide-sheet-incomplete"
    assert "“Kỳ”" in caught.value.detail.vi


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-2+3", "@SUM(A1)", "'=x", "'quoted'", "plain"])
def test_what_an_export_keeps_from_being_computed_comes_back_as_it_was(
    source: Source, no_landing: None, store: None, text: str
) -> None:
    heading, row = ("station", "area", "measured_at", "note"), ("s1", "MS01", "2026-11-22 09:00", text)
    send(source, "test_air", b"".join(csv_lines(heading, [row])).decode(), key="csv")
    assert [row["note"] for row in _landed("test_air")] == [text]

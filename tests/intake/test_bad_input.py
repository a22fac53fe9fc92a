"""Bad input: each kind gets a message in two languages that names row, column and cure; the good rows land, nothing is lost."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from tests.intake.deliveries import XLSX, dossier, held, reading, reasons, send, stored, workbook

from toancanh.intake import landing
from toancanh.intake.models import Delivery, Refusal, Source
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

pytestmark = pytest.mark.django_db


def _refused(source: Source, content: object, dataset: str = "test_air", **more: str) -> Problem:
    with pytest.raises(Problem) as caught:
        send(source, dataset, content, **more)
    return caught.value


def test_every_kind_of_wrong_cell_is_named_with_its_row_and_column(source: Source, no_landing: None) -> None:
    wrong = [
        reading(pm25="abc"), reading(pm25=True), reading(pm25=[1]), reading(pm25=-1), reading(pm25=5000),
        reading(area="Phường Không Có"),
        reading(area=None), reading(measured_at="hôm qua"), reading(measured_at="2031-01-01T00:00:00+07:00"),
        reading(measured_at=1700000000),
        reading(station=""), reading(note="=HYPERLINK(1)"), reading(note="#REF!"), reading(note="a\x00b"),
        reading(station="x" * 300),
        reading(measured_at="2020-01-01T00:00:00+07:00"), reading(pm25="NaN"), reading(pm25="1.234"),
    ]
    receipt = send(
        source, "test_air", [{**row, "station": row["station"] and f"{row['station']}-{n}"} for n, row in enumerate(wrong)]
    )
    assert receipt.quarantined == len(wrong)
    assert reasons() == [
        (1, "pm25", "not-a-number"), (2, "pm25", "not-a-number"), (3, "pm25", "wrong-type"), (4, "pm25", "out-of-bounds"),
        (5, "pm25", "out-of-bounds"), (6, "area", "unknown-unit"), (7, "area", "missing"), (8, "measured_at", "not-a-time"),
        (9, "measured_at", "future"), (10, "measured_at", "not-a-time"), (11, "station", "missing"), (12, "note", "formula"),
        (13, "note", "error-cell"), (14, "note", "unreadable-characters"), (15, "station", "too-long"),
        (16, "measured_at", "too-old"),
        (17, "pm25", "not-finite"), (18, "pm25", "ambiguous-number"),
    ]


def test_every_reason_says_something_in_both_languages(source: Source, no_landing: None) -> None:
    send(source, "test_air", [reading(pm25="abc"), reading(area="Phường An Hoa Binh", station="s2")])
    for row in held():
        for problem in row.problems:
            assert problem["vi"] != problem["en"]
            assert len(problem["vi"]) > 20
            assert len(problem["en"]) > 20


def test_good_rows_land_while_bad_ones_wait(source: Source, no_landing: None, store: None) -> None:
    receipt = send(source, "test_air", [reading(), reading(station="s2", pm25="x"), reading(station="s3", area="MS02")])
    assert (receipt.received, receipt.accepted, receipt.quarantined) == (3, 2, 1)
    landing.land("test_air")
    assert [(row.values["station"], row.values["area"], row.line) for row in stored("test_air")] == [
        ("s1", "sample:MS01", 1), ("s3", "sample:MS02", 3),
    ]


def test_a_missing_column_is_named_with_the_columns_that_were_seen(source: Source) -> None:
    problem = _refused(source, "station;measured_at;pm25\ns1;22/11/2026 09:00;12,5\n")
    assert (problem.code, problem.status) == ("missing-columns", 422)
    assert "“Địa bàn” (area)" in problem.detail.vi
    assert "station, measured_at, pm25" in problem.detail.en
    assert not Delivery.objects.exists()
    assert Refusal.objects.get().code == "missing-columns"


def test_a_json_row_without_a_required_name_is_held(source: Source, no_landing: None) -> None:
    send(source, "test_air", [reading(), {"station": "s2", "measured_at": "2026-11-22T09:00:00+07:00"}])
    assert reasons() == [(2, "area", "missing")]


@pytest.mark.parametrize("station", ["s9", '"s9"'])
def test_wrong_cells_are_named_alike_whether_or_not_a_cell_is_quoted(source: Source, no_landing: None, station: str) -> None:
    rows = [
        "sep=;", "station;area;measured_at;pm25", "s1;An Hòa;22/11/2026 09:00;12,5", "s2;Phường Không Có;22/11/2026 09:00;1",
        "s3;An Hòa;2099-01-01 09:00;1", ";An Hòa;22/11/2026 09:00;", "s5;An Hòa;22/11/2026 09:00;5000", f"{station};An Hòa;x;1e3",
        "s1;An Hòa;22/11/2026 09:00;12,5", "s1;An Hòa;22/11/2026 09:00;13",
    ]
    receipt = send(source, "test_air", "\n".join(rows))
    assert (receipt.received, receipt.accepted) == (8, 2)
    assert reasons() == [
        (4, "area", "unknown-unit"), (5, "measured_at", "future"), (6, "station", "missing"), (7, "pm25", "out-of-bounds"),
        (8, "measured_at", "not-a-time"), (8, "pm25", "not-a-number"), (10, "station", "duplicate"),
    ]


@pytest.mark.parametrize("odd", [";;;", "", "s7;An Hòa", "s7;An Hòa;22/11/2026 09:00;1;;"])
def test_empty_short_and_long_rows_leave_the_lines_of_the_others_alone(source: Source, no_landing: None, odd: str) -> None:
    rows = ["station;area;measured_at;pm25", "s1;An Hòa;22/11/2026 09:00;1", odd, "s2;Phường Không Có;22/11/2026 09:00;1"]
    send(source, "test_air", "\n".join(rows) + "\n")
    assert (4, "area", "unknown-unit") in reasons()


def test_an_unknown_unit_gets_the_nearest_names(source: Source, no_landing: None) -> None:
    send(source, "test_air", [reading(area="Phường Bình Thuỵ")])
    assert "Phường Bình Thủy" in held()[0].problems[0]["vi"]


def test_an_old_unit_is_known_on_its_day_and_refused_after_it(source: Source, no_landing: None, store: None) -> None:
    source.accepts_since = "2020-01-01"
    source.save()
    source.refresh_from_db()
    rows = [reading(area="Xã Cổ Loan", measured_at="2025-06-30T23:00:00+07:00"), reading(area="Xã Cổ Loan", station="s2")]
    send(source, "test_air", rows)
    assert [(line, code) for line, _, code in reasons()] == [(2, "unknown-unit")]
    assert f"{timezone.localdate():%d/%m/%Y}" in held()[0].problems[0]["vi"]
    landing.land("test_air")
    assert [row.values["area"] for row in stored("test_air")] == ["sample-old:C1"]


def test_unknown_and_too_fine_and_future_periods_are_held(source: Source, no_landing: None) -> None:
    periods = ["10/2026", "tháng mười", "22/11/2026", "12/2027", "Quý III/2026", "2025"]
    rows = [{"item": "revenue", "area": "MS01", "period": period, "value": 5} for period in periods]
    send(source, "test_figures", rows)
    assert [(line, code) for line, _, code in reasons()] == [(2, "unknown-period"), (3, "period-too-fine"), (4, "future")]


def test_an_unknown_choice_and_item_get_the_nearest_word(source: Source, no_landing: None) -> None:
    send(source, "test_dossiers", [dossier(channel="trực tuyen 1"), dossier(code="H2", channel="2")])
    assert [(line, column, code) for line, column, code in reasons()] == [(1, "channel", "unknown-choice")]
    assert "Trực tuyến" in held()[0].problems[0]["vi"]
    send(source, "test_figures", [{"item": "Thu ngân sác", "area": "MS01", "period": "10/2026", "value": 1}])
    assert "Thu ngân sách" in held()[0].problems[0]["vi"]


def test_each_figure_has_its_own_bounds(source: Source, no_landing: None) -> None:
    rows = [
        {"item": "growth", "area": "MS", "period": "2025", "value": 800},
        {"item": "revenue", "area": "MS", "period": "2025", "value": 800},
    ]
    send(source, "test_figures", rows)
    assert reasons() == [(1, "value", "out-of-bounds")]


def test_exact_repeats_count_once_and_contradictions_are_held(source: Source, no_landing: None, store: None) -> None:
    receipt = send(source, "test_air", [reading(), reading(), reading(pm25=13)])
    assert (receipt.received, receipt.accepted, receipt.quarantined) == (3, 2, 1)
    assert reasons() == [(3, "station", "duplicate")]
    assert "dòng 1" in held()[0].problems[0]["vi"]
    landing.land("test_air")
    assert len(stored("test_air")) == 1


@pytest.mark.parametrize(("again", "held_rows"), [("12.0", []), ("13", [(3, "station", "duplicate")])])
def test_one_moment_written_in_two_ways_is_one_reading(
    source: Source, no_landing: None, store: None, again: str, held_rows: list[tuple[int, str, str]],
) -> None:
    rows = ("s1,MS01,2026-11-22T09:00:00+07:00,12", f"s1,MS01,2026-11-22T02:00:00Z,{again}")
    send(source, "test_air", "\n".join(("station,area,measured_at,pm25", *rows, "")))
    assert reasons() == held_rows
    landing.land("test_air")
    assert [row.values["pm25"] for row in stored("test_air")] == [12]


def test_out_of_order_and_thirty_days_late_readings_are_taken(source: Source, no_landing: None, store: None) -> None:
    hours = ["2026-11-22T08:00:00+07:00", "2026-10-23T07:00:00+07:00", "2026-11-22T06:00:00+07:00"]
    assert send(source, "test_air", [reading(measured_at=hour) for hour in hours]).quarantined == 0
    landing.land("test_air")
    assert len(stored("test_air")) == 3


def test_nan_and_infinity_in_json_are_held_not_guessed(source: Source, no_landing: None) -> None:
    body = json.dumps([reading(pm25=float("nan")), reading(station="s2", pm25=float("inf")), reading(station="s3")]).encode()
    receipt = send(source, "test_air", body)
    assert (receipt.accepted, reasons()) == (1, [(1, "pm25", "not-finite"), (2, "pm25", "not-finite")])
    assert send(
        source, "test_air", b'[{"station":"s","area":"MS01","measured_at":"2026-11-22T09:00:00+07:00","pm25":1e999}]',
    ).quarantined == 1


def test_decomposed_letters_are_stored_composed(source: Source, no_landing: None, store: None) -> None:
    import unicodedata

    send(
        source, "test_air",
        [reading(note=unicodedata.normalize("NFD", "Trạm ở Hòa Bình"), area=unicodedata.normalize("NFD", "Phường An Hòa"))],
    )
    landing.land("test_air")
    assert stored("test_air")[0].values["note"] == "Trạm ở Hòa Bình"


def test_a_file_of_mixed_encodings_keeps_the_readable_lines(source: Source, no_landing: None) -> None:
    lines = [b"station,area,measured_at,note", "s1,Phường An Hòa,2026-11-22T09:00:00+07:00,tốt".encode()]
    lines.append(b"s2,MS01,2026-11-22T09:00:00+07:00,tr\xe0n \xff\xfe")
    receipt = send(source, "test_air", b"\n".join(lines) + b"\n", content_type="text/csv")
    assert (receipt.accepted, reasons()) == (1, [(3, "note", "unreadable-characters")])


def test_the_vietnamese_windows_code_page_is_read(source: Source, no_landing: None, store: None) -> None:
    import unicodedata

    text = "station;area;measured_at;note\ns1;Phường An Hòa;22/11/2026 09:00;Trạm số 1\n"
    for kind, mark in (("windows-1258", b""), ("utf-16-le", b"\xff\xfe"), ("utf-8", b"\xef\xbb\xbf")):
        spelled = _for_1258(text) if kind == "windows-1258" else unicodedata.normalize("NFC", text)
        send(source, "test_air", mark + spelled.encode(kind), content_type="text/csv", key=kind)
        assert held() == [], kind
    landing.land("test_air")
    assert stored("test_air")[0].values["note"] == "Trạm số 1"


def _for_1258(text: str) -> str:
    """The code page writes tones as marks of their own after the letter."""
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in apart if mark in tones)
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones)) + tone)
    return "".join(out)


@pytest.mark.parametrize("cut", [1, 20, 60, 110, 160])
def test_a_json_payload_cut_in_the_middle_leaves_nothing(source: Source, cut: int) -> None:
    body = json.dumps([reading(), reading(station="s2")]).encode()
    problem = _refused(source, body[:cut])
    assert problem.status == 422
    assert problem.code == "cut"
    assert not Delivery.objects.exists()


def test_a_cut_csv_or_json_lines_file_holds_only_its_last_line(source: Source, no_landing: None) -> None:
    send(source, "test_air", "station,area,measured_at,pm25\ns1,MS01,22/11/2026 09:00,1\ns2,MS01,22/11")
    assert reasons() == [(3, "", "cut")]
    lines = "\n".join(json.dumps(reading(station=f"s{n}")) for n in range(3))
    send(source, "test_air", lines[:-20].encode(), content_type="application/x-ndjson")
    assert reasons() == [(3, "", "cut")]


def test_malformed_json_is_told_by_line_and_column(source: Source) -> None:
    problem = _refused(source, b'[{"station": "s1",\n  "area" "MS01"}]')
    assert problem.code == "malformed-json"
    assert "dòng 2" in problem.detail.vi
    assert "line 2" in problem.detail.en


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"), (b"  \n", "empty"), (b"5", "not-rows"), (b'"x"', "not-rows"), (b"[1, 2]", "not-a-row"),
        (b"\xff\xfa[", "not-utf8"),
        (b"[" * 100_000, "too-deep"), (b"[" + b"9" * 6000 + b"]", "malformed-json"),
    ],
)
def test_what_is_no_table_is_refused(source: Source, body: bytes, code: str) -> None:
    assert _refused(source, body, content_type="application/json").code == code


def test_formula_cells_of_a_workbook_are_held(source: Source, no_landing: None) -> None:
    at = "22/11/2026 09:00"
    body = workbook([
        ["station", "area", "measured_at", "pm25"], ["s1", "MS01", at, "=1+1"], ["s2", "MS01", at, 3],
        ["s3", "MS01", at, ArrayFormula("D4", "=SUM(A1:A3)")], ["s4", "MS01", at, DataTableFormula("D5", r1="B1", dt2D=False)],
    ])  # fmt: skip
    receipt = send(source, "test_air", body, content_type=XLSX)
    assert (receipt.accepted, reasons()) == (1, [(each, "pm25", "formula") for each in (2, 4, 5)])
    assert "Paste Special" in held()[0].problems[0]["vi"]
    assert [row.raw["pm25"] for row in held()] == ["=1+1", "=SUM(A1:A3)", "=TABLE(B1)"]


def test_a_zip_bomb_is_refused_before_it_unpacks(source: Source) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    problem = _refused(source, out.getvalue(), content_type=XLSX)
    assert (problem.code, problem.status) == ("zip-bomb", 413)


@pytest.mark.parametrize("body", [b"PK\x03\x04 broken", workbook([["station"]])[:-400]])
def test_a_damaged_workbook_is_refused(source: Source, body: bytes) -> None:
    assert _refused(source, body, content_type=XLSX).code == "unreadable-workbook"


def test_an_old_excel_file_and_an_unknown_type_say_what_to_send(source: Source) -> None:
    assert _refused(source, b"\xd0\xcf\x11\xe0" + b"0" * 100, filename="bao-cao.xls", content_type="").code == "old-excel"
    assert _refused(source, b"%PDF-1.7", content_type="application/pdf").status == 415


def test_a_line_with_too_many_cells_is_held(source: Source, no_landing: None) -> None:
    send(source, "test_air", "station,area,measured_at,pm25\ns1,MS01,22/11/2026 09:00,1,5\ns2,MS01,22/11/2026 09:00,1\n")
    assert reasons() == [(2, "", "cell-count")]


def test_a_quote_that_never_closes_does_not_swallow_the_file_in_silence(source: Source, no_landing: None) -> None:
    lines = ["station,area,measured_at,note", "s0,MS01,22/11/2026 09:00,fine", 's1,MS01,22/11/2026 09:00,"open']
    lines += [f"s{n},MS01,22/11/2026 09:00,x" for n in range(2, 40)]
    receipt = send(source, "test_air", "\n".join(lines) + "\n")
    assert (receipt.accepted, reasons()) == (39, [(3, "", "open-quote")])


def test_two_columns_of_one_field_are_refused(source: Source) -> None:
    problem = _refused(source, "station,xa,phuong,measured_at\ns1,MS01,MS02,22/11/2026 09:00\n")
    assert problem.code == "column-twice"
    assert "xa" in problem.detail.vi


def test_a_pack_whose_reading_fails_is_a_refusal(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from tests.intake.datasets import PACK, READINGS

    from toancanh.kernel.registry import registry

    def parse(_body: bytes) -> list[dict[str, object]]:
        raise ValueError("no heading on line 3")

    odd = replace(READINGS, parse=parse)
    registry.install([replace(PACK, datasets=(odd, *PACK.datasets[1:]))])
    problem = _refused(source, "something;else\n1;2\n")
    assert "no heading on line 3" in problem.detail.en
    assert problem.title == Text("Không nhận được dữ liệu", "The data cannot be taken")


def test_nul_and_half_characters_are_held_in_a_form_that_every_database_keeps(source: Source, no_landing: None) -> None:
    odd = b'"station":"s\\u0000","area":"MS\\ud800","note":"a\\udfff","pm25":123456789012345678901'
    body = b'[{"measured_at":"2026-11-22T09:00:00+07:00",' + odd + b"}]"
    send(source, "test_air", body, filename="t\x00\ud800.json", content_type="application/json")
    row = held()[0]
    assert {code for _, _, code in reasons()} >= {"unreadable-characters", "out-of-bounds"}
    assert "\x00" not in str(row.raw)
    assert row.raw["pm25"] == "123456789012345678901"
    assert "\x00" not in Delivery.objects.get().filename


# --- small deliveries that would fill the memory ---


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[" + b"0," * 1_000_001 + b"0]", "application/json"), (b"[" + b"{}," * 1_000_001 + b"{}]", "application/json"),
        (b"[" + b"[]," * 1_000_001 + b"[]]", "application/json"),
        (b'{"data":[' + b'"ab",' * 1_100_000 + b'"ab"]}', "application/json"), (b"0\n" * 1_000_001, "application/x-ndjson"),
        (b"a\n" * 1_000_001, "text/csv"), (b"station" + b"," * 3_000_000, "text/csv"),
    ],
    ids=["numbers", "empty records", "lists", "texts in a wrapper", "lines of numbers", "lines", "commas"],
)
def test_more_rows_or_columns_than_fit_are_refused_before_they_are_made(source: Source, body: bytes, kind: str) -> None:
    tracemalloc.start()
    problem = _refused(source, body, content_type=kind)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (problem.status, problem.code) == (413, "too-many-rows")
    assert peak < 40_000_000


def test_an_enormous_cell_is_refused_by_name_and_not_a_crash(source: Source) -> None:
    assert _refused(source, b"station,area\n" + b"x" * 1_500_000 + b",y\n", content_type="text/csv").code == "malformed-csv"


def test_a_workbook_with_a_cell_at_its_far_edge_is_refused_and_stray_cells_are_not(source: Source, no_landing: None) -> None:
    names = list(reading())
    far = [names, list(reading().values()), [None] * 16_383 + ["x"]]
    assert _refused(source, workbook(far), content_type=XLSX).status == 413
    stray = [names, [*reading().values(), None, "ghi bên lề"], list(reading(station="s2", note=None).values())]
    assert send(source, "test_air", workbook(stray), content_type=XLSX).accepted == 2


@pytest.mark.slow
def test_reasons_are_kept_for_some_thousand_rows_and_the_rest_counted(source: Source, no_landing: None, store: None) -> None:
    values = [reading(station=f"s{number}", pm25="x") for number in range(6_000)]
    receipt = send(source, "test_air", [*values, reading(), reading(station="s", area="?"), *range(6_000)])
    assert (receipt.received, receipt.accepted, receipt.quarantined) == (12_002, 1, 12_001)
    rows = held()
    assert len(rows) == 5_000
    assert all(row.problems for row in rows)
    landing.land("test_air")
    assert len(stored("test_air")) == 1
    assert Delivery.objects.get().receipt["quarantined"] == 12_001


def test_names_are_guessed_for_the_first_hundred_unknown_places_only(source: Source, no_landing: None) -> None:
    send(source, "test_air", [reading(station=f"s{n}", area=f"Phường An Hoaa {n}") for n in range(130)])
    assert len(held()) == 130

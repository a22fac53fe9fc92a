"""Tables to take away: read back they are what they were, and nothing in them can be computed."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from toancanh.ui.sheets import csv_lines, xlsx

HEADING = ("Xã, phường", "Giá trị")


def test_csv_opens_rightly_in_a_vietnamese_sheet() -> None:
    text = b"".join(csv_lines(HEADING, [("Hoà Bình; xã", 1234.5), ("Mới", None)], places=1)).decode()
    assert text == '\ufeffXã, phường;Giá trị\r\n"Hoà Bình; xã";1234,5\r\nMới;\r\n'


def test_csv_for_programs_has_points_and_commas() -> None:
    rows = [(date(2026, 10, 31), 63.45), (datetime(2026, 11, 22, 2, 42, tzinfo=UTC), -7842.0)]
    text = b"".join(csv_lines(HEADING, rows, vietnamese=False, places=1)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1:] == [["2026-10-31", "63.5"], ["2026-11-22T09:42+07:00", "-7842.0"]]


@pytest.mark.parametrize("attack", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_becomes_a_formula(attack: str) -> None:
    text = b"".join(csv_lines((attack, "x"), [(attack, 1)])).decode("utf-8-sig")
    assert not any(
        value.startswith(("=", "+", "-", "@", "\t", "\r"))
        for line in csv.reader(io.StringIO(text), delimiter=";")
        for value in line
    )
    page = load_workbook(io.BytesIO(xlsx((attack, "x"), [(attack, 1)], notes=[attack]))).active
    assert all(each.data_type != "f" for row in page.iter_rows() for each in row)
    assert page["A2"].value.startswith("'")


def test_numbers_stay_numbers_in_a_workbook_and_missing_ones_stay_empty() -> None:
    page = load_workbook(io.BytesIO(xlsx(HEADING, [("A", -63.5), ("B", None), ("C", float("nan"))], sheet="Quý III/2026"))).active
    assert [page[f"B{line}"].value for line in (2, 3, 4)] == [-63.5, None, None]
    assert page.title == "Quý III 2026"

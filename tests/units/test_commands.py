"""The register's commands as typed on the command line."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

import pytest

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.units import queries
from toancanh.units.commands import COMMANDS

pytestmark = pytest.mark.usefixtures("national")


def run(name: str, *typed: str) -> int:
    command = next(each for each in COMMANDS if each.name == ("units", name))
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(typed))


def test_boundaries_report_what_they_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ring = [[105.8, 21.0], [105.9, 21.0], [105.9, 21.1], [105.8, 21.0]]
    shape = {"type": "Feature", "id": "00004", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}), encoding="utf-8")
    assert run("boundaries", str(path), "--code-property", "ma") == 0
    assert "1 vùng khớp với danh mục" in capsys.readouterr().out


def test_a_bad_boundary_file_fails_with_words(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="GeoJSON"):
        run("boundaries", str(tmp_path / "missing.geojson"))


def test_measures_are_read_from_csv_and_doubts_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\ufeffcode,population,area_km2\n00004,40,2.97\n00008,,2.68\n", encoding="utf-8")
    assert run("measures", str(path)) == 0
    told = capsys.readouterr().out
    assert "Số dân nhỏ bất thường" in told
    assert "Chưa có số dân" in told
    assert queries.by_key("vn34:00004").population == 40


def test_lines_of_unknown_units_are_not_counted_and_one_column_is_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,area_km2\n00004,2.97\nXX,1\nXX,1\n", encoding="utf-8")
    assert run("measures", str(path)) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].endswith(": vn34:XX")
    assert told[-1].startswith("1 đơn vị / units")
    assert queries.by_key("vn34:00004").area_km2 == 2.97
    path.write_text("code,population\n00004,65023\n", encoding="utf-8")
    assert run("measures", str(path)) == 0
    unit = queries.by_key("vn34:00004")
    assert (unit.population, unit.area_km2) == (65_023, 2.97), "what a file does not say stays"


def test_illustrations_are_drawn_for_a_province(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("illustrate", "vn34:19") == 0
    assert capsys.readouterr().out.startswith("93 ")


def test_the_next_reform_is_entered_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    law = ("--on", "2027-07-01", "--basis", "Nghị quyết mẫu")
    assert run("merge", "vn34:00004", "vn34:00008", "--into", "vn34:00025", *law) == 0
    ended = queries.by_key("vn34:00004")
    assert ended.valid_to == date(2027, 6, 30)
    assert run("rename", "vn34:00025", "--full-name", "Phường Mới", "--name", "Mới", *law) == 0
    assert queries.by_key("vn34:00025").full_name == "Phường Mới"
    assert run("custom", "ba-dinh-cu", "vn34:00004", "vn34:00008", "--name", "Ba Đình cũ", "--parent", "vn34:01") == 0
    assert queries.by_key("custom:ba-dinh-cu").parent.key == "vn34:01"
    assert "custom:ba-dinh-cu: Ba Đình cũ (2)" in capsys.readouterr().out
    assert AuditEntry.objects.filter(action__in=("units.merge", "units.rename", "units.custom")).count() == 3


def test_a_merger_of_a_unit_that_is_not_in_the_register_is_refused_and_changes_nothing() -> None:
    with pytest.raises(Problem) as refused:
        run("merge", "vn34:00004", "vn34:99999", "--into", "vn34:00025", "--on", "2027-07-01", "--basis", "x")
    assert "vn34:99999" in refused.value.detail.vi
    assert queries.by_key("vn34:00004").valid_to is None


def test_the_whole_register_loads_within_twenty_seconds_of_work(national: dict[str, float]) -> None:
    assert national["units"] > 14_000
    assert national["seconds"] < 20


def test_what_the_register_holds_already_is_refused_in_words(tmp_path: Path) -> None:
    law = ("--on", "2026-04-30", "--basis", "Nghị quyết mẫu")
    with pytest.raises(Problem, match="Thành phố Đồng Nai, 30/04/2026"):
        run("rename", "vn34:75", "--full-name", "Thành phố Đồng Nai", *law)
    with pytest.raises(Problem, match="no-new-name"):
        run("rename", "vn34:75", *law)
    with pytest.raises(Problem, match="not-a-province"):
        run("agencies", "vn34:00004")
    with pytest.raises(Problem, match="unknown-parent"):
        run("custom", "cu", "vn34:00004", "--name", "Cũ", "--parent", "vn34:none")
    with pytest.raises(Problem, match="bad-code"):
        run("custom", "a b/c", "vn34:00004", "--name", "Cũ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"ma,dan\n1,2\n", "code,population,area_km2"), (b"", "code,population,area_km2"),
        (b"code,population\n00004,12 000\n", "Line 2"), (b"code,population\n99999,12\n", "No line"), (b"\xff\xfe", "UTF-8"),
        (b"code,population\n00004,nan\n", "Line 2"), (b"code,area_km2\n00004,inf\n", "Line 2"),
        (b"code,population\n00004,-1\n", "Line 2"), (b"code,population\n00004,1e300\n", "Line 2"),
        (b"code,population\nXX,12\nXX,12\n", "No line"),
    ],
)  # fmt: skip
def test_a_file_of_measures_that_is_none_is_refused_and_its_line_named(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Problem, match=words):
        run("measures", str(path))

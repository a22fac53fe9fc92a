"""Kinds and procedures go from one centre to another as a file, all or nothing, under the name of who brings them in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toancanh.audit.models import AuditEntry
from toancanh.people.models import User
from toancanh.response.handling.kept import LocalVersion
from toancanh.response.handling.kinds import kind_of, kind_of_field
from toancanh.response.handling.procedures import procedure_of
from toancanh.site.cli import main

WHY = "Theo mẫu của tỉnh bạn"


@pytest.fixture
def bundle(chief: User, tmp_path: Path) -> Path:
    """What this centre exports."""
    path = tmp_path / "kinds.json"
    assert main(["kinds", "export", str(path)]) == 0
    return path


def changed(path: Path, *ways: tuple[str, Any]) -> Path:
    """The file with other values: ("kinds.road.icon", "leaf")."""
    data = json.loads(path.read_text(encoding="utf-8"))
    for way, value in ways:
        *names, last = way.split(".")
        part = data
        for name in names:
            part = part[int(name) if isinstance(part, list) else name]
        part[last] = value
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def bring_in(path: Path, who: User) -> int:
    return main(["kinds", "import", str(path), "--as", who.username, "--why", WHY])


def test_what_is_different_becomes_a_version_and_the_rest_stays(
    bundle: Path, chief: User, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(bundle.read_text(encoding="utf-8"))
    changed(
        bundle, ("kinds.road.title", {"vi": "Hạ tầng đô thị", "en": "City works"}), ("procedures.air.steps.0.minutes", 5),
        ("procedures.tree", data["procedures"]["source"]), ("kinds.tree", data["kinds"]["road"] | {"procedure": "tree"}),
        ("kinds.air.fields", []), ("kinds.environment.fields", ["air_quality"]),
    )  # fmt: skip
    assert bring_in(bundle, chief) == 0
    assert set(capsys.readouterr().out.split("\n")) == {
        "procedure air@2", "procedure tree@1", "kind road@2", "kind tree@1", "kind air@2", "kind environment@2", "",
    }  # fmt: skip
    assert (kind_of("road").title.vi, kind_of("tree").procedure) == ("Hạ tầng đô thị", "tree")
    assert procedure_of("air").stages[0].minutes == 5  # type: ignore[union-attr]
    assert kind_of_field("air_quality").code == "environment"
    assert {(each.actor, each.reason) for each in AuditEntry.objects.filter(action__endswith="_kind")} == {(chief.label, WHY)}
    assert bring_in(bundle, chief) == 0
    assert capsys.readouterr().out == ""
    main(["kinds", "list"])
    assert "road\ton\tmedium\t-\t2\tHạ tầng đô thị\tCity works\n" in capsys.readouterr().out


def test_what_one_centre_prints_another_reads(bundle: Path, chief: User, capsys: pytest.CaptureFixture[str]) -> None:
    main(["kinds", "export"])
    assert json.loads(capsys.readouterr().out) == json.loads(bundle.read_text(encoding="utf-8"))
    assert bring_in(bundle, chief) == 0
    assert not LocalVersion.objects.exists()


@pytest.mark.parametrize(
    ("way", "value", "words"),
    [
        ("kinds.road.icon", "dragon", "biểu tượng"), ("kinds.road.terms", {}, "“road” thiếu hoặc sai 'take'"),
        ("kinds.road.local", "yes", "“road”"), ("kinds.Đường", {}, "“Đường”"), ("kinds.road.role", "king", "vai trò"),
        ("procedures.air.steps", [], "ít nhất một bước"), ("procedures.air.steps.0.minutes", "5", "số phút"),
        ("procedures.air.steps", None, "“air”"), ("kinds.road.fields", ["air_quality"], "Ô nhiễm không khí"),
        ("kinds.other.offered", False, "Việc khác"), ("kinds.road.procedure", "nowhere", "quy trình"),
        ("kinds", [1], "“?”"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_whole_and_names_what_is_wrong(
    bundle: Path, chief: User, capsys: pytest.CaptureFixture[str], way: str, value: Any, words: str
) -> None:
    changed(bundle, ("kinds.cyber.icon", "shield"), (way, value))
    assert bring_in(bundle, chief) == 1
    assert words in capsys.readouterr().err
    assert not LocalVersion.objects.exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b'{"kinds": 5, "procedures": {}}'])
def test_what_is_no_such_file_is_refused_in_words(
    chief: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert bring_in(path, chief) == 1
    assert bring_in(tmp_path / "no-such.json", chief) == 1
    assert "tệp" in capsys.readouterr().err


def test_who_may_not_configure_brings_nothing_in(bundle: Path, lan: User, capsys: pytest.CaptureFixture[str]) -> None:
    changed(bundle, ("kinds.road.icon", "leaf"))
    assert bring_in(bundle, lan) == 1
    assert "Cấu hình" in capsys.readouterr().err
    assert not LocalVersion.objects.exists()

"""The worked example of docs/add-a-field.md is a real field: it is written into a folder and goes the whole way."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.packs.conftest import Hand, held
from tests.packs.test_every_pack import check_value

from toancanh.kernel import agency_roles, measures
from toancanh.kernel.conditions import View, judge
from toancanh.kernel.contracts import BAND_STATUSES, Good, Level, Severity
from toancanh.kernel.declaration_checks import mistakes
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.registry import registry

GUIDE = Path(__file__).parents[2] / "docs" / "add-a-field.md"
FILES = ("pack.py", "samples/ok.csv", "samples/late.ndjson", "samples/broken.csv", "expect.json")
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, shelf: None) -> Path:
    """The example's folder, its pack alone on the shelf."""
    text = GUIDE.read_text(encoding="utf-8").partition("## 2. A complete example")[2].partition("## 3.")[0]
    root = tmp_path / "road_accidents"
    (root / "samples").mkdir(parents=True)
    for name in FILES:
        _, _, after = text.partition(f"`{name}`")
        found = re.search(r"```\w+\n(.*?)```", after, re.DOTALL)
        assert found is not None, f"the guide shows no {name}"
        (root / name).write_text(found[1], encoding="utf-8")
    scope: dict[str, Any] = {"__name__": "road_accidents.pack"}
    exec(compile((root / "pack.py").read_text(encoding="utf-8"), str(root / "pack.py"), "exec"), scope)
    registry.install([scope["PACK"]])
    return root


def test_the_example_has_no_mistake(folder: Path) -> None:
    assert list(mistakes(registry.pack("road_accidents"))) == []  # type: ignore[arg-type]


def test_the_example_passes_the_linter(folder: Path) -> None:
    root = GUIDE.parents[1]
    config = ["--no-cache", "--config", str(root / "pyproject.toml")]
    asked = [sys.executable, "-m", "ruff", "check", *config, str(folder / "pack.py")]
    done = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_guide_lists_every_word_that_may_be_chosen() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    roles = [name for name, each in vars(agency_roles).items() if isinstance(each, agency_roles.AgencyRole)]
    chosen = [each.name for kind in (Grain, Level, Severity, Good, measures.Adds) for each in kind]
    assert [word for word in (*chosen, *roles, *BAND_STATUSES) if f"`{word}`" not in text] == []


def test_the_guide_names_every_measure_with_its_arguments() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for measure in ("count", "total", "mean", "Extreme", "Quantile", "Distinct", "Stock", "Reported", "Series"):
        shown = re.search(rf"\| `{measure}\((.*?)\)`", text)
        assert shown is not None, measure
        names = list(inspect.signature(getattr(measures, measure)).parameters)
        assert [each.partition("=")[0] for each in shown[1].split(", ")] == names


def test_the_example_goes_from_its_samples_to_its_values(folder: Path, hand_of: Any) -> None:
    hand: Hand = hand_of(folder)
    rules = {each.code: each for each in registry.pack("road_accidents").rules}  # type: ignore[union-attr]
    for given in hand.expected["deliveries"]:
        receipt = hand.deliver(given)
        assert (receipt.accepted, held(receipt)) == (given["accepted"], given["held"])
        for each in hand.expected["values"]:
            if each["after"] == given["file"]:
                check_value(each)
    limit = rules["road_accidents_many"].condition
    assert [judge(limit, View(value, Period.parse("2026-10"))).fires for value in (3.0, 4.0)] == [False, True]


def test_the_guide_names_the_mistake_as_the_checks_do(folder: Path) -> None:
    text = (folder / "pack.py").read_text(encoding="utf-8").replace('total(Column("dead"))', 'total(Column("deaths"))')
    scope: dict[str, Any] = {"__name__": "road_accidents.pack"}
    exec(compile(text, str(folder / "pack.py"), "exec"), scope)
    site, what = next(mistakes(scope["PACK"]))
    assert re.fullmatch(r"road_accidents/pack\.py:\d+", site)
    assert what in GUIDE.read_text(encoding="utf-8")

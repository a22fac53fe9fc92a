"""A folder under packs/ that is not whole stops the start with its name and what to do."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from toancanh.kernel.declaration_checks import DeclarationError
from toancanh.site.packs import discover

WHOLE = """
from toancanh.kernel.agency_roles import FINANCE
from toancanh.kernel.contracts import Pack
from toancanh.kernel.text import Text

PACK = Pack(code="{code}", title=Text("Chữ", "Words"), icon="chart", owner=FINANCE, datasets=(), indicators=())
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """An empty package of packs."""
    (tmp_path / "tried_packs").mkdir()
    (tmp_path / "tried_packs" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("tried_packs")
    for name in [each for each in sys.modules if each.partition(".")[0] == "tried_packs"]:
        del sys.modules[name]


def put(shelf: ModuleType, folder: str, **files: str) -> None:
    root = Path(shelf.__path__[0]) / folder
    root.mkdir(exist_ok=folder == "__pycache__")  # made already where compiled files are kept
    for name, text in files.items():
        (root / f"{name}.py").write_text(text, encoding="utf-8")


def test_folders_are_packs_in_the_order_of_their_names(shelf: ModuleType) -> None:
    put(shelf, "second", __init__="", pack=WHOLE.format(code="second"))
    put(shelf, "first", __init__="", pack=WHOLE.format(code="first"))
    put(shelf, "removed")
    put(shelf, "__pycache__")
    assert [each.code for each in discover(shelf)] == ["first", "second"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"__init__": ""}, r"^half: the folder has no pack\.py: add it"),
        ({"pack": WHOLE.format(code="half")}, r"^half: the folder has no __init__\.py: add it"),
        ({"__init__": "", "pack": "PACKS = ()"}, r"^half/pack\.py: it defines no PACK = Pack\(\.\.\.\)"),
        ({"__init__": "", "pack": WHOLE.format(code="other")}, r"^half/pack\.py:\d+: the pack's code is 'other', its folder"),
        ({"__init__": "", "pack": "\nimport nowhere_at_all"}, r"^half/pack\.py:2: it cannot be imported \(ModuleNotFoundError"),
        ({"__init__": "", "pack": "PACK = ("}, r"^half/pack\.py:1: it cannot be imported \(SyntaxError"),
        (
            {"__init__": "", "pack": "from tried_packs.half.parts import A", "parts": "\n\nA = 1 / 0"},
            r"^half/parts\.py:3: it cannot be imported \(ZeroDivisionError.*move the folder out of packs/",
        ),
    ],
)
def test_a_folder_that_is_not_whole_is_named(shelf: ModuleType, files: dict[str, str], said: str) -> None:
    put(shelf, "half", **files)
    with pytest.raises(DeclarationError, match=said):
        discover(shelf)

"""The house: sizes, names, folders and words that every file keeps."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "toancanh"
PYTHON = sorted(p for p in [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
OURS = [p for p in PYTHON if "migrations" not in p.parts]
FORBIDDEN = {"utils", "helpers", "common", "misc", "extras", "base", "manager"}

# Reasons stand beside each exception.
LONGER_FILES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}
FULLER_FOLDERS = {
    "kernel": "the language: one module per concept, read side by side",
    "indicators": "reads, proofs, exports, freshness and re-basing of one kind of thing stand side by side",
    "sample": "one module for each thing that the sample province makes",
    "response": "what incidents, directives and tasks share stands side by side",
    "services": "one module for each family of verbs",
    "css": "one sheet for each kind of part or page, joined by app.css and wall.css",
    "site": "the only place that knows everyone: one small module per process and duty",
}
FOLDER_LIMIT = 16


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    limit = 600 if "tests" in path.relative_to(ROOT).parts else 400
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= limit or name_of(path) in LONGER_FILES, f"{lines} lines; split it"


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_no_function_is_longer_than_sixty_lines_or_takes_more_than_seven_parameters(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            where = f"{name_of(path)}:{node.name}"
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60 or where in LONGER_FUNCTIONS, f"{where} has {length} lines"
            positional = [a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
            if "tests" not in path.relative_to(ROOT).parts:
                assert len(positional) <= 7, f"{where} takes {len(positional)} positional parameters"


def test_no_forbidden_names() -> None:
    bad = [name_of(p) for p in SOURCE.rglob("*") if p.stem in FORBIDDEN and "templates" not in p.parts]
    assert not bad, "if no noun fits, the border is wrong"


def test_folders_are_small() -> None:
    for folder in [SOURCE, *(p for p in SOURCE.rglob("*") if p.is_dir())]:
        if {"migrations", "built", ".building", "__pycache__"} & set(folder.parts):
            continue
        aside = ("__pycache__", "__init__.py", "migrations", "templates", "static")
        entries = [p for p in folder.iterdir() if p.name not in aside]
        limit = 30 if folder.name in FULLER_FOLDERS or folder == SOURCE else FOLDER_LIMIT
        assert len(entries) <= limit, f"{folder.relative_to(ROOT)} has {len(entries)} entries"


def test_init_files_are_empty() -> None:
    full = [name_of(p) for p in SOURCE.rglob("__init__.py") if p.read_text().strip() and p.parent.name != "compute"]
    assert not full, "explicit imports: an __init__ re-exports nothing"


@pytest.mark.parametrize("path", [p for p in OURS if p.name != "__init__.py"], ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "a module docstring says what the file is for"


@pytest.mark.parametrize("path", [p for p in OURS if SOURCE in p.parents], ids=name_of)
def test_texts_are_complete_in_both_languages(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            words = [a for a in (*node.args, *(k.value for k in node.keywords))]
            assert len(words) == 2, f"{name_of(path)}:{node.lineno} a Text has a Vietnamese and an English wording"
            for word in words:
                if isinstance(word, ast.Constant):
                    assert str(word.value).strip(), f"{name_of(path)}:{node.lineno} empty wording"


def test_pages_have_no_inline_script_or_style() -> None:
    pattern = re.compile(r"""\sstyle=["']|\son[a-z]+=["']|<script(?![^>]*\ssrc=)|<style""", re.IGNORECASE)
    for page in SOURCE.rglob("*.html"):
        found = pattern.search(page.read_text(encoding="utf-8"))
        assert not found, f"{name_of(page)}: {found.group(0)!r}"


def test_nothing_names_an_absolute_path_or_a_registry() -> None:
    pattern = re.compile(r"(?<![\w.-])/(?:root|home|work)/[a-z]|pypi\.org|registry\.npmjs|files\.pythonhosted")
    for pattern_of_files in ("*.py", "*.md", "*.toml", "*.txt", "*.json", "*.yml", "*.ts", "*.mjs", "Makefile"):
        for path in ROOT.rglob(pattern_of_files):
            parts = path.relative_to(ROOT).parts
            if {".venv", "node_modules", "var", "built", ".git"} & set(parts) or path == Path(__file__):
                continue
            found = pattern.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{name_of(path)}: {found.group(0)!r}"


def test_all_text_is_nfc() -> None:
    import unicodedata

    for path in [*OURS, *SOURCE.rglob("*.html"), *(ROOT / "docs").rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), name_of(path)

"""The house: sizes, names, folders and words that every file keeps."""

import ast
import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Read:
    """What one reading of a file tells: its lines, its docstring, its functions and its wordings."""

    path: Path
    lines: int
    docstring: str | None
    functions: list[tuple[str, int, int]]  # file:name, lines, positional parameters
    wordings: list[tuple[str, list[str | None]]]  # file:line of a Text, its wordings; None: not written there

    @property
    def name(self) -> str:
        return name_of(self.path)


@pytest.fixture(scope="module")
def files() -> list[Read]:
    """Every file of ours, read once."""
    found = [read(path) for path in OURS]
    assert len(found) > 500
    assert sum(len(each.functions) for each in found) > 3000
    assert sum(len(each.wordings) for each in found) > 1000
    return found


def read(path: Path) -> Read:
    text, name = path.read_text(encoding="utf-8"), name_of(path)
    tree = ast.parse(text)
    found = Read(path, len(text.splitlines()), ast.get_docstring(tree), [], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            positional = [each for each in (*node.args.posonlyargs, *node.args.args) if each.arg not in ("self", "cls")]
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            found.functions.append((f"{name}:{node.name}", length, len(positional)))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            words = (*node.args, *(each.value for each in node.keywords))
            said = [str(each.value) if isinstance(each, ast.Constant) else None for each in words]
            found.wordings.append((f"{name}:{node.lineno}", said))
    return found


def of_tests(path: Path) -> bool:
    return "tests" in path.relative_to(ROOT).parts


def test_no_file_is_longer_than_a_reader_can_hold(files: list[Read]) -> None:
    long = {each.name: each.lines for each in files if each.lines > (600 if of_tests(each.path) else 400)}
    assert {name: lines for name, lines in long.items() if name not in LONGER_FILES} == {}, "split them"


def test_no_function_is_longer_than_sixty_lines_or_takes_more_than_seven_parameters(files: list[Read]) -> None:
    long = [(name, lines) for each in files for name, lines, _ in each.functions if lines > 60 and name not in LONGER_FUNCTIONS]
    wide = [(name, taken) for each in files for name, _, taken in each.functions if taken > 7 and not of_tests(each.path)]
    assert (long, wide) == ([], [])


def test_no_forbidden_names() -> None:
    found = {name_of(p) for p in SOURCE.rglob("*") if p.stem in FORBIDDEN and "templates" not in p.parts}
    bad = found - {"src/toancanh/site/sqlite/base.py"}  # a database engine of Django's is looked for under this name
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


def test_every_module_says_what_it_is_for(files: list[Read]) -> None:
    silent = [each.name for each in files if each.path.name != "__init__.py" and not each.docstring]
    assert silent == [], "a module docstring says what the file is for"


def test_texts_are_complete_in_both_languages(files: list[Read]) -> None:
    texts = [each for read in files if SOURCE in read.path.parents for each in read.wordings]
    assert [where for where, words in texts if len(words) != 2] == [], "a Text has a Vietnamese and an English wording"
    empty = [where for where, words in texts if any(word is not None and not word.strip() for word in words)]
    assert empty == []


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

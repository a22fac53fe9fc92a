"""Every act that the program records can be read on the audit page in both languages."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from toancanh.audit.words import words_of
from toancanh.response import changes

SOURCE = Path(__file__).parents[2] / "src" / "toancanh"
MOVES = {move.verb for machine in changes.MACHINES.values() for move in machine.moves}
# What the reading below cannot follow to its words, and the words it comes to.
KNOWN = {
    "decision.action": {"intake.fix_row", "intake.dismiss_row", "intake.replay"},
    "kind_of(record)": {"incident", "directive", "task"},
    "asked.state": {"granted", "refused"},
    "chosen.move": MOVES,
}


@dataclass
class Reading:
    """The program as trees: the file of each function and call, what stands around each node, and the calls of each name."""

    where: dict[ast.AST, Path] = field(default_factory=dict)
    parent: dict[ast.AST, ast.AST] = field(default_factory=dict)
    calls: dict[str, list[ast.Call]] = field(default_factory=lambda: defaultdict(list))


@cache
def reading() -> Reading:
    found = Reading()
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found.parent |= dict.fromkeys(ast.iter_child_nodes(node), node)
            if isinstance(node, ast.FunctionDef | ast.Call):
                found.where[node] = path
            if isinstance(node, ast.Call):
                found.calls[getattr(node.func, "id", "") or getattr(node.func, "attr", "")].append(node)
    return found


def called(name: str, within: ast.AST) -> list[ast.Call]:
    """The calls of a function, in its room; of a private one in its own file."""
    where, own = reading().where, name.startswith("_")
    room = where[within].relative_to(SOURCE).parts[0]
    return [
        node
        for node in reading().calls[name]
        if (where[node] == where[within] if own else where[node].relative_to(SOURCE).parts[0] == room)
    ]


def function_of(node: ast.AST) -> ast.FunctionDef | None:
    parent = reading().parent
    while node in parent and not isinstance(node := parent[node], ast.FunctionDef):
        pass
    return node if isinstance(node, ast.FunctionDef) else None


def values(node: ast.expr, seen: tuple[str, ...] = ()) -> set[str]:
    """What an expression may be: constants, joined words, and arguments as the callers give them."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return values(node.body, seen) | values(node.orelse, seen)
    if isinstance(node, ast.JoinedStr):
        found = {""}
        for part in node.values:
            more = values(part.value if isinstance(part, ast.FormattedValue) else part, seen)
            found = {f"{before}{after}" for before in found for after in more}
        return found
    if isinstance(node, ast.Attribute) and (node.attr == "value" or node.attr.isupper()):
        return {node.attr.lower()} if node.attr.isupper() else values(node.value, seen)  # a member of an enumeration
    if ast.unparse(node) in KNOWN:
        return KNOWN[ast.unparse(node)]
    function = function_of(node)
    if isinstance(node, ast.Name) and function is not None:
        return of_name(node.id, function, seen)
    return MOVES if is_of_the_table(node) else {f"? {ast.unparse(node)}"}


def is_of_the_table(node: ast.AST) -> bool:
    """Whether a name runs over the moves of the state tables."""
    name, parent = ast.unparse(node), reading().parent
    while node in parent and not isinstance(node := parent[node], ast.DictComp):
        pass
    over = [each.iter for each in node.generators if ast.unparse(each.target) == name] if isinstance(node, ast.DictComp) else []
    return any(ast.unparse(each).startswith("moves.MOVES") for each in over)


def of_name(name: str, function: ast.FunctionDef, seen: tuple[str, ...]) -> set[str]:
    places = [each.arg for each in function.args.args]
    if name not in places + [each.arg for each in function.args.kwonlyargs]:
        assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        given = [each.value for each in assigned if ast.unparse(each.targets[0]) == name]
        outer = function_of(function)
        if not given and outer is not None:
            return of_name(name, outer, seen)
        return set().union(*(values(each, seen) for each in given)) if given else {f"? {name}"}
    if (here := f"{function.name}.{name}") in seen:
        return set()
    found: set[str] = set()
    for call in called(function.name, function):
        named = [each.value for each in call.keywords if each.arg == name]
        placed = call.args[places.index(name) :][:1] if name in places else []
        found |= set().union(*(values(each, (*seen, here)) for each in [*named, *placed]))
    return found


@pytest.fixture(scope="module")
def recorded() -> Iterator[dict[str, str]]:
    """Every code that `audit.record` is called with, and where."""
    found: dict[str, str] = {}
    for node in reading().calls["record"]:
        if ast.unparse(node.func) in ("record", "audit.record") and len(node.args) > 2:
            place = f"{reading().where[node].relative_to(SOURCE)}:{node.lineno}"
            found |= dict.fromkeys(values(node.args[1]), place)
    yield found
    reading.cache_clear()


def test_the_reading_finds_the_acts(recorded: dict[str, str]) -> None:
    assert {"people.sign_in", "response.take", "response.open_task", "watch.acknowledged", "notify.add_turn"} <= set(recorded)
    assert len(recorded) > 120


def test_they_have_words_in_vietnamese_and_english(recorded: dict[str, str]) -> None:
    said = {action: words_of(action) for action in recorded}
    assert {action: recorded[action] for action, words in said.items() if words is None} == {}, "give them words in acts.py there"
    assert [action for action, words in said.items() if words is not None and words.vi == words.en] == []

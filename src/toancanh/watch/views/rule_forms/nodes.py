"""The condition of a rule while it is being edited: a small tree of typed words, to and from the names of a form.

The root is `c`, its parts are `c_0`, `c_1` ..., theirs `c_0_0` ...; each carries its kind, and the kind it was shown with
(`was`): where the two differ, the fields of the new kind have not been shown yet. Adding and dropping a part are plain posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from enum import Enum

from toancanh.kernel.conditions import AllOf, AnyOf, Condition, Leaf, Stay
from toancanh.watch.definitions import LEAVES, condition_data
from toancanh.watch.views.rule_forms.typed import in_hours, shown

ROOT = "c"
JOINED: dict[str, type[AllOf] | type[AnyOf]] = {"all": AllOf, "any": AnyOf}
TYPED = ("side", "limit", "clears", "by", "against", "per", "periods", "least", "seasons", "counted", "stay", "most")
MOST_PARTS = 6
DEEPEST = 2  # a group within a group; below that there are single conditions only
COUNTED = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


@dataclass(frozen=True)
class Node:
    """One condition: a group with parts, or a single one with what is typed for it."""

    kind: str = "threshold"
    typed: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Node, ...] = ()

    @property
    def joined(self) -> bool:
        return self.kind in JOINED


def of_condition(condition: Condition) -> Node:
    """The tree of a condition that holds."""
    kind = condition_data(condition)["kind"]
    if isinstance(condition, AllOf | AnyOf):
        return Node(kind, {}, tuple(of_condition(each) for each in condition.parts))
    return Node(kind, _words(condition))


def _words(leaf: Leaf) -> dict[str, str]:
    found = {"side": "above" if leaf.above is not None else "below", "limit": shown(leaf.limit)}
    for each in fields(leaf):
        value = getattr(leaf, each.name)
        if each.name in ("above", "below") or value is None:
            continue
        if each.name == "counted_in":
            found["counted"] = next((name for name, span in COUNTED.items() if span == value), "day")
        elif isinstance(value, timedelta):
            found[each.name] = in_hours(value)
        elif isinstance(value, Stay):
            found[each.name] = value.code
        else:
            found["clears" if each.name == "clears_at" else each.name] = (
                str(value.value) if isinstance(value, Enum) else shown(value)
            )
    return found


def of_given(given: Mapping[str, str], path: str = ROOT, depth: int = 0) -> Node:
    """The tree that a form sent, with the kinds that it asks for."""
    kind = given.get(f"{path}_kind", "")
    was = given.get(f"{path}_was", kind)
    typed = {name: given[f"{path}_{name}"] for name in TYPED if f"{path}_{name}" in given}
    parts: tuple[Node, ...] = ()
    if was in JOINED and depth < DEEPEST + 2:
        parts = tuple(of_given(given, f"{path}_{place}", depth + 1) for place in range(_count(given.get(f"{path}_parts", ""))))
    if kind in JOINED:
        return Node(kind, {}, parts if was in JOINED else (Node(was if was in LEAVES else "threshold", typed), Node()))
    if was in JOINED and parts:
        return Node(kind, parts[0].typed)
    return Node(kind, typed)


def _count(text: str) -> int:
    return min(int(text), 2 * MOST_PARTS) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def reshaped(given: Mapping[str, str], path: str = ROOT, depth: int = 0) -> bool:
    """Whether a form asks for another kind of condition somewhere than it was shown with."""
    kind, count = given.get(f"{path}_kind"), _count(given.get(f"{path}_parts", ""))
    if kind != given.get(f"{path}_was", kind):
        return True
    inside = range(count) if kind in JOINED and depth < DEEPEST + 2 else ()
    return any(reshaped(given, f"{path}_{place}", depth + 1) for place in inside)


def flat(node: Node, path: str = ROOT) -> dict[str, str]:
    """The names and words of a tree in a form."""
    found = {f"{path}_kind": node.kind, f"{path}_was": node.kind}
    if node.joined:
        found[f"{path}_parts"] = str(len(node.parts))
        for place, part in enumerate(node.parts):
            found |= flat(part, f"{path}_{place}")
    return found | {f"{path}_{name}": words for name, words in node.typed.items()}


def edited(node: Node, verb: str, path: str) -> Node:
    """The tree with one part more at the group `path` ("add"), or without the part `path` ("drop"). Unknown paths change nothing.

    A group that keeps a single part becomes that part.
    """
    places = path.split("_")[1:]
    if not path.startswith(ROOT) or not all(each.isascii() and each.isdigit() for each in places):
        return node
    return _edited(node, verb, [int(each) for each in places])


def _edited(node: Node, verb: str, places: list[int]) -> Node:
    if not places:
        return replace(node, parts=(*node.parts, Node())) if verb == "add" and node.joined else node
    first, rest = places[0], places[1:]
    if not node.joined or first >= len(node.parts):
        return node
    if verb == "drop" and not rest:
        kept = node.parts[:first] + node.parts[first + 1 :]
        return kept[0] if len(kept) == 1 else replace(node, parts=kept)
    parts = list(node.parts)
    parts[first] = _edited(parts[first], verb, rest)
    return replace(node, parts=tuple(parts))

"""What the details of audit entries hold, for the check that a reader sees words and no names of columns."""

from __future__ import annotations

from collections.abc import Mapping

from toancanh.audit.words import name_of_detail

OPEN = frozenset({"definition", "changed"})  # a rule's or a kind's own content: its names are without end


def nameless(details: Mapping[str, object]) -> list[str]:
    """The paths in an entry's details that have no words."""
    found = [name for name in details if name_of_detail(name) is None]
    inside = [(name, value) for name, value in details.items() if isinstance(value, Mapping) and name not in OPEN]
    return found + [f"{name}.{each}" for name, value in inside for each in nameless(value)]

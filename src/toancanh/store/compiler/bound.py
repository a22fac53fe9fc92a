"""Values beside the SQL text, never inside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Bound:
    """Collects the parameters of one query; each `add` answers the placeholder to write into the text."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: Any, type_name: str) -> str:
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{type_name}}}"

    def text(self, value: str) -> str:
        return self.add(value, "String")

    def texts(self, values: Iterable[str]) -> str:
        return self.add(list(values), "Array(String)")

    def whole(self, value: int) -> str:
        return self.add(value, "Int64")

    def wholes(self, values: Iterable[int]) -> str:
        return self.add(list(values), "Array(Int64)")

    def number(self, value: float) -> str:
        return self.add(float(value), "Float64")

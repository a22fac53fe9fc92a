"""A column as its cells and the answer to each distinct cell: put together only when somebody wants the values.

The door that receives a delivery has to know what is wrong with it, not what it says; who lands it reads it again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any


class Answered(Sequence[Any]):
    """The answers to `keys`, one for each."""

    def __init__(self, keys: Sequence[Any], answers: Mapping[Any, Any]) -> None:
        self._keys = keys
        self._answers = answers
        self._values: list[Any] | None = None

    @property
    def values(self) -> list[Any]:
        """The column."""
        if self._values is None:
            self._values = list(map(self._answers.__getitem__, self._keys))
        return self._values

    @property
    def told_apart(self) -> Sequence[Hashable]:
        """A column whose cells are equal where the values are: the keys, when no two of them have the same answer."""
        answers = self._answers.values()
        return self._keys if len(set(answers)) == len(answers) else self.values

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, place: Any) -> Any:
        return self.values[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

"""A payload read as a table: raw values by field, with the line of each row. What every format is turned into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from toancanh.intake.checking.refused import Refused

MOST_DETAILED = 5_000  # held rows of one delivery whose reasons are kept; the rest are only counted


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that could not be read as a row."""

    line: int
    text: str
    why: Refused


@dataclass(slots=True)
class Table:
    """`columns` holds raw values by field name, each as long as `lines`; fields that did not come are absent.

    `headings` says what the sender calls a field; `cell_headings`, for sheets turned from wide to long,
    names the sender's column of each row.
    `decimal` is the decimal mark that the numbers written as text use, where the payload tells.
    """

    columns: dict[str, Sequence[object]]
    lines: Sequence[int]
    headings: dict[str, str] = field(default_factory=dict)
    broken: list[BrokenLine] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    cell_headings: Sequence[str] | None = None
    all_text: bool = False  # every cell is a text

    @property
    def size(self) -> int:
        return len(self.lines)

    def raw(self, position: int) -> dict[str, object]:
        """One row as it came, by field name."""
        return {name: values[position] for name, values in self.columns.items()}

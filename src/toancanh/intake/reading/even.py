"""Separated text of the plainest kind, which most programs send: nothing quoted, every row as wide as the first.

Such text needs no row of its own: it is cut into cells once and dealt out to the columns, at a quarter of the price.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from toancanh.intake.reading.delimited import LONGEST_CELL, Opened


class EvenText:
    """The lines of a text that is even and plain."""

    def __init__(self, opened: Opened, lines: Sequence[str], width: int) -> None:
        self.opened = opened
        self.lines = lines
        self.width = width

    def rows(self, most: int) -> list[Sequence[object]]:
        """The first rows."""
        return [line.split(self.opened.separator) for line in self.lines[:most]]

    def columns(self) -> list[list[str]]:
        """The cells under the heading, by column."""
        separator, width = self.opened.separator, self.width
        cells = separator.join(self.lines).split(separator)
        return [cells[place + width :: width] for place in range(width)]

    def line_numbers(self) -> range:
        """The line of each row under the heading."""
        begin = self.opened.skipped + 2
        return range(begin, begin + len(self.lines) - 1)


def even_text(opened: Opened) -> EvenText | None:
    """The text as even lines; None when a cell is quoted or enormous, a row is empty, or rows differ in width."""
    if '"' in opened.body:
        return None
    lines = opened.body.rstrip("\n").split("\n")
    between = lines[0].count(opened.separator)
    if set(map(str.count, lines, repeat(opened.separator))) != {between} or max(map(len, lines)) > LONGEST_CELL:
        return None
    return None if opened.separator * between in lines else EvenText(opened, lines, between + 1)

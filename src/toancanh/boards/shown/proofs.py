"""Where a figure is proved: every value on a page leads there."""

from __future__ import annotations

from toancanh.boards.reading import Point, Version
from toancanh.ui.tables import Cell


def proof_href(point: Point | Version | None) -> str:
    """The address of the proof of a value; "" without one, and for a value that was made for a map."""
    return f"/values/{point.id}/proof" if point is not None and point.id and point.value is not None else ""


def proved(text: str, point: Point | Version | None, *, replaced: bool = False) -> Cell:
    """The cell of a figure in a table."""
    href = proof_href(point)
    return Cell(text=text, href=href, drawer=bool(href), mark="replaced" if replaced else "")

"""Geometry of bars that share a length: the segment bar, stacked bars by agency, the hours of the air strip."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.ui.parts import SegmentView, StackView, StripView

STACK_WIDTH = 300.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: its kind and its left edge and width in units of the bar."""

    kind: str
    x: float
    width: float


def segment(view: SegmentView) -> tuple[Piece, ...]:
    """Pieces of one bar of 1000 units with a thin gap between them; shares of nothing are left out."""
    kept = [s for s in view.shares if s.amount > 0]
    whole = sum(s.amount for s in kept)
    pieces, x = [], 0.0
    for share in kept:
        width = 1000 * share.amount / whole
        pieces.append(Piece(share.kind, round(x + 1.5, 1), round(max(width - 3, 2), 1)))
        x += width
    return tuple(pieces)


def stacks(view: StackView) -> tuple[tuple[Piece, ...], ...]:
    """For each row its pieces on the common scale: the longest row fills the track."""
    most = max((r.late + r.soon + r.in_time for r in view.rows), default=0) or 1
    out = []
    for row in view.rows:
        pieces, x = [], 0.0
        for kind, amount in (("bad", row.late), ("warn", row.soon), ("ok", row.in_time)):
            width = STACK_WIDTH * amount / most
            if amount > 0:
                pieces.append(Piece(kind, round(x, 1), round(max(width - 2, 1), 1)))
            x += width
        out.append(tuple(pieces))
    return tuple(out)


def strip(view: StripView) -> tuple[Piece, ...]:
    """One cell of 10 units (9 drawn) per hour, kind "aqi-1" to "aqi-6", "aqi-0" where there is no reading."""
    return tuple(Piece(f"aqi-{band}", i * 10.0, 9.0) for i, band in enumerate(view.bands))

"""What the room tells the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WallChanged:
    """Somebody steered a wall: another scene, held, visitors in the room. `wall` is its code."""

    wall: str

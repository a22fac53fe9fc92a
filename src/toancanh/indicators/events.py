"""What the room tells the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndicatorMoved:
    """Current values changed. Each key is "indicator:unit key", e.g. "on_time:sample:MS07"."""

    keys: tuple[str, ...]

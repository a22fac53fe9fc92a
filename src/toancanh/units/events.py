"""What the register tells the rest of the house, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitsChanged:
    """What these units are made of, lie in or went into is another than before; no keys: of any unit."""

    keys: tuple[str, ...] = ()

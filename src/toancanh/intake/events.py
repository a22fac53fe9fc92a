"""What intake tells the rest of the house, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowsStored:
    """The good rows of these deliveries have just come into the store: a moment for what cannot wait. RowsLanded follows, also
    where this news was lost."""

    dataset: str
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowsLanded:
    """The good rows of these deliveries are in the store."""

    dataset: str
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeliveryRefused:
    """A source sent something that could not be taken at all."""

    source: str
    dataset: str
    code: str

"""The shelf of packs in a test's hands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from toancanh.kernel.contracts import Pack
from toancanh.kernel.registry import registry


@contextmanager
def on_the_shelf(packs: Iterable[Pack]) -> Iterator[None]:
    """`packs` alone; then what stood there before, put back as it was: checked once, it need not be checked again."""
    kept = dict(vars(registry))
    registry.install(packs)
    try:
        yield
    finally:
        vars(registry).update(kept)

"""What happened, told to whoever the wiring table names. Handlers are idempotent; they run in the caller's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

Handler = Callable[[Any], object]  # a handler takes the event it is wired to; what it answers is not used

_wiring: dict[type, tuple[Handler, ...]] = {}


def wire(table: Mapping[type, Sequence[Handler]]) -> None:
    """Set who hears what. Called once, by the site."""
    _wiring.clear()
    _wiring.update({event: tuple(handlers) for event, handlers in table.items()})


def tell(event: object) -> None:
    """Call the handlers of `event` now; the first failure is raised to the caller, who will retry."""
    for handler in _wiring.get(type(event), ()):
        handler(event)


def tell_after_commit(event: object) -> None:
    """Call the handlers once the surrounding transaction has been committed."""
    transaction.on_commit(lambda: tell(event))

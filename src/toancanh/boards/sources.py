"""How the data behind a figure arrive: one line per dataset, from the health of its sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from toancanh.boards.memory import Memory
from toancanh.intake import policy
from toancanh.intake.queries import SourceHealth, source_health
from toancanh.people.actors import SYSTEM
from toancanh.people.permissions import Action, Actor

_TROUBLE = frozenset({"errors", "late", "silent"})
_health: Memory[list[SourceHealth]] = Memory(5.0)


@dataclass(frozen=True, slots=True)
class Feed:
    """The sources of one dataset taken together. `late` when every source that ever sent is behind its pace or failing."""

    dataset: str
    sources: tuple[SourceHealth, ...]

    @property
    def late(self) -> bool:
        return bool(self.sources) and all(each.state in _TROUBLE for each in self.sources)

    @property
    def last_delivery(self) -> datetime | None:
        return max((each.last_delivery for each in self.sources if each.last_delivery), default=None)


def health(actor: Actor) -> list[SourceHealth]:
    """Every source and dataset that `actor` may see, the worst first. Gathered at most every few seconds."""
    return [each for each in _everything() if policy.may(actor, Action.VIEW, each.source, each.dataset)]


def freshness() -> dict[str, Feed]:
    """How the data of every dataset arrive: a figure that somebody may see says how fresh it is, whoever sends its rows."""
    return feeds(_everything())


def feeds(found: Iterable[SourceHealth]) -> dict[str, Feed]:
    """Feeds by dataset; sources that are switched off do not count."""
    grouped: dict[str, list[SourceHealth]] = {}
    for each in found:
        if each.state != "off":
            grouped.setdefault(each.dataset, []).append(each)
    return {code: Feed(code, tuple(lines)) for code, lines in grouped.items()}


def in_trouble(found: Iterable[SourceHealth]) -> list[SourceHealth]:
    """Those that are late, silent or failing."""
    return [each for each in found if each.state in _TROUBLE]


def _everything() -> list[SourceHealth]:
    return _health.get("all", lambda: source_health(SYSTEM))

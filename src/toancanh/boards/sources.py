"""How the data behind a figure arrive: one line per dataset, from the health of its sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from toancanh.boards.memory import Memory
from toancanh.intake.queries import SourceHealth, source_health
from toancanh.kernel.registry import registry
from toancanh.people import policy
from toancanh.people.actors import SYSTEM
from toancanh.people.permissions import Actor
from toancanh.units.models import Unit

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

    @property
    def owners(self) -> tuple[Unit, ...]:
        """The agencies that send it."""
        return tuple({each.source.owner.pk: each.source.owner for each in self.sources if each.source.owner}.values())


def health(actor: Actor) -> list[SourceHealth]:
    """Every source and dataset of the fields that `actor` may see, the worst first. Gathered at most every few seconds."""
    lines = _health.get("all", lambda: source_health(SYSTEM))
    fields = policy.visible_fields(actor)
    return [each for each in lines if fields is None or _field(each.dataset) in fields]


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


def _field(dataset_code: str) -> str:
    dataset = registry.dataset(dataset_code)
    return registry.pack_of(dataset).code if dataset else ""

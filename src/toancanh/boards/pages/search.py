"""Finding indicators, places and agencies: with or without marks, with or without "xã", "phường"."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.boards.selection import Selection
from toancanh.indicators.queries import indicators
from toancanh.kernel.contracts import Indicator, Level
from toancanh.kernel.registry import registry
from toancanh.kernel.vietnamese import fold
from toancanh.people.permissions import Actor
from toancanh.ui.language import t, tx
from toancanh.units import queries as units
from toancanh.units.models import Unit

SHOWN = 8
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, what kind of thing it is, and where it is."""

    title: str
    kind: str
    href: str


def search(actor: Actor, q: str, selection: Selection, limit: int = SHOWN) -> list[Hit]:
    """Indicators first, then places and agencies; nothing for less than two letters."""
    words = fold(q.strip())
    if len(words) < SHORTEST:
        return []
    found = [_indicator_hit(each, selection) for each in _indicators(actor, words)[:limit]]
    found.extend(_unit_hit(each, selection) for each in units.search(actor, q.strip()[:80], limit))
    return found


def _indicators(actor: Actor, words: str) -> list[Indicator]:
    """Titles that begin with the words before those that hold them, and those before definitions."""
    ranked = []
    for each in indicators(actor):
        titles = [fold(text) for text in (each.title.vi, each.title.en, each.code)]
        if any(title.startswith(words) for title in titles):
            ranked.append((0, each))
        elif any(words in title for title in titles):
            ranked.append((1, each))
        elif words in fold(each.definition.vi) or words in fold(each.definition.en):
            ranked.append((2, each))
    return [each for _, each in sorted(ranked, key=lambda pair: pair[0])]


def _indicator_hit(indicator: Indicator, selection: Selection) -> Hit:
    return Hit(tx(indicator.title), tx(registry.pack_of(indicator).title), selection.indicator(indicator.code))


def _unit_hit(unit: Unit, selection: Selection) -> Hit:
    if unit.level == Level.AGENCY:
        return Hit(tx(unit.title), t("Cơ quan", "Agency"), selection.agency(unit.key))
    above = tx(unit.parent.title) if unit.parent else t("Địa bàn", "Place")
    return Hit(tx(unit.title), above, selection.place(unit.key))

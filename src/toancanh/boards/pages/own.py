"""What is a reader's own: the places and agencies that the account is limited to, each with the figures it may see there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from toancanh.boards.figures import Figure, figures, in_order
from toancanh.boards.selection import Selection
from toancanh.boards.shown import words
from toancanh.boards.shown.guard import guarded
from toancanh.boards.shown.tiles import tile
from toancanh.boards.sources import freshness
from toancanh.kernel.contracts import Level
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.people.policy import named_units
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, Part
from toancanh.units import queries as units
from toancanh.units.models import Unit

UNITS = 3
CARDS = (8, 4, 4)  # of the first unit, the second, the third


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One unit: its figures, the worst first, the first of them as cards, and the way to its page."""

    unit: Unit
    figures: tuple[Figure, ...]
    tiles: tuple[Part, ...]
    page: Link


def own(actor: Actor, root: Unit, selection: Selection) -> tuple[Own, ...]:
    """The units other than `root` that `actor` is limited to, those with figures first; at most `UNITS`."""
    keys = [each for each in named_units(actor) if each != root.key]
    feeds = freshness() if keys else {}
    found: list[tuple[Unit, list[Figure]]] = []
    for unit in map(units.by_key, keys):
        here = figures(actor, unit, registry.indicators(), selection, feeds=feeds)
        found.append((unit, in_order(each for each in here if each.point is not None)))
        if sum(bool(known) for _, known in found) == UNITS:
            break  # no later one can come before these
    found.sort(key=lambda pair: not pair[1])
    return tuple(_own(unit, here, most, selection) for (unit, here), most in zip(found, CARDS, strict=False))


def _own(unit: Unit, here: list[Figure], most: int, selection: Selection) -> Own:
    shown = here[:most]
    page = (
        Link(t("Xem trang cơ quan", "See the agency's page"), selection.agency(unit.key))
        if unit.level == Level.AGENCY
        else Link(t("Xem trang địa bàn", "See the place's page"), selection.place(unit.key))
    )
    return Own(
        unit=unit,
        figures=tuple(here),
        tiles=tuple(guarded(words.title(each.indicator), partial(tile, each, selection)) for each in shown),
        page=page,
    )


def head(found: tuple[Own, ...], said: str) -> str:
    """`said` of the figures of the first unit, with its name before it."""
    return f"{tx(found[0].unit.title)}: {said[0].lower()}{said[1:]}" if found and found[0].figures else said

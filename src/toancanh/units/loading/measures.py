"""Populations and areas as published hold mistakes: here the doubtful ones are flagged, never corrected in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from toancanh.kernel.text import Text
from toancanh.units.models import Boundary, Unit

FEWEST = 1_000  # people: after the mergers of 2025 no xã or phường on the mainland is smaller
MOST = 300_000
DENSEST = 120_000  # people per km²: the densest ward of Hồ Chí Minh City has some 90,000
EMPTIEST = 0.5
APART = 0.25  # stated area against the area of the outline
SPECIAL = "Đặc khu"  # islands: few people, and outlines that may hold sea or miss islets

DOUBTS = {
    "population_missing": Text("Chưa có số dân", "Population missing"),
    "population_too_small": Text("Số dân nhỏ bất thường", "Population too small to be true"),
    "population_too_large": Text("Số dân lớn bất thường", "Population too large to be true"),
    "density_too_high": Text("Mật độ dân số quá cao", "More people per km² than anywhere"),
    "density_too_low": Text("Mật độ dân số quá thấp", "Fewer people per km² than anywhere"),
    "area_missing": Text("Chưa có diện tích", "Area missing"),
    "area_differs": Text("Diện tích khác xa ranh giới", "Area far from that of the outline"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What somebody states of a unit: people, km²; `outline_km2` is the area of its boundary, `kind` its kind, where known."""

    key: str
    population: float | None
    area_km2: float | None
    outline_km2: float | None = None
    kind: str = ""


def review(rows: Iterable[Measured]) -> dict[str, list[str]]:
    """Doubts (codes of `DOUBTS`) by unit key; units without doubts are left out."""
    found = {row.key: [*_of_population(row), *_of_area(row)] for row in rows}
    return {key: doubts for key, doubts in found.items() if doubts}


def _of_population(row: Measured) -> Iterable[str]:
    if row.population is None:
        yield "population_missing"
    elif _is_special(row):
        return
    elif row.population < FEWEST:
        yield "population_too_small"
    elif row.population > MOST:
        yield "population_too_large"
    else:
        yield from _of_density(row.population, row.outline_km2 or row.area_km2)


def _of_density(population: float, area_km2: float | None) -> Iterable[str]:
    if area_km2:
        density = population / area_km2
        if density > DENSEST:
            yield "density_too_high"
        elif density < EMPTIEST:
            yield "density_too_low"


def _of_area(row: Measured) -> Iterable[str]:
    if row.area_km2 is None:
        yield "area_missing"
    elif row.area_km2 <= 0 or (not _is_special(row) and row.outline_km2 and abs(row.area_km2 / row.outline_km2 - 1) > APART):
        yield "area_differs"


def _is_special(row: Measured) -> bool:
    return row.kind.casefold() == SPECIAL.casefold()


def keep(rows: list[Measured]) -> dict[str, list[str]]:
    """Write the figures into the register with their doubts as flags; what a row does not say stays as it is, unknown units are
    left out. Returns the doubts."""
    units = {each.key: each for each in Unit.objects.filter(key__in=[row.key for row in rows])}
    outlines = dict(Boundary.objects.filter(illustrative=False, unit__in=units.values()).values_list("unit__key", "area_km2"))
    known = [_completed(row, units[row.key], outlines.get(row.key)) for row in rows if row.key in units]
    doubts = review(known)
    for row in known:
        unit = units[row.key]
        unit.population = None if row.population is None else round(row.population)
        unit.area_km2 = row.area_km2
        unit.flags = {**{k: v for k, v in unit.flags.items() if k not in DOUBTS}, **dict.fromkeys(doubts.get(row.key, ()), True)}
    Unit.objects.bulk_update(units.values(), ["population", "area_km2", "flags", "changed_at"], batch_size=200)
    return doubts


def _completed(row: Measured, unit: Unit, outline_km2: float | None) -> Measured:
    """The row with what is known of the unit where it says nothing."""
    return replace(
        row, outline_km2=row.outline_km2 or outline_km2, kind=row.kind or unit.kind,
        population=unit.population if row.population is None else row.population,
        area_km2=unit.area_km2 if row.area_km2 is None else row.area_km2,
    )

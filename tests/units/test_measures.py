"""Doubtful populations and areas are flagged."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from toancanh.units import queries, services
from toancanh.units.loading.measures import Measured, review
from toancanh.units.policy import CommandLine


@pytest.mark.parametrize(
    ("row", "doubts"),
    [
        (Measured("u", 40, 57.7), ["population_too_small"]),
        (Measured("u", 653_422, 150.2), ["population_too_large"]),
        (Measured("u", 250_661, 45.5), []),
        (Measured("u", 94_507, 1.05), []),
        (Measured("u", 90_000, 0.5), ["density_too_high"]),
        (Measured("u", None, 12.0), ["population_missing"]),
        (Measured("u", 12_000, None), ["area_missing"]),
        (Measured("u", 12_000, 0.0), ["area_differs"]),
        (Measured("u", 12_000, 288.4, 21.3), ["area_differs"]),
        (Measured("u", 12_000, 22.0, 21.3), []),
        (Measured("u", 93, 7.7, 4208.4, "Đặc khu"), []),
    ],
)
def test_implausible_figures_are_doubted(row: Measured, doubts: list[str]) -> None:
    assert review([row]).get("u", []) == doubts


def test_doubts_are_kept_as_flags_and_removed_when_mended(national: object) -> None:
    services.put_measures(CommandLine(), [Measured("vn34:00004", 40, 2.97)])
    assert queries.by_key("vn34:00004").flags == {"population_too_small": True}
    services.put_measures(CommandLine(), [Measured("vn34:00004", 65_023, 2.97)])
    unit = queries.by_key("vn34:00004")
    assert (unit.flags, unit.population) == ({}, 65_023)


@pytest.mark.real_data
def test_all_known_bad_figures_are_flagged_and_hardly_any_good_one(admin_units: Path) -> None:
    with (admin_units / "communes_2025.csv").open(encoding="utf-8", newline="") as opened:
        table = list(csv.DictReader(opened))
    rows = [_measured(each) for each in table]
    doubts = services.review_measures(rows)
    for flag, ours, known in (
        ("population_suspect", {"population_too_small", "population_too_large", "density_too_high", "density_too_low"}, 48),
        ("area_suspect", {"area_differs"}, 202),
    ):
        suspect = {each["code"] for each in table if flag in each["quality_flags"].split(";")}
        flagged = {key for key, found in doubts.items() if ours & set(found)}
        assert len(suspect) == known
        assert suspect <= flagged
        assert len(flagged - suspect) <= 5


def _measured(row: dict[str, str]) -> Measured:
    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    kind = row["type"].capitalize()
    return Measured(row["code"], number("population"), number("area_km2"), number("area_polygon_km2"), kind)

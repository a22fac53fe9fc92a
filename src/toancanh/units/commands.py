"""`toancanh units ...`: load the register, boundaries, populations and areas; draw illustrative boundaries."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from toancanh.jobs.commands import Command
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.units.loading.by_hand import REFORM

SCHEMES = ("vn34", "vn63", "sample", "custom")


def load(_chosen: Namespace) -> int:
    """Load all units of Viet Nam of both times."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    done = services.load_national(CommandLine())
    sys.stdout.write(f"{done['units']} đơn vị / units, {done['changes']} thay đổi / changes")
    sys.stdout.write(f" (+{done['added']}, ~{done['mended']})\n")
    return 0


def _boundary_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="GeoJSON FeatureCollection, WGS 84, UTF-8")
    parser.add_argument("--code-property", default="code", help="property that holds the unit's code")
    parser.add_argument("--scheme", default="vn34", choices=SCHEMES)
    parser.add_argument("--level", choices=("region", "province", "district", "commune", "custom"))
    parser.add_argument("--source", default="", help="where the boundaries come from, shown beside the map")


def boundaries(chosen: Namespace) -> int:
    """Read boundaries, say what was found, keep the good ones."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    try:
        report = services.load_boundaries(
            CommandLine(),
            chosen.file,
            code_property=chosen.code_property,
            scheme=chosen.scheme,
            level=chosen.level,
            source=chosen.source,
        )
    except Problem as problem:
        sys.stderr.write(f"{problem.detail.vi}\n{problem.detail.en}\n")
        return 1
    for line in report.lines():
        sys.stdout.write(f"{line.vi}\n  {line.en}\n")
    return 0 if report.shapes else 1


def _measure_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV with the columns code, population, area_km2 (UTF-8)")
    parser.add_argument("--scheme", default="vn34", choices=SCHEMES)


def measures(chosen: Namespace) -> int:
    """Set populations and areas and flag the doubtful ones."""
    from toancanh.units import services
    from toancanh.units.loading.measures import DOUBTS, Measured
    from toancanh.units.policy import CommandLine

    with chosen.file.open(encoding="utf-8-sig", newline="") as opened:
        rows = [
            Measured(f"{chosen.scheme}:{row['code']}", _number(row.get("population")), _number(row.get("area_km2")))
            for row in csv.DictReader(opened)
        ]
    doubts = services.put_measures(CommandLine(), rows)
    for key, found in sorted(doubts.items()):
        sys.stdout.write(f"{key}: {'; '.join(DOUBTS[each].vi for each in found)}\n")
    sys.stdout.write(f"{len(rows)} đơn vị / units, {len(doubts)} nghi vấn / doubtful\n")
    return 0


def _number(text: str | None) -> float | None:
    return float(text) if text and text.strip() else None


def _illustrate_options(parser: ArgumentParser) -> None:
    parser.add_argument("unit", help="key of the unit whose parts are drawn, e.g. vn34:19")
    parser.add_argument("--level", default="commune")


def illustrate(chosen: Namespace) -> int:
    """Draw illustrative boundaries from label points."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    sys.stdout.write(f"{services.draw_illustrative(CommandLine(), chosen.unit, level=chosen.level)} ranh giới minh họa / drawn\n")
    return 0


_LOAD = Text("Nạp danh mục đơn vị hành chính", "Load the register of units")
_BOUNDARIES = Text("Nạp ranh giới từ tệp GeoJSON", "Load boundaries from GeoJSON")
_MEASURES = Text("Nạp dân số, diện tích", "Load populations and areas")
_ILLUSTRATE = Text("Vẽ ranh giới minh họa", "Draw illustrative boundaries")
COMMANDS = (
    Command(("units", "load"), _LOAD, load),
    Command(("units", "boundaries"), _BOUNDARIES, boundaries, _boundary_options),
    Command(("units", "measures"), _MEASURES, measures, _measure_options),
    Command(("units", "illustrate"), _ILLUSTRATE, illustrate, _illustrate_options),
    *REFORM,
)

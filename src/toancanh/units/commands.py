"""`toancanh units ...`: load the register, boundaries, populations and areas; draw illustrative boundaries."""

from __future__ import annotations

import csv
import io
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from toancanh.jobs.commands import Command, text_of
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.units.loading.by_hand import REFORM

if TYPE_CHECKING:
    from toancanh.units.loading.measures import Measured

LEVELS = ("region", "province", "district", "commune", "custom")
BEYOND_ANY = 1e12  # more people, or km², than there are anywhere
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
    parser.add_argument("file", type=Path, help="tệp / file: GeoJSON FeatureCollection, WGS 84, UTF-8")
    parser.add_argument("--code-property", default="code", help="thuộc tính chứa mã đơn vị / property that holds the unit's code")
    parser.add_argument("--scheme", default="vn34", choices=SCHEMES)
    parser.add_argument("--level", choices=LEVELS)
    parser.add_argument("--source", default="", help="nguồn, ghi cạnh bản đồ / source, shown beside the map")


def boundaries(chosen: Namespace) -> int:
    """Read boundaries, say what was found, keep the good ones."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    report = services.load_boundaries(
        CommandLine(), chosen.file, code_property=chosen.code_property, scheme=chosen.scheme, level=chosen.level,
        source=chosen.source,
    )  # fmt: skip
    for line in report.lines():
        sys.stdout.write(f"{line.vi}\n  {line.en}\n")
    return 0 if report.shapes else 1


def _measure_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV có các cột / with the columns code, population, area_km2 (UTF-8)")
    parser.add_argument("--scheme", default="vn34", choices=SCHEMES)


def measures(chosen: Namespace) -> int:
    """Set populations and areas and flag the doubtful ones."""
    from toancanh.units import services
    from toancanh.units.loading.measures import DOUBTS
    from toancanh.units.policy import CommandLine
    from toancanh.units.queries import by_keys

    rows = list(_measured(text_of(chosen.file), chosen.scheme))
    known = by_keys(each.key for each in rows)
    if not known:
        raise _bad_measures("Không dòng nào có mã đơn vị trong danh mục.", "No line has the code of a unit in the register.")
    doubts = services.put_measures(CommandLine(), rows)
    unknown = sorted({each.key for each in rows} - set(known))
    if unknown:
        sys.stdout.write(f"Không có trong danh mục / not in the register: {', '.join(unknown)}\n")
    for key, found in sorted(doubts.items()):
        sys.stdout.write(f"{key}: {'; '.join(DOUBTS[each].vi for each in found)}\n")
    sys.stdout.write(f"{len(known)} đơn vị / units, {len(doubts)} nghi vấn / doubtful\n")
    return 0


def _measured(text: str, scheme: str) -> Iterator[Measured]:
    """The lines of a CSV with code, population, area_km2. Raises `Problem` that names the line."""
    from toancanh.units.loading.measures import Measured

    lines = csv.DictReader(io.StringIO(text, newline=""))
    named = set(lines.fieldnames or ())
    if "code" not in named or named.isdisjoint(("population", "area_km2")):
        raise _bad_measures("Dòng đầu phải là: code,population,area_km2", "The first line must be: code,population,area_km2")
    for row in lines:
        try:
            yield Measured(f"{scheme}:{row['code']}", _number(row.get("population")), _number(row.get("area_km2")))
        except ValueError as error:
            raise _bad_measures(
                f"Dòng {lines.line_num}: số dân và diện tích phải là số không âm, dùng dấu chấm thập phân.",
                f"Line {lines.line_num}: population and area must be numbers from 0 up, with a decimal point.",
            ) from error


def _number(text: str | None) -> float | None:
    if not text or not text.strip():
        return None
    number = float(text)
    if not 0 <= number < BEYOND_ANY:  # refuses "nan" as well
        raise ValueError(text)
    return number


def _bad_measures(vi: str, en: str) -> Problem:
    return Problem("bad-measures", 422, Text("Tệp dân số, diện tích chưa đúng", "The file of measures is wrong"), Text(vi, en))


def _illustrate_options(parser: ArgumentParser) -> None:
    parser.add_argument("unit", help="mã đơn vị cần vẽ / key of the unit whose parts are drawn, e.g. vn34:19")
    parser.add_argument("--level", default="commune", choices=LEVELS)


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

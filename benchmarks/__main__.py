"""Measure: `python -m benchmarks [name ...] [--quick] [--full]`.

Names: overview doors alerts browser streams notices desk demo, or all.

Each part runs in a process of its own, with a data folder of its own that is thrown away. The table goes to the screen and to
docs/performance.md; parts that were not run keep the lines of the run before. Exit code 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass

from benchmarks.table import REPOSITORY, Line, machine, markdown, moment, told

PARTS = ("overview", "doors", "alerts", "browser", "streams", "notices", "desk", "demo")
PAGE = REPOSITORY / "docs" / "performance.md"
KEPT = REPOSITORY / "var" / "bench.json"


@dataclass(frozen=True)
class Part:
    """The lines of one part, and when they were measured."""

    about: str
    lines: list[Line]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=" ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small numbers: shows that the bench works, not how fast we are")
    parser.add_argument("--full", action="store_true", help="also the overview over 30 million values")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    options = [f"--{name}" for name in ("quick", "full") if getattr(chosen, name)]
    names = chosen.names or PARTS
    parts = {}
    for name in names:
        parts[name] = measure(name, options)
        if not chosen.quick:
            keep(name, parts[name])
    print("\n" + page(parts))
    return 1 if any(line.good is False for name in names for line in parts[name].lines) else 0


def measure(name: str, options: list[str]) -> Part:
    """The lines of one part; a part that broke says so in a line."""
    paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    about, output = moment(), []
    print(f"--- {name}: {about}", flush=True)
    command = (sys.executable, "-m", f"benchmarks.{name}", *options)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}) as process:
        for line in process.stdout or ():
            output.append(line)
            if not line.startswith("measured: "):
                print(line, end="", flush=True)
    lines = told("".join(output))
    if process.returncode != 0:
        lines.append(Line(name, f"the measurement broke (exit code {process.returncode})", "-", good=False))
    return Part(about, lines)


def keep(name: str, part: Part) -> None:
    """Remember a part and write the page anew."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    known[name] = {"about": part.about, "lines": [asdict(line) for line in part.lines]}
    KEPT.write_text(json.dumps(known, ensure_ascii=False, indent=1))
    PAGE.write_text(page({key: Part(each["about"], [Line(**line) for line in each["lines"]]) for key, each in known.items()}))


def page(parts: dict[str, Part]) -> str:
    """The page in the order of the parts."""
    ordered = [name for name in PARTS if name in parts]
    about = [machine(), *(f"- {name}: {parts[name].about}" for name in ordered)]
    return markdown([line for name in ordered for line in parts[name].lines], about)


if __name__ == "__main__":
    raise SystemExit(main())

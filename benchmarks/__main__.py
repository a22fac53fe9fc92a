"""Measure: `python -m benchmarks [name ...] [--quick] [--full]`, names: overview doors browser streams demo (all by default).

Each part runs in a process of its own, with a data folder of its own that is thrown away. The table goes to the screen and to
docs/performance.md; parts that were not run keep the lines of the run before. Exit code 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.table import REPOSITORY, Line, machine, markdown, told

PARTS = ("overview", "doors", "browser", "streams", "demo")
PAGE = REPOSITORY / "docs" / "performance.md"
KEPT = REPOSITORY / "var" / "bench.json"


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
    about = machine()
    lines: dict[str, list[Line]] = {}
    for name in chosen.names or PARTS:
        lines[name] = measure(name, options)
    if not chosen.quick:
        lines = keep(lines, about)
    flat = [line for name in PARTS for line in lines.get(name, [])]
    print("\n" + markdown(flat, about))
    return 1 if any(line.good is False for name in chosen.names or PARTS for line in lines[name]) else 0


def measure(name: str, options: list[str]) -> list[Line]:
    """The lines of one part; a part that broke says so in a line."""
    paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    print(f"--- {name}", flush=True)
    command = (sys.executable, "-m", f"benchmarks.{name}", *options)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}) as process:
        output = []
        for line in process.stdout or ():
            output.append(line)
            if not line.startswith("measured: "):
                print(line, end="", flush=True)
    lines = told("".join(output))
    if process.returncode != 0:
        lines.append(Line(name, f"the measurement broke (exit code {process.returncode})", "-", good=False))
    return lines


def keep(lines: dict[str, list[Line]], about: list[str]) -> dict[str, list[Line]]:
    """Write the page, with the lines of earlier runs for the parts that were not run now."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    known: dict[str, list[dict[str, object]]] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    known |= {name: [asdict(line) for line in found] for name, found in lines.items()}
    Path(KEPT).write_text(json.dumps(known, ensure_ascii=False, indent=1))
    every = {name: [Line(**line) for line in found] for name, found in known.items()}  # type: ignore[arg-type]
    flat = [line for name in PARTS for line in every.get(name, [])]
    PAGE.write_text(markdown(flat, about), encoding="utf-8")
    return every


if __name__ == "__main__":
    raise SystemExit(main())

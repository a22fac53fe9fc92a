"""What a measurement is, and how the table of them is printed and written to docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
MARK = "measured: "


@dataclass(frozen=True)
class Line:
    """One figure. `good` is None where there is no target; `bare` is the nearest bare limit of the same run, in words."""

    part: str
    what: str
    value: str
    target: str = ""
    good: bool | None = None
    bare: str = ""

    @property
    def verdict(self) -> str:
        return "" if self.good is None else "pass" if self.good else "MISS"

    def tell(self) -> None:
        """Print it, for people and for the process that gathers the lines."""
        print(f"{self.part:<9}{self.verdict:<5}{self.what}: {self.value}  {self.bare}", flush=True)
        print(MARK + json.dumps(asdict(self), ensure_ascii=False), flush=True)


def told(output: str) -> list[Line]:
    """The lines that a measuring process told."""
    return [Line(**json.loads(line.removeprefix(MARK))) for line in output.splitlines() if line.startswith(MARK)]


def share(values: Iterable[float], part: float) -> float:
    """The value below which `part` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def ms(values: Sequence[float]) -> str:
    """Seconds as "p50 1.2 ms, p95 3.4 ms"."""
    return f"p50 {share(values, 0.5) * 1000:.1f} ms, p95 {share(values, 0.95) * 1000:.1f} ms"


def moment() -> str:
    """When, at which commit and on how busy a machine a part was measured."""
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stdout.strip()
    load = os.getloadavg()
    now = datetime.now(UTC)
    return f"{now:%d/%m/%Y %H:%M} UTC, commit {commit}, load before it {load[0]:.1f} (1 min) and {load[1]:.1f} (5 min)"


def machine() -> str:
    """What it was measured on, as a line of Markdown."""
    named = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    cpu = named[0] if named else platform.machine()
    memory = int(next(line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")))
    return (
        f"- {cpu}, {os.cpu_count()} cores; memory {memory / 1_048_576:.1f} GiB; {platform.system()}; "
        f"Python {platform.python_version()}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


HEAD = """# Speed and memory

Written by `make bench` (`python -m benchmarks`). Clients and server share the machine. “Bare” is the nearest limit of the same
machine in the same run: the same look-ups as plain SQL, the same rows into the engine without the product around it, the same
bytes written and forced to disk. A line without a target is there to explain the others. MISS means what it says. A load above
the number of cores means that others were using the machine at the same time: times are then longer than they would be alone,
and “processor time” says how much of them was the product's own work.
"""


def markdown(lines: Sequence[Line], about: Sequence[str]) -> str:
    """The whole page."""
    rows = [
        f"| {each.part} | {each.what} | {each.value} | {each.target} | {each.verdict} | {each.bare} |" for each in lines
    ]
    table = ["| part | what | measured | target | | bare, and notes |", "|---|---|---|---|---|---|", *rows]
    return "\n".join([HEAD, *about, "", *table, ""])

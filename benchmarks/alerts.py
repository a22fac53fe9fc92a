"""Alerts: 10,000 candidates, 80 % repeats and flapping, from moved values to stored alerts; all rules after one delivery.

The time is of the evaluation as the worker runs it, from the marks of what moved to the commit: values, open alerts and standings
read, rules judged, alerts, history, audit and notices written. SQLite, and PostgreSQL too when TOANCANH_TEST_POSTGRES holds its
address; with DATABASE_URL that database alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.overview import _own_database
from benchmarks.table import Line

PART, COMMUNES, INDICATORS, ROUNDS = "alerts", 39, 150, 5
LIMIT = 100.0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        run(Path(folder), 10 if chosen.quick else INDICATORS, 200 if chosen.quick else 2_000)
    server = os.environ.get("TOANCANH_TEST_POSTGRES")
    if server and not os.environ.get("DATABASE_URL"):
        command = [sys.executable, "-m", "benchmarks.alerts", *sys.argv[1:]]
        subprocess.run(command, env=os.environ | {"DATABASE_URL": server}, check=True)


def run(folder: Path, indicators: int, pairs: int) -> None:
    """Fill a province and measure."""
    os.environ |= {"TOANCANH_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "toancanh.site.settings", "TOANCANH_ROOT": "sample:MS"}
    import django

    django.setup()
    drop = _own_database()
    try:
        from tests.faults import province

        from toancanh.site.preparation import prepare_databases

        prepare_databases()
        province.make_source()
        people()
        codes = declare(indicators)
        units = communes()
        measure(codes, units, pairs)
    finally:
        drop()


def people() -> None:
    """A leader, two operators, and three officers of the department that answers for the figures."""
    from toancanh.people.models import User
    from toancanh.units.queries import agency_for_role

    owner = agency_for_role("agriculture_environment")
    for name, role in (("leader", "leader"), ("op1", "operator"), ("op2", "operator")):
        User.objects.create(username=name, full_name=name, role=role, password="!")
    for number in range(3):
        User.objects.create(username=f"of{number}", full_name=f"of{number}", role="officer", agency=owner, password="!")


def declare(count: int) -> list[str]:
    """A field of `count` hourly indicators with one rule each beside the rules of the house."""
    from toancanh.jobs import events
    from toancanh.kernel.conditions import Threshold
    from toancanh.kernel.contracts import Level, Rule, Severity
    from toancanh.kernel.registry import registry

    packs = list(registry.packs())
    air = next(each for each in packs if each.code == "air_quality")
    model = replace(next(each for each in air.indicators if each.code == "air_aqi_hour"), by=(), bands=())
    made = tuple(replace(model, code=f"bench_{number:03}") for number in range(count))
    rules = tuple(
        Rule(
            code=f"{each.code}_high", title=each.title, indicator=each, every=Level.COMMUNE, severity=Severity.MEDIUM,
            condition=Threshold(above=LIMIT, clears_at=80.0), basis="-",
        )
        for each in made
    )  # fmt: skip
    widened = replace(air, indicators=(*air.indicators, *made), rules=(*air.rules, *rules))
    registry.install([widened if each is air else each for each in packs])
    events.wire({})
    return [each.code for each in made]


def communes() -> list[Any]:
    """39 communes of the province."""
    from toancanh.units.models import Unit
    from toancanh.units.queries import descendants, root

    return descendants(root(), "commune")[:COMMUNES] or list(Unit.objects.filter(level="commune")[:COMMUNES])


def write(values: Sequence[tuple[str, Any, float]], now: datetime) -> None:
    """Bring the cells of this hour to `values` and mark them as moved, as a delivery does. Not part of the time."""
    from toancanh.indicators import cells
    from toancanh.indicators.cells import Place
    from toancanh.indicators.evaluators.value import Value
    from toancanh.kernel.measures import Outcome
    from toancanh.kernel.periods import Grain, Period
    from toancanh.watch.models import Dirty

    hour = Period.begun_by(now, Grain.HOUR)
    fresh = {Place(code, unit.pk, hour): Value(Outcome(value)) for code, unit, value in values}
    cells.write(fresh, {code: 1 for code, _, _ in values}, now)
    Dirty.objects.create(keys=[f"{code}:{unit.key}" for code, unit, _ in values])


def timed() -> tuple[float, float]:
    """Seconds of one evaluation by the clock and of the processor."""
    from toancanh.watch.evaluation import runs

    begun, work = time.perf_counter(), time.process_time()
    runs.evaluate_dirty()
    return time.perf_counter() - begun, time.process_time() - work


def measure(codes: Sequence[str], units: Sequence[Any], pairs: int) -> None:
    """The lines."""
    from django.db import connection
    from django.utils import timezone

    from toancanh.notify.models import Notice
    from toancanh.watch.models import Alert

    where = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    every = [(code, unit) for code in codes for unit in units]
    write([(code, unit, 50.0) for code, unit in every], timezone.now())
    took, worked = timed()
    Line(
        PART, f"all rules over {len(units)} communes x {len(codes)} indicators after a delivery, nothing rings; {where}",
        f"{took:.2f} s", "≤ 1 s", took <= 1.0, f"processor {worked:.2f} s",
    ).tell()
    ringing = every[:pairs]
    shaky = set(every[: pairs // 4])
    clock = work = 0.0
    for number in range(ROUNDS):
        low = {pair for pair in shaky if number % 2}
        values = [(*pair, 40.0 if pair in low else 120.0 + number) for pair in ringing]
        write(values, timezone.now())
        seconds, busy = timed()
        clock, work = clock + seconds, work + busy
    candidates = len(ringing) * ROUNDS
    rate = candidates / clock
    Line(
        PART, f"{candidates:,} candidates, {1 - 1 / ROUNDS:.0%} repeats and flapping, to stored alerts; {where}",
        f"{rate:,.0f}/s", "≥ 2,000/s", rate >= 2_000,
        f"{candidates / work:,.0f}/s of processor time; {Alert.objects.count():,} alerts kept",
    ).tell()
    told = Notice.objects.count()
    persons = Notice.objects.values("user").distinct().count()
    Line(PART, f"human notices of these {candidates:,} candidates; {where}", f"{told:,}", bare=f"to {persons} people").tell()


if __name__ == "__main__":
    main()

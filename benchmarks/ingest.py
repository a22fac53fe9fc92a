"""How fast deliveries are read, checked, kept and landed in one process, beside the bare limits of the same machine.

Run: python benchmarks/ingest.py [rows]. Prints a table. Uses a data folder and a store of its own, thrown away afterwards.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DATASET, SINGLES = "air_hourly", 200
BASE = datetime(2026, 10, 1, tzinfo=UTC)


def rows(count: int, seed: int = 0) -> list[dict[str, object]]:
    """Readings of 39 communes and six stations each, right in every cell."""
    return [
        {
            "station": f"s{seed}-{number % 240}", "area": f"sample:MS{number % 39 + 1:02d}",
            "measured_at": (BASE + timedelta(minutes=number // 240)).isoformat(), "pm25": round(number * 0.37 % 100, 2),
            "pm10": round(number * 0.77 % 150, 2),
            "o3": None, "no2": 1.5, "so2": 2.5,
        }
        for number in range(count)
    ]


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def line(name: str, count: int, seconds: float) -> None:
    """One row of the table."""
    print(f"{name:<44}{seconds * 1000:>10.0f} ms{count / seconds:>14,.0f} rows/s")


def forms(content: list[dict[str, object]]) -> dict[str, tuple[bytes, str]]:
    """The same rows in the three forms that bulk senders use: name -> (body, content type)."""
    names = list(content[0])
    cells = (",".join("" if row[name] is None else str(row[name]) for name in names) for row in content)
    return {
        "JSON array": (json.dumps(content).encode(), "application/json"),
        "JSON lines": (b"\n".join(json.dumps(row).encode() for row in content), "application/x-ndjson"),
        "CSV": ("\n".join([",".join(names), *cells]).encode(), "text/csv"),
    }


def main(count: int) -> None:
    """Prepare a centre in a temporary folder and measure."""
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        os.environ |= {"TOANCANH_DATA": folder, "DJANGO_SETTINGS_MODULE": "toancanh.site.settings"}
        import django

        django.setup()
        from toancanh.intake import landing

        landing.tell = lambda _event: None
        landing.ask_to_land = lambda _dataset: None
        source = prepare()
        bodies = forms(rows(count))
        reading(bodies, count)
        line("bare: write and force the payload to disk", count, timed(lambda: bare_write(Path(folder), bodies["JSON array"][0])))
        receiving(source, bodies["JSON array"][0], count)
        storing(Path(folder), bodies["JSON array"][0], count)


def prepare() -> Any:
    """The databases, 39 communes and a source."""
    from django.core.management import call_command

    from toancanh.intake import services
    from toancanh.kernel.text import Text
    from toancanh.people.actors import SYSTEM
    from toancanh.units.models import Unit

    call_command("migrate", interactive=False, verbosity=0)
    for number in range(39):
        Unit.objects.create(
            scheme="sample", code=f"MS{number + 1:02d}", level="commune", name=f"Xã {number}", full_name=f"Xã số {number}"
        )
    return services.make_source(SYSTEM, services.SourceForm(code="bench", title=Text("Đo", "Bench"), datasets=[DATASET]))


def reading(bodies: dict[str, tuple[bytes, str]], count: int) -> None:
    """Reading and checking, each form on its own."""
    import msgspec

    from toancanh.intake.checking.check import Terms, check
    from toancanh.intake.reading.payload import read_payload
    from toancanh.kernel.registry import registry

    dataset = registry.dataset(DATASET)
    assert dataset is not None
    line("bare: msgspec decodes the JSON untyped", count, timed(lambda: msgspec.json.decode(bodies["JSON array"][0])))
    for name, (body, kind) in bodies.items():
        table = read_payload(dataset, body, kind, "")
        line(f"read {name}", count, timed(lambda body=body, kind=kind: read_payload(dataset, body, kind, "")))
        line(f"check {name}", count, timed(lambda table=table: check(dataset, table, Terms(datetime.now(UTC)))))
        assert check(dataset, table, Terms(datetime.now(UTC))).accepted == count


def receiving(source: Any, body: bytes, count: int) -> None:
    """Whole deliveries to the point of acknowledgement: one large, many of one row."""
    from toancanh.intake.reading.payload import Payload
    from toancanh.intake.receiving import take

    line("receive (read, check, keep, register)", count, timed(lambda: take(source, DATASET, Payload(body, "application/json"))))
    small = [json.dumps([row]).encode() for row in rows(SINGLES, 1)]
    times = sorted(timed(lambda body=body: take(source, DATASET, Payload(body, "application/json"))) for body in small)
    p50, p95 = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
    print(f"{'receive one row':<44}{p50:>10.1f} ms p50{p95:>9.1f} ms p95")


def storing(folder: Path, body: bytes, count: int) -> None:
    """Landing what was received, beside an append of columns that are checked already."""
    from toancanh.intake import landing
    from toancanh.intake.checking.check import Terms, check
    from toancanh.intake.reading.payload import read_payload
    from toancanh.kernel.registry import registry
    from toancanh.store import engine, tables
    from toancanh.store import rows as stored

    dataset = registry.dataset(DATASET)
    assert dataset is not None
    now = datetime.now(UTC)
    with engine.use(f"chdb://{folder / 'bench-store'}"):
        tables.ensure([dataset])
        checked = check(dataset, read_payload(dataset, body, "application/json", ""), Terms(now))
        batch = stored.Batch(10**9, now, checked.lines, checked.columns)
        line("bare: append checked columns to the store", count, timed(lambda: stored.append(dataset, batch)))
        line("land (read again, check, append)", count + SINGLES, timed(lambda: landing.land(DATASET)))
        assert stored.drill_count(dataset) == count + SINGLES


def bare_write(folder: Path, body: bytes) -> None:
    """The bytes in a file, forced to disk."""
    with (folder / "bare").open("wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

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


def main(count: int) -> None:
    """Prepare a centre in a temporary folder and measure."""
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        os.environ |= {"TOANCANH_DATA": folder, "DJANGO_SETTINGS_MODULE": "toancanh.site.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        measure(count, Path(folder))


def measure(count: int, folder: Path) -> None:
    """The table of figures."""
    import msgspec

    from toancanh.intake import keeping, landing, receiving, services
    from toancanh.intake.checking.check import Terms, check
    from toancanh.intake.reading.payload import Payload, read_payload
    from toancanh.kernel.registry import registry
    from toancanh.kernel.text import Text
    from toancanh.people.actors import SYSTEM
    from toancanh.store import engine, tables
    from toancanh.store import rows as stored
    from toancanh.units.models import Unit

    landing.tell = lambda _event: None
    landing.ask_to_land = lambda _dataset: None
    dataset = registry.dataset("air_hourly")
    assert dataset is not None
    for number in range(39):
        Unit.objects.create(
            scheme="sample", code=f"MS{number + 1:02d}", level="commune", name=f"Xã {number}", full_name=f"Xã số {number}"
        )
    source = services.make_source(SYSTEM, services.SourceForm(code="bench", title=Text("Đo", "Bench"), datasets=["air_hourly"]))
    content = rows(count)
    array = json.dumps(content).encode()
    lines = b"\n".join(json.dumps(row).encode() for row in content)
    names = list(content[0])
    csv = "\n".join(
        [",".join(names), *(",".join("" if row[name] is None else str(row[name]) for name in names) for row in content)]
    ).encode()
    now = datetime.now(UTC)

    def line(name: str, seconds: float, rows_done: int = count) -> None:
        print(f"{name:<44}{seconds * 1000:>10.0f} ms{rows_done / seconds:>14,.0f} rows/s")

    line("bare: msgspec decodes the JSON untyped", timed(lambda: msgspec.json.decode(array)))
    for name, body, kind in (
        ("JSON array", array, "application/json"), ("JSON lines", lines, "application/x-ndjson"), ("CSV", csv, "text/csv"),
    ):
        read_payload(dataset, body[:0] or body, kind, "")
        table = read_payload(dataset, body, kind, "")
        line(f"read {name}", timed(lambda body=body, kind=kind: read_payload(dataset, body, kind, "")))
        line(f"check {name}", timed(lambda table=table: check(dataset, table, Terms(now))))
        assert check(dataset, table, Terms(now)).accepted == count
    line("bare: write and force the payload to disk", timed(lambda: _bare_write(folder, array)))
    line(
        "receive (read, check, keep, register)",
        timed(lambda: receiving.take(source, "air_hourly", Payload(array, "application/json"))),
    )
    small = [json.dumps([row]).encode() for row in rows(200, 1)]
    singles = sorted(
        timed(lambda body=body: receiving.take(source, "air_hourly", Payload(body, "application/json"))) for body in small
    )
    p50, p95 = statistics.median(singles) * 1000, singles[int(len(singles) * 0.95)] * 1000
    print(f"{'receive one row':<44}{p50:>10.1f} ms p50{p95:>9.1f} ms p95")
    with engine.use(f"chdb://{folder / 'bench-store'}"):
        tables.ensure([dataset])
        checked = check(dataset, read_payload(dataset, array, "application/json", ""), Terms(now))
        batch = stored.Batch(10**9, now, checked.lines, checked.columns)
        line("bare: append checked columns to the store", timed(lambda: stored.append(dataset, batch)))
        line("land (read again, check, append)", timed(lambda: landing.land("air_hourly")), count + 200)
        assert stored.drill_count(dataset) == count + 200
    assert len(list(keeping.places())) == 201


def _bare_write(folder: Path, body: bytes) -> None:
    with (folder / "bare").open("wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

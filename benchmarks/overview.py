"""The overview with twenty cards over 3.2 million values, and over 30 million with --full: is it quick, and does it stay so?

Server time: the whole request through every middleware in one process (Django's test client, signed in), nothing on the network.
Beside it the statements of the same page as bare SQL on the same connection. SQLite, or PostgreSQL when DATABASE_URL is given.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.table import Line, ms, share

PART, CARDS, TARGET = "overview", 20, 0.050


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--cells", type=int, action="append")
    chosen = parser.parse_args()
    sizes = chosen.cells or ([40_000] if chosen.quick else [3_200_000, 30_000_000] if chosen.full else [3_200_000])
    for cells in sizes:
        with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
            if os.fork() == 0:  # each size in a process of its own
                try:
                    run(Path(folder), cells, 20 if chosen.quick else 200)
                    os._exit(0)
                except BaseException:
                    import traceback

                    traceback.print_exc()
                    os._exit(1)
            if os.wait()[1] != 0:
                raise SystemExit(1)


def run(folder: Path, cells: int, times: int) -> None:
    """Fill and measure one size."""
    os.environ |= {"TOANCANH_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "toancanh.site.settings", "TOANCANH_ROOT": "sample:MS"}
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.utils import timezone
    from tests.faults import province

    database = _own_database()
    try:
        from toancanh.site.preparation import prepare_databases

        prepare_databases()
        province.make_source()
        session = province.signed_in_leader()
        from benchmarks.cells import fill

        begun = time.perf_counter()
        count = fill(cells, timezone.now())
        name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
        print(f"{count:,} values on {name}, made in {time.perf_counter() - begun:.0f} s", flush=True)
        client = Client()
        client.cookies["sessionid"] = session
        measure(client, f"{count / 1e6:.1f}M values, {name}", times)
    finally:
        database()


def _own_database() -> Callable[[], None]:
    """On PostgreSQL a database of this run alone; what removes it afterwards."""
    from django.conf import settings
    from django.db import connection, connections

    if connection.vendor != "postgresql":
        return lambda: None
    name, plain = f"toancanh_bench_{os.getpid()}", str(settings.DATABASES["default"]["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name

    def drop() -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = plain
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')

    return drop


def measure(client: Any, where: str, times: int) -> None:
    """The lines of one size."""
    from toancanh.boards.pages import overview

    plain, overview.CARDS = overview.CARDS, CARDS
    try:
        cards, worked, body = timed(client, "/", times)
        statements, bare = bare_sql(client, "/", times)
    finally:
        overview.CARDS = plain
    shown = body.count('<article class="panel tile')
    if shown != CARDS:
        raise RuntimeError(f"{shown} cards on the page")
    Line(
        PART, f"overview with {CARDS} cards, map and ranking; {where}", ms(cards), "p95 ≤ 50 ms", share(cards, 0.95) <= TARGET,
        f"its {statements} statements as bare SQL: {ms(bare)}; the request's own processor time: {ms(worked)}; "
        f"{len(body) // 1024} KB of HTML",
    ).tell()
    for title, path in (
        ("overview as it is shown", "/"), ("field page socio_economic", "/fields/socio_economic"),
        ("indicator page", "/indicators/budget_rev"), ("place page", "/places/sample:MS15"),
        ("one card again", "/fragments/tile/budget_rev"),
    ):
        took, worked, body = timed(client, path, times // 4 or 1)
        Line(PART, f"{title}; {where}", ms(took), bare=f"own processor time {ms(worked)}; {len(body) // 1024} KB of HTML").tell()


def timed(client: Any, path: str, times: int) -> tuple[list[float], list[float], str]:
    """Seconds of each request by the clock and of the processor, after five that do not count; the last body."""
    took, worked, body = [], [], ""
    for number in range(times + 5):
        begun, work = time.perf_counter(), time.process_time()
        answer = client.get(path)
        seconds, busy = time.perf_counter() - begun, time.process_time() - work
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        if number >= 5:
            took.append(seconds)
            worked.append(busy)
        body = answer.content.decode()
    return took, worked, body


def bare_sql(client: Any, path: str, times: int) -> tuple[int, list[float]]:
    """The statements of a page, and the seconds they take on the bare cursor."""
    from django.db import connection

    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().upper().startswith("SELECT"):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(path)
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            for sql, params in seen:
                cursor.execute(sql, params)
                cursor.fetchall()
        took.append(time.perf_counter() - begun)
    return len(seen), took


if __name__ == "__main__":
    main()

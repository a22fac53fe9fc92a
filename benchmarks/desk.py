"""The duty desk with 20,000 open incidents (and as many that have ended): the list, a page far down it, and an open record.

Server time: the whole request through every middleware in one process (Django's test client, signed in), nothing on the network.
SQLite, or PostgreSQL when DATABASE_URL is given.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
import time
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from benchmarks.overview import _own_database, bare_sql, timed
from benchmarks.table import Line, ms, share

PART, OPEN, TARGET = "desk", 20_000, 0.100


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        run(folder, 500 if chosen.quick else OPEN, 20 if chosen.quick else 200)


def run(folder: str, incidents: int, times: int) -> None:
    """Fill and measure."""
    os.environ |= {"TOANCANH_DATA": folder, "DJANGO_SETTINGS_MODULE": "toancanh.site.settings", "TOANCANH_ROOT": "sample:MS"}
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
        begun = time.perf_counter()
        fill(incidents, timezone.now())
        name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
        print(f"{incidents:,} open incidents on {name}, made in {time.perf_counter() - begun:.0f} s", flush=True)
        client = Client()
        client.cookies["sessionid"] = session
        measure(client, f"{incidents:,} open incidents, {name}", times)
    finally:
        database()


def fill(number: int, now: datetime) -> None:
    """Open incidents with clocks from two hours ago to ten days ahead, and as many that have ended."""
    from toancanh.people.models import User
    from toancanh.response.handling.kinds import KINDS
    from toancanh.response.models import Incident
    from toancanh.units.models import Unit

    dice = random.Random(1022)
    places = list(Unit.objects.filter(level="commune").values_list("pk", flat=True)) or [None]
    people = [*User.objects.values_list("pk", flat=True), None, None]
    rows = []
    for each in range(2 * number):
        opened = now - timedelta(minutes=dice.uniform(1, 60 * 24 * 30))
        ended = each >= number
        taken = dice.choice(people)
        state = "closed" if ended else dice.choice(("taken", "handling", "fixed")) if taken else "new"
        kind = dice.choice(KINDS)
        rows.append(
            Incident(
                code=f"SV-2610-{each:06}", title=f"Việc số {each}: {kind.title.vi}", kind=kind.code, state=state,
                opened_by="bench", severity=dice.choice(("low", "medium", "high")), unit_id=dice.choice(places),
                origin="call", opened_at=opened,
                taken_by_id=taken, acknowledged_at=opened + timedelta(minutes=4) if taken else None,
                closed_at=now if ended else None,
                next_due_at=None if ended else now + timedelta(minutes=dice.uniform(-120, 60 * 24 * 10)),
            )
        )  # fmt: skip
    Incident.objects.bulk_create(rows, batch_size=500)


def measure(client: Any, where: str, times: int) -> None:
    """The lines."""
    first = client.get("/desk").content.decode()
    if first.count("data-row=") != 50:
        raise RuntimeError("the first page has no 50 rows")
    later = first
    for _ in range(3):
        later_href = unescape(re.findall(r'rel="next" href="([^"]+)"', later)[0])
        later = client.get(later_href).content.decode()
    row = re.findall(r'data-row="(\d+)"', first)[7]
    for title, path, target in (
        ("duty desk, first page of the queue", "/desk", True),
        ("duty desk, a later page", later_href, True),
        ("duty desk, overdue", "/desk?tab=late", True),
        ("duty desk with an open record", f"/desk?item={row}", False),
        ("duty desk, words looked for", "/desk?q=Vi%E1%BB%87c+s%E1%BB%91+777", False),
    ):
        took, worked, body = timed(client, path, times)
        statements, bare = bare_sql(client, path, times)
        Line(
            PART,
            f"{title}; {where}",
            ms(took),
            "p95 ≤ 100 ms" if target else "",
            share(took, 0.95) <= TARGET if target else None,
            f"its {statements} statements as bare SQL: {ms(bare)}; the request's own processor time: {ms(worked)}; "
            f"{len(body) // 1024} KB of HTML",
        ).tell()


if __name__ == "__main__":
    main()

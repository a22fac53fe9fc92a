"""The number of queries of the busy pages does not grow with figures, places or history."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from toancanh.boards import memory
from toancanh.indicators.models import Cell
from toancanh.intake.models import Source

BUDGETS: dict[str, int] = json.loads((Path(__file__).parents[1] / "support" / "query_counts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(BUDGETS))
def test_a_page_keeps_to_its_budget_of_queries(
    path: str, figures: dict[str, Cell], feeds: dict[str, Source], sign_in: Callable[..., Client], settings: Any
) -> None:
    settings.JOBS_IMMEDIATE = False  # as in a running centre: what every page asks for is kept for some seconds
    client = sign_in("leader")
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    memory.forget_all()
    assert len(asked) <= BUDGETS[path], "\n".join(each["sql"][:150] for each in asked.captured_queries)


def test_values_of_a_page_come_by_index(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    client = sign_in("leader")
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    reads = [each["sql"] for each in asked.captured_queries if "indicators_cell" in each["sql"]]
    assert reads
    if connection.vendor != "sqlite":
        return
    for sql in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
        assert not [step for step in steps if step.startswith("SCAN")], sql

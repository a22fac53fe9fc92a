"""Every query of the catalogue gives the same answer embedded, over HTTP, on two shards, and on a real server.

Two shards that hold the same rows are a hard test: what counts a row twice anywhere shows at once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.store import owning
from tests.store.datasets import AIR, ALL, BUDGET, DOSSIERS, INSPECTIONS, VERSIONED, WORST

from toancanh.kernel.conditions import Stay
from toancanh.kernel.expressions import NOW, Column, HoursBetween, first_known
from toancanh.kernel.measures import Count, Distinct, Extreme, Leaf, Quantile, Stock, Total
from toancanh.kernel.periods import Grain, Period
from toancanh.kernel.text import Text
from toancanh.store import catalogue, engine, figures, lifecycle, readings, rows, tables
from toancanh.store.evaluate import evaluate
from toancanh.store.groups import ByAgency, ByArea, ByColumn, Whole
from toancanh.store.lasting import Sought, lasting
from toancanh.store.rows import Batch

START = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)
NOW_IS = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
TWO_SHARDS = "remote('127.0.0.1,127.0.0.1', currentDatabase(), {table})"
AREAS = ["sample:MS01", "sample:MS02", "sample:MS03"]


def fill() -> None:
    """The same rows everywhere: dossiers with corrections, readings, inspections, figures with a revision."""
    lifecycle.drop_all()
    tables.ensure(ALL)
    codes = range(300)
    first = {
        "dossier_code": [f"H{number:04d}" for number in codes],
        "commune": [AREAS[number % 3] for number in codes],
        "agency": [None if number % 7 == 0 else f"agency:{number % 2}" for number in codes],
        "procedure": ["1.005129"] * 300,
        "received_at": [START + timedelta(hours=4 * number) for number in codes],
        "due_at": [START + timedelta(hours=4 * number, days=5) for number in codes],
        "fee": [number / 4 for number in codes],
        "channel": [("direct", "online", None)[number % 3] for number in codes],
    }
    second = {name: values[:200] for name, values in first.items()} | {
        "settled_at": [START + timedelta(hours=4 * number, days=number % 9) for number in range(200)],
        "commune": [AREAS[(number + (number % 50 == 0)) % 3] for number in range(200)],
    }
    rows.append(DOSSIERS, Batch(1, START, list(range(1, 301)), first), Batch(2, NOW_IS, list(range(1, 201)), second))
    rows.append(DOSSIERS, Batch(2, NOW_IS, list(range(1, 201)), second))
    hours = [START + timedelta(hours=number) for number in range(72)]
    air = {
        "station": ["S1", "S2"] * 36,
        "area": ["sample:MS01", "sample:MS02"] * 36,
        "at": hours,
        "pm25": [float(n) for n in range(72)],
    }
    rows.append(AIR, Batch(3, START, list(range(72)), air))
    versions = {"dossier_code": ["V1"] * 3, "commune": AREAS, "received_at": [START] * 3, "changed_at": [START, NOW_IS, None]}
    rows.append(VERSIONED, Batch(4, START, [1, 2, 3], versions))
    days = {"day": [date(2026, 2, 1), date(2026, 2, 2)], "team": ["1", "1"], "area": AREAS[:2], "fines": [5.0, None]}
    rows.append(INSPECTIONS, Batch(5, START, [1, 2], days))
    for seq, value in ((6, 10.0), (7, 11.5)):
        stated = {
            "item": ["revenue"] * 2,
            "area": ["sample:MS"] * 2,
            "period": [Period.parse("2026-01"), Period.parse("2026-01-ytd")],
        }
        rows.append(BUDGET, Batch(seq, START, [1, 2], stated | {"value": [value, None], "status": ["estimate", None]}))


def months() -> list[Period]:
    first = Period.parse("2026-01")
    return [*first.until(first.shift(3)), *first.to_cumulative().until(first.shift(3).to_cumulative()), Period.parse("2026-Q1")]


FEE, SETTLED, RECEIVED = Column("fee"), Column("settled_at"), Column("received_at")
LEAVES: list[Leaf] = [
    Count(),
    Count(SETTLED.at_most(Column("due_at")), SETTLED),
    Total(FEE, Column("channel").one_of("online", "direct")),
    Extreme(HoursBetween(RECEIVED, first_known(SETTLED, NOW)), largest=True),
    Quantile(FEE, 0.9),
    Distinct(Column("procedure")),
    Stock(RECEIVED, SETTLED, Column("due_at").below(NOW)),
    Stock(RECEIVED, first_known(SETTLED, NOW)),
]
LATE = Sought(
    Stay(code="late", title=Text("trễ", "late"), begins=Column("due_at"), ends=SETTLED, where=SETTLED.known() | FEE.above(70)),
    "commune", timedelta(days=2), {AREAS[1]: timedelta(days=3)}, 4,
)  # fmt: skip
ONLINE = Column("channel").equals("online")
SPAN = (START, START + timedelta(days=3))


def measured(group: Any, leaves: list[Leaf] = LEAVES) -> Any:
    return evaluate(DOSSIERS, leaves, months(), group, now=NOW_IS)


CASES: dict[str, Callable[[], Any]] = {
    "by area": lambda: measured(ByArea({area: (area, "sample:MS") for area in AREAS})),
    "by agency": lambda: measured(ByAgency()),
    "by column": lambda: measured(ByColumn("channel", AREAS[:2])),
    "whole": lambda: measured(Whole()),
    "as once known": lambda: evaluate(DOSSIERS, LEAVES, months(), Whole(), now=NOW_IS, known_seq=1),
    "one day": lambda: evaluate(DOSSIERS, LEAVES, [Period.parse("2026-02-01")], Whole(), now=NOW_IS),
    "hours": lambda: evaluate(
        AIR,
        [Total(Column("pm25"))],
        list(Period.parse("2026-01-21T00").until(Period.parse("2026-01-22T00"))),
        ByColumn("station"),
        now=NOW_IS,
    ),
    "days": lambda: evaluate(INSPECTIONS, [Total(Column("fines")), Count()], [Period.parse("2026-02-01")], Whole(), now=NOW_IS),
    "versioned": lambda: evaluate(VERSIONED, [Count()], [Period.containing(START, Grain.DAY)], ByColumn("commune"), now=NOW_IS),
    "touched": lambda: (rows.touched(DOSSIERS, [2]), rows.touched(AIR, [3]), rows.touched(BUDGET, [7])),
    "drill": lambda: rows.drill(DOSSIERS, ONLINE, areas=AREAS[:2], agency="agency:1", interval=SPAN, limit=5, order="-fee"),
    "lasting": lambda: lasting(DOSSIERS, LATE, START, NOW_IS),
    "drill count": lambda: rows.drill_count(DOSSIERS, ~ONLINE, areas=AREAS[:2], column_equals={"fee": 2.25}),
    "versions": lambda: [row.values for row in rows.versions(DOSSIERS, {"dossier_code": "H0005"})],
    "of delivery": lambda: len(rows.of_delivery(DOSSIERS, 2)),
    "landed": lambda: rows.landed(DOSSIERS, [1, 2, 3]),
    "figures": lambda: (
        figures.figure_rows(BUDGET, ["revenue"], years=[2026], areas=["sample:MS"]),
        figures.figure_rows(BUDGET, periods=[Period.parse("2026-01")], known_seq=6),
        figures.figure_rows(BUDGET, years=[2025]),
    ),
    "window": lambda: readings.window(
        AIR, WORST, utc_from=START, utc_to=START + timedelta(hours=9), areas=AREAS[:2], stations=["S1"]
    ),
    "stations": lambda: readings.stations(AIR, "station"),
    "rows count": lambda: [lifecycle.rows_count(each) for each in ALL],
    "tables": tables.existing,
    "again": lambda: tables.ensure(ALL),
}
# These count versions as they lie on disk, so two shards with the same rows hold twice as many.
ON_DISK = {"span": lambda: lifecycle.span(AIR), "sizes": lambda: [each.table for each in lifecycle.sizes()]}


@pytest.fixture(scope="module")
def embedded(opened: object) -> dict[str, Any]:
    """What the embedded store answers."""
    fill()
    return {name: case() for name, case in (CASES | ON_DISK).items()}


@pytest.fixture(scope="module")
def over_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an owning process that holds the same rows."""
    running = owning.start(tmp_path_factory.mktemp("catalogue") / "store")
    with engine.use(running.url):
        fill()
    yield running.url
    running.process.kill()
    running.process.wait()


def test_the_answers_are_not_empty_and_some_are_known_by_heart(embedded: dict[str, Any]) -> None:
    whole, january = embedded["whole"], Period.parse("2026-01")
    assert whole["all", january][Count()] == 66.0  # from 21 January 00:00, one every four hours, to the end of the month
    assert whole["all", january.to_cumulative()] == whole["all", january]
    assert whole["all", Period.parse("2026-Q1")][LEAVES[6]] == 61.0  # numbers 200 to 260: not settled, due before now
    assert embedded["rows count"] == [300, 1, 72, 2, 2]
    assert embedded["landed"] == {1: 300, 2: 200}
    assert [row.value for row in embedded["figures"][0]] == [11.5, None]
    assert [row.value for row in embedded["figures"][1]] == [10.0]
    assert [each[0] for each in embedded["window"]["S1", "sample:MS01"]] == [
        START + timedelta(hours=number) for number in range(0, 9, 2)
    ]
    empty = [name for name, answer in embedded.items() if not answer]
    assert empty == ["again"]


@pytest.mark.parametrize("name", [*CASES, *ON_DISK])
def test_over_http_the_answer_is_the_same(name: str, embedded: dict[str, Any], over_http: str) -> None:
    with engine.use(over_http):
        assert (CASES | ON_DISK)[name]() == embedded[name]


@pytest.mark.parametrize("name", CASES)
def test_on_two_shards_the_answer_is_the_same(name: str, embedded: dict[str, Any]) -> None:
    with tables.read_through(TWO_SHARDS):
        assert CASES[name]() == embedded[name]


def test_the_two_shards_are_really_read_twice(embedded: dict[str, Any]) -> None:
    with tables.read_through(TWO_SHARDS):
        assert lifecycle.span(AIR).rows == 2 * embedded["span"].rows


def test_the_cases_run_every_query_of_the_catalogue(embedded: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()
    build = catalogue.Query.sql
    monkeypatch.setattr(catalogue.Query, "sql", lambda query, **parts: used.add(query.name) or build(query, **parts))
    monkeypatch.setattr(tables, "_known", {})
    for case in (CASES | ON_DISK).values():
        case()
    assert {query.name for query in catalogue.QUERIES} <= used


@pytest.mark.service
@pytest.mark.skipif(not os.environ.get("TOANCANH_TEST_CLICKHOUSE"), reason="TOANCANH_TEST_CLICKHOUSE names no ClickHouse server")
def test_on_a_real_server_every_answer_is_the_same(embedded: dict[str, Any]) -> None:
    """The address names a database that may be emptied; with TOANCANH_STORE_CLUSTER its tables are replicated and distributed."""
    with ExitStack() as stack:
        stack.enter_context(engine.use(os.environ["TOANCANH_TEST_CLICKHOUSE"]))
        fill()
        stack.callback(lifecycle.drop_all)
        answers = {name: case() for name, case in CASES.items() if name != "tables"}
    assert answers == {name: embedded[name] for name in answers}


@pytest.mark.slow
def test_four_threads_never_get_each_others_answers(embedded: dict[str, Any], over_http: str) -> None:
    for url in (engine.address(), over_http):
        wrong: list[object] = []

        def ask(thread: int, wrong: list[object] = wrong) -> None:
            for number in range(150):
                code = f"H{(thread * 37 + number) % 300:04d}"
                given = {"code": code, "tag": f"{thread}-{number}"}
                found = engine.query(
                    "SELECT dossier_code, {tag:String} FROM rows_test_dossiers WHERE dossier_code = {code:String}", given
                )
                if {tuple(row) for row in found} != {(code, given["tag"])}:
                    wrong.append((given, found))

        with engine.use(url):
            threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert wrong == []

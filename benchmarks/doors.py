"""How fast the HTTP door takes rows: four clients with bulk deliveries, one client with single rows. Everything over loopback.

A row counts when its delivery was acknowledged: read, checked cell by cell, kept and forced to disk, registered. Landing in the
store goes on beside it on the same cores; how long it takes to have everything in the store is told in a line of its own.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.table import Line, ms, share
from tests.faults.centre import Centre

PART, CLIENTS = "doors", 4
STATIONS, HOURS = 240, 41
DOOR, LANDING = "site.wsgi", "site.cli\0worker\0"  # how the processes are known by their command lines
HEADER = "station,area,measured_at,pm25,pm10,o3,no2,so2\n"
FIRST = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=300)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--workers", type=int, default=0, help="page processes; 0 tries one and two")
    chosen = parser.parse_args()
    each = 3 if chosen.quick else 90  # long enough that landing what came first takes its share
    bare = Bare(3 if chosen.quick else 20)
    tried = [chosen.workers] if chosen.workers else [1] if chosen.quick else [1, 2]
    for workers in tried:
        for kind in ("text/csv", "application/json"):
            with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
                run(Path(folder), kind, workers, each, bare, last=workers == tried[-1] and kind == "application/json")


def run(folder: Path, kind: str, workers: int, each: int, bare: Bare, *, last: bool) -> None:
    """One centre, one kind of payload."""
    centre = Centre(folder / "data")
    centre.prepare()
    centre.start("serve", "--workers", str(workers))
    try:
        if last:
            single(centre, 50 if each < 10 else 300, bare)
        before = {word: centre.busy(word) for word in (DOOR, LANDING)}
        seconds, rows = bulk(centre, kind, each)
        spent = {word: (centre.busy(word) - before[word]) / rows * 1e6 for word in before}
        rate = rows / seconds
        processes = "one page process" if workers == 1 else f"{workers} page processes"
        Line(
            PART, f"bulk, {CLIENTS} clients, {kind}, {processes}", f"{rate:,.0f} rows/s acknowledged",
            "≥ 100,000 rows/s", rate >= 100_000,
            f"{rows:,} rows in {seconds:.1f} s by deliveries of {STATIONS * HOURS:,}; processor time a row: door "
            f"{spent[DOOR]:.1f} µs, landing meanwhile {spent[LANDING]:.1f} µs; {bare.said()}",
        ).tell()
        if last:
            begun = time.monotonic()
            stored = in_store(centre, rows, 60)
            after = seconds + time.monotonic() - begun
            Line(
                PART, "bulk rows in the store, from the first post", f"{stored:,} rows after {after:.0f} s",
                bare="landing and the figures share the cores with the door",
            ).tell()
    finally:
        centre.stop()


def bulk(centre: Centre, kind: str, each: int) -> tuple[float, int]:
    """Four processes post `each` deliveries; (seconds from the first post to the last acknowledgement, rows acknowledged)."""
    key = centre.doors["key"]
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        tasks = [(centre.port, key, kind, number, each) for number in range(CLIENTS)]
        found = pool.starmap(deliver, tasks)
    return max(end for _, end, _ in found) - min(begin for begin, _, _ in found), sum(rows for _, _, rows in found)


def deliver(port: int, key: str, kind: str, number: int, each: int) -> tuple[float, float, int]:
    """One client: (begin, end, rows acknowledged). Payloads are made before the clock starts."""
    payloads = [payload(kind, number, turn) for turn in range(each)]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
    time.sleep(max(0.0, 2.0 - time.time() % 2.0))  # all clients begin on the same even second
    begin, rows = time.time(), 0
    for turn, body in enumerate(payloads):
        once = {"Idempotency-Key": f"{number}-{turn}"}
        status = 503
        while status == 503:  # too busy: sent again under its key, as any sender should
            connection.request("POST", "/api/v1/datasets/air_hourly/deliveries", body, headers | once)
            answer = connection.getresponse()
            told, status = json.loads(answer.read()), answer.status
        if answer.status != 201 or told["quarantined"]:
            raise RuntimeError(f"{answer.status} {told}")
        rows += told["accepted"]
    return begin, time.time(), rows


def payload(kind: str, number: int, turn: int) -> bytes:
    """Readings of every station over some hours that no other payload has."""
    begin = FIRST + timedelta(hours=HOURS * turn)
    times = [(begin + timedelta(hours=hour)).isoformat() for hour in range(HOURS)]
    rows = [
        (f"s{number}-{station}", f"sample:MS{station % 39 + 1:02d}", at, station % 97 + 0.5, station % 151 + 0.25, 60.5, 1.5, 2.5)
        for at in times for station in range(STATIONS)
    ]
    if kind == "text/csv":
        return (HEADER + "".join(",".join(map(str, row)) + "\n" for row in rows)).encode()
    names = HEADER.strip().split(",")
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows]).encode()


def single(centre: Centre, times: int, bare: Bare) -> None:
    """Deliveries of one row, one after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=60)
    headers = {"Authorization": f"Bearer {centre.doors['key']}", "Content-Type": "application/json"}
    took = []
    for number in range(times + 10):
        at = (FIRST - timedelta(hours=number + 1)).isoformat()
        body = json.dumps([{"station": "single", "area": "sample:MS01", "measured_at": at, "pm25": 12.5}])
        begun = time.perf_counter()
        connection.request("POST", "/api/v1/datasets/air_hourly/deliveries", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            raise RuntimeError(str(answer.status))
        if number >= 10:
            took.append(time.perf_counter() - begun)
        time.sleep(0.02)
    Line(
        PART, "a post of one row, answered when it is on disk", ms(took), "p95 ≤ 50 ms", share(took, 0.95) <= 0.050,
        f"bare: one file written, forced to disk and named, folder too: {ms(bare.small)}",
    ).tell()


def in_store(centre: Centre, rows: int, patience: float) -> int:
    """How many rows are in the store once all are, or when patience ends."""
    counting = Centre(centre.folder, centre.port, TOANCANH_STORE=f"http://127.0.0.1:{centre.port + 2}")
    deadline, found = time.monotonic() + patience, 0
    while time.monotonic() < deadline and found < rows:
        found = int(json.loads(counting.run("tests.faults.count", "air_hourly"))["lines"])
    return found


class Bare:
    """The nearest limits on this machine now: files forced to disk, and blocks appended to the engine with nothing around."""

    def __init__(self, times: int) -> None:
        with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
            body = payload("text/csv", 0, 0)
            self.small = [self._write(Path(folder), b"x" * 600, number) for number in range(times * 5)]
            self.large = [self._write(Path(folder), body, 10_000 + number) for number in range(times)]
            self.mega = len(body) / 1e6
            self.appended = append(Path(folder), times)

    @staticmethod
    def _write(folder: Path, body: bytes, number: int) -> float:
        begun = time.perf_counter()
        part = folder / f"{number}.part"
        with part.open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        part.rename(folder / f"{number}.payload")
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(handle)
        os.close(handle)
        return time.perf_counter() - begun

    def said(self) -> str:
        written = STATIONS * HOURS / share(self.large, 0.5)
        return (
            f"bare append to the engine {self.appended:,.0f} rows/s; bare write forced to disk {written:,.0f} rows/s "
            f"({self.mega:.1f} MB a time)"
        )


def append(folder: Path, times: int) -> float:
    """Rows a second appended by the bare engine, in blocks as large as a landing's."""
    code = (
        "import sys,time\nimport chdb, pyarrow as pa\nfrom chdb import session\n"
        "s = session.Session(sys.argv[1])\n"
        "s.query('CREATE TABLE t (station String, area LowCardinality(String), measured_at DateTime64(3), "
        "pm25 Nullable(Float64), pm10 Nullable(Float64), o3 Nullable(Float64), no2 Nullable(Float64), "
        "so2 Nullable(Float64), _seq UInt64) "
        "ENGINE=ReplacingMergeTree ORDER BY (station, measured_at, _seq) SETTINGS fsync_after_insert=1')\n"
        "n, times = 100_000, int(sys.argv[2])\n"
        "spent = 0\n"
        "for k in range(times):\n"
        "    table = pa.table({'station': [f's{i % 240}' for i in range(n)], 'area': [f'a{i % 39}' for i in range(n)], "
        "'measured_at': pa.array([k * n + i for i in range(n)], pa.int64()).cast(pa.timestamp('ms')), "
        "**{c: pa.array([1.5] * n) for c in ('pm25', 'pm10', 'o3', 'no2', 'so2')}, '_seq': pa.array([k] * n, pa.uint64())})\n"
        "    begun = time.perf_counter()\n"
        "    s.query('INSERT INTO t SELECT * FROM Python(table)')\n"
        "    spent += time.perf_counter() - begun\n"
        "print(n * times / spent)\n"
    )
    command = (sys.executable, "-c", code, str(folder / "bare"), str(max(times // 4, 1)))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-1500:])
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main()

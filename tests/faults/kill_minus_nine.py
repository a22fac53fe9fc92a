"""Kill every process of a centre in the middle of a four-client load, again and again: nothing acknowledged is lost or doubled.

Run: python -m tests.faults.kill_minus_nine --rounds 50. Exit code 1 when a row was lost or doubled.

Each client posts single rows and bulks of dossiers with an idempotency key each; a post that was not answered is sent again
under the same key until it is. After each round the rows are counted in the store, in the register of deliveries and by the
API's figure.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.faults.centre import Centre

CLIENTS, BULK = 4, 200
DATASET = "dossiers"
RECEIVED = "/api/v1/indicators/dossiers_received/values?unit=sample:MS&grain=day"


@dataclass
class Outcome:
    """What came of the rounds."""

    rounds: int = 0
    deliveries: int = 0
    rows: int = 0
    unanswered: int = 0  # tries that a kill cut off or that found nobody; each was sent again
    lost: int = 0
    doubled: int = 0
    restarts: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def said(self) -> str:
        """One line for people."""
        restart = statistics.median(self.restarts) if self.restarts else 0.0
        settled = statistics.median(self.settled) if self.settled else 0.0
        return (
            f"{self.rounds} kills: {self.rows} rows acknowledged in {self.deliveries} deliveries, {self.unanswered} tries "
            f"without an answer; lost {self.lost}, doubled {self.doubled}; restart p50 {restart:.1f} s, "
            f"all in the figures after {settled:.1f} s"
        )


class Client(threading.Thread):
    """Posts until told to rest; never gives up on a delivery that was not acknowledged."""

    def __init__(self, centre: Centre, number: int, luck: random.Random) -> None:
        super().__init__(daemon=True)
        self.centre, self.number, self.luck = centre, number, luck
        self.going, self.resting, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.acknowledged: dict[str, int] = {}
        self.cut_off = 0
        self.refused: list[str] = []
        self.moment = datetime.now(UTC) - timedelta(minutes=30)

    def run(self) -> None:
        turn = 0
        while not self.ended.is_set():
            if not self.going.is_set():
                self.resting.set()
                time.sleep(0.02)
                continue
            self.resting.clear()
            turn += 1
            key = f"c{self.number}-{turn}"
            rows = [self.row(f"{key}-{line}") for line in range(1 if self.luck.random() < 0.6 else BULK)]
            self.deliver(key, rows)

    def deliver(self, key: str, rows: list[dict[str, Any]]) -> None:
        """Until it is acknowledged."""
        while not self.ended.is_set():
            try:
                status = self.centre.post(DATASET, rows, key)
            except OSError:
                self.cut_off += 1
                time.sleep(0.2)
                continue
            if status in (200, 201):
                self.acknowledged[key] = len(rows)
                return
            if status < 500:
                self.refused.append(f"{key}: {status}")
                return
            time.sleep(0.2)

    def row(self, code: str) -> dict[str, Any]:
        """A new dossier of some commune."""
        at = self.moment.isoformat(timespec="seconds")
        desk = f"MS{self.luck.randrange(1, 40):02d}"
        return {
            "dossier_code": f"H99.{code}", "procedure": "1.001612", "agency": f"agency:{desk}", "commune": f"sample:{desk}",
            "state": "2", "channel": "2", "submitted_at": at, "received_at": at, "updated_at": at,
        }  # fmt: skip


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261122)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="toancanh-kill-") as folder:
        outcome = run(Path(folder) / "data", chosen.rounds, chosen.seed, say=lambda line: print(line, flush=True))
    print(outcome.said())
    return 1 if outcome.lost or outcome.doubled or outcome.wrong else 0


def run(folder: Path, rounds: int, seed: int, say: Any = lambda _line: None) -> Outcome:
    """Prepare a centre, kill it `rounds` times, and count after each."""
    luck = random.Random(seed)
    centre, outcome = Centre(folder), Outcome()
    centre.prepare()
    centre.start()
    clients = [Client(centre, number, random.Random(seed + number)) for number in range(CLIENTS)]
    try:
        for each in clients:
            each.start()
        for _ in range(rounds):
            one_round(centre, clients, outcome, luck)
            say(f"{outcome.rounds:3}: {outcome.said()}")
    finally:
        for each in clients:
            each.ended.set()
        centre.stop()
    return outcome


def one_round(centre: Centre, clients: list[Client], outcome: Outcome, luck: random.Random) -> None:
    """Load, kill, start again, let every client finish what was cut off, wait until nothing waits, count."""
    for each in clients:
        each.going.set()
    time.sleep(luck.uniform(0.2, 4.0))
    centre.kill()
    for each in clients:
        each.going.clear()
    begun = time.monotonic()
    outcome.restarts.append(centre.start())
    centre.until(lambda: all(each.resting.is_set() for each in clients), 180)
    centre.until(lambda: centre.waiting() == 0, 400, 0.2)
    outcome.settled.append(time.monotonic() - begun)
    outcome.rounds += 1
    compare(centre, clients, outcome)


def compare(centre: Centre, clients: list[Client], outcome: Outcome) -> None:
    """Add up what was acknowledged and what is there."""
    wanted = [count for each in clients for count in each.acknowledged.values()]
    outcome.deliveries, outcome.rows = len(wanted), sum(wanted)
    outcome.unanswered = sum(each.cut_off for each in clients)
    outcome.wrong.extend(line for each in clients for line in each.refused)
    address = f"http://127.0.0.1:{centre.port + 2}"
    counting = Centre(centre.folder, centre.port, TOANCANH_STORE=address)
    found = json.loads(counting.run("tests.faults.count", DATASET))
    found["figure"] = int(sum(each["value"] or 0 for each in centre.read(RECEIVED)["items"]))
    measured = {name: found[name] for name in ("rows", "keys", "lines", "accepted", "figure")}
    outcome.lost = max([outcome.lost, *(outcome.rows - value for value in measured.values())])
    outcome.doubled = max([outcome.doubled, *(value - outcome.rows for value in measured.values())])
    if found["deliveries"] != outcome.deliveries:
        outcome.wrong.append(f"{found['deliveries']} deliveries registered, {outcome.deliveries} acknowledged")
    if set(measured.values()) != {outcome.rows}:
        outcome.wrong.append(f"acknowledged {outcome.rows}, found {measured}")


if __name__ == "__main__":
    sys.exit(main())

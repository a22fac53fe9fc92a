"""From an acknowledged post to the changed card on a leader's screen, in a real Chromium, while 1,000 other rows a second arrive.

Each post is one dossier that is already overdue: the card "Hồ sơ đang quá hạn" on the overview must count one more. The clock
starts when the answer to the post arrives and ends when the browser has painted the new figure.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.table import Line, ms, share
from playwright.sync_api import Page, sync_playwright
from tests.faults.centre import Centre

PART, CARD = "browser", "dossiers_overdue@sample:MS"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        centre = Centre(Path(folder) / "data")
        centre.prepare()
        centre.start()
        try:
            with looking(centre) as page:
                measure(centre, page, 3 if chosen.quick else 40)
        finally:
            centre.stop()


class looking:
    """A leader's browser on the overview."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre

    def __enter__(self) -> Page:
        self.player = sync_playwright().start()
        path = shutil.which("chromium") or "/usr/bin/chromium"
        self.browser = self.player.chromium.launch(executable_path=path, args=FLAGS)
        context = self.browser.new_context(viewport={"width": 1440, "height": 900})
        address = f"http://127.0.0.1:{self.centre.port}"
        context.add_cookies([{"name": "sessionid", "value": self.centre.doors["session"], "url": address}])
        page = context.new_page()
        page.goto(address + "/", wait_until="load")
        return page

    def __exit__(self, *_error: object) -> None:
        self.browser.close()
        self.player.stop()


def measure(centre: Centre, page: Page, times: int) -> None:
    """Idle first, then under the arriving rows."""
    count = 0
    for load in (0, 1000):
        stop, arrived = threading.Event(), [0]
        thread = threading.Thread(target=arriving, args=(centre, load, stop, arrived), daemon=True)
        if load:
            thread.start()
            time.sleep(3)
        took, begun, before = [], time.monotonic(), arrived[0]
        for number in range(times + 2):
            count += 1
            seconds = one(centre, page, count)
            if number >= 2:
                took.append(seconds)
            time.sleep(0.25)
        rate = (arrived[0] - before) / (time.monotonic() - begun)
        stop.set()
        if load:
            thread.join(30)
        Line(
            PART, f"acknowledged post → changed card, {'nothing else arriving' if not load else 'while rows arrive'}", ms(took),
            "p95 ≤ 1 s" if load else "", share(took, 0.95) <= 1.0 if load else None,
            f"{rate:,.0f} other rows/s arrived" if load else "",
        ).tell()


def one(centre: Centre, page: Page, count: int) -> float:
    """Post one overdue dossier; seconds from the answer until the card says `count`."""
    if centre.post("dossiers", [dossier(f"late-{count}", -1)], f"late-{count}") != 201:
        raise RuntimeError("not taken")
    begun = time.perf_counter()
    page.wait_for_function(
        "([key, count]) => document.querySelector(`[data-live-key='${key}'] .figure b`)"
        "?.textContent.replace(/\\D/g, '') === `${count}`",
        arg=[CARD, count], polling="raf", timeout=60_000,
    )
    return time.perf_counter() - begun


def arriving(centre: Centre, rows: int, stop: threading.Event, arrived: list[int]) -> None:
    """Ten deliveries a second that together hold `rows` rows, none of them overdue."""
    turn, begun = 0, time.monotonic()
    while not stop.is_set():
        turn += 1
        batch = [dossier(f"{turn}-{number}", 10, number) for number in range(rows // 10)]
        if centre.post("dossiers", batch, f"more-{turn}") == 201:
            arrived[0] += len(batch)
        time.sleep(max(0.0, begun + turn * 0.1 - time.monotonic()))


def dossier(code: str, due_in_days: int, number: int = 0) -> dict[str, Any]:
    """A dossier accepted two days ago and due in so many days."""
    now = datetime.now(UTC)
    at, due = (each.isoformat(timespec="seconds") for each in (now - timedelta(days=2), now + timedelta(days=due_in_days)))
    desk = f"MS{number % 39 + 1:02d}"
    return {
        "dossier_code": f"H99.{code}", "procedure": "1.001612", "agency": f"agency:{desk}", "commune": f"sample:{desk}",
        "state": "4", "channel": "2", "submitted_at": at, "received_at": at, "due_at": due, "updated_at": at,
    }  # fmt: skip



if __name__ == "__main__":
    main()

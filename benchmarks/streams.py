"""Two thousand browsers on one event stream process: how soon all hear a change, and what it costs the ordinary pages.

The listeners are plain connections of this process, signed in. A change is noted in the database as the worker notes it; the
time runs from its commit to its arrival at each listener.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.table import Line, ms, share
from tests.faults.centre import Centre

PART = "streams"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    wanted = 200 if chosen.quick else 2000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 3 * wanted)), hard))
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        centre = Centre(Path(folder) / "data")
        centre.prepare()
        os.environ |= {name: centre.environment[name] for name in ("TOANCANH_DATA", "DJANGO_SETTINGS_MODULE")}
        centre.start()
        try:
            import django

            django.setup()
            asyncio.run(Listeners(centre, wanted).measure(10 if chosen.quick else 60))
        finally:
            centre.stop()


class Listeners:
    """Open streams, and when each heard what."""

    def __init__(self, centre: Centre, wanted: int) -> None:
        self.centre, self.wanted = centre, wanted
        self.heard: dict[str, list[float]] = {}
        self.open = 0
        self.broken = 0

    async def measure(self, times: int) -> None:
        """Pages alone, streams, pages with streams."""
        alone = await asyncio.to_thread(self.pages, times)
        begun = time.perf_counter()
        tasks = [asyncio.create_task(self.listen()) for _ in range(self.wanted)]
        while self.open < self.wanted and time.perf_counter() - begun < 120:
            await asyncio.sleep(0.1)
        took, opened = time.perf_counter() - begun, self.open
        delays = await self.changes(20)
        memory = self.memory()
        noise = asyncio.create_task(self.changes(10_000))
        beside = await asyncio.to_thread(self.pages, times)
        noise.cancel()
        for each in tasks:
            each.cancel()
        whole = opened == self.wanted and len(delays) == 20 * self.wanted
        Line(
            PART, f"{opened:,} streams on one process, a change reaches each", ms(delays), "p95 ≤ 1 s for 2,000",
            share(delays, 0.95) <= 1.0 and whole,
            f"{len(delays):,} of {20 * self.wanted:,} messages arrived; {self.broken} connections broke; "
            f"opened in {took:.1f} s; the stream process holds {memory:.0f} MB",
        ).tell()
        ratio = share(beside, 0.95) / share(alone, 0.95)
        Line(
            PART, f"overview over loopback beside {opened:,} streams with two changes a second", ms(beside),
            "p95 ≤ 2x of without",
            ratio <= 2.0, f"without streams {ms(alone)}: {ratio:.2f}x",
        ).tell()

    async def listen(self) -> None:
        """One browser's stream."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.centre.port + 1)
            writer.write(
                f"GET /live/stream?scope=sample:MS HTTP/1.1\r\nHost: 127.0.0.1:{self.centre.port + 1}\r\n"
                f"Cookie: sessionid={self.centre.doors['session']}\r\nAccept: text/event-stream\r\n\r\n".encode()
            )
            status = await reader.readline()
            if b" 200 " not in status:
                raise ConnectionError(status.decode())
            self.open += 1
            while line := await reader.readline():
                if line.startswith(b"data: bench-"):
                    self.heard.setdefault(line.split(b"@")[0].decode()[6:], []).append(time.perf_counter())
            self.broken += 1
        except OSError:
            self.broken += 1

    async def changes(self, count: int) -> list[float]:
        """Note `count` changes, two a second; the delays of all who heard them."""
        from toancanh.live.services import note

        delays: list[float] = []
        for number in range(count):
            name = f"bench-{time.perf_counter_ns()}-{number}"
            await asyncio.to_thread(note, [f"{name}@sample:MS"])
            committed = time.perf_counter()
            while len(self.heard.get(name, ())) < self.open and time.perf_counter() - committed < 10:
                await asyncio.sleep(0.02)
            delays.extend(max(0.0, at - committed) for at in self.heard.pop(name, ()))
            await asyncio.sleep(max(0.0, 0.5 - (time.perf_counter() - committed)))
        return delays

    def pages(self, times: int) -> list[float]:
        """Seconds of the overview, one request after the other, each on a connection of its own."""
        took = []
        for number in range(times + 5):
            begun = time.perf_counter()
            status, _ = self.centre.ask("GET", "/", headers={"Cookie": f"sessionid={self.centre.doors['session']}"})
            if status != 200:
                raise RuntimeError(str(status))
            if number >= 5:
                took.append(time.perf_counter() - begun)
            time.sleep(0.02)
        return took

    def memory(self) -> float:
        """Megabytes of the stream process and its parent."""
        total = 0.0
        for pid in self.centre.processes():
            try:
                if b"toancanh.live.asgi" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    status = Path(f"/proc/{pid}/status").read_text().splitlines()
                    total += sum(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            except OSError:
                continue
        return total / 1024


if __name__ == "__main__":
    main()

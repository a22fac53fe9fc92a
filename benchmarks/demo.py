"""The whole demo: how long until it is ready the first and the second time, its memory, and the bytes of its pages."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.browser import FLAGS
from benchmarks.table import Line
from playwright.sync_api import Browser, sync_playwright
from tests.faults.centre import Centre

PART = "demo"
VIEWS = (  # title, path, budget in KB (1 KB = 1,000 bytes)
    ("sign-in", "/sign-in", 90), ("overview", "/", 150), ("field", "/fields/socio_economic", 150),
    ("indicator", "/indicators/budget_rev", 350), ("place", "/places/sample:MS15", 350),
    ("wall overview", "/wall/main?scene=overview", 200), ("wall socio-economic", "/wall/main?scene=socio_economic", 200),
    ("wall public administration", "/wall/main?scene=public_services", 200),
)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        centre = Centre(Path(folder) / "data")
        centre.folder.mkdir()
        try:
            first = centre.start("demo", patience=900)
            Line(
                PART, "first start, with 36 months made and loaded", f"{first:.0f} s", "≤ 180 s", first <= 180,
                f"processor time {centre.busy():.0f} s",
            ).tell()
            started = time.monotonic()
            views(centre)
            time.sleep(max(0.0, (5 if chosen.quick else 60) - (time.monotonic() - started)))
            memory(centre)
            centre.stop()
            second = centre.start("demo", patience=300)
            Line(
                PART, "second start, nothing lost", f"{second:.1f} s", "≤ 5 s", second <= 5,
                f"processor time of all processes {centre.busy():.1f} s",
            ).tell()
        finally:
            centre.stop()


def memory(centre: Centre) -> None:
    """Resident memory of every process of the demo."""
    resident = shared = 0
    parts = []
    for pid in centre.processes():
        try:
            rollup = dict(
                line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:] if ":" in line
            )
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        rss, pss = (int(rollup[name].split()[0]) / 1024 for name in ("Rss", "Pss"))
        resident, shared = resident + rss, shared + pss
        parts.append((rss, name_of(words)))
    listed = ", ".join(f"{name} {rss:.0f}" for rss, name in sorted(parts, reverse=True))
    Line(
        PART, "memory of all processes with live feeds, a minute after the start", f"{shared:.0f} MB (shared pages once)",
        "< 1,000 MB", shared < 1000, f"sum of resident memory {resident:.0f} MB: {listed}",
    ).tell()


def name_of(words: list[str]) -> str:
    """What a process is, in a word or two."""
    for word in words:
        if word.startswith("toancanh.") and "cli" not in word:
            return word.removeprefix("toancanh.").split(":")[0]
    named = [word for word in words if word.isalpha() and word not in ("serve",)]
    return " ".join(named[:2]) or "process"


def views(centre: Centre) -> None:
    """Bytes over the wire of a first view: an empty cache, everything the page fetches until it is quiet."""
    with sync_playwright() as player:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        browser = player.chromium.launch(executable_path=path, args=FLAGS)
        session = sign_in(browser, centre)
        for title, where, budget in VIEWS:
            total, requests, html = weigh(browser, centre, where, session if where != "/sign-in" else None)
            Line(
                PART, f"first view: {title}", f"{total / 1000:.0f} KB", f"≤ {budget} KB", total <= budget * 1000,
                f"{requests} requests, of which the page itself {html / 1000:.0f} KB",
            ).tell()
        browser.close()


def sign_in(browser: Browser, centre: Centre) -> str:
    """The session of the sample leader."""
    accounts = (centre.folder / "sample-accounts.txt").read_text().split("\n")
    username, password = next(line.split()[:2] for line in accounts if line.strip().startswith("lanhdao"))
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{centre.port}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"http://127.0.0.1:{centre.port}/", timeout=60_000)
    found = next(each["value"] for each in page.context.cookies() if each["name"] == "sessionid")
    page.context.close()
    return str(found)


def weigh(browser: Browser, centre: Centre, where: str, session: str | None) -> tuple[int, int, int]:
    """(bytes received with headers, requests, bytes of the page itself). Without the event stream: what the live feeds change a
    second later belongs to no first view."""
    address = f"http://127.0.0.1:{centre.port}"
    wall = "/wall" in where
    context = browser.new_context(viewport={"width": 1920 if wall else 1440, "height": 1080 if wall else 900})
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Network.setBlockedURLs", {"urls": ["*/live/stream*"]})
    sizes: dict[str, int] = {}
    kinds: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda event: kinds.__setitem__(event["requestId"], event["type"]))
    wire.on("Network.loadingFinished", lambda event: sizes.__setitem__(event["requestId"], int(event["encodedDataLength"])))
    answer = page.goto(address + where, wait_until="load")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{where}: {answer.status if answer else 'no answer'}")
    page.wait_for_timeout(2500)
    html = sum(size for number, size in sizes.items() if kinds.get(number) == "Document")
    context.close()
    return sum(sizes.values()), len(sizes), html


if __name__ == "__main__":
    main()

"""The pages of the kit without a database: an environment, and a small server with the product's own headers."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from jinja2 import Environment

from toancanh.site.security import POLICY
from toancanh.ui.assets import static_build, static_files
from toancanh.ui.environment import build
from toancanh.ui.language import use
from toancanh.ui.views import kit_context

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


@pytest.fixture(scope="session")
def templates() -> Environment:
    """The environment of every page."""
    return build()


@pytest.fixture(scope="session")
def built() -> None:
    """Style sheets and scripts are built (npm packages are fetched when they are not there yet)."""
    static_build.build()


@dataclass
class Site:
    """A running site: its address, what it should say, and switches of its event stream."""

    address: str
    pages: dict[str, str] = field(default_factory=dict)
    news: list[str] = field(default_factory=list)
    alive: bool = True
    silent: bool = False
    wake: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, *keys: str) -> None:
        """Send keys to every listening page."""
        with self.wake:
            self.news.append("".join(f"data: {key}\n" for key in keys) + "\n")
            self.wake.notify_all()

    def fall_silent(self) -> None:
        """Keep all streams open, as a pulled cable does, and say nothing more on them or on new ones."""
        self.silent = True

    def cut(self) -> None:
        """End all streams and refuse new ones."""
        with self.wake:
            self.alive = False
            self.wake.notify_all()


class Handler(BaseHTTPRequestHandler):
    """Answers /static/, /live/stream, the kit pages and whatever a test put in `pages`."""

    running: Site
    templates: Environment

    def log_message(self, *_: object) -> None:
        """Say nothing: the test speaks."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/static/"):
            self._static(address.path.removeprefix("/static/"))
        elif address.path == "/live/stream":
            self._stream()
        else:
            self._page(address.path, {k: v[0] for k, v in parse_qs(address.query).items()})

    def _begin(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for key, value in headers:
            self.send_header(key, value)
        self.end_headers()

    def _static(self, name: str) -> None:
        found = static_files.find(name, self.headers.get("Accept-Encoding", ""))
        self._begin(200 if found else 404, *(found.headers if found else ()))
        self.wfile.write(found.file.read_bytes() if found else b"")

    def _page(self, path: str, asked: dict[str, str]) -> None:
        body = self.running.pages.get(path)
        if body is None:
            name = {"/kit": "kit", "/kit/wall": "kit_wall"}.get(path, "kit_overview")
            with use(asked.get("lang")):
                body = self.templates.get_template(f"ui/{name}.html").render(kit_context(asked.get("theme", "light")))
        policy = ("Content-Security-Policy", POLICY.replace("{stream}", ""))
        self._begin(200 if self.running.alive else 503, ("Content-Type", "text/html; charset=utf-8"), policy)
        self.wfile.write(body.encode())

    def _stream(self) -> None:
        running = self.running
        self._begin(200 if running.alive else 503, ("Content-Type", "text/event-stream"))
        at = len(running.news)
        while running.alive:
            with running.wake:
                running.wake.wait(0.5)
                fresh, at = running.news[at:], len(running.news)
            if running.silent:
                continue
            try:
                self.wfile.write(("".join(fresh) or "event: beat\ndata: 1\n\n").encode())
                self.wfile.flush()
            except OSError:
                return


@pytest.fixture
def site(built: None, templates: Environment) -> Iterator[Site]:
    """A site on a free port of this machine."""
    bound = type("BoundHandler", (Handler,), {"templates": templates})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    bound.running = running = Site(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield running
    running.cut()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A real Chromium; its absence is an error in CI and a skip elsewhere."""
    found = shutil.which("chromium") or (CHROMIUM if os.path.exists(CHROMIUM) else "")
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()

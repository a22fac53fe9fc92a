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
from toancanh.ui import static_build, static_files
from toancanh.ui.environment import build
from toancanh.ui.language import use
from toancanh.ui.views import kit_context

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


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
    wake: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, *keys: str) -> None:
        """Send keys to every listening page."""
        with self.wake:
            self.news.append("".join(f"data: {key}\n" for key in keys) + "\n")
            self.wake.notify_all()

    def cut(self) -> None:
        """End all streams and refuse new ones."""
        with self.wake:
            self.alive = False
            self.wake.notify_all()


@pytest.fixture
def site(built: None, templates: Environment) -> Iterator[Site]:
    """The kit pages, /static/, /pages/NAME and /live/stream on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path.startswith("/static/"):
                return self._static(address.path.removeprefix("/static/"))
            if address.path == "/live/stream":
                return self._stream()
            return self._page(address.path, {k: v[0] for k, v in parse_qs(address.query).items()})

        def _static(self, name: str) -> None:
            found = static_files.find(name, self.headers.get("Accept-Encoding", ""))
            self.send_response(200 if found else 404)
            for key, value in found.headers if found else ():
                self.send_header(key, value)
            self.end_headers()
            if found:
                self.wfile.write(found.file.read_bytes())

        def _page(self, path: str, asked: dict[str, str]) -> None:
            body = running.pages.get(path)
            if body is None:
                with use(asked.get("lang")):
                    name = {"/kit": "kit", "/kit/overview": "kit_overview", "/kit/wall": "kit_wall"}.get(path, "kit_overview")
                    body = templates.get_template(f"ui/{name}.html").render(kit_context(asked.get("theme", "light")))
            self.send_response(200 if running.alive else 503)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY.replace("{stream}", ""))
            self.end_headers()
            self.wfile.write(body.encode())

        def _stream(self) -> None:
            self.send_response(200 if running.alive else 503)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            at = len(running.news)
            while running.alive:
                with running.wake:
                    running.wake.wait(0.5)
                    fresh, at = running.news[at:], len(running.news)
                try:
                    self.wfile.write(("".join(fresh) or ": still here\n\n").encode())
                    self.wfile.flush()
                except OSError:
                    return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running = Site(f"http://127.0.0.1:{server.server_port}")
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

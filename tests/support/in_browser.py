"""A real Chromium, and the pages served over the test's own database connection."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections

from toancanh.ui.assets import static_build

AXE = static_build.FRONTEND / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return


def until(page: Any, expression: str, seconds: float = 15.0) -> None:
    """Wait until `expression` holds on the page. Asked from outside: the pages' own policy forbids to evaluate text there."""
    end = monotonic() + seconds
    while not page.evaluate(expression):
        assert monotonic() < end, f"never: {expression}"
        page.wait_for_timeout(50)


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser; style sheets and scripts are built first."""
    from playwright.sync_api import sync_playwright

    static_build.build()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in this very thread
    try:
        with sync_playwright() as driver:
            running = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            yield running
            running.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@contextmanager
def served() -> Iterator[str]:
    """The address of the pages, served from one thread. Test and pages share a connection that two threads must not use at once:
    a statement of the test waits until no request is being answered."""
    shared, alone, pages = connections["default"], threading.RLock(), get_wsgi_application()
    shared.inc_thread_sharing()

    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        with alone:
            response = pages(environ, start)
            try:
                return list(response)
            finally:
                response.close()

    def in_turn(execute: Any, *statement: Any) -> Any:
        with alone:
            return execute(*statement)

    server = make_server("127.0.0.1", 0, answer, handler_class=_Silent)

    def serve() -> None:
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        with shared.execute_wrapper(in_turn):
            yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        shared.dec_thread_sharing()

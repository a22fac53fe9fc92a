"""The event stream: a small ASGI application that tells browsers which keys changed, and nothing else.

GET /live/stream?scope=<unit key>&scope=... ; the scope "*" is always included. A `Last-Event-ID` continues where it broke off.
A stream needs a signed-in session or a wall's cookie, asked for again every minute, and gives only the scopes that they may hear.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toancanh.site.settings")

import django

django.setup()

import asyncio  # noqa: E402
import contextlib  # noqa: E402
import random  # noqa: E402
from collections.abc import Awaitable, Callable, MutableMapping  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from typing import Any  # noqa: E402
from urllib.parse import parse_qs  # noqa: E402

from django.db import DatabaseError  # noqa: E402

from toancanh.live.admission import admitted, origin_allowed  # noqa: E402
from toancanh.live.broadcast import Broadcast  # noqa: E402
from toancanh.live.queries import changes_after, newest  # noqa: E402

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
HEARTBEAT = 15.0  # seconds; a proxy drops silent connections after 30 or more, a page takes 40 seconds of silence for a loss
BEAT = b"event: beat\ndata: 1\n\n"  # an event: of a comment a page would know nothing

AGAIN = 60.0  # seconds after which it is asked again who listens

broadcast = Broadcast(changes_after)
_background: set[asyncio.Task[None]] = set()


@dataclass
class Listener:
    """Whoever holds `cookies` and `asked` to hear some scopes; those that may be heard, as it was answered last."""

    cookies: str
    asked: tuple[str, ...]
    scopes: frozenset[str] = frozenset()
    ask_at: float = 0.0

    async def admitted(self) -> bool:
        """Ask who listens, and to what; False when it is nobody known (any more)."""
        found = await asyncio.to_thread(admitted, self.cookies, self.asked)
        self.scopes = (found or frozenset()) | {"*"}
        self.ask_at = asyncio.get_running_loop().time() + AGAIN * random.uniform(0.8, 1)  # noqa: S311  (streams that began together do not ask together)
        return found is not None

    async def still_admitted(self) -> bool:
        """As `admitted`, once a minute. While the database is away nothing is told, so that the last answer holds."""
        if asyncio.get_running_loop().time() < self.ask_at:
            return True
        try:
            return await self.admitted()
        except DatabaseError:
            return True


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """The ASGI entry."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _start() -> None:
    broadcast.begin(await asyncio.to_thread(newest))
    task = asyncio.create_task(broadcast.run())
    _background.add(task)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await _start()
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in _background:
                task.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _http(scope: Message, receive: Receive, send: Send) -> None:
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    allow = _cross_origin(headers)
    if scope["path"] == "/healthz":
        await _answer(send, 200, b"ok", allow)
    elif scope["path"] != "/live/stream":
        await _answer(send, 404, b"not found", allow)
    else:
        asked = parse_qs(scope.get("query_string", b"").decode()).get("scope", ())[:200]
        listener = Listener(headers.get("cookie", ""), tuple(asked))
        if not await listener.admitted():
            await _answer(send, 401, "Đăng nhập để nhận tin / Sign in to listen".encode(), allow)
        else:
            await _stream(listener, headers, allow, receive, send)


def _cross_origin(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """The page stands on the same host but may stand on another port."""
    origin = headers.get("origin", "")
    if not origin or not origin_allowed(origin, headers.get("host", "")):
        return []
    return [
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


async def _answer(send: Send, status: int, body: bytes, extra: list[tuple[bytes, bytes]]) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _stream(
    listener: Listener, headers: dict[str, str], allow: list[tuple[bytes, bytes]], receive: Receive, send: Send
) -> None:
    kind = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"), *allow]
    await send({"type": "http.response.start", "status": 200, "headers": kind})
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _talk(send, listener, headers.get("last-event-id", ""), gone)
    finally:
        gone.cancel()
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _talk(send: Send, listener: Listener, resume: str, gone: asyncio.Task[None]) -> None:
    seen = int(resume) if resume.isascii() and resume.isdigit() and len(resume) < 19 else broadcast.last
    await send({"type": "http.response.body", "body": b"retry: 2000\n" + BEAT, "more_body": True})
    while not gone.done():
        if not await listener.still_admitted():
            return
        waiting = broadcast.waiting
        if seen != broadcast.last:
            message, seen = broadcast.since(seen, listener.scopes), broadcast.last
            if message:
                await send({"type": "http.response.body", "body": message, "more_body": True})
            continue
        try:
            await asyncio.wait_for(waiting.wait(), HEARTBEAT)
        except TimeoutError:
            await send({"type": "http.response.body", "body": BEAT, "more_body": True})

"""One reader of the changes for all connected browsers: it looks often, groups what it finds, and wakes the streams."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Batch = tuple[int, tuple[str, ...]]
ReadAfter = Callable[[int], list[tuple[int, str]]]
LOOK = 0.04  # seconds between two looks while nothing changes: about 2 % of a core
PAUSE = 0.15  # seconds after news: what comes in them is told together, so that thousands of screens are not woken for each
REMEMBERED = 400


@dataclass
class Broadcast:
    """Batches of changed keys, newest last. `read_after(number)` gives the rows after that number, in order."""

    read_after: ReadAfter
    last: int = 0
    batches: deque[Batch] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    forgotten: int = 0  # what lies at or before this number cannot be told any more
    _rendered: dict[tuple[int, frozenset[str]], bytes] = field(default_factory=dict)

    def begin(self, number: int) -> None:
        """Start after the change `number`: what came before is in the database, but not in this process."""
        self.last = self.forgotten = number

    async def run(self) -> None:
        """Look for changes for ever."""
        while True:
            rows = await asyncio.to_thread(self._read)
            if rows:
                self.publish(rows)
            await asyncio.sleep(PAUSE if rows else LOOK)

    def _read(self) -> list[tuple[int, str]]:
        try:
            return self.read_after(self.last)
        except Exception:  # a database that is away must not end the stream
            return []

    def publish(self, rows: list[tuple[int, str]]) -> None:
        """Make `rows` known to every stream."""
        self.last = rows[-1][0]
        if len(self.batches) == self.batches.maxlen:
            self.forgotten = self.batches[0][0]
        self.batches.append((self.last, tuple(dict.fromkeys(key for _, key in rows))))
        self._rendered.clear()
        waiting, self.waiting = self.waiting, asyncio.Event()
        waiting.set()

    def since(self, number: int, scopes: frozenset[str]) -> bytes:
        """The message for what changed after `number` in `scopes`: "*" (anything) when that is no longer known, empty when
        nothing there did. Made once per group."""
        known = self._rendered.get((number, scopes))
        if known is None:
            known = self._rendered[(number, scopes)] = self._render(number, scopes)
        return known

    def _render(self, number: int, scopes: frozenset[str]) -> bytes:
        if self.missed(number):
            return f"id: {self.last}\ndata: *\n\n".encode()
        keys: dict[str, None] = {}
        for last, batch in self.batches:
            if last > number:
                keys.update(dict.fromkeys(key for key in batch if key.rpartition("@")[2] in scopes))
        if not keys:
            return b""
        lines = "".join(f"data: {key}\n" for key in keys)
        return f"id: {self.last}\n{lines}\n".encode()

    def missed(self, number: int) -> bool:
        """Whether changes after `number` are forgotten: it is too long ago, from before this process began, or from another
        database, whose numbers ran further."""
        return number < self.forgotten or number > self.last

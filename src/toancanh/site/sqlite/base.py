"""Django's SQLite with a line before its one write lock: whoever waits longest writes next.

SQLite lets a waiting writer sleep up to a tenth of a second between two looks at the lock. A process that writes again and again
takes it back within a millisecond, and all others starve, among them the door that a sender waits at. Here they stand in line at
a lock of the operating system on the database's folder, which a killed process lets go: the first in line alone looks at SQLite's
lock, every millisecond, and whoever has just written stands behind the others.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from toancanh.jobs.disk import is_taken

LOOK_AGAIN = 0.001  # seconds
_WRITES = ("INSERT", "UPDATE", "DELETE")


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection. Its transactions are immediate; they, and single statements that write outside one, stand in line."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.execute_wrappers.append(self._execute)

    def _start_transaction_under_autocommit(self) -> None:
        self._in_turn(lambda: self.cursor().execute("BEGIN IMMEDIATE"))

    def _execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """A statement; `many` of them outside a transaction are not one write, and one that ran half is not done again."""
        if many or not self.get_autocommit() or not sql.startswith(_WRITES):
            return execute(sql, params, many, context)
        return self._in_turn(lambda: execute(sql, params, many, context))

    def _in_turn(self, write: Callable[[], Any]) -> Any:
        """Raises OperationalError when the turn does not come within the connection's own patience."""
        if self.is_in_memory_db():
            return write()
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        with self._line():
            self._let_the_engine_wait(0)
            try:
                return _as_soon_as_free(write, until)
            finally:
                self._let_the_engine_wait(patience)

    @contextmanager
    def _line(self) -> Iterator[None]:
        try:
            place = os.open(os.path.dirname(self.settings_dict["NAME"]) or ".", os.O_RDONLY)
        except OSError as error:
            raise OperationalError(f"the line before the database cannot be entered: {error}") from error
        try:
            fcntl.flock(place, fcntl.LOCK_EX)
            yield
        finally:
            fcntl.flock(place, fcntl.LOCK_UN)  # a copy in a forked child would hold it on
            os.close(place)

    def _let_the_engine_wait(self, seconds: float) -> None:
        self.ensure_connection()
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _as_soon_as_free(write: Callable[[], Any], until: float) -> Any:
    """What does not get the lock has done nothing and is tried again; who comes to the head of the line too late tries once."""
    while True:
        try:
            return write()
        except OperationalError as error:
            if not is_taken(error) or time.monotonic() > until:
                raise
        time.sleep(LOOK_AGAIN)

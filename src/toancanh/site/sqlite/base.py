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

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from toancanh.jobs.disk import is_taken

LOOK_AGAIN = 0.001  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection. Its transactions are immediate and stand in line; reads, and writes outside a transaction, do not."""

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db():
            self._begin()
            return
        line = os.open(os.path.dirname(self.settings_dict["NAME"]), os.O_RDONLY)
        try:
            fcntl.flock(line, fcntl.LOCK_EX)
            self._begin_as_soon_as_free()
        finally:
            os.close(line)

    def _begin_as_soon_as_free(self) -> None:
        """Raises OperationalError when it is not within the connection's own patience."""
        patience = float(self.settings_dict["OPTIONS"]["timeout"])
        until = time.monotonic() + patience
        self._let_the_engine_wait(0)
        try:
            while not self._begun(until):
                time.sleep(LOOK_AGAIN)
        finally:
            self._let_the_engine_wait(patience)

    def _begun(self, until: float) -> bool:
        try:
            self._begin()
        except OperationalError as error:
            if not is_taken(error) or time.monotonic() > until:
                raise
            return False
        return True

    def _begin(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")

    def _let_the_engine_wait(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

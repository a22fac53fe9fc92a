"""The owner's connections to the embedded engine: a few, each lent to one request at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import chdb

from toancanh.store.embedded import connection_string
from toancanh.store.problems import StoreUnavailable

_DATABASE = re.compile(r"\w{1,64}", re.ASCII)


class Refused(Exception):
    """The engine's own words about a statement that it did not carry out, beginning with "Code: NN."."""

    @property
    def code(self) -> int:
        found = re.match(r"Code: (\d+)", str(self))
        return int(found.group(1)) if found else 1001


class Connections:
    """Opens the engine on `path`. Raises `StoreUnavailable` when another process holds it."""

    def __init__(self, path: Path, size: int = 6, patience: float = 30) -> None:
        self._patience = patience
        self._free: SimpleQueue[Any] = SimpleQueue()
        self._all: list[Any] = []
        self._using: dict[int, str] = {}
        try:
            for _ in range(size):
                self._all.append(chdb.connect(connection_string(path)))
        except RuntimeError as wrong:
            raise StoreUnavailable(str(wrong)) from wrong
        for each in self._all:
            self._free.put(each)

    def run(
        self, sql: str | bytes, parameters: Mapping[str, str], *, database: str = "default", form: str = "TabSeparated",
    ) -> Any:
        """The engine's answer to one statement. Raises `Refused`; `StoreUnavailable` when no connection came free in time."""
        with self._lent() as connection:
            self._choose(connection, database)
            return _ask(connection, sql, form, parameters)

    def close(self) -> None:
        """Close what is not in use; call it when no request is being answered."""
        for each in self._all:
            each.close()

    def _choose(self, connection: Any, database: str) -> None:
        if self._using.get(id(connection), "default") == database:
            return
        if not _DATABASE.fullmatch(database):
            raise Refused(f"Code: 81. DB::Exception: {database!r} is not the name of a database")
        _ask(connection, f"USE `{database}`", "TabSeparated", {})
        self._using[id(connection)] = database

    @contextmanager
    def _lent(self) -> Iterator[Any]:
        try:
            connection = self._free.get(timeout=self._patience)
        except Empty:
            raise StoreUnavailable("every connection is busy") from None
        try:
            yield connection
        finally:
            self._free.put(connection)


def _ask(connection: Any, sql: str | bytes, form: str, parameters: Mapping[str, str]) -> Any:
    try:
        return connection.query(sql, form, params=dict(parameters))
    except Exception as wrong:  # the driver raises RuntimeError or its own, by version
        text = str(wrong)
        raise Refused(text[max(text.find("Code: "), 0):]) from None

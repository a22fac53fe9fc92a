"""The one way to the engine: embedded in this process or by HTTP address, the same client, one connection per thread.

Addresses: `chdb:///folder` (this process owns the folder alone, unless an owner is running: then it is asked instead) and
`http://[user:password@]host:port[/database]` (the owning process, a ClickHouse server, any node of a cluster). A connection must
never be shared by threads: the embedded engine has given one thread another thread's answer. `client()` keeps one per thread.

The driver is loaded with the first connection: processes that never ask the store start a tenth of a second sooner.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from toancanh.store.embedded import SESSION, config_file, key_file, owner_address
from toancanh.store.problems import StoreUnavailable, store_problem

if TYPE_CHECKING:
    import pyarrow
    from clickhouse_connect.driver.client import Client

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

_mine = threading.local()
_open: weakref.WeakSet[Client] = weakref.WeakSet()
_chosen: list[str] = []


def address() -> str:
    """The address in force: the one of `use`, else the settings'."""
    return _chosen[-1] if _chosen else settings.STORE_URL


def client() -> Client:
    """This thread's connection. Raises `StoreUnavailable`."""
    wanted = (os.getpid(), address())
    if getattr(_mine, "key", None) != wanted:
        _mine.client = _connect(wanted[1])
        _mine.key = wanted
        _open.add(_mine.client)
    return _mine.client


def query(sql: str, parameters: dict[str, Any] | None = None) -> Sequence[Sequence[Any]]:
    """The rows that `sql` answers."""
    with _plain_problems():
        return client().query(sql, parameters=parameters or None).result_rows


def command(sql: str, parameters: dict[str, Any] | None = None) -> Any:
    """Run a statement that answers nothing or one value."""
    with _plain_problems():
        return client().command(sql, parameters=parameters or None)


def insert(table: str, columns: pyarrow.Table, *, token: str = "") -> None:
    """Append a block of columns to `table` in one insert. `token` lets a replicated table drop the same block sent twice."""
    with _plain_problems():
        if address().startswith("chdb:"):
            client().insert_arrow(table, columns)
        else:
            once = {"distributed_foreground_insert": 1, "insert_deduplication_token": token}
            client().insert_arrow(table, columns, settings=once)


@contextmanager
def use(url: str) -> Iterator[None]:
    """Within the block every thread speaks to the store at `url`; its connections are closed at the end.

    The embedded engine opens one folder at a time, so connections to another one are closed first (and opened again when needed).
    """
    if url.startswith("chdb:"):
        close()
    _chosen.append(url)
    try:
        yield
    finally:
        _chosen.remove(url)
        close()


def close() -> None:
    """Close every connection of this process."""
    for each in list(_open):
        with suppress(Exception):
            each.close()
    _open.clear()
    _mine.__dict__.clear()


def ping() -> None:
    """Return when the store answers. Raises `StoreUnavailable`."""
    query("SELECT 1")


def _connect(url: str) -> Client:
    from clickhouse_connect.driver.exceptions import ClickHouseError

    try:
        return _embedded(Path(urlsplit(url).path)) if url.startswith("chdb:") else _by_address(url)
    except (ClickHouseError, OSError) as wrong:
        raise StoreUnavailable(str(wrong)) from wrong


def _embedded(folder: Path) -> Client:
    """The folder itself, or its owner where one is running: two processes can never hold it."""
    import clickhouse_connect
    from clickhouse_connect.driver.exceptions import ClickHouseError

    owner = owner_address(folder)
    if owner:
        with suppress(ClickHouseError, OSError):
            return _by_address(owner, folder)
    options = {"config-file": str(config_file(folder))}
    return clickhouse_connect.get_client(
        interface="chdb", path=str(folder), settings=dict(SESSION), tz_mode="aware", chdb_options=options,
    )


def _by_address(url: str, folder: Path | None = None) -> Client:
    import clickhouse_connect

    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    here = host in _LOOPBACK
    return clickhouse_connect.get_client(
        interface=parts.scheme, host=host, port=parts.port or (8443 if parts.scheme == "https" else 8123),
        username=unquote(parts.username or "default"), password=unquote(parts.password or "") or (_key(folder) if here else ""),
        database=parts.path.strip("/") or "default", compress=not here, tz_mode="aware", autogenerate_session_id=False,
        form_encode_query_params=True, connect_timeout=5, send_receive_timeout=180,
        pool_mgr=None if parts.scheme == "https" else _pool(),
    )


@lru_cache(maxsize=1)
def _pool() -> Any:
    """Of our own: the default one may go through a proxy of the environment, which has no place here."""
    from clickhouse_connect.driver.httputil import get_pool_manager

    return get_pool_manager()


def _key(folder: Path | None) -> str:
    with suppress(OSError):
        return key_file(folder or Path(settings.DATA) / "store").read_text().strip()
    return ""


@contextmanager
def _plain_problems() -> Iterator[None]:
    try:
        yield
    except Exception as wrong:
        from clickhouse_connect.driver.exceptions import ClickHouseError

        if not isinstance(wrong, ClickHouseError):
            raise
        problem = store_problem(str(wrong))
        if problem is None and "executing HTTP request" in str(wrong):
            problem = StoreUnavailable(str(wrong))
        if problem is None:
            raise
        raise problem from wrong

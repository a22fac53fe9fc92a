"""Turns that all processes of a centre take: the worker, and a command that somebody runs beside it.

A turn ends with its process, however that ends. Take turns in one order everywhere, and never one inside a transaction.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.db import DatabaseError, connection

_CLASS = 0x7475726E  # "turn": keeps these apart from other locks by number
_LOOK_AGAIN = 0.01  # seconds


@contextmanager
def turn(name: str, patience: float | None = None) -> Iterator[bool]:
    """Nobody else is inside a turn of this name. Who comes meanwhile waits; with `patience` for so many seconds at most, and is
    then told False: the turn is another's."""
    with _in_database(name, patience) if connection.vendor == "postgresql" else _in_folder(name, patience) as ours:
        yield ours


@contextmanager
def _in_database(name: str, patience: float | None) -> Iterator[bool]:
    def ask(function: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [_CLASS, crc32(name.encode()) - 2**31])
            return cursor.fetchone()[0] is not False

    ours = ask("pg_advisory_lock") if patience is None else _in_time(lambda: ask("pg_try_advisory_lock"), patience)
    try:
        yield ours
    finally:
        if ours:
            _let_go(lambda: ask("pg_advisory_unlock"))


def _let_go(unlock: Callable[[], object]) -> None:
    try:
        unlock()
    except DatabaseError:  # a connection that is closed holds nothing; what happened inside the turn is not hidden by this
        connection.close()


@contextmanager
def _in_folder(name: str, patience: float | None) -> Iterator[bool]:
    folder = Path(settings.DATA) / "turns"
    folder.mkdir(exist_ok=True)
    place = os.open(folder / name, os.O_RDONLY | os.O_CREAT, 0o600)
    _keep_for_the_owner(folder, place)
    try:
        if patience is None:
            fcntl.flock(place, fcntl.LOCK_EX)
        ours = patience is None or _in_time(lambda: _taken(place), patience)
        yield ours
    finally:
        fcntl.flock(place, fcntl.LOCK_UN)  # a copy in a forked child would hold it on
        os.close(place)


def _keep_for_the_owner(folder: Path, place: int) -> None:
    """What a command makes as root belongs to whom the data belong: the service must be able to open it."""
    if os.geteuid() == 0:
        owner = Path(settings.DATA).stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        os.fchown(place, owner.st_uid, owner.st_gid)


def _taken(place: int) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_time(take: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while not take():
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK_AGAIN)
    return True

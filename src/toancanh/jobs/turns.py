"""Turns that all processes of a centre take: the worker, and a command that somebody runs beside it.

A turn ends with its process, however that ends. Take turns in one order everywhere, and never one inside a transaction.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.db import connection

_CLASS = 0x7475726E  # "turn": keeps these apart from other locks by number


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Nobody else is inside a turn of this name, which may take long; who comes meanwhile waits."""
    with _in_database(name) if connection.vendor == "postgresql" else _in_folder(name):
        yield


@contextmanager
def _in_database(name: str) -> Iterator[None]:
    place = [_CLASS, crc32(name.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", place)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", place)


@contextmanager
def _in_folder(name: str) -> Iterator[None]:
    folder = Path(settings.DATA) / "turns"
    folder.mkdir(exist_ok=True)
    place = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(place, fcntl.LOCK_UN)  # a copy in a forked child would hold it on
        os.close(place)

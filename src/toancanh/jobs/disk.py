"""Writes that need not wait for the disk: news, claims, marks that are made again after a power cut without harm.

A killed process loses none of them; only a machine that loses its power may, and then only the last moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def not_waiting() -> Iterator[None]:
    """Commits inside the block do not wait for the disk (SQLite). Inside a transaction nothing changes: its commit decides."""
    light = connection.vendor == "sqlite" and not connection.in_atomic_block
    if light:
        _synchronous("NORMAL")
    try:
        yield
    finally:
        if light:
            _synchronous("FULL")


def _synchronous(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")

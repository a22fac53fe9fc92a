"""What the database says when its disk is full, in the words of each engine."""

from __future__ import annotations

import errno
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from toancanh.jobs import disk


def said(words: str, sqlstate: str = "") -> OperationalError:
    error = OperationalError(words)
    cause = Exception(words)
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        said("database or disk is full"),
        said('could not extend file "base/1/2": No space left on device', "53100"),
        said("ERROR: something in another language", "53100"),
    ],
)
def test_a_full_disk_is_known_whoever_says_it(error: Exception) -> None:
    assert disk.is_full(error)


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "no"), said("database is locked"), ValueError("disk is full"), None])
def test_other_troubles_are_not_called_a_full_disk(error: Exception | None) -> None:
    assert not disk.is_full(error)


@pytest.mark.parametrize(("free", "full"), [(0, True), (10_000_000, False)])
def test_a_disk_error_of_sqlite_means_full_only_where_no_room_is_left(
    monkeypatch: pytest.MonkeyPatch, free: int, full: bool
) -> None:
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert disk.is_full(said("disk I/O error")) is full


@pytest.mark.parametrize("error", [said("database is locked"), said("anything", "55P03"), said("deadlock detected", "40P01")])
def test_a_database_that_others_write_to_is_busy_not_broken(error: Exception) -> None:
    assert disk.is_taken(error)
    assert (disk.too_busy().status, disk.is_full(error)) == (503, False)


@pytest.mark.parametrize("error", [said("no such table: locked"), ValueError("database is locked"), None])
def test_a_fault_is_not_called_busy(error: Exception | None) -> None:
    assert not disk.is_taken(error)

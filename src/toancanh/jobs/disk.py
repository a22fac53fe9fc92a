"""The disk under the centre: writes that need not wait for it, and what is said when it is full.

News, claims and marks that are made again after a power cut without harm need not wait: a killed process loses none of them,
only a machine that loses its power may, and then only the last moments.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_ROOM_IN_WORDS = ("disk is full", "No space left on device", "could not extend file")
_TAKEN_IN_WORDS = ("database is locked", "database table is locked")
_TAKEN_IN_CODES = ("55P03", "40P01")  # PostgreSQL: a lock that did not come, a deadlock
_NEXT_TO_NOTHING = 1_048_576  # bytes


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


def is_full(error: BaseException | None) -> bool:
    """Whether `error` says that there is no room left: of the operating system, of PostgreSQL (53100), of SQLite.

    SQLite also says "disk I/O error" when it cannot enlarge a file beside its own; then the room that is left decides.
    """
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    if not isinstance(error, DatabaseError):
        return False
    said = str(error)
    if getattr(error.__cause__, "sqlstate", "") == "53100" or any(words in said for words in _NO_ROOM_IN_WORDS):
        return True
    return "disk I/O error" in said and shutil.disk_usage(settings.DATA).free < _NEXT_TO_NOTHING


def is_taken(error: BaseException | None) -> bool:
    """Whether `error` says that others wrote for as long as one may wait: nothing was written, and later it can be."""
    if not isinstance(error, DatabaseError):
        return False
    return getattr(error.__cause__, "sqlstate", "") in _TAKEN_IN_CODES or any(words in str(error) for words in _TAKEN_IN_WORDS)


def refusal_of(error: BaseException | None) -> Problem | None:
    """What a disk or a database that takes nothing is for who asked; None for any other error."""
    if is_full(error):
        return disk_full()
    return too_busy() if is_taken(error) else None


def too_busy() -> Problem:
    return Problem(
        "busy", 503, Text("Đang quá tải", "Too busy"),
        Text(
            "Đang có quá nhiều việc ghi cùng lúc nên chưa ghi nhận được gì. Thử lại sau ít giây.",
            "Too much is being written at once, so nothing was taken. Try again in a few seconds.",
        ),
    )  # fmt: skip


def disk_full() -> Problem:
    return Problem(
        "storage-full", 507, Text("Hết chỗ lưu trữ", "Storage is full"),
        Text(
            "Máy chủ hết chỗ lưu trữ nên chưa ghi nhận được. Giữ lại dữ liệu và gửi lại sau; người quản trị cần giải phóng "
            "ổ đĩa.",
            "The server has no room left, so nothing was taken. Keep the data and send it again later; "
            "an administrator must free disk space.",
        ),
    )  # fmt: skip

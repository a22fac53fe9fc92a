"""What the machine under the centre refuses, as a `Problem` that says what to do: the database, its shape, files and folders."""

from __future__ import annotations

import errno
import socket
import sqlite3

from django.db import DatabaseError, InterfaceError, connection

from toancanh.jobs.disk import refusal_of
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.site.preparation import up_to_date

_SHAPE_IN_WORDS = ("no such table", "no such column", "has no column named")
_SHAPE_IN_CODES = ("42P01", "42703")  # PostgreSQL: no such table, no such column
_WHY = {
    errno.ENOENT: Text("không có tệp hoặc thư mục này", "there is no such file or folder"),
    errno.EACCES: Text("không có quyền", "permission is missing"),
    errno.EPERM: Text("không có quyền", "permission is missing"),
    errno.EROFS: Text("ổ đĩa chỉ cho đọc", "the disk can only be read"),
    errno.EISDIR: Text("đây là thư mục, không phải tệp", "this is a folder, not a file"),
    errno.ENOTDIR: Text("một phần của đường dẫn không phải thư mục", "a part of the path is not a folder"),
    errno.EEXIST: Text("đã có một tệp cùng tên", "a file of this name is there already"),
    errno.ECONNREFUSED: Text("không có máy chủ nào nhận kết nối ở đó", "no server takes connections there"),
    errno.ECONNRESET: Text("máy chủ đã ngắt kết nối", "the server has cut the connection"),
    errno.EPIPE: Text("máy chủ đã ngắt kết nối", "the server has cut the connection"),
    errno.ETIMEDOUT: Text("máy chủ không trả lời kịp", "the server does not answer in time"),
    socket.EAI_NONAME: Text("không tìm thấy máy có tên này", "no machine of this name is found"),
}


def problem_of(error: BaseException) -> Problem | None:
    """The problem that `error` tells of; None for a mistake of the program itself."""
    if isinstance(error, DatabaseError | InterfaceError | sqlite3.Error):
        return refusal_of(error) or _of_database(error)
    return refusal_of(error) or _of_system(error) if isinstance(error, OSError) else None


def _of_system(error: OSError) -> Problem:
    """A file, a folder or a connection that the system does not give."""
    words = str(error.strerror or error)
    number = error.errno or (errno.ETIMEDOUT if isinstance(error, TimeoutError) else 0)
    why = _WHY.get(number, Text(words, words))
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror):
        return _no_connection(why)
    name = str(error.filename or "")
    where = f"“{name}”: " if name else ""
    return Problem(
        "system-refuses", 500, Text("Hệ điều hành từ chối", "The operating system refuses"),
        Text(
            f"{where}{why.vi}. Kiểm tra đường dẫn và quyền đọc, ghi rồi chạy lại lệnh.",
            f"{where}{why.en}. Check the path and the right to read and write, then run the command again.",
        ),
    )  # fmt: skip


def _no_connection(why: Text) -> Problem:
    return Problem(
        "no-connection", 503, Text("Không kết nối được", "No connection"),
        Text(
            f"Lý do: {why.vi}. Kiểm tra địa chỉ, cổng và máy chủ có đang chạy không, rồi chạy lại lệnh.",
            f"Reason: {why.en}. Check the address, the port and that the server is running, then run the command again.",
        ),
    )  # fmt: skip


def refuse_unprepared() -> None:
    """Raise a `Problem` when the database has not been brought to the shape of this version."""
    if not up_to_date():
        raise _not_prepared()


def _of_database(error: BaseException) -> Problem | None:
    if not _is_of_shape(error):
        return _database_away(error) if _is_of_machine(error) else None
    try:
        return None if up_to_date() else _not_prepared()  # a database of today that lacks a column: a mistake of ours
    except DatabaseError as worse:
        return _database_away(worse)


def _is_of_shape(error: BaseException) -> bool:
    code = getattr(error.__cause__, "sqlstate", "")
    return code in _SHAPE_IN_CODES or any(words in str(error) for words in _SHAPE_IN_WORDS)


def _is_of_machine(error: BaseException) -> bool:
    """Not a mistake in what was asked: the database cannot be reached, opened, read or written, or lets nobody in."""
    name = type(error).__name__
    return name in ("OperationalError", "InterfaceError") or str(error) == "file is not a database"


def _not_prepared() -> Problem:
    where = _place()
    return Problem(
        "not-migrated", 503, Text("Cơ sở dữ liệu chưa sẵn sàng", "The database is not prepared"),
        Text(
            f"{where} chưa có bảng của phiên bản này. Kiểm tra {_SETTING[_on_a_server()]}, rồi chạy: toancanh migrate",
            f"{where} has not the tables of this version. Check {_SETTING[_on_a_server()]}, then run: toancanh migrate",
        ),
    )  # fmt: skip


def _database_away(error: BaseException) -> Problem:
    said = str(error).strip().split("\n", 1)[0]  # PostgreSQL adds a question
    todo = _DATABASE_TODO[_on_a_server()]
    return Problem(
        "database-away", 503, Text("Không dùng được cơ sở dữ liệu", "The database cannot be used"),
        Text(f"{_place()}: {said}. {todo.vi}", f"{_place()}: {said}. {todo.en}"),
    )  # fmt: skip


def _on_a_server() -> bool:
    return connection.vendor != "sqlite"


def _place() -> str:
    """Where the database is, without its password."""
    known = connection.settings_dict
    if not _on_a_server():
        return str(known["NAME"])
    host = f"{known['HOST'] or 'localhost'}:{known['PORT'] or 5432}"
    return f"postgresql://{host}/{known['NAME']}"


_SETTING = {True: "DATABASE_URL", False: "TOANCANH_DATA"}
_DATABASE_TODO = {
    True: Text(
        "Kiểm tra máy chủ PostgreSQL có chạy không và DATABASE_URL có đúng không, rồi chạy lại lệnh.",
        "Check that the PostgreSQL server runs and that DATABASE_URL is right, then run the command again.",
    ),
    False: Text(
        "Kiểm tra quyền đọc, ghi của thư mục dữ liệu (TOANCANH_DATA) và ổ đĩa, rồi chạy lại lệnh.",
        "Check the right to read and write the data folder (TOANCANH_DATA) and the disk, then run the command again.",
    ),
}

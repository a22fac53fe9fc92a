"""Which relational database: PostgreSQL by address, else SQLite with a write-ahead log and writers in line."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text


def database_from_url(url: str, data: Path) -> dict[str, object]:
    """Django's settings for `url`. Raises `Problem` for an address that is not PostgreSQL."""
    if not url:
        return _sqlite(data)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _wrong_address() from error
    if parts.scheme not in ("postgres", "postgresql"):
        raise _wrong_address()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _wrong_address() -> Problem:
    form = "postgresql://user:password@host:5432/name"
    return Problem(
        "wrong-database-address", 500, Text("DATABASE_URL chưa đúng", "DATABASE_URL is wrong"),
        Text(
            f"Viết theo mẫu {form}, hoặc bỏ trống để dùng SQLite trong thư mục dữ liệu.",
            f"Write it as {form}, or leave it out to use SQLite in the data folder.",
        ),
    )  # fmt: skip


def _sqlite(data: Path) -> dict[str, object]:
    return {
        "ENGINE": "toancanh.site.sqlite",
        "NAME": str(data / "toancanh.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000"
            ),
        },
        "TEST": {"NAME": str(data / "test.sqlite3")},
    }

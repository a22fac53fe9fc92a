"""Which relational database: PostgreSQL by address, else SQLite with a write-ahead log and writers in line."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit


def database_from_url(url: str, data: Path) -> dict[str, object]:
    """Django's settings for `url`. Raises ValueError for an address that is not PostgreSQL."""
    if not url:
        return _sqlite(data)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL must begin with postgresql:// but begins with {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


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

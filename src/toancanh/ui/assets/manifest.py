"""From the name of a static file to its address: the hashed file of the build when there is one, else the source file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static"
MANIFEST = FOLDER / "built" / "manifest.json"


@lru_cache(maxsize=4)
def _entries(stamp: int) -> dict[str, str]:
    return json.loads(MANIFEST.read_text(encoding="utf-8")) if stamp else {}


def entries() -> dict[str, str]:
    """Source name -> built name ("app.css" -> "built/app-1A2B.css"); empty before the first build."""
    try:
        return _entries(MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


def built_name(name: str) -> str:
    """The file to serve for `name`, relative to the static folder."""
    return entries().get(name, f"css/{name}" if name.endswith(".css") else name)


def prefix() -> str:
    """STATIC_URL with a slash at both ends; "/static/" when settings say nothing."""
    from django.conf import settings

    named = (settings.STATIC_URL if settings.configured else "") or "static/"
    return named if "://" in named or named.startswith(("/", ".")) else f"/{named}"


def static(name: str) -> str:
    """The address of a static file under STATIC_URL."""
    return f"{prefix()}{built_name(name)}"

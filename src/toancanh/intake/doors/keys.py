"""Whose key is it? Keys are looked up by hash and remembered for a few seconds, so that a busy sender costs no query."""

from __future__ import annotations

import time
from dataclasses import dataclass

from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.models import Source, SourceKey
from toancanh.intake.services import hash_of
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

REMEMBERED_SECONDS = 5.0
_MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class _Known:
    source: Source
    until: float


_known: dict[str, _Known] = {}


def source_of_key(authorization: str) -> Source:
    """The source that "Bearer KEY" belongs to. Raises `Problem` 401."""
    scheme, _, key = authorization.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key or len(key) > 200:
        raise _no_key()
    hashed = hash_of(key)
    remembered = _known.get(hashed)
    if remembered is not None and remembered.until > time.monotonic():
        return remembered.source
    found = SourceKey.objects.select_related("source", "source__owner").filter(hashed=hashed, revoked_at=None).first()
    if found is None:
        _known.pop(hashed, None)
        raise _no_key()
    if len(_known) >= _MOST_REMEMBERED:
        _known.clear()
    _known[hashed] = _Known(found.source, time.monotonic() + REMEMBERED_SECONDS)
    return found.source


def forget() -> None:
    """Look every key up again."""
    _known.clear()


def _no_key() -> Problem:
    return refuse_whole(
        "no-key", "Thiếu khóa hoặc khóa không đúng. Gửi kèm “Authorization: Bearer KHÓA” của nguồn.",
        "The key is missing or wrong. Send “Authorization: Bearer KEY” of the source.", 401,
        Text("Chưa xác thực", "Not authenticated"),
    )

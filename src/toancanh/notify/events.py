"""What happened in this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NoticeConfirmed:
    """Somebody has the matter: this person (user id, and from which address) confirmed what was told about it at `told_at`."""

    user: int
    address: str
    subject: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class InboxChanged:
    """Something is new, read or confirmed in the inbox of these people (user ids)."""

    users: tuple[int, ...]

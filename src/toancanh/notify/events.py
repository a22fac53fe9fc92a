"""What happened in this room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InboxChanged:
    """Something is new, read or confirmed in the inbox of these people (user ids)."""

    users: tuple[int, ...]

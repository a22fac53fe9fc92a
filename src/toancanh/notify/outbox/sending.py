"""Drains the outbox."""

from __future__ import annotations


def send_beside() -> None:
    """Nothing is sent yet."""

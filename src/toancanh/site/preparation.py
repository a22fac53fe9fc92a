"""Brings the databases to today's shape before anything is served."""

from __future__ import annotations

from django.core.management import call_command


def prepare_databases() -> None:
    """Apply the migrations of the relational database. Idempotent."""
    call_command("migrate", interactive=False, verbosity=0)

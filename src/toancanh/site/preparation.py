"""Brings the databases to today's shape before anything is served."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def prepare_databases() -> None:
    """Apply the migrations of the relational database. Idempotent; costs next to nothing when all of them are applied."""
    if not up_to_date():
        call_command("migrate", interactive=False, verbosity=0)


def prepared_beside() -> bool:
    """The same in a process of its own, whose memory is given back: for who goes on to watch over others for months. False when
    it failed; that process has said why."""
    return up_to_date() or subprocess.run((sys.executable, "-m", "toancanh.site.cli", "migrate"), check=False).returncode == 0


def up_to_date() -> bool:
    """Whether every migration on disk is applied. Looks at names alone: loading them all is a good part of a start."""
    return declared() <= set(MigrationRecorder(connection).applied_migrations())


def declared() -> set[tuple[str, str]]:
    """(application, migration) of every migration file."""
    return {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in Path(app.path, "migrations").glob("[0-9]*.py")
    }

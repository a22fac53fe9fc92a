"""The databases are brought to today's shape when they are not, and left alone when they are."""

from __future__ import annotations

import subprocess

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from toancanh.site import preparation

pytestmark = pytest.mark.django_db


def test_the_names_on_disk_are_the_migrations_that_the_framework_knows() -> None:
    assert preparation.declared() == set(MigrationLoader(None).disk_migrations)


def test_a_database_of_today_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: called.append(name))
    preparation.prepare_databases()
    assert called == []
    MigrationRecorder.Migration.objects.filter(app="intake").last().delete()
    preparation.prepare_databases()
    assert called == ["migrate"]


def test_who_watches_over_others_has_it_done_beside_and_hears_whether_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], check: bool) -> subprocess.CompletedProcess[bytes]:
        ran.append(command[-1:])
        return subprocess.CompletedProcess(command, len(ran) - 1)

    monkeypatch.setattr(preparation.subprocess, "run", run)
    assert preparation.prepared_beside()
    assert ran == []
    MigrationRecorder.Migration.objects.filter(app="intake").last().delete()
    assert preparation.prepared_beside()
    assert not preparation.prepared_beside()
    assert ran == [("migrate",), ("migrate",)]

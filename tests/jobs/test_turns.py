"""Turns across threads and processes: one at a time under a name, and what ended without a word holds nobody up."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from toancanh.jobs.turns import turn

TAKE = """
import fcntl, os, sys
place = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(place, fcntl.LOCK_EX)
print("mine", flush=True)
sys.stdin.read()
"""


@pytest.mark.django_db(transaction=True)
def test_one_at_a_time_is_inside_a_turn_and_other_turns_do_not_wait(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    order: list[str] = []
    entered = threading.Event()

    def another() -> None:
        try:
            with turn("b"):
                entered.set()
            with turn("a"):
                order.append("second")
        finally:
            connection.close()

    with turn("a"):
        thread = threading.Thread(target=another)
        thread.start()
        assert entered.wait(10)
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_who_has_little_patience_is_told_that_the_turn_is_anothers(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    told: list[bool] = []

    def another() -> None:
        try:
            with turn("a", 0.05) as ours:
                told.append(ours)
        finally:
            connection.close()

    with turn("a"):
        thread = threading.Thread(target=another)
        thread.start()
        thread.join(10)
    with turn("a", 0.05) as ours:
        told.append(ours)
    with turn("a", 0) as ours:  # what was not ours was not kept, and what was ours was let go
        told.append(ours)
    assert told == [False, True, True]


@pytest.mark.django_db(transaction=True)
def test_a_fault_inside_a_turn_is_told_and_the_turn_is_let_go(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path

    def failing() -> None:
        with turn("a"):
            connection.close()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with turn("a", 0) as ours:
        assert ours


@pytest.mark.django_db
def test_a_killed_process_lets_its_turn_go(settings: LazySettings, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the database server ends the turn of a connection that broke")
    settings.DATA = tmp_path
    (tmp_path / "turns").mkdir()
    order: list[str] = []

    def waiting() -> None:
        with turn("a"):
            order.append("second")

    command = [sys.executable, "-c", TAKE, str(tmp_path / "turns" / "a")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"mine\n"
        thread = threading.Thread(target=waiting)
        thread.start()
        thread.join(0.2)
        order.append("first")
        other.kill()
    thread.join(10)
    assert order == ["first", "second"]

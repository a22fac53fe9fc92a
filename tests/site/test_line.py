"""Who writes next on SQLite: the one who waits longest, not the one who asks quickest."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from toancanh.site.databases import database_from_url
from toancanh.site.sqlite.base import DatabaseWrapper

PATIENCE = 20.0

pytestmark = pytest.mark.django_db


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[[], DatabaseWrapper]]:
    """Makes connections to one database file."""
    settings, opened = database_from_url("", tmp_path), list[DatabaseWrapper]()

    def connect() -> DatabaseWrapper:
        made = ConnectionHandler({"default": dict(settings)})["default"]
        assert isinstance(made, DatabaseWrapper)
        made.inc_thread_sharing()
        made.ensure_connection()
        opened.append(made)
        return made

    yield connect
    for each in opened:
        each.close()


@contextmanager
def writing(one: DatabaseWrapper) -> Iterator[None]:
    one.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
    finally:
        one.commit()
        one.set_autocommit(True)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def somebody_is_first(folder: Path) -> bool:
    """Whether the head of the line is taken."""
    line = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(line)
    return False


def test_who_has_just_written_stands_behind_who_waited(tmp_path: Path, another: Callable[[], DatabaseWrapper]) -> None:
    quick, patient = another(), another()
    order: list[str] = []

    def wait_and_write() -> None:
        with writing(patient):
            order.append("patient")

    waiting = threading.Thread(target=wait_and_write)
    with writing(quick):
        order.append("quick")
        waiting.start()
        until(lambda: somebody_is_first(tmp_path))
    for _ in range(3):  # back at once, again and again
        with writing(quick):
            order.append("quick")
    waiting.join(PATIENCE)
    assert order == ["quick", "patient", "quick", "quick", "quick"]


def test_a_single_statement_stands_in_line_too(tmp_path: Path, another: Callable[[], DatabaseWrapper]) -> None:
    quick, patient = another(), another()
    with writing(quick), quick.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (who TEXT)")

    def wait_and_write() -> None:
        with patient.cursor() as cursor:
            cursor.execute("INSERT INTO seen VALUES (%s)", ["patient"])

    def write_again() -> None:
        with writing(quick), quick.cursor() as cursor:
            cursor.execute("INSERT INTO seen VALUES (%s)", ["quick"])

    waiting = threading.Thread(target=wait_and_write)
    with writing(quick):
        waiting.start()
        until(lambda: somebody_is_first(tmp_path))
    write_again()
    waiting.join(PATIENCE)
    with quick.cursor() as cursor:
        assert [who for (who,) in cursor.execute("SELECT who FROM seen ORDER BY rowid")] == ["patient", "quick"]


def test_rows_that_a_statement_returns_are_read_after_its_turn(another: Callable[[], DatabaseWrapper]) -> None:
    one = another()
    with writing(one), one.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (id INTEGER PRIMARY KEY, who TEXT)")
    with one.cursor() as cursor:
        cursor.execute("INSERT INTO seen (who) VALUES (%s), (%s) RETURNING id", ["a", "b"])
        assert cursor.fetchall() == [(1,), (2,)]


def test_the_time_in_line_is_part_of_ones_patience(tmp_path: Path, another: Callable[[], DatabaseWrapper]) -> None:
    holder, told = another(), list[float]()

    def wait(one: DatabaseWrapper) -> None:
        one.settings_dict["OPTIONS"] = {**one.settings_dict["OPTIONS"], "timeout": 0.5}
        begun = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            one._start_transaction_under_autocommit()
        told.append(time.monotonic() - begun)

    waiting = [threading.Thread(target=wait, args=(another(),)) for _ in range(8)]
    with writing(holder):
        for each in waiting:
            each.start()
        for each in waiting:
            each.join(PATIENCE)
    assert len(told) == 8
    assert max(told) < 8 * 0.5 / 2  # together, not one after the other


def test_a_folder_that_cannot_be_entered_is_an_error_of_the_database(another: Callable[[], DatabaseWrapper]) -> None:
    one = another()
    one.settings_dict["NAME"] = "/no-such-folder/centre.sqlite3"
    with pytest.raises(OperationalError, match="line before the database"):
        one._start_transaction_under_autocommit()


def test_a_lock_that_never_comes_is_told_after_the_connections_patience(
    tmp_path: Path, another: Callable[[], DatabaseWrapper],
) -> None:
    holder, hasty = another(), another()
    hasty.settings_dict["OPTIONS"] = {**hasty.settings_dict["OPTIONS"], "timeout": 0.05}
    with writing(holder), pytest.raises(OperationalError, match="locked"):
        hasty._start_transaction_under_autocommit()
    assert not somebody_is_first(tmp_path)  # nobody is kept behind it
    with writing(hasty):
        pass

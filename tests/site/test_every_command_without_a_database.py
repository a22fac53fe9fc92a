"""Every command of `toancanh`, where there is no database to work on: it says what to do in two lines, and ends with code 1."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connections
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from toancanh.jobs.commands import Command
from toancanh.kernel.problem import Problem
from toancanh.site import cli, demo, serving
from toancanh.site.command_line.arguments import Parser
from toancanh.site.command_line.machine_faults import problem_of
from toancanh.site.databases import database_from_url

NEED_NONE = {("store", "serve"), ("store", "size"), ("notify", "keys")}  # what works without a database
MAKE_ONE = {("migrate",), ("serve",), ("demo",), ("sample", "load")}
TYPED = {  # where any word at all will not do
    ("hours", "set"): ["agency:MS-SXD", "0-4=07:30-11:30", "--from", "2026-12-01"],
    ("sources", "add"): ["tram", "--title-vi", "Trạm", "--title-en", "Station", "--dataset", "air_hourly"],
    ("mqtt",): ["--broker", "mqtt://127.0.0.1:1883"],
    ("people", "create"): ["quan.tri", "--name", "Lê Quản Trị", "--role", "administrator", "--password-file", "FILE"],
    ("units", "boundaries"): ["MAP"],
    ("units", "share"): ["vn63:0101", "vn34:00025", "0.4", "--basis", "x"],
}
EVERY = [each for each in cli.gather() if each.name not in NEED_NONE]
CLOSED = "postgresql://toancanh:secret-word@127.0.0.1:9/toancanh"  # nobody listens there

Run = Callable[[Command], tuple[int, str]]


def typed_for(command: Command, file: Path) -> list[str]:
    """Words for every argument that a command insists on."""
    if command.name in TYPED:
        stands_for = {"FILE": str(file), "MAP": str(file.with_name("map"))}
        return [*command.name, *(stands_for.get(each, each) for each in TYPED[command.name])]
    parser = Parser()
    command.configure(parser)
    words = []
    for each in parser._actions:
        if each.required:
            words += [*each.option_strings[:1], word_for(each, file)]
    return [*command.name, *words]


def word_for(action: argparse.Action, file: Path) -> str:
    if action.choices:
        return str(next(iter(action.choices)))
    if action.type is Path or action.dest == "file":
        return str(file)
    return {int: "7", date.fromisoformat: "2026-12-01"}.get(action.type, "x")  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    for module in (serving, demo):
        monkeypatch.setattr(module, "refuse_used", lambda *_: None)
    file = tmp_path / "file"
    file.write_text("code,population\n00004,1000\n")
    (tmp_path / "map").write_text('{"type": "FeatureCollection", "features": []}')

    def run_it(command: Command) -> tuple[int, str]:
        code = cli.main(typed_for(command, file))
        return code, capsys.readouterr().err

    told = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield run_it
    for number, handler in told.items():
        signal.signal(number, handler)


@pytest.fixture
def use(django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[Mapping[str, object]], None]]:
    """Puts another database in the place of the tests' own."""
    before, opened = connections["default"], []

    def put(known: Mapping[str, object]) -> None:
        made = ConnectionHandler({"default": dict(known)})["default"]
        opened.append(made)
        connections["default"] = made  # type: ignore[assignment]

    with django_db_blocker.unblock():
        yield put
        for each in opened:
            each.close()
        connections["default"] = before


@pytest.mark.parametrize("command", [each for each in EVERY if each.name not in MAKE_ONE], ids=lambda each: " ".join(each.name))
def test_in_a_folder_without_a_database_every_command_says_to_migrate(
    command: Command, run: Run, use: Callable[[Mapping[str, object]], None], tmp_path: Path
) -> None:
    use(database_from_url("", tmp_path))
    code, said = run(command)
    vi, en = said.splitlines()[-2:]
    assert (code, "Traceback" in said) == (1, False), said
    assert vi.startswith("Cơ sở dữ liệu chưa sẵn sàng. ")
    assert all(str(tmp_path) in each and each.endswith(": toancanh migrate") for each in (vi, en))


@pytest.mark.parametrize("command", EVERY, ids=lambda each: " ".join(each.name))
def test_when_the_database_does_not_answer_every_command_says_where_to_look(
    command: Command, run: Run, use: Callable[[Mapping[str, object]], None], tmp_path: Path
) -> None:
    use(database_from_url(CLOSED, tmp_path))
    code, said = run(command)
    vi, en = said.splitlines()[-2:]
    assert (code, "Traceback" in said) == (1, False), said
    assert vi.startswith("Không dùng được cơ sở dữ liệu. postgresql://127.0.0.1:9/toancanh: ")
    assert all("DATABASE_URL" in each for each in (vi, en))
    assert "secret-word" not in said


def test_a_mistake_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(_: object) -> int:
        raise KeyError("no words for this")

    monkeypatch.setattr(cli, "gather", lambda: [Command(("broken",), EVERY[0].help, mistaken)])
    with pytest.raises(KeyError):
        cli.main(["broken"])


@pytest.mark.parametrize(("reads", "words"), [(True, "Không kết nối được. Lý do: máy chủ đã ngắt kết nối. "), (False, "")])
def test_a_broken_pipe_is_passed_over_only_when_nobody_reads_what_is_printed(
    reads: bool, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def cut_off(_: object) -> int:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(cli, "gather", lambda: [Command(("cut",), EVERY[0].help, cut_off)])
    reader, writer = os.pipe()
    if not reads:
        os.close(reader)
    with os.fdopen(writer, "w") as output:
        monkeypatch.setattr("sys.stdout", output)
        assert cli.main(["cut"]) == 1
    if reads:
        os.close(reader)
    told = capsys.readouterr().err
    assert told.startswith(words)
    assert bool(told) == reads


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied", "/data/x"), "“/data/x”: không có quyền"),
        (OperationalError("unable to open database file"), "unable to open database file. Kiểm tra quyền đọc, ghi"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "TOANCANH_DATA"),
        (DatabaseError("file is not a database"), "file is not a database"),
        (OperationalError("database is locked"), "quá nhiều việc ghi"),
        (OSError(28, "No space left on device"), "hết chỗ lưu trữ"),
        (ConnectionRefusedError(111, "Connection refused"), "không có máy chủ nào nhận kết nối ở đó. Kiểm tra địa chỉ, cổng"),
        (TimeoutError("timed out"), "máy chủ không trả lời kịp. Kiểm tra địa chỉ, cổng"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "không tìm thấy máy có tên này. Kiểm tra địa chỉ"),
    ],
)
def test_what_the_machine_refuses_is_said_in_words(
    error: Exception, words: str, use: Callable[[Mapping[str, object]], None], tmp_path: Path
) -> None:
    use(database_from_url("", tmp_path))
    problem = problem_of(error)
    assert problem is not None
    assert words in problem.detail.vi


@pytest.mark.django_db
def test_a_column_that_a_database_of_today_lacks_is_a_mistake_of_the_program() -> None:
    assert problem_of(OperationalError("no such column: x")) is None
    assert problem_of(DatabaseError("integer out of range")) is None


@pytest.mark.parametrize(
    ("typed", "vi", "en"),
    [
        (["units"], "thiếu tên lệnh con", "the name of a sub-command is missing"),
        (["unitz"], "không có lệnh “unitz”", "there is no command “unitz”"),
        (["units", "merge", "a"], "thiếu --into, --on, --basis", "--into, --on, --basis is missing"),
        (["routes", "end", "x", "2026-12-31"], "route: “x” không phải số nguyên", "route: “x” is not a whole number"),
        (["routes", "end", "1", "31/12"], "“31/12” không phải ngày dạng YYYY-MM-DD", "is not a day written YYYY-MM-DD"),
        (["migrate", "--fast"], "không hiểu “--fast”", "“--fast” is not understood"),
        (["serve", "--port", "99999"], "--port: cần số nguyên từ 1 đến 65533", "--port: a whole number from 1 to 65533"),
        (["sources", "add", "x", "--topic", "a"], "--topic: cần dạng CHỦ-ĐỀ=BỘ-DỮ-LIỆU", "--topic: FILTER=DATASET is needed"),
        (["people", "create", "x", "--role", "king"], "--role không nhận “king”", "--role does not take “king”"),
    ],
)
def test_wrong_words_are_answered_in_both_languages(
    typed: list[str], vi: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(typed)
    first, second = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert vi in first
    assert en in second


@pytest.mark.parametrize("address", ["mysql://h/x", "postgresql://h:port/x", "postgresql://[/x"])
def test_an_address_that_is_no_database_is_refused_in_words(address: str, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="postgresql://user:password@host:5432/name"):
        database_from_url(address, tmp_path)


@pytest.mark.parametrize("command", cli.gather(), ids=lambda each: " ".join(each.name))
def test_every_word_of_a_command_is_explained_in_both_languages(command: Command) -> None:
    parser = Parser(add_help=False)
    command.configure(parser)
    one_language = [each.dest for each in parser._actions if each.help and " / " not in each.help]
    assert one_language == []

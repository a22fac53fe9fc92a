"""`toancanh people create` and the place of the audit commands."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser, Namespace

import pytest

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.people.commands import COMMANDS
from toancanh.people.models import User

PASSWORD = "mot-cau-rat-dai-de-nho"
BY_NAME = {command.name: command for command in COMMANDS}


def chosen(*words: str) -> Namespace:
    command = BY_NAME["people", "create"]
    parser = ArgumentParser()
    command.configure(parser)
    return parser.parse_args(words)


def run(*words: str) -> int:
    return BY_NAME["people", "create"].run(chosen(*words))


def test_the_first_administrator_is_made_with_a_password_from_a_file(province, tmp_path):
    (tmp_path / "password").write_text(PASSWORD + "\n")
    run("quan.tri", "--name", "Lê Quản Trị", "--role", "administrator", "--agency", "sample:MS-SYT", "--password-file",
        str(tmp_path / "password"))
    user = User.objects.get()
    assert (user.role, user.agency, user.check_password(PASSWORD), user.must_change_password) == (
        "administrator", province.health, True, False,
    )
    assert AuditEntry.objects.get().actor == "system"


def test_without_a_file_the_password_is_asked_for_twice(province, monkeypatch):
    answers = iter([PASSWORD, "another-long-password"])
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
    with pytest.raises(Problem, match="passwords-differ"):
        run("mai", "--name", "Mai", "--role", "leader")
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: PASSWORD)
    assert run("mai", "--name", "Mai", "--role", "leader") == 0


def test_an_unknown_agency_or_an_unreadable_file_is_refused_in_words(province, tmp_path):
    with pytest.raises(Problem, match="unknown-scope"):
        run("mai", "--name", "Mai", "--role", "leader", "--agency", "no:where")
    with pytest.raises(FileNotFoundError):
        run("mai", "--name", "Mai", "--role", "leader", "--password-file", str(tmp_path / "none"))


def test_the_audit_commands_are_offered():
    assert {("audit", "verify"), ("audit", "anchor")} <= set(BY_NAME)

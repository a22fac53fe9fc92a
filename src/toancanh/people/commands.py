"""People and audit at the command line: the first administrator is made here, and the record is checked here."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from toancanh.audit import commands as audit
from toancanh.jobs.commands import Command, text_of
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.problems import unknown_scope
from toancanh.people.roles import Role
from toancanh.people.services import Profile, create_user
from toancanh.units.queries import find


def create_options(parser: ArgumentParser) -> None:
    parser.add_argument("username")
    parser.add_argument("--name", required=True, help="họ và tên / full name")
    parser.add_argument("--role", required=True, choices=[each.value for each in Role])
    parser.add_argument("--post", default="", help="chức vụ / post")
    parser.add_argument("--agency", default="", help="mã cơ quan / unit key of the agency")
    parser.add_argument("--language", default="vi", choices=("vi", "en"))
    parser.add_argument("--password-file", type=Path, help="tệp chứa mật khẩu; nếu không có thì hỏi / otherwise it is asked for")


def create(chosen: Namespace) -> int:
    """Make an account. The password is never taken from the command line, where others can read it."""
    agency = find(chosen.agency) if chosen.agency else None
    if chosen.agency and agency is None:
        raise unknown_scope(Text(f"cơ quan {chosen.agency}", f"agency {chosen.agency}"))
    profile = Profile(full_name=chosen.name, post=chosen.post, agency=agency, language=chosen.language)
    user = create_user(SYSTEM, chosen.username, _password(chosen.password_file), chosen.role, profile, temporary=False)
    sys.stdout.write(f"Đã tạo tài khoản / Made the account: {user.username} ({user.role})\n")
    return 0


def _password(file: Path | None) -> str:
    if file is not None:
        return text_of(file).rstrip("\r\n")
    try:
        password, again = getpass.getpass("Mật khẩu / Password: "), getpass.getpass("Nhập lại / Again: ")
    except EOFError as error:
        raise _nobody_to_ask() from error
    if password != again:
        raise Problem(
            "passwords-differ",
            422,
            Text("Mật khẩu chưa khớp", "Passwords differ"),
            Text("Hai lần nhập chưa giống nhau. Chạy lại lệnh.", "The two entries differ. Run the command again."),
        )
    return password


def _nobody_to_ask() -> Problem:
    return Problem(
        "no-terminal", 422, Text("Không hỏi được mật khẩu", "The password cannot be asked for"),
        Text(
            "Lệnh không chạy trong cửa sổ dòng lệnh. Ghi mật khẩu vào tệp và thêm --password-file.",
            "The command does not run in a terminal. Write the password to a file and add --password-file.",
        ),
    )  # fmt: skip


COMMANDS = (
    Command(("people", "create"), Text("Tạo tài khoản", "Make an account"), create, create_options),
    Command(
        ("audit", "verify"), Text("Kiểm tra toàn bộ nhật ký", "Check the whole audit record"), audit.verify, audit.verify_options
    ),
    Command(("audit", "anchor"), Text("In mốc của nhật ký", "Print the anchor of the audit record"), audit.anchor),
)

"""Incidents, directives and tasks at the command line: `list`, `show`, `move`, as one person (`--as`) with that person's rights.

What is refused on a page is refused here, in the same words and with exit code 1. The machine's own rights are enough to run the
command, so no password is asked; every act is recorded under the person's name, from "command line".
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from toancanh.jobs.commands import Command
from toancanh.kernel.text import Text

if TYPE_CHECKING:
    from toancanh.people.models import User
    from toancanh.response.models import Kind, Work

PLURALS = {"incidents": "incident", "directives": "directive", "tasks": "task"}
_WHAT = {"incidents": Text("sự việc", "incident"), "directives": Text("ý kiến chỉ đạo", "directive"),
         "tasks": Text("nhiệm vụ", "task")}  # fmt: skip


def _as(parser: ArgumentParser) -> None:
    parser.add_argument("--as", dest="person", required=True, metavar="USER", help="người thực hiện / who does it")


def _list_options(parser: ArgumentParser) -> None:
    _as(parser)
    parser.add_argument("--state", default="", help="trạng thái, open: chưa kết thúc / state, open: not ended")
    parser.add_argument("--limit", type=int, default=50)


def _show_options(parser: ArgumentParser) -> None:
    _as(parser)
    parser.add_argument("code", help="số hiệu / number, e.g. SV-2611-00042, CD-2026-0017, NV-2026-00311")


def _move_options(parser: ArgumentParser, plural: str) -> None:
    _show_options(parser)
    parser.add_argument("move", help="bước chuyển, xem lệnh show / move, see the command show")
    parser.add_argument("--words", default="", help="lý do hoặc kết quả / reason or result")
    parser.add_argument("--version", type=int, default=None, help="phiên bản đã xem / the version that was looked at")
    if plural == "incidents":
        parser.add_argument("--lead", default="", help="khóa cơ quan chủ trì / key of the lead agency")
        parser.add_argument("--supporting", action="append", default=[], help="khóa cơ quan phối hợp / a supporting agency")
        parser.add_argument("--into", default="", help="gộp vào sự việc này / merge into this incident")
    else:
        parser.add_argument("--late-because", default="", help="lý do quá hạn / why it is late")
        parser.add_argument("--person", default="", help="người chịu trách nhiệm, khi tiếp nhận / who answers for it, to accept")
        parser.add_argument("--result", default="", help="kết quả phải có, khi tiếp nhận / result to be seen, to accept")
        parser.add_argument("--until", default="", help="thời hạn mới, năm-tháng-ngày / new deadline, yyyy-mm-dd")


def list_records(plural: str, chosen: Namespace) -> int:
    """Print number, state, severity, lead agency, deadline and title, the newest first."""
    from toancanh.response.queries import by_code

    sought = by_code.Sought(state=chosen.state)
    for each in by_code.newest(person_of(chosen.person), _kind(plural), sought, most=max(chosen.limit, 0)):
        lead = each.lead.key if each.lead else "-"
        sys.stdout.write("\t".join((each.code, each.state, each.severity, lead, _moment(each.due_at), each.title)) + "\n")
    return 0


def show(plural: str, chosen: Namespace) -> int:
    """Print one record, the moves that this person may make now, and its timeline."""
    from toancanh.response.queries import by_code

    actor = person_of(chosen.person)
    _print(actor, by_code.find(actor, _kind(plural), chosen.code))
    return 0


def move(plural: str, chosen: Namespace) -> int:
    """Make a move, then print the record as it is."""
    from toancanh.response.directing.clarity import Clear
    from toancanh.response.queries import by_code
    from toancanh.response.services import moves
    from toancanh.units import queries as units

    actor, kind = person_of(chosen.person), _kind(plural)
    record = by_code.find(actor, kind, chosen.code)
    more = (
        {
            "lead": units.by_key(chosen.lead) if chosen.lead else None, "into": chosen.into,
            "supporting": tuple(units.by_key(each) for each in chosen.supporting),
        }
        if plural == "incidents"
        else {"overdue_reason": chosen.late_because, "deadline": _deadline(chosen.until),
              "clear": Clear(chosen.person, chosen.result)}
    )  # fmt: skip
    moves.make(actor, record, chosen.move, moves.Said(words=chosen.words, version=chosen.version, **more))
    _print(actor, by_code.find(actor, kind, chosen.code))
    return 0


def _print(actor: User, record: Work) -> None:
    from toancanh.response import changes, policy, timeline

    kind = changes.kind_of(record)
    machine, state = changes.MACHINES[kind], record.state  # type: ignore[attr-defined]
    lines = timeline.of(kind, record.pk)
    facts = [
        ("code", record.code), ("title", record.title), ("state", f"{state} ({_both(machine.word(state))})"),
        ("severity", record.severity), ("lead", record.lead.key if record.lead else "-"), ("due", _moment(record.due_at)),
        ("version", str(record.version)),
        *(("move", f"{each.verb} ({_both(each.title)})") for each in machine.possible(state, policy.hats(actor, record))),
        *((_moment(each.at), f"{each.actor}: {_both(Text(each.words_vi, each.words_en))}") for each in lines),
    ]  # fmt: skip
    sys.stdout.writelines(f"{name}: {value}\n" for name, value in facts)


def person_of(username: str) -> User:
    """The open account of this name, acting from here. Raises `Problem` 404."""
    from toancanh.kernel.problem import Problem
    from toancanh.people.models import User

    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise Problem(
            "unknown-person", 404, Text("Không có tài khoản này", "No such account"),
            Text(f"Không có tài khoản đang hoạt động tên “{username}”. Kiểm tra tên sau --as.",
                 f"There is no open account called “{username}”. Check the name after --as."),
        )  # fmt: skip
    found.address = "command line"
    return found


def _kind(plural: str) -> Kind:
    from toancanh.response.models import Kind

    return Kind(PLURALS[plural])


def _deadline(text: str) -> datetime | None:
    from toancanh.response.pages.deadlines import own_day

    return own_day(text) if text else None


def _moment(at: datetime | None) -> str:
    from toancanh.ui import formats

    return formats.moment(at) if at else "-"


def _both(words: Text) -> str:
    return words.vi if words.vi == words.en else f"{words.vi} / {words.en}"


def _of(plural: str) -> tuple[Command, ...]:
    what = _WHAT[plural]
    parts: tuple[tuple[str, str, str, Callable[[str, Namespace], int], Callable[[ArgumentParser], None]], ...] = (
        ("list", "Liệt kê", "List every", list_records, _list_options),
        ("show", "Xem một", "Show one", show, _show_options),
        ("move", "Chuyển trạng thái", "Make a move of one", move, partial(_move_options, plural=plural)),
    )
    return tuple(
        Command((plural, verb), Text(f"{vi} {what.vi}", f"{en} {what.en}"), partial(run, plural), options)
        for verb, vi, en, run, options in parts
    )


COMMANDS = tuple(each for plural in PLURALS for each in _of(plural))

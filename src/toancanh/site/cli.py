"""The `toancanh` command: gathers what the rooms offer and runs one of it. Exit code 0 done, 1 refused, 2 wrong words."""

from __future__ import annotations

import argparse
import importlib
import os
import select
import sys
from collections.abc import Iterable

from toancanh.jobs.commands import Command
from toancanh.kernel.declaration_checks import DeclarationError
from toancanh.kernel.problem import Problem
from toancanh.site.command_line.arguments import Parser

ROOMS_WITH_COMMANDS = ("site", "units", "people", "audit", "notify", "intake", "indicators", "response", "store")


def main(arguments: list[str] | None = None) -> int:
    """Run `toancanh ...`."""
    try:
        return _run(arguments)
    except DeclarationError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _nobody_reads():  # `| head` has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is written, not even at the end
            return 1
        problem = error if isinstance(error, Problem) else _of_machine(error)
        if problem is None:
            raise  # a mistake of the program: whoever mends it needs to see where
        sys.stderr.writelines(f"{title}. {detail}\n" for title, detail in (
            (problem.title.vi, problem.detail.vi), (problem.title.en, problem.detail.en),
        ))  # fmt: skip
        return 1


def _nobody_reads() -> bool:
    """Whether the other end of standard output is closed: a broken pipe may also be one to a server."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    return any(told & (select.POLLERR | select.POLLHUP) for _, told in output.poll(0))


def _run(arguments: list[str] | None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toancanh.site.settings")
    import django

    django.setup()
    parser = build_parser(gather())
    chosen = parser.parse_args(arguments)
    if not hasattr(chosen, "run"):
        parser.print_help()
        return 2
    return int(chosen.run(chosen))


def _of_machine(error: Exception) -> Problem | None:
    from toancanh.site.command_line.machine_faults import problem_of

    return problem_of(error)


def gather() -> list[Command]:
    """Every room's commands, in the order of the words."""
    found: list[Command] = []
    for room in ROOMS_WITH_COMMANDS:
        found.extend(importlib.import_module(f"toancanh.{room}.commands").COMMANDS)
    return sorted(found, key=lambda command: command.name)


def build_parser(commands: Iterable[Command]) -> Parser:
    """One parser; commands of two words hang under their first."""
    parser = Parser(prog="toancanh", description="Toàn Cảnh: trung tâm điều hành thông minh / operations centre")
    first = parser.add_subparsers(metavar="…")
    groups: dict[str, argparse._SubParsersAction[Parser]] = {}
    for command in commands:
        where = first
        if len(command.name) == 2:
            group = command.name[0]
            if group not in groups:
                groups[group] = first.add_parser(group).add_subparsers(metavar="…", required=True)
            where = groups[group]
        words = f"{command.help.vi} / {command.help.en}"
        leaf = where.add_parser(command.name[-1], help=words, description=words)
        command.configure(leaf)
        leaf.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

"""The `toancanh` command: gathers what the rooms offer and runs one of it. Exit code 0 done, 1 refused, 2 wrong words."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterable

from toancanh.jobs.commands import Command
from toancanh.kernel.declaration_checks import DeclarationError
from toancanh.kernel.problem import Problem

ROOMS_WITH_COMMANDS = ("site", "units", "people", "audit", "notify", "intake", "indicators", "response", "store")


def main(arguments: list[str] | None = None) -> int:
    """Run `toancanh ...`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toancanh.site.settings")
    import django

    try:
        django.setup()
    except DeclarationError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 1
    parser = build_parser(gather())
    chosen = parser.parse_args(arguments)
    if not hasattr(chosen, "run"):
        parser.print_help()
        return 2
    try:
        return int(chosen.run(chosen))
    except Problem as problem:
        sys.stderr.writelines(f"{title}. {detail}\n" for title, detail in (
            (problem.title.vi, problem.detail.vi), (problem.title.en, problem.detail.en),
        ))  # fmt: skip
        return 1
    except KeyboardInterrupt:
        return 130


def gather() -> list[Command]:
    """Every room's commands, in the order of the words."""
    found: list[Command] = []
    for room in ROOMS_WITH_COMMANDS:
        found.extend(importlib.import_module(f"toancanh.{room}.commands").COMMANDS)
    return sorted(found, key=lambda command: command.name)


def build_parser(commands: Iterable[Command]) -> argparse.ArgumentParser:
    """One parser; commands of two words hang under their first."""
    parser = argparse.ArgumentParser(prog="toancanh", description="Toàn Cảnh: trung tâm điều hành thông minh / operations centre")
    first = parser.add_subparsers(metavar="…")
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
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

"""Kinds of incidents and procedures at the command line: listed, and carried from one centre to another as one JSON file."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from toancanh.jobs.commands import Command
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

LARGEST = 4_000_000  # bytes of a file that is brought in


def list_kinds(_chosen: Namespace) -> int:
    """Print code, state, severity at first, procedure, version and name of each kind."""
    from toancanh.response.handling.kept import Of
    from toancanh.response.handling.kinds import kinds
    from toancanh.response.services.kinds import number_of

    for code, each in kinds().items():
        state = "on" if each.offered else "off"
        cells = (code, state, each.severity, each.procedure or "-", f"{number_of(Of.KIND, code)}", each.title.vi, each.title.en)
        sys.stdout.write("\t".join(cells) + "\n")
    return 0


def _file_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", help="tệp JSON; bỏ trống: in ra màn hình / JSON file; none: printed")


def export(chosen: Namespace) -> int:
    """Write every kind and procedure that holds today."""
    from toancanh.response.services.kinds import packed

    text = json.dumps(packed(), ensure_ascii=False, indent=1) + "\n"
    if chosen.file == "-":
        sys.stdout.write(text)
    else:
        Path(chosen.file).write_text(text, encoding="utf-8")
    return 0


def _import_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", help="tệp JSON của lệnh kinds export / JSON file of kinds export")
    parser.add_argument("--as", dest="person", required=True, metavar="USER", help="người thực hiện / who does it")
    parser.add_argument("--why", required=True, help="lý do / why, e.g. Quyết định 12/QĐ-UBND")


def bring_in(chosen: Namespace) -> int:
    """Save a version of everything that is different in the file, all or nothing; print what was saved."""
    from toancanh.response.services import kinds as services
    from toancanh.response.work_commands import person_of

    actor = person_of(chosen.person)
    for made in services.bring_in(actor, services.unpacked(_read(Path(chosen.file))), chosen.why):
        sys.stdout.write(f"{made}\n")
    return 0


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ValueError("more than 4 MB")
        found = json.loads(content)
    except (OSError, ValueError) as error:
        raise _unreadable(f"{path.name}: {error}") from error
    if not isinstance(found, dict):
        raise _unreadable(path.name)
    return found


def _unreadable(what: str) -> Problem:
    return Problem(
        "unreadable-file", 422, Text("Không đọc được tệp", "The file cannot be read"),
        Text(f"Cần tệp JSON của lệnh “toancanh kinds export” ({what}).",
             f"A JSON file of “toancanh kinds export” is needed ({what})."),
    )  # fmt: skip


COMMANDS = (
    Command(("kinds", "list"), Text("In các loại việc", "Print the kinds of incidents"), list_kinds),
    Command(("kinds", "export"), Text("Xuất loại việc và quy trình", "Write kinds and procedures"), export, _file_options),
    Command(("kinds", "import"), Text("Nhập loại việc và quy trình", "Bring in kinds and procedures"), bring_in, _import_options),
)

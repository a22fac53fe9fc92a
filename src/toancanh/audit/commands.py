"""The auditor's two acts at the command line: check the whole chain, and take its anchor."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from toancanh.audit import queries
from toancanh.audit.chain import Anchor
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text


def verify_options(parser: ArgumentParser) -> None:
    parser.add_argument("--anchor", type=Path, help="tệp mốc đã giữ / file of anchors kept outside: one 'number hash' a line")


def verify(chosen: Namespace) -> int:
    """Exit code 0 when the chain is sound, 1 when it is not: then the first bad entry is named."""
    anchors = read_anchors(chosen.anchor) if chosen.anchor else []
    fault = queries.verify(anchors)
    if fault is None:
        end = queries.head()
        sys.stdout.write(f"Nhật ký nguyên vẹn: {end.number} mục / The audit record is sound: {end.number} entries\n")
        return 0
    sys.stdout.write(f"Mục số {fault.number}: {fault.what.vi}\nEntry {fault.number}: {fault.what.en}\n")
    return 1


def anchor(_chosen: Namespace) -> int:
    """Print number and hash of the newest entry; keep the line where nobody who runs the centre can change it."""
    end = queries.head()
    sys.stdout.write(f"{end.number} {end.hash}\n")
    return 0


def read_anchors(path: Path) -> list[Anchor]:
    """The anchors in a file. Raises `Problem` that names the line."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise _bad_anchor(f"{path}: {unreadable}", f"{path}: {unreadable}") from unreadable
    found = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words:
            continue
        if len(words) != 2 or not words[0].isdecimal() or len(words[1]) != 64:
            raise _bad_anchor(
                f"Dòng {number} của {path} phải có dạng “số mã băm”.", f"Line {number} of {path} must read “number hash”."
            )
        found.append(Anchor(int(words[0]), words[1].lower()))
    return found


def _bad_anchor(vi: str, en: str) -> Problem:
    return Problem("bad-anchor", 422, Text("Không đọc được tệp mốc", "The anchor file cannot be read"), Text(vi, en))


COMMANDS: tuple[()] = ()  # offered by the people room: this room knows nothing of the command line's shape

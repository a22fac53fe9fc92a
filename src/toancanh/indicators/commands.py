"""`toancanh indicators recompute`: every value computed anew from the rows, versions kept."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from toancanh.indicators.compute import recompute_all
from toancanh.jobs.commands import Command
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text


def _configure(parser: ArgumentParser) -> None:
    words = "mã bộ dữ liệu, mặc định tất cả / code of a dataset, default all"
    parser.add_argument("--dataset", choices=sorted(each.code for each in registry.datasets()), default=None, help=words)


def _recompute(chosen: Namespace) -> int:
    moved = recompute_all(chosen.dataset)
    sys.stdout.write(f"{moved} giá trị đã đổi / values moved\n")
    return 0


COMMANDS = (
    Command(
        ("indicators", "recompute"),
        Text("Tính lại mọi chỉ tiêu từ bản ghi", "Compute every indicator anew from the rows"),
        _recompute,
        _configure,
    ),
)

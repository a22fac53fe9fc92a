"""What the store offers on the command line: own the embedded store, show what it holds."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from toancanh.jobs.commands import Command, whole
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text


def _serve_options(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=whole(1, 65_533), default=8002)


def serve(chosen: Namespace) -> int:
    """Own the embedded store of the settings and answer on the loopback address until told to stop."""
    from toancanh.store.owner.serve import serve as own

    if not settings.STORE_URL.startswith("chdb:"):
        raise Problem(
            "store-elsewhere", 400, Text("Kho dữ liệu nằm ở máy chủ khác", "The store is on another server"),
            Text(
                "TOANCANH_STORE trỏ tới một máy chủ ClickHouse nên không cần chạy lệnh này.",
                "TOANCANH_STORE points to a ClickHouse server, so this command is not needed.",
            ),
        )
    return own(Path(urlsplit(settings.STORE_URL).path), chosen.port)


def size(_chosen: Namespace) -> int:
    """Print rows (all versions), megabytes and parts of every table."""
    from toancanh.store import lifecycle

    sizes = lifecycle.sizes()
    if not sizes:
        sys.stdout.write("Kho chưa có bảng nào / The store has no table yet\n")
    for each in sizes:
        sys.stdout.write(f"{each.table:40} {each.rows:>14,} rows {each.size / 1e6:>10.1f} MB {each.parts:>4} parts\n")
    return 0


_SERVE = Text("Giữ kho dữ liệu nhúng và trả lời các tiến trình khác", "Own the embedded store and answer the other processes")

COMMANDS = (
    Command(("store", "serve"), _SERVE, serve, _serve_options),
    Command(("store", "size"), Text("Xem kho dữ liệu đang chứa bao nhiêu", "Show how much the store holds"), size),
)

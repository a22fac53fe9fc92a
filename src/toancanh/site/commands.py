"""The site's own commands: migrate, serve, worker, and the sample province."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from toancanh.jobs.commands import Command, whole
from toancanh.kernel.text import Text


def migrate(_chosen: Namespace) -> int:
    """Bring the relational database and the store to today's shape."""
    from toancanh.site.preparation import prepare_databases

    prepare_databases()
    return 0


def worker(_chosen: Namespace) -> int:
    """Run jobs and schedules until told to stop."""
    from toancanh.site.worker import run

    return run()


def _serve_options(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=whole(1, 65_533), default=8000)
    parser.add_argument("--workers", type=whole(1, 64), default=1)


def serve(chosen: Namespace) -> int:
    """Start everything the centre needs and keep it running."""
    from toancanh.site.serving import serve_centre

    return serve_centre(chosen.host, chosen.port, chosen.workers)


def _demo_options(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=whole(1, 65_533), default=8000)
    parser.add_argument("--no-feeds", action="store_true", help="không chạy nguồn trực tiếp / serve without live feeds")


def demo(chosen: Namespace) -> int:
    """The sample province with live feeds."""
    from toancanh.site.demo import run_demo

    return run_demo(chosen.host, chosen.port, feeds=not chosen.no_feeds)


def sample_load(_chosen: Namespace) -> int:
    """Load the sample province into the data folder, without serving it."""
    from toancanh.site.preparation import prepare_databases
    from toancanh.site.sample_load import load_sample

    prepare_databases()
    load_sample()
    return 0


COMMANDS = (
    Command(("migrate",), Text("Nâng cấp cơ sở dữ liệu", "Upgrade the databases"), migrate),
    Command(("worker",), Text("Chạy các việc nền", "Run background jobs"), worker),
    Command(("serve",), Text("Khởi động trung tâm", "Start the centre"), serve, _serve_options),
    Command(("demo",), Text("Chạy tỉnh mẫu Minh Sơn", "Run the sample province Minh Sơn"), demo, _demo_options),
    Command(("sample", "load"), Text("Nạp tỉnh mẫu Minh Sơn", "Load the sample province"), sample_load),
)

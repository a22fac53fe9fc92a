"""What intake offers on the command line."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from toancanh.jobs.commands import Command
from toancanh.kernel.text import Text

BROKER = "TOANCANH_MQTT"


def _source_options(parser: ArgumentParser) -> None:
    parser.add_argument("code", help="short name, for example tram-quan-trac")
    parser.add_argument("--title-vi", required=True)
    parser.add_argument("--title-en", required=True)
    parser.add_argument("--dataset", action="append", required=True, dest="datasets", help="may be given several times")
    parser.add_argument("--owner", help="unit key of the owner agency")


def add_source(chosen: Namespace) -> int:
    """Make a source (or bring it in line) and a key for it; the key is printed this once."""
    from toancanh.intake import services
    from toancanh.people.actors import SYSTEM

    form = services.SourceForm(
        code=chosen.code, title=Text(chosen.title_vi, chosen.title_en), datasets=chosen.datasets, owner=chosen.owner
    )
    source = services.make_source(SYSTEM, form)
    print(services.make_key(SYSTEM, source))
    return 0


def recover(_chosen: Namespace) -> int:
    """Register every kept payload that was forgotten and land what waits, here and now."""
    from toancanh.intake import landing, recovery

    found = recovery.recover(since=recovery.BEGINNING)
    for dataset in landing.waiting_datasets():
        landing.land(dataset)
    print(found)
    return 0


def rebuild(_chosen: Namespace) -> int:
    """Empty the store and fill it again from the kept payloads."""
    from toancanh.intake import recovery

    for dataset, count in recovery.rebuild():
        print(f"{dataset}: {count}")
    return 0


def _mqtt_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--broker", default=os.environ.get(BROKER, ""), help=f"mqtt://user:password@host:1883 (default: {BROKER})",
    )
    parser.add_argument("--version", type=int, choices=(4, 5), default=5, help="4 is MQTT 3.1.1, 5 is MQTT 5")


def mqtt(chosen: Namespace) -> int:
    """Listen to a broker until told to stop."""
    from toancanh.intake.doors import mqtt as door

    door.listen(door.broker_of(chosen.broker, chosen.version), stop_flag())
    return 0


def drop(_chosen: Namespace) -> int:
    """Watch the drop folder until told to stop."""
    from toancanh.intake.doors import drop as door

    sys.stderr.write(f"{door.folder()}\n")
    door.watch(stop_flag())
    return 0


def stop_flag() -> Callable[[], bool]:
    """Becomes true at SIGTERM or SIGINT."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda sent, _frame: stopped.append(sent))
    return lambda: bool(stopped)


COMMANDS = (
    Command(
        ("sources", "add"), Text("Thêm nguồn dữ liệu và in khóa của nguồn", "Add a source and print its key"), add_source,
        _source_options,
    ),
    Command(("store", "rebuild"), Text("Dựng lại kho từ các lần gửi đã giữ", "Rebuild the store from kept deliveries"), rebuild),
    Command(("intake", "recover"), Text("Nạp lại các lần gửi còn dang dở", "Take up unfinished deliveries"), recover),
    Command(("mqtt",), Text("Nhận dữ liệu qua MQTT", "Take data by MQTT"), mqtt, _mqtt_options),
    Command(("drop",), Text("Theo dõi thư mục thả tệp", "Watch the drop folder"), drop),
)

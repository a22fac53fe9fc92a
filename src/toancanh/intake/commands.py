"""What intake offers on the command line."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from toancanh.jobs.commands import Command, text_of, whole
from toancanh.kernel.text import Text

BROKER, BROKER_VERSION = "TOANCANH_MQTT", "TOANCANH_MQTT_VERSION"


def _source_options(parser: ArgumentParser) -> None:
    parser.add_argument("code", help="tên ngắn / short name, e.g. tram-quan-trac")
    parser.add_argument("--title-vi", required=True)
    parser.add_argument("--title-en", required=True)
    parser.add_argument(
        "--dataset", action="append", required=True, dest="datasets", help="ghi được nhiều lần / may be given several times",
    )
    parser.add_argument("--owner", help="mã cơ quan chủ quản / key of the owner agency")
    parser.add_argument(
        "--handles-work", action=BooleanOptionalAction,
        help="khóa được xử lý việc của cơ quan qua API / its keys may handle the agency's work by the API",
    )
    parser.add_argument(
        "--accepts-since", type=date.fromisoformat, help="ngày đầu của lịch sử / first day of the history, YYYY-MM-DD",
    )
    parser.add_argument("--decimal", choices=(",", "."), help="dấu thập phân / the decimal mark of its numbers written as text")
    parser.add_argument(
        "--topic", action="append", default=[], dest="topics", type=_topic, metavar="FILTER=DATASET",
        help="chủ đề MQTT / MQTT topics it sends on",
    )


def _topic(typed: str) -> tuple[str, str]:
    """FILTER=DATASET; a filter may hold other marks of equality."""
    pattern, equals, dataset = typed.rpartition("=")
    if not (equals and pattern and dataset):
        raise ArgumentTypeError("cần dạng CHỦ-ĐỀ=BỘ-DỮ-LIỆU | FILTER=DATASET is needed")
    return pattern, dataset


def add_source(chosen: Namespace) -> int:
    """Make a source (or bring it in line) and a key for it; the key is printed this once."""
    from toancanh.intake import services
    from toancanh.people.actors import SYSTEM

    config: dict[str, object] = {"decimal": chosen.decimal} if chosen.decimal else {}
    topics = [dict(zip(("filter", "dataset"), each, strict=True)) for each in chosen.topics]
    form = services.SourceForm(
        code=chosen.code, title=Text(chosen.title_vi, chosen.title_en), datasets=chosen.datasets, owner=chosen.owner,
        accepts_since=chosen.accepts_since, handles_work=chosen.handles_work,
        config=config | ({"mqtt": {"topics": topics}} if topics else {}),
    )
    print(services.make_key(SYSTEM, services.make_source(SYSTEM, form)))
    return 0


def _pull_options(parser: ArgumentParser) -> None:
    parser.add_argument("code", help="mã nguồn dữ liệu / the source")
    parser.add_argument("dataset")
    parser.add_argument("address", help="địa chỉ / address, https://…")
    parser.add_argument("--minutes", type=whole(1, 60 * 24 * 366), default=15, help="mấy phút hỏi một lần / how often to ask")
    parser.add_argument("--secret-header", default="", help="tên tiêu đề mang bí mật / name of a header that carries a secret")
    parser.add_argument("--secret-file", help="tệp chứa bí mật, được chép lại / file with the secret, which is copied")


def add_pull(chosen: Namespace) -> int:
    """Ask an address for a dataset of a source every so often."""
    from toancanh.intake import services
    from toancanh.intake.doors.pull import schedule_pull
    from toancanh.people.actors import SYSTEM

    secret = text_of(Path(chosen.secret_file)).strip() if chosen.secret_file else ""
    form = services.PullForm(
        source=services.source(chosen.code), dataset=chosen.dataset, address=chosen.address,
        every=timedelta(minutes=chosen.minutes),
        secret_header=chosen.secret_header, secret=secret,
    )
    print(schedule_pull(SYSTEM, form).pk)
    return 0


def _revoke_options(parser: ArgumentParser) -> None:
    parser.add_argument("code", help="mã nguồn dữ liệu / the source")
    parser.add_argument("prefix", help="các ký tự đầu của khóa / the first characters of the key")


def revoke(chosen: Namespace) -> int:
    """End the keys of a source that begin so."""
    from toancanh.intake import services
    from toancanh.people.actors import SYSTEM

    found = list(services.source(chosen.code).keys.filter(prefix__startswith=chosen.prefix[:9], revoked_at=None))
    for key in found:
        services.revoke_key(SYSTEM, key)
    print(len(found))
    return 0 if found else 1


def recover(_chosen: Namespace) -> int:
    """Register every kept payload that was forgotten and land what waits or was given up, here and now."""
    from toancanh.intake import landing, recovery

    recovery.retry_failed()
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
        "--broker", default=os.environ.get(BROKER, ""), help=f"mqtt://user:password@host:1883 (mặc định / default: {BROKER})",
    )
    parser.add_argument(
        "--version", type=int, choices=(4, 5), default=os.environ.get(BROKER_VERSION, "5"),
        help=f"4: MQTT 3.1.1, 5: MQTT 5 (mặc định / default: {BROKER_VERSION}, 5)",
    )


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
    Command(
        ("sources", "pull"), Text("Đặt lịch lấy dữ liệu từ một địa chỉ", "Ask an address for data on a schedule"), add_pull,
        _pull_options
    ),
    Command(("sources", "revoke"), Text("Thu hồi khóa của nguồn", "End keys of a source"), revoke, _revoke_options),
    Command(("store", "rebuild"), Text("Dựng lại kho từ các lần gửi đã giữ", "Rebuild the store from kept deliveries"), rebuild),
    Command(("intake", "recover"), Text("Nạp lại các lần gửi còn dang dở", "Take up unfinished deliveries"), recover),
    Command(("mqtt",), Text("Nhận dữ liệu qua MQTT", "Take data by MQTT"), mqtt, _mqtt_options),
    Command(("drop",), Text("Theo dõi thư mục thả tệp", "Watch the drop folder"), drop),
)

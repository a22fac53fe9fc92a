"""`toancanh units merge, rename, share, custom, agencies`: what the next reform changes, entered by hand with its legal basis."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import date

from toancanh.jobs.commands import Command
from toancanh.kernel.contracts import Level
from toancanh.kernel.text import Text


def _basis(parser: ArgumentParser, day: str) -> None:
    parser.add_argument("--on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD", help=day)
    parser.add_argument("--basis", required=True, help="căn cứ / legal basis, “Nghị quyết 202/2025/QH15”")


def _merge_options(parser: ArgumentParser) -> None:
    parser.add_argument("before", nargs="+", help="mã các đơn vị chấm dứt / keys of the units that end, e.g. vn34:00004")
    parser.add_argument("--into", required=True, help="mã đơn vị nhận / key of the unit that they become part of")
    _basis(parser, "ngày đầu của đơn vị sau nhập / first day of the merged unit")


def merge(chosen: Namespace) -> int:
    """From a day on some units are part of another."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    services.merge_units(CommandLine(), chosen.before, chosen.into, chosen.on, chosen.basis)
    sys.stdout.write(f"{len(chosen.before)} đơn vị nhập vào / units merged into {chosen.into}\n")
    return 0


def _rename_options(parser: ArgumentParser) -> None:
    parser.add_argument("key", help="mã đơn vị / key of the unit, e.g. vn34:75")
    for name, words in (
        ("name", "tên mới, không kèm loại / new name without its kind"), ("full-name", "tên đầy đủ mới / new full name"),
        ("kind", "loại mới / new kind, e.g. “Thành phố”"), ("name-en", "tên tiếng Anh mới / new English name"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", help=words)
    _basis(parser, "ngày đầu của tên mới / first day of the new name")


def rename(chosen: Namespace) -> int:
    """A unit has another name from a day on."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    typed = {name: getattr(chosen, name) for name in ("name", "full_name", "kind", "name_en")}
    names = {name: said for name, said in typed.items() if said}
    unit = services.rename(CommandLine(), chosen.key, names, chosen.on, chosen.basis)
    sys.stdout.write(f"{unit.key}: {unit.full_name}\n")
    return 0


def _share_options(parser: ArgumentParser) -> None:
    parser.add_argument("before", help="mã đơn vị bị chia / key of the unit that was divided")
    parser.add_argument("after", help="mã đơn vị nhận một phần / key of the unit that a part of it went into")
    parser.add_argument("share", type=float, help="phần nhận, trên 0 đến 1 / how much of it: above 0, at most 1")
    parser.add_argument("--basis", required=True, help="nguồn của tỷ lệ / where the share comes from")


def share(chosen: Namespace) -> int:
    """How much of a divided unit went into a successor."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    edge = services.set_share(CommandLine(), chosen.before, chosen.after, chosen.share, chosen.basis)
    sys.stdout.write(f"{chosen.before} -> {chosen.after}: {edge.share}\n")
    return 0


def _custom_options(parser: ArgumentParser) -> None:
    parser.add_argument("code", help="mã vùng / code of the area, e.g. huyen-cu-van-lam; its key is custom:CODE")
    parser.add_argument("members", nargs="+", help="mã các đơn vị thành phần / keys of the units it is made of")
    parser.add_argument("--name", required=True, help="tên tiếng Việt / Vietnamese name")
    parser.add_argument("--name-en", default="", help="tên tiếng Anh / English name")
    parser.add_argument("--parent", help="mã đơn vị chứa vùng / key of the unit it lies in")


def custom(chosen: Namespace) -> int:
    """An area of the centre's own, such as an old district: a set of units that are looked at together."""
    from toancanh.units import services
    from toancanh.units.loading.records import UnitRecord
    from toancanh.units.policy import CommandLine

    record = UnitRecord(
        scheme="custom", code=chosen.code, level=Level.CUSTOM, kind="Khu vực", name=chosen.name, full_name=chosen.name,
        name_en=chosen.name_en, parent=chosen.parent,
    )  # fmt: skip
    unit = services.make_custom_area(CommandLine(), record, chosen.members)
    sys.stdout.write(f"{unit.key}: {unit.full_name} ({len(chosen.members)})\n")
    return 0


def _agencies_options(parser: ArgumentParser) -> None:
    parser.add_argument("place", help="mã tỉnh / key of the province, e.g. vn34:19")


def agencies(chosen: Namespace) -> int:
    """The departments that a province has by law since 01/03/2025, and those they were merged from."""
    from toancanh.units import services
    from toancanh.units.policy import CommandLine

    for unit in services.load_agencies(CommandLine(), chosen.place):
        sys.stdout.write(f"{unit.key}: {unit.full_name}\n")
    return 0


REFORM = (
    Command(("units", "merge"), Text("Nhập đơn vị vào đơn vị khác", "Merge units into another"), merge, _merge_options),
    Command(("units", "rename"), Text("Đổi tên đơn vị", "Rename a unit"), rename, _rename_options),
    Command(("units", "share"), Text("Ghi tỷ lệ chia của đơn vị cũ", "State the share of a divided unit"), share, _share_options),
    Command(("units", "custom"), Text("Lập khu vực riêng từ các đơn vị", "Make an area out of units"), custom, _custom_options),
    Command(
        ("units", "agencies"), Text("Nạp các sở của một tỉnh", "Load the departments of a province"), agencies, _agencies_options,
    ),
)  # fmt: skip

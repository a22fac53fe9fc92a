"""What the response room offers on the command line: the work, its kinds, who gets which incidents, when an agency works."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import date, time

from toancanh.jobs.commands import Command
from toancanh.kernel.text import Text
from toancanh.response import work_commands
from toancanh.response.catalogue import commands as catalogue


def _add_options(parser: ArgumentParser) -> None:
    parser.add_argument("agency", help="khóa cơ quan / key of the agency, e.g. agency:MS-SXD")
    parser.add_argument("--kind", default="", help="loại việc, bỏ trống: mọi loại / kind of incident; none: every kind")
    parser.add_argument("--rule", default="", help="mã quy tắc, bỏ trống: mọi quy tắc / rule of the alert; none: every rule")
    parser.add_argument("--area", default="", help="khóa địa bàn, bỏ trống: mọi nơi / key of the area; none: everywhere")
    parser.add_argument("--from", dest="begins", type=date.fromisoformat, default=None)
    parser.add_argument("--to", dest="ends", type=date.fromisoformat, default=None)
    parser.add_argument("--basis", default="", help="căn cứ / legal ground")


def add_route(chosen: Namespace) -> int:
    """Add a line to the routing table."""
    from toancanh.people.actors import SYSTEM
    from toancanh.response.handling import routes
    from toancanh.units import queries as units

    form = routes.RouteForm(
        agency=units.by_key(chosen.agency), kind=chosen.kind, rule=chosen.rule,
        area=units.by_key(chosen.area) if chosen.area else None,
        valid_from=chosen.begins, valid_to=chosen.ends, basis=chosen.basis,
    )  # fmt: skip
    sys.stdout.write(f"{routes.add_route(SYSTEM, form).pk}\n")
    return 0


def list_routes(_chosen: Namespace) -> int:
    """Print the routing table."""
    from toancanh.response.models import Route

    for each in Route.objects.select_related("area", "agency").order_by("kind", "pk"):
        days = f"{each.valid_from}..{each.valid_to or ''}"
        area = each.area.key if each.area else "*"
        sys.stdout.write(f"{each.pk}\t{each.kind or '*'}\t{area}\t{each.agency.key}\t{days}\t{each.basis}\t{each.rule or '*'}\n")
    return 0


def _end_options(parser: ArgumentParser) -> None:
    parser.add_argument("route", type=int)
    parser.add_argument("last_day", type=date.fromisoformat)


def end_route(chosen: Namespace) -> int:
    """Close a line after its last day."""
    from toancanh.people.actors import SYSTEM
    from toancanh.response.handling import routes

    routes.end_route(SYSTEM, chosen.route, chosen.last_day)
    return 0


def _hours_options(parser: ArgumentParser) -> None:
    parser.add_argument("agency", help="khóa cơ quan / key of the agency")
    parser.add_argument("spans", nargs="+", help="0-4=07:30-11:30,13:00-17:00 (0: thứ Hai / Monday)")
    parser.add_argument("--from", dest="begins", type=date.fromisoformat, required=True)
    parser.add_argument("--basis", default="")


def set_hours(chosen: Namespace) -> int:
    """Set an agency's own working hours."""
    from toancanh.people.actors import SYSTEM
    from toancanh.response.calendar import hours
    from toancanh.units import queries as units

    hours.set_hours(SYSTEM, units.by_key(chosen.agency), spans_of(chosen.spans), chosen.begins, chosen.basis)
    return 0


def spans_of(words: list[str]) -> dict[int, list[tuple[time, time]]]:
    """`0-4=07:30-11:30,13:00-17:00 5=08:00-11:00` by weekday. Raises `Problem` (422)."""
    from toancanh.response.calendar import hours

    found: dict[int, list[tuple[time, time]]] = {}
    for each in words:
        days, _, parts = each.partition("=")
        first, _, last = days.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise hours.unreadable()
        spans = hours.spans_of(parts)
        for day in range(int(first), int(last or first) + 1):
            found[day] = spans
    return found


COMMANDS: list[Command] = [
    Command(("routes", "add"), Text("Thêm phân công loại việc cho cơ quan", "Route a kind of incident"), add_route, _add_options),
    Command(("routes", "list"), Text("In bảng phân công", "Print the routing table"), list_routes),
    Command(("routes", "end"), Text("Kết thúc một dòng phân công", "End a route"), end_route, _end_options),
    *work_commands.COMMANDS,
    *catalogue.COMMANDS,
    Command(("hours", "set"), Text("Đặt giờ làm việc của cơ quan", "Set an agency's hours"), set_hours, _hours_options),
]

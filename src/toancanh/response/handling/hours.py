"""An agency's own working hours: what its clocks of working hours count, from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction

from toancanh.audit import services as audit
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_everywhere
from toancanh.people.roles import Action
from toancanh.response.models import Clock, OfficeHours
from toancanh.units.models import Unit

Spans = Mapping[int, Sequence[tuple[time, time]]]  # by weekday, 0 Monday


def set_hours(actor: Actor, agency: Unit, spans: Spans, valid_from: date, basis: str = "") -> OfficeHours:
    """The agency works these spans of each weekday from `valid_from` on. No deadline that was counted is counted anew.

    Raises `Problem`: 403, 409 for a day from which a clock of the agency counts already, 422 for wrong spans.
    """
    require_everywhere(actor, Action.CONFIGURE)
    kept: dict[str, list[list[str]]] = {}
    for weekday, parts in sorted(spans.items()):
        ordered = sorted(parts)
        edges = [edge for part in ordered for edge in part]
        if weekday not in range(7) or edges != sorted(set(edges)):
            raise Problem(
                "bad-hours", 422, Text("Giờ làm việc chưa đúng", "The hours are not right"),
                Text("Mỗi khoảng kết thúc sau khi bắt đầu, các khoảng không chồng nhau, thứ từ 0 (Hai) đến 6 (Chủ nhật).",
                     "Every span ends after it begins, none overlap, weekdays are 0 (Monday) to 6 (Sunday)."),
            )  # fmt: skip
        kept[str(weekday)] = [[f"{begin:%H:%M}", f"{end:%H:%M}"] for begin, end in ordered]
    first = datetime.combine(valid_from, time(), VIETNAM)
    with transaction.atomic():
        if Clock.objects.filter(agency=agency, started_at__gte=first).exists():
            raise _counted(valid_from)
        row = OfficeHours.objects.create(agency=agency, spans=kept, valid_from=valid_from, basis=basis[:200])
        detail = {"spans": kept, "from": f"{valid_from}", "basis": basis}
        audit.record(actor.label, "response.set_hours", f"unit:{agency.key}", detail=detail, address=actor.address)
    return row


def _counted(day: date) -> Problem:
    return Problem(
        "hours-counted", 409, Text("Giờ này đã được dùng để tính hạn", "Deadlines were counted in these hours"),
        Text(f"Có thời hạn của cơ quan này bắt đầu từ {day:%d/%m/%Y} trở đi. Chọn ngày áp dụng sau hôm nay.",
             f"Clocks of this agency began on {day:%d/%m/%Y} or later. Let the hours begin on a day after today."),
    )  # fmt: skip

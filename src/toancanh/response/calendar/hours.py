"""An agency's own working hours: what its clocks of working hours count, from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import read_only, require_everywhere
from toancanh.people.roles import Action
from toancanh.response.directing.orders import check_agencies
from toancanh.response.events import CalendarChanged
from toancanh.response.models import Clock, OfficeHours
from toancanh.units.models import Unit

Spans = Mapping[int, Sequence[tuple[time, time]]]  # by weekday, 0 Monday


def set_hours(actor: Actor, agency: Unit, spans: Spans, valid_from: date, basis: str = "") -> OfficeHours:
    """The agency works these spans of each weekday from `valid_from` on; the clocks that run over that day are counted anew.

    Raises `Problem`: 403, 409 for a day that has passed and from which a clock of the agency counts, 422 for wrong spans.
    """
    require_everywhere(actor, Action.CONFIGURE)
    if actor.read_only:
        raise read_only()
    check_agencies([agency], [valid_from])
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
    if not any(kept.values()):
        raise _no_hours()
    now = timezone.now()
    first = datetime.combine(valid_from, time(), VIETNAM)
    with transaction.atomic():
        if valid_from < timezone.localdate(now) and Clock.objects.filter(agency=agency, started_at__gte=first).exists():
            raise _counted(valid_from)
        row = OfficeHours.objects.create(
            agency=agency, spans=kept, valid_from=valid_from, basis=basis[:200], made_by=actor.label[:200], made_at=now
        )
        detail = {"spans": kept, "from": f"{valid_from}", "basis": basis}
        audit.record(actor.label, "response.set_hours", f"unit:{agency.key}", detail=detail, address=actor.address)
        tell_after_commit(CalendarChanged())
    return row


def spans_of(text: str) -> list[tuple[time, time]]:
    """`07:30-11:30, 13:00-17:00` as spans; none for nothing. Raises `Problem` (422)."""
    found = []
    try:
        for part in filter(None, (each.strip() for each in text.split(","))):
            begin, end = (time.fromisoformat(edge.strip()) for edge in part.replace("–", "-").split("-"))
            found.append((begin, end))
    except ValueError:
        raise unreadable() from None
    return found


def unreadable() -> Problem:
    """The refusal for hours that cannot be read."""
    return Problem(
        "bad-hours", 422, Text("Giờ làm việc chưa đúng", "The hours are not right"),
        Text("Viết như 07:30-11:30, 13:00-17:00; ở dòng lệnh thêm thứ: 0-4=07:30-11:30,13:00-17:00.",
             "Write them as 07:30-11:30, 13:00-17:00; at the command line with weekdays: 0-4=07:30-11:30,13:00-17:00."),
    )  # fmt: skip


def _no_hours() -> Problem:
    return Problem(
        "bad-hours", 422, Text("Giờ làm việc chưa đúng", "The hours are not right"),
        Text("Nhập ít nhất một khoảng giờ, ví dụ 07:30-11:30, 13:00-17:00.",
             "Enter one span at least, as 07:30-11:30, 13:00-17:00."),
    )  # fmt: skip


def _counted(day: date) -> Problem:
    return Problem(
        "hours-counted", 409, Text("Giờ này đã được dùng để tính hạn", "Deadlines were counted in these hours"),
        Text(f"Có thời hạn của cơ quan này bắt đầu từ {day:%d/%m/%Y} trở đi. Chọn ngày áp dụng từ hôm nay.",
             f"Clocks of this agency began on {day:%d/%m/%Y} or later. Let the hours begin today or later."),
    )  # fmt: skip

"""Incidents and tasks as walls and pages show them: what burns with its clock, and the tasks of each agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from toancanh.boards.selection import Selection
from toancanh.boards.shown.maps import ground
from toancanh.kernel.contracts import Level, Severity
from toancanh.people.permissions import Actor
from toancanh.response.models import Directive, Incident, Task
from toancanh.response.pages import board, incident_words, work_words
from toancanh.response.pages.incident_words import ClockView
from toancanh.response.pages.work_words import Left
from toancanh.response.queries import shown
from toancanh.response.queries import work as queries
from toancanh.response.queries.shown import Burning, Load
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import DecisionView, Link, MapMark, StackRow, StackView
from toancanh.ui.tables import WorkRow, WorkView
from toancanh.units import register
from toancanh.units.models import Unit

SOON = timedelta(days=3)
SHOWN = 4  # rows of the list on the overview
WIDE = 5_000  # units: a place that holds more is the whole country


def burning(actor: Actor, selection: Selection, place: Unit | None = None) -> Burning:
    """The open incidents of a place (None: everywhere) that need somebody most; none on a page of another day."""
    if selection.known is not None:
        return Burning((), 0, 0)
    entry = register.current().by_key.get(place.key) if place else None
    places = register.current().territory(entry) if entry else None
    wide = places is None or len(places) > WIDE
    return shown.burning(actor, selection.now, None if wide else places)


def incidents(found: Burning, selection: Selection) -> WorkView:
    """The list: severity, what, where, the clock; overdue ones say by how much."""
    said = t(f"{found.total} sự việc", f"{found.total} open")
    if found.late:
        said += t(f" · {found.late} quá hạn", f" · {found.late} overdue")
    return WorkView(
        title=t("Sự việc đang xử lý", "Incidents in progress"), subtitle=said,
        more=Link(t("Tất cả sự việc", "All incidents"), "/incidents?state=open") if found.rows else None,
        rows=tuple(_row(each, selection) for each in found.rows), state="ready" if found.rows else "empty",
        message=t("Không có sự việc nào đang mở.", "No incident is open."), key="incidents@*", total=found.total,
    )  # fmt: skip


def marks(found: Burning, root: Unit, level: Level, selection: Selection) -> tuple[MapMark, ...]:
    """The incidents on the map of `root` under the numbers of their rows; the first urgent one has the ring."""
    land = ground(root, level, selection.map_day)
    if land is None:
        return ()
    spots = {key: at for key, _, _, at in land.places}
    drawn, ringed = [], False
    for number, each in enumerate(found.rows, 1):
        at = spots.get(each.unit.key) if each.unit else None
        if at is not None:
            kind = incident_words.severity(each).kind
            ring = kind == "urgent" and not ringed
            ringed = ringed or ring
            drawn.append(MapMark(at[0], at[1], kind, str(number), tx(each.heading), ring=ring))
    return tuple(drawn)


def tasks(actor: Actor, selection: Selection) -> StackView | None:
    """Open work by agency; None while nobody has any."""
    found = loads(actor, selection)
    if not found:
        return None
    return StackView(
        title=t("Nhiệm vụ được giao", "Assigned tasks"), subtitle=t("quá hạn", "overdue"),
        rows=tuple(
            StackRow(tx(each.agency), each.late, each.soon, each.in_time, formats.number(each.late or None, 0)) for each in found
        ),
        words=(t("Quá hạn", "Overdue"), t("Sắp đến hạn", "Due soon"), t("Trong hạn", "In time")), key="tasks@*",
    )  # fmt: skip


def loads(actor: Actor, selection: Selection) -> list[Load]:
    """The open work of each agency, the one with most overdue first; none on a page of another day."""
    return shown.loads(actor, selection.now, selection.now + SOON) if selection.known is None else []


def soonest(actor: Actor, selection: Selection) -> list[Directive | Task]:
    """The directives and tasks that run out first; none on a page of another day."""
    return queries.soonest(actor, SHOWN) if selection.known is None else []


def due(found: Sequence[Directive | Task], selection: Selection) -> WorkView | None:
    """The list of `soonest`; None while it is empty."""
    if not found:
        return None
    rows = tuple(_work_row(each, work_words.left(each, selection.now)) for each in found)
    return WorkView(
        title=t("Nhiệm vụ được giao", "Assigned tasks"), more=Link(t("Xem tất cả", "See all"), "/tasks"), rows=rows,
        key="tasks@*", live_href=selection.link("/fragments/summary"),
    )  # fmt: skip


def decisions(
    actor: Actor, found: Burning, first_due: Sequence[Directive | Task], selection: Selection
) -> tuple[DecisionView, ...]:
    """What work asks of a leader: the gravest incident when it is urgent or overdue, and the agency with most overdue work."""
    clocks = [(each, incident_words.countdown(each.next_due_at, selection.now)) for each in found.rows]
    first = next((_incident(each, clock) for each, clock in clocks if each.severity == Severity.URGENT or _late(clock)), None)
    any_late = any(each.due_at and each.due_at < selection.now for each in first_due)
    worst = next((_overdue(each, selection) for each in loads(actor, selection) if each.late), None) if any_late else None
    return tuple(each for each in (first, worst) if each)


def _late(clock: ClockView | None) -> bool:
    return clock is not None and clock.kind == "bad"


def _incident(incident: Incident, clock: ClockView | None) -> DecisionView:
    who = incident.taken_by.name if incident.taken_by else t("chưa ai nhận", "nobody has it")
    place, severity = tx(incident.unit.title) if incident.unit else "", incident_words.severity(incident)
    return DecisionView(
        kind=severity.kind, chip=severity.word, title=tx(incident.heading),
        detail=" · ".join(part for part in (place, who, clock.text if clock else "") if part),
        action=Link(t("Mở phòng xử lý", "Open the room"), f"/incidents/{incident.pk}"),
    )  # fmt: skip


def _overdue(load: Load, selection: Selection) -> DecisionView:
    late = formats.duration(selection.now - load.oldest) if load.oldest else ""
    tasks = "task" if load.late == 1 else "tasks"
    return DecisionView(
        kind="warn", chip=t("Quá hạn", "Overdue"),
        title=t(f"{load.agency.vi} có {load.late} nhiệm vụ quá hạn", f"{load.agency.en} has {load.late} overdue {tasks}"),
        detail=t(f"Lâu nhất quá {late}", f"The oldest by {late}") if late else "",
        action=Link(t("Đôn đốc", "Chase"), f"/tasks?{urlencode({'show': 'overdue', 'agency': load.key})}"),
    )  # fmt: skip


def _work_row(record: Directive | Task, left: Left) -> WorkRow:
    return WorkRow(
        kind=left.kind, title=record.title, detail=tx(record.lead.title) if record.lead else "", clock=left.text,
        href=board.href_of(record), late=left.late,
    )  # fmt: skip


def _row(incident: Incident, selection: Selection) -> WorkRow:
    clock = incident_words.countdown(incident.next_due_at, selection.now)
    open_for = formats.duration(selection.now - incident.opened_at)
    place = tx(incident.unit.title) if incident.unit else ""
    severity = incident_words.severity(incident)
    return WorkRow(
        kind=severity.kind, title=tx(incident.heading), detail=" · ".join(part for part in (place, severity.word) if part),
        clock=clock.text if clock else "", clock_note=t(f"đã {open_for}", f"for {open_for}"), href=f"/incidents/{incident.pk}",
        late=_late(clock),
    )  # fmt: skip

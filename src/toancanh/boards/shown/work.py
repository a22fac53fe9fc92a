"""Incidents and tasks as walls and pages show them: what burns with its clock, and the tasks of each agency."""

from __future__ import annotations

from datetime import timedelta

from toancanh.boards.selection import Selection
from toancanh.boards.shown.maps import ground
from toancanh.kernel.contracts import Level
from toancanh.people.permissions import Actor
from toancanh.response.models import Incident
from toancanh.response.pages import incident_words
from toancanh.response.queries import shown
from toancanh.response.queries.shown import Burning
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import DecisionView, Link, MapMark, StackRow, StackView
from toancanh.ui.tables import WorkRow, WorkView
from toancanh.units import register
from toancanh.units.models import Unit

SOON = timedelta(days=3)
WIDE = 5_000  # units: a place that holds more is the whole country


def burning(actor: Actor, selection: Selection, place: Unit | None = None) -> Burning:
    """The open incidents of a place (None: everywhere) that need somebody most."""
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
        message=t("Không có sự việc nào đang mở.", "No incident is open."), key="incidents@*",
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
            drawn.append(MapMark(at[0], at[1], kind, str(number), each.title, ring=ring))
    return tuple(drawn)


def tasks(actor: Actor, selection: Selection) -> StackView | None:
    """Open tasks by agency; None while nobody has any."""
    loads = shown.loads(actor, selection.now, selection.now + SOON)
    if not loads:
        return None
    return StackView(
        title=t("Nhiệm vụ được giao", "Assigned tasks"), subtitle=t("quá hạn", "overdue"),
        rows=tuple(
            StackRow(each.agency, each.late, each.soon, each.in_time, formats.number(each.late or None, 0)) for each in loads
        ),
        words=(t("Quá hạn", "Overdue"), t("Sắp đến hạn", "Due soon"), t("Trong hạn", "In time")), key="tasks@*",
    )  # fmt: skip


def decision(actor: Actor, selection: Selection) -> DecisionView | None:
    """The urgent incident that a leader has to know of before anything else."""
    incident = shown.gravest(actor)
    if incident is None:
        return None
    clock = incident_words.countdown(incident.next_due_at, selection.now)
    who = incident.taken_by.name if incident.taken_by else t("chưa ai nhận", "nobody has it")
    place = tx(incident.unit.title) if incident.unit else ""
    return DecisionView(
        kind="urgent", chip=t("Khẩn cấp", "Urgent"), title=incident.title,
        detail=" · ".join(part for part in (place, who, clock.text if clock else "") if part),
        action=Link(t("Mở phòng xử lý", "Open the room"), f"/incidents/{incident.pk}"),
    )  # fmt: skip


def _row(incident: Incident, selection: Selection) -> WorkRow:
    clock = incident_words.countdown(incident.next_due_at, selection.now)
    open_for = formats.duration(selection.now - incident.opened_at)
    place = tx(incident.unit.title) if incident.unit else ""
    severity = incident_words.severity(incident)
    return WorkRow(
        kind=severity.kind, title=incident.title, detail=" · ".join(part for part in (place, severity.word) if part),
        clock=clock.text if clock else "", clock_note=t(f"đã {open_for}", f"for {open_for}"), href=f"/incidents/{incident.pk}",
        late=bool(clock and clock.kind == "bad"),
    )  # fmt: skip

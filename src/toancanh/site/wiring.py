"""The nervous system on one page: which event goes to which handlers, in this order. Handlers are idempotent."""

from __future__ import annotations

from collections.abc import Sequence

from toancanh.boards import events as boards_events
from toancanh.boards.wall import takeover
from toancanh.indicators import compute
from toancanh.indicators.events import IndicatorMoved
from toancanh.intake.events import DeliveryRefused, RowsLanded, RowsStored
from toancanh.jobs.events import Handler
from toancanh.live import services as live
from toancanh.notify.events import InboxChanged, NoticeConfirmed
from toancanh.response import events as work
from toancanh.response.calendar import recounting
from toancanh.response.events import DirectiveChanged, TaskChanged
from toancanh.response.listening import key_of
from toancanh.response.services import alerts as response_alerts
from toancanh.response.services import following
from toancanh.site import answering
from toancanh.units.events import UnitsChanged
from toancanh.watch.evaluation import runs as watching
from toancanh.watch.events import AlertChanged, AlertCleared, AlertRaised, AlertsMoved

WIRING: dict[type, Sequence[Handler]] = {
    RowsStored: (lambda event: compute.recompute_own(event.dataset, event.seqs),),
    RowsLanded: (
        lambda event: compute.recompute(event.dataset, event.seqs),
        lambda event: watching.note_rows(event.dataset),
        lambda event: live.note([f"source:{event.dataset}@*", "sources@*"]),
    ),
    DeliveryRefused: (lambda _event: live.note(["sources@*"]),),
    UnitsChanged: (lambda event: compute.follow_units(event.keys),),
    IndicatorMoved: (
        lambda event: watching.note_moved(event.keys),
        lambda event: following.follow_directives(event.keys),
        lambda event: live.note_indicators(event.keys),
    ),
    AlertRaised: (lambda event: response_alerts.open_for_alert(event.alert),),
    AlertChanged: (
        lambda event: response_alerts.open_for_alert(event.alert),
        lambda event: response_alerts.note_acknowledged(event.alert),
    ),
    AlertCleared: (lambda event: response_alerts.note_cleared(event.alert),),
    AlertsMoved: (lambda _event: live.note(["alerts@*"]),),
    DirectiveChanged: (lambda event: live.note([key_of("directive", event.directive), "tasks@*"]),),
    TaskChanged: (lambda event: live.note([key_of("task", event.task), "tasks@*"]),),
    InboxChanged: (lambda event: live.note(f"inbox@user:{user}" for user in event.users),),
    NoticeConfirmed: (answering.take_alerts, answering.acknowledge_incident),
    work.IncidentOpened: (lambda event: takeover.follow(event.incident),),
    work.IncidentChanged: (
        lambda event: live.note(["desk@*", "incidents@*", key_of("incident", event.incident)]),
        lambda event: takeover.follow(event.incident),
    ),
    work.PresenceChanged: (lambda event: live.note(["desk@*", key_of(event.kind, event.subject)]),),
    work.CalendarChanged: (lambda _event: recounting.ask_to_recount(),),
    work.ShiftChanged: (lambda _event: live.note(["desk@*", "shifts@*"]),),
    boards_events.WallChanged: (lambda event: live.note([f"wall@{event.wall}"]),),
}

"""The nervous system on one page: which event goes to which handlers, in this order. Handlers are idempotent."""

from __future__ import annotations

from collections.abc import Sequence

from toancanh.boards import events as boards_events
from toancanh.indicators import compute
from toancanh.indicators.events import IndicatorMoved
from toancanh.intake.events import DeliveryRefused, RowsLanded, RowsStored
from toancanh.jobs.events import Handler
from toancanh.live import services as live
from toancanh.notify.events import InboxChanged
from toancanh.watch.evaluation import runs as watching
from toancanh.watch.events import AlertsMoved

WIRING: dict[type, Sequence[Handler]] = {
    RowsStored: (lambda event: compute.recompute_own(event.dataset, event.seqs),),
    RowsLanded: (
        lambda event: compute.recompute(event.dataset, event.seqs),
        lambda event: live.note([f"source:{event.dataset}@*", "sources@*"]),
    ),
    DeliveryRefused: (lambda _event: live.note(["sources@*"]),),
    IndicatorMoved: (
        lambda event: watching.note_moved(event.keys),
        lambda event: live.note_indicators(event.keys),
    ),
    AlertsMoved: (lambda _event: live.note(["alerts@*"]),),
    InboxChanged: (lambda event: live.note(f"inbox@user:{user}" for user in event.users),),
    boards_events.WallChanged: (lambda event: live.note([f"wall@{event.wall}"]),),
}

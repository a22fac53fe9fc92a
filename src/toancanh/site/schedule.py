"""What happens by the clock: gathered here so that the worker, and nobody else, runs it."""

from __future__ import annotations

from toancanh.boards.acting.morning import send_briefing
from toancanh.boards.wall import takeover
from toancanh.indicators.compute import follow_the_clock
from toancanh.intake import landing, recovery
from toancanh.intake.doors import drop, pull
from toancanh.jobs.queue import every
from toancanh.live.services import forget_old
from toancanh.notify.outbox import pruning, waking
from toancanh.notify.services import climb_due
from toancanh.people.entrance.sessions import forget_ended
from toancanh.response.calendar import recounting
from toancanh.response.services import alerts, climbing, following
from toancanh.watch.evaluation import pruning as standings
from toancanh.watch.evaluation import runs as watching

JOBS = (landing.land_job, landing.settle_job, watching.evaluate_job, waking.wake_job, recounting.recount_job)


def _recover() -> None:
    recovery.recover()


def _pull() -> None:
    pull.pull_beside()


def _wake() -> None:
    waking.wake()


forget_changes = every(forget_old, minutes=10)
forget_notices = every(pruning.forget_old, minutes=60)
forget_standings = every(standings.forget_old, minutes=60)
forget_sessions = every(forget_ended, minutes=60)
recover_deliveries = every(_recover, minutes=1)
pull_sources = every(_pull, minutes=1)
climb_ladders = every(climb_due, minutes=1)
wake_outbox = every(_wake, minutes=1)
pick_up_dropped = every(drop.pick_up, minutes=1)


def _renew() -> None:
    follow_the_clock()


renew_open_figures = every(_renew, minutes=1)


def _brief() -> None:
    send_briefing()


brief_leaders = every(_brief, minutes=5)
follow_urgent_incidents = every(takeover.look_again, minutes=1)
follow_alerts = every(alerts.look_again, minutes=1)


def _watch() -> None:
    watching.evaluate_clock()


watch_the_clock = every(_watch, minutes=1)


def _look_at_records() -> None:
    watching.note_rows()


look_at_records = every(_look_at_records, minutes=10)


def _follow() -> None:
    following.follow_all()


def _recount() -> None:
    recounting.recount()


def _climb() -> None:
    climbing.climb()


follow_numbers = every(_follow, minutes=1)
recount_clocks = every(_recount, minutes=1)
climb_late_work = every(_climb, minutes=1)

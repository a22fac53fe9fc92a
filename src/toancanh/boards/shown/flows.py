"""What came in and what went out, by day."""

from __future__ import annotations

from datetime import timedelta

from toancanh.boards.reading import Window, histories
from toancanh.boards.selection import Selection
from toancanh.boards.shown import words
from toancanh.kernel.contracts import Flow
from toancanh.kernel.periods import Grain, Period
from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import FlowView
from toancanh.units.models import Unit


def flow(actor: Actor, widget: Flow, unit: Unit, selection: Selection) -> FlowView:
    """The days up to today, or to the end of the chosen period."""
    end = min(selection.period.last_day, selection.today) if selection.period else selection.today
    first = Period.containing(end - timedelta(days=widget.days - 1), Grain.DAY)
    days = first.until(Period.containing(end, Grain.DAY))
    codes = (widget.arrived.code, widget.settled.code)
    found = histories(actor, [unit.pk], [Window(code, days[0], days[-1]) for code in codes], known=selection.known)
    known = {(each.indicator, each.period): each.value for each in found}
    received, settled = (tuple(known.get((code, day)) for day in days) for code in codes)
    running = end == selection.today
    names = [f"{each.start.day}/{each.start.month}" for each in days]
    if running:
        names[-1] = t("hôm nay", "today")
    return FlowView(
        title=t(f"{words.title(widget.arrived)} và giải quyết", f"{words.title(widget.arrived)} and settled"),
        subtitle=t(f"{widget.days} ngày", f"{widget.days} days"),
        days=tuple(names),
        received=received,
        settled=settled,
        received_word=tx(widget.arrived.short or widget.arrived.title),
        settled_word=tx(widget.settled.short or widget.settled.title),
        received_text=formats.number(received[-1]),
        settled_text=formats.number(settled[-1]),
        open_day=running,
        state="ready" if any(each is not None for each in (*received, *settled)) else "missing",
        key=f"{widget.arrived.code}@{unit.key}",
        live_href="",
    )

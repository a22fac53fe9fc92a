"""The morning briefing goes to the leaders' phones: once a day, at seven, in each one's own sight of the province."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from toancanh.boards.pages.briefing import READ_AT, briefing
from toancanh.boards.selection import read
from toancanh.kernel.contracts import Severity
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text
from toancanh.notify import audience, services
from toancanh.notify.messages import Message, Topic
from toancanh.people.models import User
from toancanh.ui import language
from toancanh.units import queries as units


def send_briefing(now: datetime | None = None) -> int:
    """Tell every leader today's briefing, unless it is too early; how many were told now. Safe to call as often as one likes."""
    moment = now or timezone.now()
    if moment.astimezone(VIETNAM).time() < READ_AT:
        return 0
    return sum(services.tell(_message(each, moment), [each]) for each in audience.leaders())


def _message(leader: User, now: datetime) -> Message:
    selection = read({}, now)
    root = units.root(selection.map_day)
    said = {}
    for each in ("vi", "en"):
        with language.use(each):
            said[each] = briefing(leader, root, selection)
    day = now.astimezone(VIETNAM).date()
    return Message(
        key=f"briefing:{day.isoformat()}", topic=Topic.BRIEFING, severity=Severity.MEDIUM,
        title=Text(f"Bản tin sáng {day:%d/%m/%Y}", f"Morning briefing {day:%d/%m/%Y}"),
        body=Text(said["vi"].sentence, said["en"].sentence), link="/briefing", subject=f"briefing:{day.isoformat()}",
    )  # fmt: skip

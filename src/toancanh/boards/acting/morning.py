"""The morning briefing goes to the leaders' phones: once a day, at seven, in each one's own sight of the province."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from toancanh.boards.pages.briefing import READ_AT, briefing
from toancanh.boards.selection import read
from toancanh.kernel.contracts import Severity
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text
from toancanh.notify import audience, queries, services
from toancanh.notify.messages import Message, Topic
from toancanh.people.models import User
from toancanh.ui import language
from toancanh.units import queries as units

log = logging.getLogger(__name__)


def send_briefing(now: datetime | None = None) -> int:
    """Tell every leader today's briefing, unless it is too early; how many were told now. Safe to call as often as one likes."""
    moment = now or timezone.now()
    if moment.astimezone(VIETNAM).time() < READ_AT:
        return 0
    day = moment.astimezone(VIETNAM).date()
    key = f"briefing:{day.isoformat()}"
    told = queries.told(key)
    return sum(_tell(each, key, moment) for each in audience.leaders() if each.pk not in told)


def _tell(leader: User, key: str, now: datetime) -> int:
    try:
        return services.tell(_message(leader, key, now), [leader])
    except Exception:  # one leader's page that cannot be made must not keep the others from theirs
        log.exception("the briefing of %s could not be made; it is tried again within minutes", leader.username)
        return 0


def _message(leader: User, key: str, now: datetime) -> Message:
    selection = read({}, now)
    root = units.root(selection.map_day)
    said = {}
    for each in ("vi", "en"):
        with language.use(each):
            said[each] = briefing(leader, root, selection)
    day = now.astimezone(VIETNAM).date()
    return Message(
        key=key, topic=Topic.BRIEFING, severity=Severity.MEDIUM,
        title=Text(f"Bản tin sáng {day:%d/%m/%Y}", f"Morning briefing {day:%d/%m/%Y}"),
        body=Text(said["vi"].sentence, said["en"].sentence), link="/briefing", subject=key,
    )  # fmt: skip

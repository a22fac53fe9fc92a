"""How an incident is said on screen: its severity, its clock, where it came from, the lines of its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.response.handling.kinds import CLOCK_WORDS
from toancanh.response.handling.origins import origin_of
from toancanh.response.models import Clock, Entry, Incident, Presence
from toancanh.response.states import INCIDENT, IncidentState
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Kind, StatusView

SOON, SOON_BIG = 600, 1800  # seconds before a deadline from which a row, and the open record, is amber
SEVERITY_KINDS: dict[str, Kind] = {"urgent": "urgent", "high": "bad", "medium": "warn", "low": "info"}
_STATE_KINDS: dict[str, Kind] = {
    IncidentState.NEW: "warn", IncidentState.TAKEN: "info", IncidentState.HANDLING: "info", IncidentState.FIXED: "warn",
    IncidentState.CLOSED: "ok", IncidentState.REFUSED: "none", IncidentState.MERGED: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockView:
    """A deadline that ticks: its moment for the browser, the words of now, and what it is for."""

    due: str
    text: str
    kind: str
    words: str = ""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a timeline: when, who, what; `code` names the merged incident that it comes from."""

    at: str
    who: str
    words: str
    decision: bool = False
    code: str = ""


def severity(incident: Incident, word: bool = True) -> StatusView:
    """Shape, colour and word of the severity."""
    title = tx(SEVERITY_TITLES[Severity(incident.severity)])
    return StatusView(SEVERITY_KINDS[incident.severity], title if word else "", "" if word else title)


def state(incident: Incident) -> StatusView:
    """The state with its mark."""
    return StatusView(_STATE_KINDS[incident.state], tx(INCIDENT.word(incident.state)))


def came(incident: Incident) -> str:
    """`SV-2611-00042 · nhận 09:24 qua điện thoại`."""
    at = formats.as_of(incident.opened_at, timezone.now())
    through = tx(origin_of(incident.origin).through)
    return t(f"{incident.code} · nhận {at} {through}", f"{incident.code} · received {at} {through}")


def where(incident: Incident) -> str:
    """`Phường Trần Phú · Camera`: the place and the way it came."""
    place = tx(incident.unit.title) if incident.unit else ""
    origin = tx(origin_of(incident.origin).title)
    return f"{place} · {origin}" if place else origin


def countdown(due: datetime | None, now: datetime) -> ClockView | None:
    """The clock of a row: `còn 18 phút`, `quá 4 phút`."""
    if due is None:
        return None
    left = due - now
    seconds = left.total_seconds()
    text = formats.duration(left)
    said = t(f"quá {text}", f"{text} over") if seconds < 0 else t(f"còn {text}", f"{text} left")
    kind = "bad" if seconds < 0 else "warn" if seconds < SOON else "none"
    return ClockView(due.isoformat(), said, kind)


def big_clock(clocks: Sequence[Clock], now: datetime) -> ClockView | None:
    """The clock that ends first, with what it is for."""
    first = next((each for each in clocks if not (each.pauses and each.pauses[-1]["to"] is None)), None)
    plain = countdown(first.due_at, now) if first else None
    if first is None or plain is None:
        return None
    purpose = tx(CLOCK_WORDS[first.name]) if first.name in CLOCK_WORDS else ""
    late = plain.kind == "bad"
    words = t(f"quá hạn {purpose}" if late else f"còn lại {purpose}", f"late {purpose}" if late else f"left {purpose}")
    seconds = (first.due_at - now).total_seconds()
    kind = "warn" if 0 <= seconds < SOON_BIG else plain.kind
    return ClockView(plain.due, plain.text, kind, words, _digits(seconds))


def log(entries: Iterable[Entry], incident: Incident, codes: dict[int, str] | None = None) -> list[LogLine]:
    """The lines of a timeline; `codes` by id name those that come from merged incidents."""
    now = timezone.now()
    return [
        LogLine(
            formats.as_of(each.at, now), each.actor_name or each.actor, tx(Text(each.words_vi, each.words_en)), each.decision,
            "" if each.subject == incident.pk else (codes or {}).get(each.subject, ""),
        )
        for each in entries
    ]  # fmt: skip


def at_work(incident: Incident, here: Sequence[Presence]) -> str:
    """`Lan đang xử lý, Bình đang xem`: given names, as one calls them in the room. Who has it or writes into it works on it; the
    others look."""
    at_it = [each for each in here if each.writes or each.user_id == incident.taken_by_id]
    hands, eyes = _given_names(at_it), _given_names([each for each in here if each not in at_it])
    works = t(f"{hands} đang xử lý", f"{hands} at work here") if hands else ""
    looks = t(f"{eyes} đang xem", f"viewed by {eyes}") if eyes else ""
    return ", ".join(filter(None, (works, looks)))


def _given_names(here: Sequence[Presence]) -> str:
    return ", ".join(each.user.name.split()[-1] for each in here[:3])


def said(entry: Entry | None) -> str:
    """What somebody just did, for who is about to save over it."""
    if entry is None:
        return ""
    words = tx(Text(entry.words_vi, entry.words_en))
    return f"{entry.actor_name or entry.actor}, {formats.clock(entry.at)}: {words}"


def _digits(seconds: float) -> str:
    whole = int(abs(seconds))
    days, hours, minutes = whole // 86400, whole // 3600, whole // 60 % 60
    if days > 1:
        text = t(f"{days} ngày", f"{days} days")
    elif hours:
        text = f"{hours}:{minutes:02}:{whole % 60:02}"
    else:
        text = f"{minutes:02}:{whole % 60:02}"
    return f"−{text}" if seconds < 0 else text

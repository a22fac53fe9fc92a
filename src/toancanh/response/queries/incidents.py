"""Reads of incidents: the queue as a walk along an index, one record with all that belongs to it, and what may be the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from toancanh.kernel.vietnamese import fold
from toancanh.notify import audience
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.response import changes, clocks, policy, timeline
from toancanh.response.handling.kept import Report
from toancanh.response.handling.kinds import CLOCK_WORDS
from toancanh.response.models import OPEN_INCIDENT, Clock, Directive, Entry, Incident, Kind, Presence, Step, Task
from toancanh.response.services.presence import FORGOTTEN
from toancanh.response.states import IncidentState
from toancanh.units.models import Unit

PAGE = 50
SIMILAR_WITHIN = timedelta(days=14)
MOST_ENTRIES = 300
_SHOWN_IN_A_ROW = (
    "title", "title_en", "state", "severity", "origin", "next_due_at", "version", "taken_by", "unit__full_name", "unit__name_en",
)  # fmt: skip


class Tab(StrEnum):
    """The queues of the desk."""

    MINE = "mine"
    FREE = "free"
    LATE = "late"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next page begins after it. `due` None: it had no clock."""

    due: datetime | None
    id: int

    def __str__(self) -> str:
        return f"{self.due.timestamp():.6f}~{self.id}" if self.due else f"~{self.id}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor in an address; None for none or nonsense."""
        due, _, pk = text.partition("~")
        try:
            return cls(datetime.fromtimestamp(float(due), timezone.get_default_timezone()) if due else None, int(pk))
        except (ValueError, OverflowError, OSError):
            return None


def find(actor: Actor, pk: int) -> Incident:
    """The incident. Raises `Problem` (404) when it is not there or not for this actor."""
    rows = Incident.objects.select_related("unit", "lead", "taken_by", "merged_into")
    found = policy.visible_incidents(rows.filter(pk=pk), actor).first()
    if found is None:
        raise policy.unseen(changes.WHAT[Kind.INCIDENT])
    return found


def queue(actor: Actor, tab: Tab = Tab.ALL, q: str = "", after: Cursor | None = None) -> list[Incident]:
    """A page of open incidents (one more than `PAGE` when there are more), the next deadline first; without a clock last."""
    return _walked(_searched(_tab(actor, tab), q).select_related("unit").only(*_SHOWN_IN_A_ROW), after, tab)


def pressing(actor: Actor, q: str = "", after: Cursor | None = None, origin: str = "") -> list[Incident]:
    """A page of the queue of all open incidents (of one origin) with all that a list shows."""
    rows = _searched(_tab(actor, Tab.ALL), q).select_related("unit", "lead")
    return _walked(rows.filter(origin=origin) if origin else rows, after)


def counts(actor: Actor) -> dict[Tab, int]:
    """How many stand in each queue: four counts along indexes."""
    return {tab: _tab(actor, tab).count() for tab in Tab}


def report_numbers(incident: Incident) -> list[str]:
    """The numbers under which it was reported."""
    return list(Report.objects.filter(incident=incident).exclude(number="").values_list("number", flat=True))


def reporters(incident: Incident) -> list[str]:
    """Who told of it, the first first. A look at them is noted by `looks.at_reporter`."""
    later = Report.objects.filter(incident=incident).exclude(reporter="").values_list("reporter", flat=True)
    return list(dict.fromkeys(each for each in (incident.reporter, *later) if each))


def recent(actor: Actor, state: str = "", q: str = "", before: int | None = None, origin: str = "") -> list[Incident]:
    """Incidents of all states and origins, newest first; one more than `PAGE` when there are more."""
    rows = policy.visible_incidents(Incident.objects.select_related("unit", "lead"), actor)
    if state == "open":
        rows = rows.filter(OPEN_INCIDENT)
    elif state:
        rows = rows.filter(state=state)
    if origin:
        rows = rows.filter(origin=origin)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(_searched(rows, q).order_by("-id")[: PAGE + 1])


def similar(actor: Actor, incident: Incident, most: int = 5) -> list[Incident]:
    """What may be the same matter: of the same kind at the same place, open or opened within a fortnight."""
    rows = policy.visible_incidents(Incident.objects.select_related("unit"), actor)
    same = rows.filter(unit=incident.unit_id, kind=incident.kind).exclude(pk=incident.pk).exclude(state=IncidentState.MERGED)
    since = incident.opened_at - SIMILAR_WITHIN
    return list(same.filter(OPEN_INCIDENT | Q(opened_at__gte=since)).order_by("-id")[:most])


def twins(ids: Iterable[int]) -> dict[int, int]:
    """How many incidents were merged into each."""
    rows = Incident.objects.filter(merged_into__in=list(ids)).values("merged_into").annotate(number=Count("id"))
    return {int(row["merged_into"] or 0): row["number"] for row in rows}


def family(incident: Incident) -> list[Incident]:
    """The incident, those merged into it, and those merged into these: their histories are read together."""
    found, level = [incident], [incident]
    while level:
        level = list(Incident.objects.filter(merged_into__in=[each.pk for each in level]).order_by("pk"))
        found += level
    return found


def entries(incidents: Sequence[Incident], *, decisions: bool = False, most: int | None = MOST_ENTRIES) -> list[Entry]:
    """The newest lines of the timeline of these incidents (`most` None: all), newest first; the decision log with `decisions`."""
    rows = Entry.objects.filter(kind=Kind.INCIDENT, subject__in=[each.pk for each in incidents])
    if decisions:
        rows = rows.filter(Q(decision=True) | Q(act="assign"))
    return list(rows.order_by("-at", "-id")[:most])


def last_entry(incident: Incident) -> Entry | None:
    """The newest line of one incident."""
    return timeline.of(Kind.INCIDENT, incident.pk).order_by("-id").first()


def steps(incidents: Sequence[Incident]) -> list[Step]:
    """The checklist of the first, and what was done by the checklists of those merged into it."""
    own, *merged = incidents
    done = Q(incident__in=[each.pk for each in merged], done_at__isnull=False)
    rows = Step.objects.filter(Q(incident=own) | done)
    return sorted(rows, key=lambda each: (each.incident_id != own.pk, each.incident_id, each.procedure, each.number))


def tasks(actor: Actor, incidents: Sequence[Incident]) -> list[Task]:
    """The tasks of these incidents that the actor may see."""
    rows = Task.objects.filter(incident__in=[each.pk for each in incidents]).select_related("lead")
    return list(policy.visible_tasks(rows, actor).order_by("due_at", "id"))


def directives(actor: Actor, incidents: Sequence[Incident]) -> list[Directive]:
    """The directives of these incidents that the actor may see."""
    rows = Directive.objects.filter(incident__in=[each.pk for each in incidents]).select_related("lead")
    return list(policy.visible_directives(rows, actor).order_by("due_at", "id"))


def running_clocks(incident: Incident) -> list[Clock]:
    """The clocks of its stages that have not stopped, earliest deadline first; a step's clock stands beside the step."""
    return list(clocks.of(Kind.INCIDENT, incident.pk).filter(name__in=CLOCK_WORDS, stopped_at=None))


def at_work(kind: str, ids: Iterable[int], but: Actor | None = None) -> dict[int, list[Presence]]:
    """Who gave a sign within the last minute, by record."""
    rows = Presence.objects.filter(kind=kind, subject__in=list(ids), at__gte=timezone.now() - FORGOTTEN).select_related("user")
    found: dict[int, list[Presence]] = {}
    for row in rows.order_by("at"):
        if but is None or row.user.username != but.label:
            found.setdefault(row.subject, []).append(row)
    return found


def contacts(incident: Incident) -> list[tuple[Unit | None, list[User]]]:
    """Whom to call: the desk on duty (None), the lead agency and those that support, each with its people."""
    agencies = [each for each in (incident.lead, *incident.supporting.all()) if each is not None]
    return [(None, audience.on_duty()), *((each, audience.people_of(each)) for each in agencies)]


def _tab(actor: Actor, tab: Tab) -> QuerySet[Incident]:
    rows = policy.visible_incidents(Incident.objects.all(), actor)
    if tab is Tab.FREE:
        return rows.filter(state=IncidentState.NEW)
    rows = rows.filter(OPEN_INCIDENT)
    if tab is Tab.MINE:
        return rows.filter(taken_by=actor.pk if isinstance(actor, User) else None)
    return rows.filter(next_due_at__lt=timezone.now()) if tab is Tab.LATE else rows


def _walked(rows: QuerySet[Incident], after: Cursor | None, tab: Tab = Tab.ALL) -> list[Incident]:
    found = [] if after and after.due is None else list(_by_clock(rows, after)[: PAGE + 1])
    if len(found) <= PAGE and tab is not Tab.LATE:
        behind = after.id if after and after.due is None else 0
        still = rows.filter(next_due_at__isnull=True, id__gt=behind).order_by("id")
        found.extend(still[: PAGE + 1 - len(found)])
    return found


def _by_clock(rows: QuerySet[Incident], after: Cursor | None) -> QuerySet[Incident]:
    walk = rows.filter(next_due_at__isnull=False).order_by("next_due_at", "id")
    if after is None:
        return walk
    return walk.filter(Q(next_due_at__gt=after.due) | Q(next_due_at=after.due, id__gt=after.id), next_due_at__gte=after.due)


def _searched(rows: QuerySet[Incident], q: str) -> QuerySet[Incident]:
    wanted = fold(q.strip()[:100])
    return rows.filter(sought__contains=wanted) if wanted else rows

"""An urgent incident takes the walls until somebody has acknowledged it; then they go on with what they showed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.boards.events import WallChanged
from toancanh.boards.models import Wall
from toancanh.boards.wall.services import MAIN, kept
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Severity
from toancanh.people.actors import SYSTEM
from toancanh.people.permissions import Actor
from toancanh.response.handling.competence import DUTY_DESK
from toancanh.response.handling.kinds import kind_of
from toancanh.response.models import Incident
from toancanh.response.pages import incident_words as words
from toancanh.response.pages.incident_map import incident_map
from toancanh.response.pages.incident_words import ClockView, LogLine
from toancanh.response.queries import incidents as queries
from toancanh.response.queries import shown
from toancanh.ui.language import t, tx
from toancanh.ui.parts import MapView, StatusView
from toancanh.ui.tables import Fact

PREFIX = "urgent-"  # of the scene's code, before the incident's number
LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentScene:
    """What the wall shows of it: what, where, the clock, who, and what was done last."""

    title: str
    severity: StatusView
    clock: ClockView | None
    facts: tuple[Fact, ...]
    map: MapView | None
    log: tuple[LogLine, ...]
    key: str


def follow(incident_id: int) -> None:
    """The handler of every change of an incident: the walls show the urgent one that waits longest, or go on."""
    incident = Incident.objects.filter(pk=incident_id).first()
    calls = incident is not None and incident.severity == Severity.URGENT and incident.acknowledged_at is None
    if calls or Wall.objects.filter(taken_by=incident_id).exists():
        look_again()


def look_again() -> None:
    """Bring every wall to what it should show; by the clock too, for news that was lost with the process that had to tell it."""
    with transaction.atomic():
        kept(MAIN)
        walls = list(Wall.objects.select_for_update().order_by("pk"))
        waiting = shown.unanswered()  # read under the lock: of two workers the later one has the newer answer
        for wall in walls:
            if wall.taken_by != (waiting.pk if waiting else None):
                _turn(wall, waiting)


def urgent_of(actor: Actor, wall: Wall) -> Incident | None:
    """The incident that has the wall, when this actor may see it."""
    return shown.shown(actor, wall.taken_by) if wall.taken_by else None


def scene_code(incident: Incident) -> str:
    """The code of the scene that shows it."""
    return f"{PREFIX}{incident.pk}"


def urgent_scene(incident: Incident, *, visitor: bool) -> UrgentScene:
    """The scene; while guests are in the room without places, addresses, names and words that may hold them."""
    clock = words.big_clock(queries.running_clocks(incident), timezone.now())
    kind = tx(kind_of(incident.kind).title)
    common = {"severity": words.severity(incident), "clock": clock, "key": "desk@*"}
    if visitor:
        return UrgentScene(title=kind, facts=(), map=None, log=(), **common)  # type: ignore[arg-type]
    log = words.log(queries.entries([incident])[:LINES], incident)
    return UrgentScene(
        title=tx(incident.heading),
        facts=_facts(incident, kind),
        map=incident_map(incident),
        log=tuple(log),
        **common,  # type: ignore[arg-type]
    )


def _facts(incident: Incident, kind: str) -> tuple[Fact, ...]:
    place = ", ".join(each for each in (incident.address, tx(incident.unit.title) if incident.unit else "") if each)
    who = incident.taken_by.name if incident.taken_by else t("Chưa ai nhận", "Nobody yet")
    lead = tx(incident.lead.title) if incident.lead else tx(DUTY_DESK)
    return (
        Fact(t("Loại việc", "Kind"), kind), Fact(t("Nơi xảy ra", "Where"), place), Fact(t("Người nhận", "Taken by"), who),
        Fact(t("Chủ trì", "Lead"), lead),
    )  # fmt: skip


def _turn(wall: Wall, incident: Incident | None) -> None:
    wall.taken_by = incident.pk if incident else None
    wall.save(update_fields=["taken_by"])
    act = "wall.take_over" if incident else "wall.let_go"
    audit.record(SYSTEM.label, act, f"wall:{wall.code}", detail={"incident": incident.code if incident else ""})
    tell_after_commit(WallChanged(wall.code))

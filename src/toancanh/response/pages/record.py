"""One incident as the desk and the incident room show it: facts, clock, proposal, what may be done now, who is at work on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.response import listening, looks, policy
from toancanh.response.handling import competence, positions
from toancanh.response.handling.competence import Proposal
from toancanh.response.handling.kinds import SEVERITIES, kind_of
from toancanh.response.handling.origins import origin_of
from toancanh.response.models import Incident, Kind
from toancanh.response.pages import incident_words as words
from toancanh.response.pages.incident_map import incident_map
from toancanh.response.pages.incident_words import ClockView, LogLine
from toancanh.response.queries import incidents as queries
from toancanh.response.states import INCIDENT, By, Move
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import MapView, StatusView
from toancanh.ui.tables import Choice, Fact
from toancanh.units import queries as units


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody had typed when their act was refused, and why: it is kept."""

    values: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Another incident that may be the same."""

    code: str
    title: str
    detail: str
    state: StatusView
    href: str
    merges: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """What the record's templates print. `moves` by verb are those that the reader may make now."""

    incident: Incident
    text: str
    meta: str
    severity: StatusView
    state: StatusView
    clock: ClockView | None
    facts: tuple[Fact, ...]
    proposal: Proposal | None
    proposal_record: str
    agencies: tuple[Choice, ...]
    supporting: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    moves: dict[str, Move]
    centre: bool
    takes_over: bool  # may have it from whoever has it now
    orders: bool  # may issue a directive
    part: bool
    log: list[LogLine]
    at_work: str
    last: str
    map: MapView | None
    twins: tuple[Twin, ...]
    key: str
    presence_href: str

    @property
    def routes(self) -> bool:
        """Whether it can be given to an agency now."""
        return "assign" in self.moves


def record_view(actor: Actor, incident: Incident) -> RecordView:
    """Everything about one incident, for this reader."""
    reporters = queries.reporters(incident)
    looks.at_reporter(actor, incident, reporters)
    now, hats = timezone.now(), policy.hats(actor, incident)
    centre = By.CENTRE in hats and not actor.read_only
    family = queries.family(incident)
    others = queries.similar(actor, incident)
    moves = {} if actor.read_only else {each.verb: each for each in INCIDENT.possible(incident.state, hats)}
    proposal = competence.propose_for(incident) if "assign" in moves else None
    return RecordView(
        incident=incident, text=tx(Text(incident.text, incident.text_en or incident.text)),
        meta=words.came(incident), severity=words.severity(incident), state=words.state(incident),
        clock=words.big_clock(queries.running_clocks(incident), now), facts=_facts(incident, reporters), proposal=proposal,
        proposal_record=_record(proposal), agencies=_agencies(incident, proposal) if proposal else (),
        supporting=_supporting(incident) if proposal else (), severities=_severities(incident), moves=moves, centre=centre,
        takes_over=centre and incident.closed_at is None and incident.taken_by_id != getattr(actor, "pk", None),
        orders=actor.can(Action.APPROVE) and not actor.read_only, part=bool(hats) and not actor.read_only,
        log=words.log(queries.entries(family), incident, {each.pk: each.code for each in family}),
        at_work=words.at_work(incident, queries.at_work(Kind.INCIDENT, [incident.pk], actor).get(incident.pk, [])),
        last=words.said(queries.last_entry(incident)), map=incident_map(incident, others),
        twins=tuple(_twin(each, centre) for each in others), key=listening.key_of(Kind.INCIDENT.value, incident.pk),
        presence_href=reverse("response:presence", args=[Kind.INCIDENT.value, incident.pk]),
    )  # fmt: skip


def _facts(incident: Incident, reporters: list[str]) -> tuple[Fact, ...]:
    place = tx(incident.unit.title) if incident.unit else formats.MISSING
    facts = [
        Fact(
            t("Mức", "Severity"),
            tx(words.SEVERITY_TITLES[words.Severity(incident.severity)]),
            status=words.severity(incident, False),
        ),
        Fact(t("Loại việc", "Kind"), tx(kind_of(incident.kind).title)),
        Fact(t("Nơi xảy ra", "Where"), f"{incident.address}, {place}" if incident.address else place),
        Fact(t("Đến từ", "How it came"), _came(incident)),
    ]
    if positions.outside(incident.lat, incident.lon):
        facts.append(Fact(t("Vị trí", "Position"), "", status=StatusView("warn", tx(positions.OUTSIDE))))
    if reporters:
        facts.append(Fact(t("Người báo", "Reported by"), "; ".join(reporters)))
    if incident.lead:
        facts.append(Fact(t("Chủ trì", "Lead"), tx(incident.lead.title)))
    if incident.taken_by:
        facts.append(Fact(t("Người trực nhận", "Taken by"), incident.taken_by.name))
    if incident.alert:
        facts.append(Fact(t("Cảnh báo", "Alert"), t("Xem cảnh báo", "See the alert"), href=f"/alerts/{incident.alert}"))
    if incident.merged_into:
        into = incident.merged_into
        facts.append(Fact(t("Đã gộp vào", "Merged into"), into.code, href=reverse("response:incident", args=[into.pk])))
    return tuple(facts)


def _came(incident: Incident) -> str:
    numbers = ", ".join(queries.report_numbers(incident))
    origin = tx(origin_of(incident.origin).title)
    return t(f"{origin}, số {numbers}", f"{origin}, number {numbers}") if numbers else origin


def _record(proposal: Proposal | None) -> str:
    if proposal is None or not proposal.given:
        return ""
    share = formats.percent(100 * proposal.on_time / proposal.given, 0)
    return t(
        f"{proposal.given} việc tương tự đã giao nơi này, {share} đúng hạn",
        f"{proposal.given} similar ones went there, {share} on time",
    )


def _agencies(incident: Incident, proposal: Proposal) -> tuple[Choice, ...]:
    chosen = incident.lead or proposal.agency
    known = units.agencies()
    empty = [] if chosen else [Choice(value="", label=t("Chọn cơ quan", "Choose an agency"), chosen=True)]
    found = [Choice(value=each.key, label=tx(each.title), chosen=chosen is not None and each.pk == chosen.pk) for each in known]
    return (*empty, *found)


def _supporting(incident: Incident) -> tuple[Choice, ...]:
    given = set(incident.supporting.values_list("pk", flat=True))
    return tuple(Choice(value=each.key, label=tx(each.title), chosen=each.pk in given) for each in units.agencies())


def _severities(incident: Incident) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=each.value, label=tx(words.SEVERITY_TITLES[each]), chosen=each == incident.severity) for each in SEVERITIES
    )


def _twin(incident: Incident, centre: bool) -> Twin:
    age = formats.age(timezone.now() - incident.opened_at)
    return Twin(
        code=incident.code, title=tx(incident.heading), detail=age, state=words.state(incident),
        href=reverse("response:incident", args=[incident.pk]), merges=centre and incident.closed_at is None,
    )  # fmt: skip

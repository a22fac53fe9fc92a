"""The kinds of incidents as data: what each is called, how grave it is at first, how long each stage may take, who is competent.

Every incident passes four clocks, one after the other: `take` (somebody on duty has it), `route` (an agency leads), `handle` (the
agency has mended it), `confirm` (the centre has checked). Take, route and confirm run by the calendar, day and night, because the
desk is manned; handling of what can wait until morning runs by the working hours of the agency.

`KINDS` are what the product declares; a province changes them, adds its own and no longer offers others (see `handling.local`).
`kind_of` is where the two are merged. An incident keeps the terms that held when it was opened.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.response.handling import local
from toancanh.response.handling.kept import LocalVersion, Of

CALENDAR, WORKING_HOURS, WORKING_DAYS = "calendar_hours", "working_hours", "working_days"
REGIMES = (CALENDAR, WORKING_HOURS, WORKING_DAYS)
URGENT, HIGH, MEDIUM, LOW = Severity.URGENT, Severity.HIGH, Severity.MEDIUM, Severity.LOW
SEVERITIES = (URGENT, HIGH, MEDIUM, LOW)
OTHER, SOURCE = "other", "source"  # what nothing else fits, and a data source that fell silent
DECLARED_NUMBER = 1  # the version that the product declares; what a province makes of it goes on from there
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Term:
    """How long one stage may take: hours or working days, by the regime."""

    amount: float
    regime: str = CALENDAR


Terms = Mapping[Severity, Term]
CLOCK_WORDS = {
    "take": Text("để tiếp nhận", "to take it"),
    "route": Text("để chuyển xử lý", "to route it"),
    "handle": Text("để khắc phục", "to handle it"),
    "confirm": Text("để xác nhận", "to confirm it"),
}
_TAKE: Terms = {URGENT: Term(3 / 60), HIGH: Term(10 / 60), MEDIUM: Term(30 / 60), LOW: Term(2)}
_ROUTE: Terms = {URGENT: Term(10 / 60), HIGH: Term(20 / 60), MEDIUM: Term(1), LOW: Term(8)}
_CONFIRM: Terms = {URGENT: Term(2), HIGH: Term(4), MEDIUM: Term(24), LOW: Term(72)}
_CLIMBS: Terms = {URGENT: Term(0.5), HIGH: Term(2), MEDIUM: Term(1, WORKING_DAYS), LOW: Term(3, WORKING_DAYS)}
EMERGENCY: Terms = {URGENT: Term(4), HIGH: Term(12), MEDIUM: Term(24), LOW: Term(72)}
SERVICE: Terms = {URGENT: Term(8), HIGH: Term(24), MEDIUM: Term(16, WORKING_HOURS), LOW: Term(5, WORKING_DAYS)}
OFFICE: Terms = {
    URGENT: Term(8, WORKING_HOURS), HIGH: Term(2, WORKING_DAYS), MEDIUM: Term(5, WORKING_DAYS), LOW: Term(10, WORKING_DAYS),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentKind:
    """One kind. `role` plays the competent agency where no route says otherwise (kernel.agency_roles); `local`: the committee of
    the commune it happens in comes first. `fields` are the packs whose alerts are of this kind. `climbs`: how long after its
    deadline a late incident is told to the leaders. One that is not `offered` opens nothing any more; what it opened stays."""

    code: str
    title: Text
    icon: str
    severity: Severity = MEDIUM
    take: Terms = field(default_factory=lambda: _TAKE)
    route: Terms = field(default_factory=lambda: _ROUTE)
    handle: Terms = field(default_factory=lambda: SERVICE)
    confirm: Terms = field(default_factory=lambda: _CONFIRM)
    climbs: Terms = field(default_factory=lambda: _CLIMBS)
    procedure: str = ""
    role: str = ""
    local: bool = False
    fields: tuple[str, ...] = ()
    offered: bool = True

    def term(self, clock: str, severity: str) -> Term:
        """How long `clock` (take, route, handle, confirm, or climbs) may run at `severity`."""
        terms: Terms = getattr(self, clock)
        return terms[Severity(severity)]


STAGES = (*CLOCK_WORDS, "climbs")  # what a kind has terms for

KINDS = (
    IncidentKind(
        code="flood", title=Text("Thiên tai, mưa lũ", "Natural disaster, flood"), icon="rain", severity=HIGH, handle=EMERGENCY,
        procedure="flood", role="agriculture_environment", fields=("rainfall",),
    ),
    IncidentKind(
        code="fire", title=Text("Cháy, nổ, cứu nạn", "Fire, explosion, rescue"), icon="flag", severity=URGENT, handle=EMERGENCY,
        procedure="fire", role="police",
    ),
    IncidentKind(
        code="air", title=Text("Ô nhiễm không khí", "Air pollution"), icon="air", handle=EMERGENCY, procedure="air",
        role="agriculture_environment", fields=("air_quality",),
    ),
    IncidentKind(
        code="environment", title=Text("Rác thải, nước thải, tiếng ồn", "Waste, sewage, noise"), icon="leaf", local=True,
        role="agriculture_environment",
    ),
    IncidentKind(
        code="road", title=Text("Đường, vỉa hè, chiếu sáng", "Roads, pavements, lighting"), icon="building", local=True,
        role="construction",
    ),
    IncidentKind(
        code="utility", title=Text("Điện, nước, viễn thông", "Power, water, telecoms"), icon="source", severity=HIGH,
        handle=EMERGENCY, role="industry_trade",
    ),
    IncidentKind(
        code="traffic", title=Text("Giao thông, tai nạn", "Traffic, accident"), icon="traffic", severity=HIGH, handle=EMERGENCY,
        role="police",
    ),
    IncidentKind(
        code="health", title=Text("Y tế, dịch bệnh, ngộ độc", "Health, epidemic, poisoning"), icon="heart", severity=HIGH,
        handle=EMERGENCY, role="health",
    ),
    IncidentKind(
        code="school", title=Text("Trường học", "Schools"), icon="school", role="education",
    ),
    IncidentKind(
        code="order", title=Text("An ninh, trật tự", "Security and order"), icon="shield", severity=HIGH, handle=EMERGENCY,
        local=True, role="police",
    ),
    IncidentKind(
        code="cyber", title=Text("An toàn thông tin", "Cyber security"), icon="lock", severity=HIGH, handle=EMERGENCY,
        role="science_technology",
    ),
    IncidentKind(
        code="dossiers", title=Text("Hồ sơ hành chính quá hạn", "Overdue dossiers"), icon="stamp", handle=OFFICE,
        procedure="dossiers", role="office", fields=("public_services",),
    ),
    IncidentKind(
        code="plan", title=Text("Chỉ tiêu kinh tế, xã hội chậm tiến độ", "Plan target behind its path"), icon="chart",
        handle=OFFICE, role="finance", fields=("socio_economic",),
    ),
    IncidentKind(
        code="source", title=Text("Nguồn dữ liệu ngừng gửi", "Data source silent"), icon="source", handle=SERVICE,
        procedure="source", role="science_technology",
    ),
    IncidentKind(
        code="other", title=Text("Việc khác", "Other"), icon="message", severity=LOW, role="office",
    ),
)  # fmt: skip
DECLARED = {each.code: each for each in KINDS}


def kind_of(code: str, at: datetime | None = None) -> IncidentKind:
    """The kind with this code as it holds now, or held `at` a moment; a code that nobody knows (any more) is "other"."""
    held = local.in_force(Of.KIND, at)
    found = _merged(code, held.get(code))
    if found is None and at is not None:
        return kind_of(code)
    return found or _merged(OTHER, held.get(OTHER)) or DECLARED[OTHER]


def kinds(on: date | None = None) -> dict[str, IncidentKind]:
    """Every kind by code as it holds today (or will `on` a day): the declared ones in their order, then those made here."""
    held = local.in_force(Of.KIND, on=on)
    found = {code: _merged(code, held.get(code)) for code in dict.fromkeys((*DECLARED, *held))}
    return {code: kind for code, kind in found.items() if kind is not None}


def offered() -> list[IncidentKind]:
    """The kinds that an incident may be opened with."""
    return [each for each in kinds().values() if each.offered]


def known(code: str) -> bool:
    """Whether an incident may be opened with this kind."""
    return any(each.code == code for each in offered())


def kind_of_field(field: str) -> IncidentKind:
    """The kind of an alert of the pack `field`."""
    found = offered()
    return next((each for each in found if field in each.fields), None) or kind_of(OTHER)


def kind_of_silence() -> IncidentKind:
    """The kind of an alert about a source that stopped sending."""
    found = kind_of(SOURCE)
    return found if found.offered else kind_of(OTHER)


def as_data(kind: IncidentKind) -> dict[str, Any]:
    """A kind as plain values, without its code."""
    terms = {
        stage: {each.value: [kind.term(stage, each).amount, kind.term(stage, each).regime] for each in SEVERITIES}
        for stage in STAGES
    }
    return {
        "title": {"vi": kind.title.vi, "en": kind.title.en}, "icon": kind.icon, "severity": kind.severity.value, "terms": terms,
        "procedure": kind.procedure, "role": kind.role, "local": kind.local, "fields": list(kind.fields), "offered": kind.offered,
    }  # fmt: skip


def of_data(code: str, data: Mapping[str, Any]) -> IncidentKind:
    """The kind of plain values. Raises KeyError, TypeError or ValueError for what is none."""
    terms = {
        stage: {each: Term(float(data["terms"][stage][each][0]), str(data["terms"][stage][each][1])) for each in SEVERITIES}
        for stage in STAGES
    }
    return IncidentKind(
        code=str(code), title=Text(str(data["title"]["vi"]), str(data["title"]["en"])), icon=str(data["icon"]),
        severity=Severity(data["severity"]), procedure=str(data["procedure"]), role=str(data["role"]), local=_yes(data["local"]),
        fields=tuple(str(each) for each in data["fields"]), offered=_yes(data["offered"]), **terms,
    )  # fmt: skip


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is not true or false")
    return value


def kept(row: LocalVersion) -> IncidentKind | None:
    """The kind of a version; None for one that follows the declaration or cannot be read, which then holds."""
    try:
        return of_data(row.code, row.definition) if row.definition is not None else DECLARED.get(row.code)
    except (KeyError, TypeError, ValueError, AttributeError):
        log.exception("version %s of the kind %s cannot be read; what is declared holds instead", row.version, row.code)
        return DECLARED.get(row.code)


def _merged(code: str, row: LocalVersion | None) -> IncidentKind | None:
    return kept(row) if row is not None else DECLARED.get(code)

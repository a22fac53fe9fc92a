"""The kinds of incidents as data: what each is called, how grave it is at first, how long each stage may take, who is competent.

Every incident passes four clocks, one after the other: `take` (somebody on duty has it), `route` (an agency leads), `handle` (the
agency has mended it), `confirm` (the centre has checked). Take, route and confirm run by the calendar, day and night, because the
desk is manned; handling of what can wait until morning runs by the working hours of the agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text

CALENDAR, WORKING_HOURS, WORKING_DAYS = "calendar_hours", "working_hours", "working_days"
URGENT, HIGH, MEDIUM, LOW = Severity.URGENT, Severity.HIGH, Severity.MEDIUM, Severity.LOW
SEVERITIES = (URGENT, HIGH, MEDIUM, LOW)
_MINUTE = 1 / 60


@dataclass(frozen=True, slots=True)
class Term:
    """How long one stage may take: hours or working days, by the regime."""

    amount: float
    regime: str = CALENDAR


Terms = Mapping[Severity, Term]
CLOCK_WORDS = {
    "take": Text("để tiếp nhận", "to take it"),
    "route": Text("để chuyển xử lý", "to route it"),
    "handle": Text("để khắc phục", "to mend it"),
    "confirm": Text("để xác nhận", "to confirm it"),
}
_DESK: Mapping[str, Terms] = {
    "take": {URGENT: Term(3 * _MINUTE), HIGH: Term(10 * _MINUTE), MEDIUM: Term(30 * _MINUTE), LOW: Term(2)},
    "route": {URGENT: Term(10 * _MINUTE), HIGH: Term(20 * _MINUTE), MEDIUM: Term(1), LOW: Term(8)},
    "confirm": {URGENT: Term(2), HIGH: Term(4), MEDIUM: Term(24), LOW: Term(72)},
}
# How long after its deadline a late incident is told to the leaders of the centre.
CLIMBS_AFTER: Terms = {URGENT: Term(0.5), HIGH: Term(2), MEDIUM: Term(1, WORKING_DAYS), LOW: Term(3, WORKING_DAYS)}
EMERGENCY: Terms = {URGENT: Term(4), HIGH: Term(12), MEDIUM: Term(24), LOW: Term(72)}
SERVICE: Terms = {URGENT: Term(8), HIGH: Term(24), MEDIUM: Term(16, WORKING_HOURS), LOW: Term(5, WORKING_DAYS)}
OFFICE: Terms = {
    URGENT: Term(8, WORKING_HOURS), HIGH: Term(2, WORKING_DAYS), MEDIUM: Term(5, WORKING_DAYS), LOW: Term(10, WORKING_DAYS),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentKind:
    """One kind. `role` plays the competent agency where no route says otherwise (kernel.agency_roles); `local`: the committee of
    the commune it happens in comes first. `fields` are the packs whose alerts are of this kind."""

    code: str
    title: Text
    icon: str
    severity: Severity = MEDIUM
    handle: Terms = field(default_factory=lambda: SERVICE)
    procedure: str = ""
    role: str = ""
    local: bool = False
    fields: tuple[str, ...] = ()

    def term(self, clock: str, severity: str) -> Term:
        """How long `clock` (take, route, handle, confirm) may run at `severity`."""
        return (self.handle if clock == "handle" else _DESK[clock])[Severity(severity)]


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
_BY_CODE = {each.code: each for each in KINDS}


def kind_of(code: str) -> IncidentKind:
    """The kind with this code; a code that is not in the table (any more) is "other"."""
    return _BY_CODE.get(code, _BY_CODE["other"])


def known(code: str) -> bool:
    """Whether there is such a kind."""
    return code in _BY_CODE


def kind_of_field(field: str) -> IncidentKind:
    """The kind of an alert of the pack `field`."""
    return next((each for each in KINDS if field in each.fields), _BY_CODE["other"])

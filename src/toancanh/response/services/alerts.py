"""From alert to incident: what crosses a line at medium severity or above becomes work, or joins the work that is going on.

Handlers of the wiring table: after a crash they run again and change nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Level, Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response import changes, timeline
from toancanh.response.events import IncidentChanged
from toancanh.response.handling.kinds import IncidentKind, kind_of_field, kind_of_silence
from toancanh.response.models import OPEN_INCIDENT, Entry, Incident, Kind
from toancanh.response.services.incidents import LONGEST_TITLE, IncidentForm, acknowledge, open_incident
from toancanh.response.services.severity import graver, set_severity
from toancanh.units.models import Unit
from toancanh.watch.models import Alert, State
from toancanh.watch.queries import title_of

log = logging.getLogger(__name__)
SILENT = "source:"  # how the subject of an alert about a source that stopped sending begins
AT_ONCE = 1000  # alerts read by one statement
MERGED_INTO_OPEN = Q(merged_into__isnull=False, merged_into__closed_at__isnull=True)


def open_for_alert(alert_id: int) -> Incident | None:
    """The incident of an alert: a new one, or the open one of the same matter; a graver alert makes it graver. What the alert
    opened or joined stays its incident after the end: it opens no second one.

    None when there is nothing to handle.
    """
    alert = Alert.objects.select_related("unit", "owner").filter(pk=alert_id).first()
    if alert is None or not _asks_for_work(alert):
        return None
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=alert.unit_id)  # of two workers the second finds what the first opened
        own = Incident.objects.filter(origin="alert", origin_key=f"alert:{alert.pk}").first() or _joined(alert)
        found = _whole(own) if own is not None else _running(alert)
        held = changes.hold(SYSTEM, found) if found is not None else None
        if own is None and (held is None or held.closed_at is not None):
            return open_incident(SYSTEM, form_of(alert))
        if held is not None and held.closed_at is None:
            _weigh(held, own, alert)
    return own or held


def note_acknowledged(alert_id: int) -> None:
    """Whoever has acknowledged an alert has acknowledged its incidents, as far as that person runs the desk for them."""
    alert = Alert.objects.filter(pk=alert_id, state=State.ACKNOWLEDGED).first()
    user = User.objects.filter(username=alert.acknowledged_by, is_active=True).first() if alert else None
    if alert is None or user is None:
        return
    for incident in of_alert(alert).filter(acknowledged_at=None):
        try:
            acknowledge(user, _whole(incident))
        except Problem as problem:
            log.info("incident %s is not %s's to acknowledge: %s", incident.pk, user.username, problem.code)


def note_cleared(alert_id: int) -> None:
    """Say on the incident of an alert that the value is back, once; people decide whether that ends it."""
    alert = Alert.objects.select_related("unit").filter(pk=alert_id).first()
    if alert is None or alert.cleared_at is None:
        return
    for incident in of_alert(alert):
        with transaction.atomic():
            held = changes.hold(SYSTEM, _whole(incident))
            if held.closed_at is None and not _said(held, "alert_cleared", alert):
                words = Text(
                    f"Số liệu đã trở lại bình thường: {alert.words_vi}", f"The value is back to normal: {alert.words_en}"
                )
                _write(held, "alert_cleared", words, alert)


def look_again() -> None:
    """By the clock, for news that was lost with the process that had to tell it: open incidents over alerts that cleared or
    that are graver than the incident."""
    incidents: dict[int, set[str]] = {}
    for pk, severity in _linked():
        incidents.setdefault(pk, set()).add(severity)
    said = _of_open("alert_cleared").values_list("data", flat=True)
    known = {each.get("alert") for each in said}
    ordered = sorted(incidents)
    for begin in range(0, len(ordered), AT_ONCE):
        alerts = Alert.objects.filter(pk__in=ordered[begin : begin + AT_ONCE])
        for pk, severity, cleared_at in list(alerts.values_list("pk", "severity", "cleared_at")):
            if cleared_at is None and any(graver(severity, each) for each in incidents[pk]):
                open_for_alert(pk)
            elif cleared_at is not None and pk not in known:
                note_cleared(pk)


def form_of(alert: Alert) -> IncidentForm:
    """What an incident of this alert would be opened with; a person may still change it."""
    rule, said = title_of(alert), alert.crossing
    return IncidentForm(
        kind=incident_kind(alert).code, severity=alert.severity,
        title=f"{rule.vi}: {said.vi}"[:LONGEST_TITLE], title_en=f"{rule.en}: {said.en}"[:LONGEST_TITLE],
        text=said.vi, text_en=said.en,
        unit=alert.unit, field=_field(alert), origin="alert", origin_key=f"alert:{alert.pk}", alert=alert.pk,
    )  # fmt: skip


def incident_kind(alert: Alert) -> IncidentKind:
    """Which kind of incident an alert is: a silent source, or the kind of its field."""
    return kind_of_silence() if alert.subject.startswith(SILENT) else kind_of_field(_field(alert))


def of_alert(alert: Alert) -> QuerySet[Incident]:
    """The incidents that an alert opened or joined, while they are open or where they were merged since."""
    may = Incident.objects.filter(OPEN_INCIDENT | Q(merged_into__isnull=False, closed_at__gte=alert.raised_at))
    joined = Entry.objects.filter(kind=Kind.INCIDENT, act="alert", data__alert=alert.pk, subject__in=may.values("pk"))
    return may.filter(Q(alert=alert.pk) | Q(pk__in=joined.values("subject")))


def _whole(incident: Incident) -> Incident:
    """The incident itself, or the one that it is a part of by now."""
    while incident.merged_into is not None:
        incident = incident.merged_into
    return incident


def _of_open(act: str) -> QuerySet[Entry]:
    """The lines of one act on open incidents, and on those merged into them."""
    subjects = Incident.objects.filter(OPEN_INCIDENT | MERGED_INTO_OPEN).values("pk")
    return Entry.objects.filter(kind=Kind.INCIDENT, act=act, subject__in=subjects)


def _linked() -> Iterator[tuple[int, str]]:
    """The alerts behind open incidents, each with the severity that its incident has."""
    severities: dict[int, str] = {}
    rows = Incident.objects.filter(OPEN_INCIDENT | MERGED_INTO_OPEN).values_list(
        "pk", "alert", "severity", "merged_into__severity"
    )
    for pk, alert, own, whole in rows:
        severities[pk] = whole or own
        if alert is not None:
            yield alert, severities[pk]
    for subject, data in _of_open("alert").values_list("subject", "data"):
        if subject in severities:
            yield data["alert"], severities[subject]


def _asks_for_work(alert: Alert) -> bool:
    """Not over, not called false, not silenced, not restless, and grave enough."""
    over = alert.cleared_at is not None or alert.state == State.FALSE_POSITIVE
    return not (over or alert.silence_id or alert.flapping or alert.severity == Severity.LOW)


def _joined(alert: Alert) -> Incident | None:
    """The incident that this alert joined, whether it is open or has ended since; of several the newest."""
    may = Incident.objects.filter(Q(closed_at=None) | Q(closed_at__gte=alert.raised_at), origin="alert")
    said = Entry.objects.filter(kind=Kind.INCIDENT, act="alert", data__alert=alert.pk, subject__in=may.values("pk"))
    return Incident.objects.filter(pk__in=said.values("subject")).order_by("-pk").first()


def _running(alert: Alert) -> Incident | None:
    """The open incident that this alert belongs to: of the alert that heads its cause, else the same matter.

    The same matter is of one kind, at one place, of one owner; beyond a commune, where a place is all there is, of one indicator.
    """
    head = Incident.objects.filter(OPEN_INCIDENT, alert=alert.head_id).first() if alert.head_id else None
    if head is not None or alert.subject.startswith(SILENT):
        return head
    alike = Alert.objects.filter(unit=alert.unit_id, owner=alert.owner_id).exclude(subject__startswith=SILENT)
    if alert.unit.level != Level.COMMUNE:
        alike = alike.filter(indicator=alert.indicator)
    same = Incident.objects.filter(OPEN_INCIDENT, unit=alert.unit_id, kind=incident_kind(alert).code, origin="alert")
    return same.filter(alert__in=alike.values("pk")).order_by("pk").first()


def _weigh(held: Incident, own: Incident | None, alert: Alert) -> None:
    """The alert joins what is going on, or got graver: once for each severity, what people make of it afterwards stays."""
    if alert.severity in _told(held, own, alert):
        return
    weighs = graver(alert.severity, held.severity)
    if own is None and not _said(held, "alert", alert):
        _write(held, "alert", Text(f"Thêm cảnh báo: {alert.words_vi}", f"Another alert: {alert.words_en}"), alert)
    elif weighs:
        _write(held, "alert_graver", Text(f"Cảnh báo nặng hơn: {alert.words_vi}", f"Graver alert: {alert.words_en}"), alert)
    if weighs:
        set_severity(SYSTEM, held, alert.severity, alert.words_vi)


def _told(held: Incident, own: Incident | None, alert: Alert) -> set[str]:
    """The severities with which the incident has heard of this alert."""
    heard = Q(act__in=("alert", "alert_graver"), data__alert=alert.pk)
    if own is not None:
        heard |= Q(act="open", subject=own.pk)
    rows = Entry.objects.filter(heard, kind=Kind.INCIDENT, subject__in={held.pk, own.pk if own else held.pk})
    return {str(data.get("severity")) for data in rows.values_list("data", flat=True)}


def _said(incident: Incident, act: str, alert: Alert) -> bool:
    return timeline.of(Kind.INCIDENT, incident.pk).filter(act=act, data__alert=alert.pk).exists()


def _write(incident: Incident, act: str, words: Text, alert: Alert) -> None:
    timeline.write(Kind.INCIDENT, incident.pk, SYSTEM, act, words, {"alert": alert.pk, "severity": alert.severity})
    audit.record(SYSTEM.label, f"response.{act}", f"incident:{incident.pk}", detail={"alert": alert.pk})
    tell_after_commit(IncidentChanged(incident.pk))


def _field(alert: Alert) -> str:
    """The pack of the alert's indicator; "" when no pack of this centre declares it."""
    indicator = registry.indicator(alert.indicator)
    return registry.pack_of(indicator).code if indicator else ""

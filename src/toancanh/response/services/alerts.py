"""From alert to incident: what crosses a line at medium severity or above becomes work, or joins the work that is going on.

Handlers of the wiring table: after a crash they run again and change nothing twice.
"""

from __future__ import annotations

from django.db import transaction

from toancanh.audit import services as audit
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.contracts import Severity
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.response import timeline
from toancanh.response.events import IncidentChanged
from toancanh.response.handling.kinds import SEVERITIES, IncidentKind, kind_of, kind_of_field
from toancanh.response.models import OPEN_INCIDENT, Incident, Kind
from toancanh.response.services.incidents import LONGEST_TITLE, IncidentForm, open_incident, set_severity
from toancanh.watch.models import Alert
from toancanh.watch.queries import title_of

SILENT = "source:"  # how the subject of an alert about a source that stopped sending begins
_ORDER = [each.value for each in SEVERITIES]  # gravest first


def open_for_alert(alert_id: int) -> Incident | None:
    """The incident of an alert: a new one, or the open one of the same kind and place. None when there is nothing to handle."""
    alert = Alert.objects.select_related("unit", "owner").filter(pk=alert_id).first()
    if alert is None or alert.cleared_at is not None or alert.silence_id or alert.severity == Severity.LOW:
        return None
    own = Incident.objects.filter(origin="alert", origin_key=f"alert:{alert.pk}").first()
    if own is not None:
        return own
    with transaction.atomic():
        running = _running(alert)
        if running is not None:
            return _join(running, alert)
        return open_incident(SYSTEM, form_of(alert))


def note_cleared(alert_id: int) -> None:
    """Say on the incident of an alert that the value is back, once; people decide whether that ends it."""
    alert = Alert.objects.select_related("unit").filter(pk=alert_id).first()
    if alert is None or alert.cleared_at is None:
        return
    for incident in of_alert(alert).filter(OPEN_INCIDENT):
        with transaction.atomic():
            if _said(incident, "alert_cleared", alert):
                continue
            words = Text(f"Số liệu đã trở lại bình thường: {alert.words_vi}", f"The value is back to normal: {alert.words_en}")
            _write(incident, "alert_cleared", words, alert)


def form_of(alert: Alert) -> IncidentForm:
    """What an incident of this alert would be opened with; a person may still change it."""
    title = f"{title_of(alert).vi}: {alert.words_vi}"[:LONGEST_TITLE]
    return IncidentForm(
        kind=incident_kind(alert).code, title=title, text=alert.words_vi, severity=alert.severity,
        unit=alert.unit, field=_field(alert), origin="alert", origin_key=f"alert:{alert.pk}", alert=alert.pk,
    )  # fmt: skip


def incident_kind(alert: Alert) -> IncidentKind:
    """Which kind of incident an alert is: a silent source, or the kind of its field."""
    return kind_of("source") if alert.subject.startswith(SILENT) else kind_of_field(_field(alert))


def of_alert(alert: Alert):  # type: ignore[no-untyped-def]  # a queryset of incidents
    """The incidents that an alert opened or joined."""
    joined = timeline.Entry.objects.filter(kind=Kind.INCIDENT, act="alert", data__alert=alert.pk).values("subject")
    return Incident.objects.filter(alert=alert.pk) | Incident.objects.filter(pk__in=joined, unit=alert.unit)


def _running(alert: Alert) -> Incident | None:
    """The open incident that this alert belongs to: of the alert that heads its cause, else of the same kind and place."""
    head = Incident.objects.filter(OPEN_INCIDENT, alert=alert.head_id).first() if alert.head_id else None
    if head is not None:
        return head
    same = Incident.objects.filter(OPEN_INCIDENT, unit=alert.unit, kind=incident_kind(alert).code, origin="alert")
    return same.filter(alert__isnull=False).order_by("pk").first() if not alert.subject.startswith(SILENT) else None


def _join(incident: Incident, alert: Alert) -> Incident:
    if not _said(incident, "alert", alert):
        words = Text(f"Thêm cảnh báo: {alert.words_vi}", f"Another alert: {alert.words_en}")
        _write(incident, "alert", words, alert)
        if _ORDER.index(alert.severity) < _ORDER.index(incident.severity):
            return set_severity(SYSTEM, incident, alert.severity, alert.words_vi)
    return incident


def _said(incident: Incident, act: str, alert: Alert) -> bool:
    return timeline.of(Kind.INCIDENT, incident.pk).filter(act=act, data__alert=alert.pk).exists()


def _write(incident: Incident, act: str, words: Text, alert: Alert) -> None:
    timeline.write(Kind.INCIDENT, incident.pk, SYSTEM, act, words, {"alert": alert.pk})
    audit.record(SYSTEM.label, f"response.{act}", f"incident:{incident.pk}", detail={"alert": alert.pk})
    tell_after_commit(IncidentChanged(incident.pk))


def _field(alert: Alert) -> str:
    """The pack of the alert's indicator; "" when no pack of this centre declares it."""
    indicator = registry.indicator(alert.indicator)
    return registry.pack_of(indicator).code if indicator else ""

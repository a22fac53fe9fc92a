"""From alert to incident: medium and above becomes work or joins it, once; the value's return is noted, once."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.kernel.contracts import Severity
from toancanh.notify.models import Notice
from toancanh.people.models import User
from toancanh.response import timeline
from toancanh.response.models import Incident, Kind
from toancanh.response.queries import outcomes
from toancanh.response.services import alerts, incidents, merging, severity
from toancanh.response.services.alerts import note_cleared, open_for_alert
from toancanh.site.wiring import WIRING
from toancanh.units.models import Unit
from toancanh.watch.events import AlertChanged
from toancanh.watch.models import Alert, Silence

Ring = Callable[..., Alert]


@pytest.fixture
def ring(province: dict[str, Unit]) -> Ring:
    """An alert of bad air at the ward: ring(), ring(severity="low"), ring(unit="sample:MS02")."""

    def make(unit: str = "sample:MS01", severity: str = Severity.HIGH, **more: Any) -> Alert:
        now = timezone.now()
        number = Alert.objects.count()
        fields = {
            "rule": f"air_bad{number}", "indicator": "air_aqi_hour", "severity": severity, "since": now, "raised_at": now,
            "last_seen": now, "words_vi": f"{180 + number} VN_AQI, vượt mức 150", "words_en": f"{180 + number} VN_AQI, above 150",
            "cause": "air",
        }  # fmt: skip
        return Alert.objects.create(unit=province[unit], **(fields | more))

    return make


def test_an_alert_opens_an_incident_once(ring: Ring) -> None:
    alert = ring()
    opened = open_for_alert(alert.pk)
    assert open_for_alert(alert.pk) == opened
    assert opened is not None
    assert (opened.kind, opened.field, opened.severity, opened.alert) == ("air", "air_quality", "high", alert.pk)
    assert opened.title.endswith(": 180 VN_AQI, vượt mức 150")
    assert Incident.objects.count() == 1


def test_the_incident_of_an_alert_is_called_in_the_readers_language(ring: Ring, lan: User, client: Client) -> None:
    alert = ring()
    client.force_login(lan)
    incident = open_for_alert(alert.pk)
    assert incident is not None
    vi, en = incident.heading.vi, incident.heading.en
    assert vi.endswith(alert.words_vi)
    assert en.endswith(alert.words_en)
    assert vi != en
    for path in ("/desk", f"/incidents/{incident.pk}", "/incidents"):
        for language, shown, other in (("vi", vi, en), ("en", en, vi)):
            User.objects.filter(pk=lan.pk).update(language=language)
            page = html.unescape(client.get(path).content.decode())
            assert shown in page, (path, language)
            assert other not in page, (path, language)


def test_a_second_alert_there_joins_it_and_raises_its_severity(ring: Ring) -> None:
    first = open_for_alert(ring(severity=Severity.MEDIUM).pk)
    graver = ring(severity=Severity.URGENT)
    for _ in range(2):
        assert open_for_alert(graver.pk) == first
    assert first is not None
    first.refresh_from_db()
    assert first.severity == "urgent"
    assert timeline.of(Kind.INCIDENT, first.pk).filter(act="alert").count() == 1


def test_an_alert_that_joined_an_incident_led_to_it_as_much_as_the_one_that_opened_it(ring: Ring, lan: User, binh: User) -> None:
    first, joined, elsewhere = ring(), ring(), ring("sample:MS02")
    incident = open_for_alert(first.pk)
    assert incident is not None
    for each in (joined, elsewhere):
        open_for_alert(each.pk)
    incidents.close(lan, incidents.take(lan, incident), "Đã dập khói")
    shown = [[each.href for each in outcomes.of_alert(lan, alert.pk)] for alert in (first, joined, elsewhere)]
    assert shown[0] == shown[1] == [f"/incidents/{incident.pk}"]
    assert shown[2] != shown[0]


def test_elsewhere_or_after_the_end_it_is_another_incident(ring: Ring, lan: User) -> None:
    first = open_for_alert(ring().pk)
    assert open_for_alert(ring("sample:MS02").pk) != first
    assert first is not None
    incidents.refuse(lan, first, "Trạm hỏng")
    assert open_for_alert(ring().pk) != first


def test_what_is_minor_silenced_over_or_unknown_opens_nothing(ring: Ring) -> None:
    now = timezone.now()
    silence = Silence.objects.create(reason="Bảo trì", begins=now, ends=now, made_by="test", made_at=now)
    quiet = (ring(severity=Severity.LOW), ring(silence=silence), ring(cleared_at=now))
    assert [open_for_alert(each.pk) for each in quiet] == [None, None, None]
    assert open_for_alert(4711) is None


def test_a_silent_source_is_its_own_kind(ring: Ring) -> None:
    opened = open_for_alert(ring(subject="source:air_stations").pk)
    assert opened is not None
    assert opened.kind == "source"
    assert opened.steps.count() == 4


def test_the_return_of_the_value_is_noted_once_and_closes_nothing(ring: Ring) -> None:
    alert, joined = ring(), ring()
    incident = open_for_alert(alert.pk)
    open_for_alert(joined.pk)
    Alert.objects.update(cleared_at=timezone.now())
    for _ in range(2):
        note_cleared(alert.pk)
        note_cleared(joined.pk)
    assert incident is not None
    incident.refresh_from_db()
    assert incident.state == "new"
    assert timeline.of(Kind.INCIDENT, incident.pk).filter(act="alert_cleared").count() == 2


def test_the_form_is_filled_from_an_alert_and_sends_that_alerts_incident(
    ring: Ring, lan: User, browser: Callable[[User], Client]
) -> None:
    alert = ring(severity=Severity.LOW)
    client = browser(lan)
    page = client.get(f"/incidents/new?alert={alert.pk}").content.decode()
    assert '180 VN_AQI, vượt mức 150"' in page
    form = {"alert": str(alert.pk), "title": "Khói rơm rạ", "kind": "air", "unit": "sample:MS01", "severity": "medium"}
    assert client.post("/incidents/new", form).url == client.post("/incidents/new", form).url
    assert Incident.objects.get().origin_key == f"alert:{alert.pk}"


def test_whoever_takes_the_incident_has_its_alerts_and_nobody_is_told_twice(ring: Ring, lan: User, binh: User) -> None:
    first, joined = ring(severity=Severity.URGENT), ring()
    incident = open_for_alert(first.pk)
    open_for_alert(joined.pk)
    assert incident is not None
    assert Notice.objects.filter(subject=f"incident:{incident.pk}").count() == 0, "the alert itself tells people"
    incidents.take(lan, incident)
    assert set(Alert.objects.values_list("state", "acknowledged_by")) == {("acknowledged", lan.username)}


def graver(alert: Alert, severity: str) -> None:
    """The alert's severity changes, and the wiring table hears of it."""
    Alert.objects.filter(pk=alert.pk).update(severity=severity)
    for handler in WIRING[AlertChanged]:
        handler(AlertChanged(alert.pk))


def test_an_alert_that_gets_graver_becomes_an_incident_and_makes_it_graver(ring: Ring) -> None:
    alert = ring(severity=Severity.LOW)
    graver(alert, Severity.MEDIUM)
    assert Incident.objects.get().severity == "medium"
    graver(alert, Severity.URGENT)
    assert Incident.objects.get().severity == "urgent"


def test_a_joined_alert_that_gets_graver_makes_the_incident_graver(ring: Ring) -> None:
    open_for_alert(ring(severity=Severity.MEDIUM).pk)
    joined = ring(severity=Severity.MEDIUM)
    open_for_alert(joined.pk)
    graver(joined, Severity.URGENT)
    assert Incident.objects.get().severity == "urgent"


def test_the_severity_that_people_gave_stays_until_the_alert_gets_graver_again(ring: Ring, lan: User) -> None:
    alert = ring(severity=Severity.HIGH)
    incident = open_for_alert(alert.pk)
    assert incident is not None
    severity.set_severity(lan, incident, "low", "Trạm đo đang sửa")
    graver(alert, Severity.HIGH)
    alerts.look_again()
    assert Incident.objects.get().severity == "low"
    graver(alert, Severity.URGENT)
    assert Incident.objects.get().severity == "urgent"


def test_a_restless_alert_that_changes_opens_nothing(ring: Ring) -> None:
    graver(ring(severity=Severity.MEDIUM, flapping=True), Severity.HIGH)
    assert not Incident.objects.exists()


def test_the_return_of_the_value_is_noted_where_the_incident_went(ring: Ring, lan: User) -> None:
    first, elsewhere = ring(), ring("sample:MS02")
    one, other = open_for_alert(first.pk), open_for_alert(elsewhere.pk)
    assert one is not None
    assert other is not None
    merging.merge(lan, one, other)
    Alert.objects.filter(pk=first.pk).update(cleared_at=timezone.now())
    note_cleared(first.pk)
    assert timeline.of(Kind.INCIDENT, other.pk).filter(act="alert_cleared").count() == 1


def test_the_return_of_a_joined_alert_of_another_place_is_noted(ring: Ring) -> None:
    head = ring("sample:MS02")
    incident = open_for_alert(head.pk)
    joined = ring(head=head)
    assert open_for_alert(joined.pk) == incident
    Alert.objects.filter(pk=joined.pk).update(cleared_at=timezone.now())
    note_cleared(joined.pk)
    assert incident is not None
    assert timeline.of(Kind.INCIDENT, incident.pk).filter(act="alert_cleared").count() == 1


def test_news_of_alerts_that_was_lost_reaches_the_incident_by_the_clock(ring: Ring, lan: User) -> None:
    gone, worse = ring(), ring("sample:MS02", severity=Severity.MEDIUM)
    back, grave = open_for_alert(gone.pk), open_for_alert(worse.pk)
    assert back is not None
    assert grave is not None
    Alert.objects.filter(pk=gone.pk).update(cleared_at=timezone.now())
    Alert.objects.filter(pk=worse.pk).update(severity=Severity.HIGH)
    for _ in range(2):
        alerts.look_again()
    grave.refresh_from_db()
    assert grave.severity == "high"
    assert timeline.of(Kind.INCIDENT, back.pk).filter(act="alert_cleared").count() == 1


def test_the_alert_page_tells_what_became_of_the_last_similar_case(ring: Ring, lan: User, client: Client) -> None:
    before = ring(rule="air_bad")
    opened = open_for_alert(before.pk)
    assert opened is not None
    incidents.refuse(lan, opened, "Trạm đo hỏng, đã thay đầu đo")
    Alert.objects.filter(pk=before.pk).update(cleared_at=timezone.now(), state="cleared")
    again = ring(rule="air_bad", raised_at=timezone.now() + timedelta(hours=1))
    client.force_login(lan)
    page = client.get(again.href).content.decode()
    assert f'href="/incidents/{opened.pk}"' in page
    assert opened.code in page
    assert "Trạm đo hỏng, đã thay đầu đo" in page


def test_what_people_make_of_a_joined_alert_after_its_incident_ended_opens_nothing(ring: Ring, lan: User) -> None:
    first, joined, other = ring(), ring(), ring()
    incident = open_for_alert(first.pk)
    assert incident is not None
    assert [open_for_alert(each.pk) for each in (joined, other)] == [incident, incident]
    incidents.close(lan, incidents.take(lan, incident), "Trạm hỏng, báo nhầm")
    Alert.objects.filter(pk=joined.pk).update(state="false_positive")
    Alert.objects.filter(pk=other.pk).update(state="acknowledged")
    for each in (joined, other):
        for handler in WIRING[AlertChanged]:
            handler(AlertChanged(each.pk))
    assert Incident.objects.count() == 1


def test_an_alert_called_false_opens_nothing(ring: Ring) -> None:
    assert open_for_alert(ring(state="false_positive").pk) is None


def test_unlike_matters_of_one_place_are_incidents_of_their_own(ring: Ring, province: dict[str, Unit]) -> None:
    office, builders = province["agency:VP"], province["agency:SXD"]
    whole = [
        open_for_alert(ring("sample:MS", indicator=indicator, owner=owner).pk)
        for indicator, owner in (("dossiers_on_time", office), ("dossiers_overdue", office), ("dossiers_on_time", builders))
    ]
    assert len({each.pk for each in whole if each}) == 3
    again = open_for_alert(ring("sample:MS", indicator="dossiers_on_time", owner=office).pk)
    assert again == whole[0]
    ward = [open_for_alert(ring(indicator=each, owner=office).pk) for each in ("dossiers_on_time", "dossiers_overdue")]
    assert ward[0] == ward[1]
    assert open_for_alert(ring(indicator="dossiers_overdue", owner=builders).pk) not in ward


def test_a_minute_without_news_reads_each_alert_once(ring: Ring, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        open_for_alert(ring(owner=None, subject="source:x").pk)
    assert Incident.objects.count() == 30
    with django_assert_max_num_queries(5):
        alerts.look_again()


@pytest.mark.slow
def test_twenty_thousand_open_incidents_of_alerts_are_looked_at_within_seconds(ring: Ring, province: dict[str, Unit]) -> None:
    one, now = ring(), timezone.now()
    shared = {"title": "t", "kind": "air", "unit": one.unit, "opened_by": "x", "opened_at": now, "origin": "alert"}
    rows = [copy_of(one, f"r{number}") for number in range(20_000)]
    Alert.objects.bulk_create(rows, batch_size=500)
    ids = list(Alert.objects.values_list("pk", flat=True))
    Incident.objects.bulk_create(
        [Incident(code=f"SV-{pk}", origin_key=f"alert:{pk}", alert=pk, severity="high", **shared) for pk in ids], batch_size=500
    )
    began = time.perf_counter()
    alerts.look_again()
    assert time.perf_counter() - began < 10


def copy_of(alert: Alert, rule: str) -> Alert:
    fields = ("indicator", "unit", "severity", "since", "raised_at", "last_seen", "words_vi", "words_en", "cause")
    return Alert(rule=rule, **{name: getattr(alert, name) for name in fields})

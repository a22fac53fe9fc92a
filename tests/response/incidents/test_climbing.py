"""A late incident climbs: to the head of the agency that leads it, then to the leaders; each rung is told once, ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from toancanh.audit.models import AuditEntry
from toancanh.kernel.contracts import Severity
from toancanh.notify import services as notify
from toancanh.notify.models import Course, Escalation, How, Notice
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.people.roles import Action
from toancanh.response import clocks, timeline
from toancanh.response.models import Incident
from toancanh.response.queries import shown
from toancanh.response.services import climbing, incidents, merging, severity
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit

from .conftest import Clock

pytestmark = pytest.mark.django_db
Province = dict[str, Unit]


def told() -> set[str]:
    """Who is told something at this moment."""
    return set(Notice.objects.filter(at=timezone.now(), key__contains=":climb:").values_list("user__role", flat=True))


@pytest.fixture
def handled(lan: User, pothole: Incident, province: Province) -> Incident:
    """The hole in the road, in the hands of the agency that builds, due in 16 working hours (Tuesday 09:00)."""
    return incidents.assign(lan, incidents.take(lan, pothole), province["agency:SXD"])


def head_of(officer: User) -> User:
    people.add_grant(SYSTEM, officer, [Action.APPROVE], people.Scope(agency=officer.agency))
    return User.objects.get(pk=officer.pk)


def test_a_late_incident_climbs_to_the_head_of_the_lead_agency_then_to_the_leaders(
    handled: Incident, person: Callable[..., User], clock: Clock
) -> None:
    head, clerk, leader = head_of(person("officer", "agency:SXD")), person("officer", "agency:SXD"), person("leader")
    due = clocks.of("incident", handled.pk).get(stopped_at=None).due_at
    clock.now = due
    assert climbing.climb() == 0
    clock.forward(minutes=1)
    assert [climbing.climb(), climbing.climb()] == [1, 0]
    assert set(Notice.objects.filter(at=clock.now).values_list("user", flat=True)) == {head.pk}
    assert "09:00 24/11/2026" in Notice.objects.filter(user=head).latest("id").body_vi
    clock.forward(days=1, hours=7, minutes=58)  # Wednesday 16:59
    assert climbing.climb() == 0
    clock.forward(minutes=2)  # one working day later
    assert [climbing.climb(), climbing.climb()] == [1, 0]
    assert set(Notice.objects.filter(at=clock.now).values_list("user", flat=True)) == {leader.pk}
    clock.forward(days=30)
    assert climbing.climb() == 0
    assert not Notice.objects.filter(user=clerk, key__contains=":climb:").exists()
    lines = timeline.of("incident", handled.pk).filter(act="climb")
    assert [line.words_vi for line in lines] == ["Quá hạn khắc phục", "Quá hạn khắc phục, báo lãnh đạo"]
    assert [line.data["told"] for line in lines] == [[head.username], [leader.username]]
    assert AuditEntry.objects.filter(action="response.climb", subject=f"incident:{handled.pk}").count() == 2


def test_an_agency_without_a_head_is_told_through_all_its_people(
    handled: Incident, person: Callable[..., User], clock: Clock
) -> None:
    one, other = person("officer", "agency:SXD"), person("officer", "agency:SXD")
    clock.forward(days=5)
    climbing.climb()
    late = Notice.objects.filter(at=clock.now, title_vi__startswith="Quá hạn khắc phục: ")
    assert set(late.values_list("user", flat=True)) == {one.pk, other.pk}


def test_work_at_the_desk_that_nobody_takes_climbs_to_the_operators_and_the_leaders(
    pothole: Incident, person: Callable[..., User], clock: Clock
) -> None:
    person("leader")
    clock.forward(minutes=31)
    assert climbing.climb() == 1
    assert told() == {"operator"}
    clock.forward(days=3, hours=8)
    assert climbing.climb() == 1
    assert told() == {"leader"}
    assert climbing.climb() == 0


def test_long_late_when_the_clock_looked_tells_both_rungs_at_once_and_once(
    handled: Incident, person: Callable[..., User], clock: Clock
) -> None:
    person("officer", "agency:SXD"), person("leader")
    clock.forward(days=20)
    assert [climbing.climb(), climbing.climb()] == [2, 0]
    assert told() == {"officer", "leader"}


def test_a_paused_clock_does_not_climb(handled: Incident, person: Callable[..., User], clock: Clock) -> None:
    officer = person("officer", "agency:SXD")
    incidents.report_fixed(officer, handled)  # the agency's clock stands still while the centre looks
    clock.forward(days=20)
    assert climbing.climb() == 2
    assert set(timeline.of("incident", handled.pk).filter(act="climb").values_list("words_vi", flat=True)) == {
        "Quá hạn xác nhận", "Quá hạn xác nhận, báo lãnh đạo",
    }  # fmt: skip
    assert not Notice.objects.filter(user=officer, key__contains=":climb:").exists()


@pytest.mark.parametrize("end", ["close", "refuse", "merge"])
def test_what_has_ended_does_not_climb(end: str, lan: User, pothole: Incident, clock: Clock) -> None:
    taken = incidents.take(lan, pothole)
    if end == "merge":
        other = open_incident(lan, IncidentForm(kind="fire", title="Cháy", severity="low", unit=pothole.unit))
        incidents.take(lan, other)
        merging.merge(lan, taken, other)
    else:
        getattr(incidents, end)(lan, taken, "Xong")
    clock.forward(days=20)
    climbing.climb()
    assert not timeline.of("incident", pothole.pk).filter(act="climb").exists()


def test_another_severity_does_not_tell_a_second_time_what_was_late_already(
    lan: User, handled: Incident, person: Callable[..., User], clock: Clock
) -> None:
    person("officer", "agency:SXD")
    clock.forward(days=4, hours=1)
    assert climbing.climb() == 1
    severity.set_severity(lan, handled, "high", "Đã có người bị thương")
    assert timezone.now() > clocks.of("incident", handled.pk).get(stopped_at=None).due_at
    told_before = Notice.objects.filter(title_vi__startswith="Quá hạn khắc phục: ").count()
    climbing.climb()
    assert Notice.objects.filter(title_vi__startswith="Quá hạn khắc phục: ").count() == told_before


def test_an_urgent_one_that_nobody_has_answered_climbs_by_its_own_ladder_alone(
    lan: User, person: Callable[..., User], province: Province, clock: Clock
) -> None:
    person("leader")
    fire = open_incident(lan, IncidentForm(kind="fire", title="Cháy chợ", unit=province["sample:MS01"]))
    clock.forward(minutes=4)
    assert climbing.climb() == 0
    incidents.acknowledge(lan, fire)  # known, but still nobody's
    assert climbing.climb() == 1
    assert told() == {"operator"}


def test_whoever_runs_the_desk_acknowledges_an_urgent_incident_without_taking_it(
    lan: User, person: Callable[..., User], province: Province, clock: Clock
) -> None:
    fire = open_incident(lan, IncidentForm(kind="fire", title="Cháy chợ", unit=province["sample:MS01"]))
    assert shown.unanswered() == fire
    clock.forward(minutes=1)
    known = [incidents.acknowledge(lan, fire), incidents.acknowledge(lan, fire)][1]
    assert (known.state, known.version, known.taken_by) == ("new", fire.version, None)
    assert shown.unanswered() is None
    ladder = Escalation.objects.get(subject=f"incident:{fire.pk}")
    assert (ladder.state, ladder.ended_by, ladder.answer) == (Course.CONFIRMED, lan.username, How.ACKNOWLEDGED)
    assert [line.act for line in timeline.of("incident", fire.pk)] == ["open", "acknowledge"]
    clock.forward(hours=1)
    notify.climb_due()
    assert not Notice.objects.filter(key__contains="rung").exists()
    assert incidents.take(lan, fire, fire.version).state == "taken"  # acknowledging makes nobody's page old


def test_an_officer_does_not_acknowledge_for_the_centre(lan: User, person: Callable[..., User], province: Province) -> None:
    form = IncidentForm(kind="fire", title="Cháy chợ", unit=province["sample:MS01"], severity=Severity.URGENT)
    fire = open_incident(lan, form)
    incidents.assign(lan, fire, province["agency:SXD"])
    Incident.objects.update(acknowledged_at=None)
    with pytest.raises(Exception, match="not-allowed"):
        incidents.acknowledge(person("officer", "agency:SXD"), fire)
    assert Incident.objects.get().acknowledged_at is None

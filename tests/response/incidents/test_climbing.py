"""A late incident climbs: to the head of the agency that leads it, then to the leaders; each rung is told once, ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from toancanh.audit.models import AuditEntry
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.notify import services as notify
from toancanh.notify.models import Course, Escalation, How, Notice
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.people.roles import Action
from toancanh.response import clocks, timeline
from toancanh.response.directing.orders import TaskOrder, Term
from toancanh.response.models import Clock as ClockRow
from toancanh.response.models import Incident
from toancanh.response.queries import shown
from toancanh.response.services import climbing, incidents, merging, severity, steps, tasks
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
    incidents.acknowledge(lan, fire)  # known, but still nobody's, and the first step is late too
    assert climbing.climb() == 2
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


def test_a_late_step_of_the_procedure_is_told_to_its_role_then_to_the_leaders(
    lan: User, person: Callable[..., User], province: Province, clock: Clock
) -> None:
    person("leader")
    officer = person("officer", "agency:NNMT")
    flood = open_incident(lan, IncidentForm(kind="flood", title="Lũ", unit=province["sample:MS01"]))
    incidents.assign(lan, flood, province["agency:NNMT"])
    flood.refresh_from_db()
    assert flood.next_due_at == flood.opened_at + timedelta(minutes=10)
    clock.forward(minutes=31)
    assert [climbing.climb(), climbing.climb()] == [3, 0]  # steps 1 and 2 are the desk's, step 3 the lead agency's
    late = Notice.objects.filter(at=clock.now, key__contains=":climb:")
    assert set(late.filter(user=officer).values_list("title_vi", flat=True)) == {f"Quá hạn bước 3: {step_of(flood, 3)}: Lũ"}
    assert late.exclude(user=officer).values("key").distinct().count() == 2
    clock.forward(hours=2)
    climbing.climb()
    assert "leader" in told()


@pytest.mark.parametrize("answer", ["take", "assign", "lighter"])
def test_the_steps_of_an_urgent_incident_climb_once_it_no_longer_climbs_itself(
    answer: str, lan: User, person: Callable[..., User], province: Province, clock: Clock
) -> None:
    person("leader")
    flood = open_incident(lan, IncidentForm(kind="flood", title="Lũ", severity="urgent", unit=province["sample:MS01"]))
    climbing.climb()  # the clock looked while nobody had answered
    if answer == "take":
        incidents.take(lan, flood)
    elif answer == "assign":
        incidents.assign(lan, flood, province["agency:NNMT"])
    else:
        severity.set_severity(lan, flood, "high", "Nước rút")
    clock.forward(minutes=11)
    climbing.climb()
    assert Notice.objects.filter(title_vi__startswith="Quá hạn bước 1: ").exists()


def test_a_step_that_is_done_or_whose_incident_has_ended_is_not_told(lan: User, province: Province, clock: Clock) -> None:
    one, other = (open_incident(lan, IncidentForm(kind="flood", title=each, unit=province["sample:MS01"])) for each in "AB")
    for number in range(1, 9):
        steps.tick(lan, one, number)
    one.refresh_from_db()
    assert [each.name for each in clocks.of("incident", one.pk).filter(stopped_at=None)] == ["take"]
    incidents.refuse(lan, other, "Báo nhầm")
    ClockRow.objects.filter(name="take").update(stopped_at=clock.now)
    clock.forward(days=3)
    assert climbing.climb() == 0


def test_a_step_is_ticked_by_its_role_and_never_after_the_end(
    lan: User, person: Callable[..., User], province: Province
) -> None:
    helper, lead = person("officer", "agency:SXD"), person("officer", "agency:NNMT")
    flood = open_incident(lan, IncidentForm(kind="flood", title="Lũ", unit=province["sample:MS01"]))
    incidents.assign(lan, flood, province["agency:NNMT"], [province["agency:SXD"]])
    for who, number in ((helper, 2), (helper, 3), (lead, 1), (lead, 7)):
        with pytest.raises(Problem, match="step-of-another"):
            steps.tick(who, flood, number)
    assert steps.tick(helper, flood, 5).done_by == helper.name
    assert steps.tick(lead, flood, 3).done_by == lead.name
    assert steps.tick(lan, flood, 2).done_by == lan.name
    incidents.close(lan, flood, "Nước đã rút")
    with pytest.raises(Problem, match="incident-over"):
        steps.tick(lan, flood, 4)


def test_another_severity_leaves_the_terms_of_the_steps(lan: User, province: Province) -> None:
    flood = open_incident(lan, IncidentForm(kind="flood", title="Lũ", unit=province["sample:MS01"]))
    before = set(clocks.of("incident", flood.pk).filter(name__startswith="step").values_list("pk", "due_at"))
    severity.set_severity(lan, flood, "urgent", "Vỡ đê")
    assert set(clocks.of("incident", flood.pk).filter(name__startswith="step").values_list("pk", "due_at")) == before
    assert len(before) == 8


def test_a_minute_with_nothing_to_tell_costs_one_statement_however_much_is_late(
    lan: User, province: Province, clock: Clock, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(12):
        incident = open_incident(lan, IncidentForm(kind="road", title=f"Ổ gà {number}", unit=province["sample:MS01"]))
        tasks.assign(lan, TaskOrder(title="Vá", lead=province["agency:SXD"], deadline=Term(2), incident=incident))
    climbing.climb()
    clock.forward(days=3)
    assert climbing.climb() >= 12
    with django_assert_num_queries(1):
        assert climbing.climb() == 0
    clock.forward(days=7)
    assert climbing.climb() >= 12, "what comes later is told all the same"


def step_of(incident: Incident, number: int) -> str:
    return incident.steps.get(number=number).words_vi

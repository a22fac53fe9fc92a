"""What people change their mind about: graver or lighter, one matter or two, ended or not. Clocks and histories stay true."""

from __future__ import annotations

from typing import Any

import pytest
from tests.response.incidents.conftest import Clock

from toancanh.kernel.problem import Problem
from toancanh.notify.models import Course, Escalation
from toancanh.people.models import User
from toancanh.response import clocks
from toancanh.response.directing.orders import TaskOrder, Term
from toancanh.response.models import Clock as ClockRow
from toancanh.response.models import Incident, Kind
from toancanh.response.printed.after_action import report_of
from toancanh.response.queries import incidents as queries
from toancanh.response.services import incidents, merging, severity, steps, tasks
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit

Province = dict[str, Unit]


def opened(lan: User, province: Province, title: str, **more: Any) -> Incident:
    return open_incident(lan, IncidentForm(kind=more.pop("kind", "road"), title=title, unit=province["sample:MS01"], **more))


def running(incident: Incident) -> dict[str, ClockRow]:
    return {each.name: each for each in clocks.of(Kind.INCIDENT, incident.pk).filter(stopped_at=None)}


def fixed(lan: User, incident: Incident, province: Province) -> Incident:
    incidents.assign(lan, incident, province["agency:SXD"])
    return incidents.report_fixed(lan, incident, "Đã vá")


def test_one_that_is_opened_again_is_not_late_by_its_old_deadline(
    lan: User, pothole: Incident, province: Province, clock: Clock
) -> None:
    incidents.close(lan, fixed(lan, pothole, province), "Đã xong")
    clock.forward(days=30)
    again = incidents.reopen(lan, pothole, "Lại hỏng")
    assert again.due_at is None
    assert incidents.close(lan, again, "Báo nhầm").late is False


def step_deadlines(incident: Incident) -> dict[str, Any]:
    return {name: each.due_at for name, each in running(incident).items() if name.startswith("step ")}


def test_the_steps_that_are_left_to_do_have_their_time_again_when_it_is_opened_again(
    lan: User, province: Province, clock: Clock
) -> None:
    fire = opened(lan, province, "Cháy chợ", kind="fire")
    first = step_deadlines(fire)
    steps.tick(lan, fire, 1)
    incidents.take(lan, fire)
    incidents.close(lan, fire, "Đã dập tắt")
    assert running(fire) == {}
    away = clock.forward(days=3) - fire.opened_at
    incidents.reopen(lan, fire, "Cháy lại")
    assert step_deadlines(fire) == {name: due + away for name, due in first.items() if name != "step 1"}
    merging.merge(lan, fire, opened(lan, province, "Cháy ở chợ", kind="fire"))
    assert step_deadlines(fire) == {}
    merging.split_off(lan, fire, "Chợ khác")
    assert set(step_deadlines(fire)) == set(first) - {"step 1"}


def test_one_that_is_split_off_is_not_late_by_its_old_deadline(
    lan: User, pothole: Incident, province: Province, clock: Clock
) -> None:
    incidents.assign(lan, pothole, province["agency:SXD"])
    merging.merge(lan, pothole, opened(lan, province, "Ổ gà trước chợ"))
    clock.forward(days=30)
    assert merging.split_off(lan, pothole, "Khác đoạn đường").due_at is None


def test_another_severity_keeps_the_pauses_of_the_clock(lan: User, pothole: Incident, province: Province, clock: Clock) -> None:
    fixed(lan, pothole, province)
    severity.set_severity(lan, pothole, "high", "Đường đông")
    handle = running(pothole)["handle"]
    assert clocks.is_paused(handle)
    due = handle.due_at
    clock.forward(days=2)
    assert incidents.send_back(lan, pothole, "Vá dối").due_at > due


def test_what_climbs_stops_when_it_is_no_longer_urgent_and_climbs_anew_when_it_is_again(lan: User, province: Province) -> None:
    fire = opened(lan, province, "Cháy chợ", kind="fire")
    severity.set_severity(lan, fire, "low", "Đốt rác")
    assert not Escalation.objects.filter(state=Course.OPEN).exists()
    severity.set_severity(lan, fire, "urgent", "Cháy lan")
    assert Escalation.objects.get(state=Course.OPEN).subject == f"incident:{fire.pk}"


def test_a_chain_of_merges_keeps_every_history(lan: User, province: Province) -> None:
    one, two, three = (opened(lan, province, title, kind="flood") for title in ("một", "hai", "ba"))
    steps.tick(lan, one, 1, "Mực nước 7,2 m")
    merging.merge(lan, one, two)
    merging.merge(lan, two, three)
    family = queries.family(three)
    assert {each.title for each in family} == {"một", "hai", "ba"}
    done = [each for each in queries.steps(family) if each.done_at]
    assert [(each.incident_id, each.note) for each in done] == [(one.pk, "Mực nước 7,2 m")]
    assert len(queries.steps(family)) == len(queries.steps([three])) + 1


def test_a_merged_incident_keeps_the_clock_of_its_own_stage(
    lan: User, pothole: Incident, province: Province, clock: Clock
) -> None:
    clock.forward(minutes=10)
    later = opened(lan, province, "Ổ gà trước chợ", severity="medium")
    merging.merge(lan, pothole, later)
    assert [each.name for each in clocks.of(Kind.INCIDENT, pothole.pk)] == ["take"]
    assert report_of(lan, queries.find(lan, pothole.pk), clock.now).sections[1].table.rows[0][0] == "Tiếp nhận"  # type: ignore[union-attr]


def test_the_graver_severity_brings_its_term_and_its_ladder(lan: User, province: Province) -> None:
    grave, light = opened(lan, province, "Sập cầu", severity="urgent"), opened(lan, province, "Cầu nứt", severity="low")
    merged = merging.merge(lan, grave, light)
    assert (merged.severity, running(merged)["take"].amount) == ("urgent", 0.05)
    assert Escalation.objects.filter(subject=f"incident:{light.pk}", state=Course.OPEN).exists()
    known, found = opened(lan, province, "Cháy", severity="urgent"), opened(lan, province, "Khói", severity="low")
    assert incidents.take(lan, known).acknowledged_at == merging.merge(lan, known, found).acknowledged_at
    assert not Escalation.objects.filter(subject=f"incident:{found.pk}", state=Course.OPEN).exists(), "somebody has it"


def test_an_incident_does_not_end_over_an_open_task(lan: User, pothole: Incident, province: Province) -> None:
    order = TaskOrder(title="Rào đoạn đường", lead=province["agency:SXD"], deadline=Term(1), incident=pothole)
    task = tasks.assign(lan, order)
    with pytest.raises(Problem, match="parts-open") as refused:
        incidents.close(lan, fixed(lan, pothole, province), "Đã xong")
    assert task.code in refused.value.detail.vi
    tasks.cancel(lan, task, "Không cần nữa")
    assert incidents.close(lan, pothole, "Đã xong").state == "closed"


def test_work_that_waited_for_confirmation_is_reported_as_on_time(
    lan: User, pothole: Incident, province: Province, clock: Clock
) -> None:
    fixed(lan, pothole, province)
    clock.forward(days=20)
    closed = incidents.close(lan, pothole, "Đã xong")
    rows = report_of(lan, queries.find(lan, closed.pk), clock.now).sections[1].table.rows  # type: ignore[union-attr]
    assert next(row[-1] for row in rows if row[0] == "Khắc phục") == "trong hạn"


def test_what_was_said_about_a_delay_is_in_the_report(lan: User, pothole: Incident, province: Province, clock: Clock) -> None:
    incidents.assign(lan, pothole, province["agency:SXD"])
    clock.forward(days=20)
    incidents.report_fixed(lan, pothole, "Chờ nhựa đường")
    found = report_of(lan, queries.find(lan, pothole.pk), clock.now)
    assert "Giải trình trễ hạn: Chờ nhựa đường" in found.sections[-1].words

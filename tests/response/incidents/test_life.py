"""An incident from the first call to its end: moves, clocks, merge and split, steps, the decision log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.response.incidents.conftest import Clock

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.notify.models import Course, Escalation, How, Notice
from toancanh.people.models import User
from toancanh.people.queries import Asked, audit_entries
from toancanh.response import clocks, timeline
from toancanh.response.models import Incident, Kind, Step
from toancanh.response.services import incidents, merging, severity, steps
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def running(incident: Incident) -> dict[str, object]:
    """The clocks that run, by name."""
    return {each.name: each.due_at for each in clocks.of(Kind.INCIDENT, incident.pk).filter(stopped_at=None)}


def test_the_same_call_twice_is_one_incident(lan: User, pothole: Incident) -> None:
    again = open_incident(lan, IncidentForm(kind="road", title="Ổ gà", origin="call", origin_key="call:1"))
    assert again.pk == pothole.pk
    assert Incident.objects.count() == 1
    assert pothole.code == "SV-2611-00001"


def test_each_stage_has_its_clock_and_the_queue_sorts_by_it(lan: User, pothole: Incident, clock: Clock) -> None:
    begun = clock.now
    assert running(pothole) == {"take": begun + timedelta(minutes=30)}
    taken = incidents.take(lan, pothole, 1)
    assert running(taken) == {"route": begun + timedelta(hours=1)}
    assert fresh(taken).next_due_at == begun + timedelta(hours=1)
    routed = incidents.assign(lan, taken, version=2, words="Vá trước 17:00")
    assert routed.lead is not None
    assert routed.lead.key == "agency:MS01"
    assert set(running(routed)) == {"handle"}
    assert fresh(routed).due_at == fresh(routed).next_due_at


def test_the_agency_reports_the_centre_sends_back_and_the_clock_goes_on_later(
    lan: User, person: Callable[..., User], pothole: Incident, clock: Clock
) -> None:
    officer = person("officer", "agency:MS01")
    incidents.assign(lan, pothole)
    due = fresh(pothole).due_at
    clock.forward(hours=1)
    fixed = incidents.report_fixed(officer, pothole, "Đã vá")
    assert "confirm" in running(fixed)
    clock.forward(hours=1)
    back = incidents.send_back(lan, fixed, "Còn đọng nước")
    assert due is not None
    assert fresh(back).due_at == due + timedelta(hours=1)
    incidents.report_fixed(officer, back)
    closed = incidents.close(lan, back, "Đã kiểm tra tại chỗ")
    assert closed.state == "closed"
    assert closed.late is False
    assert running(closed) == {}


def test_an_officer_cannot_route_and_another_agency_sees_nothing(
    lan: User, person: Callable[..., User], pothole: Incident
) -> None:
    officer, stranger = person("officer", "agency:MS01"), person("officer", "agency:NNMT")
    incidents.assign(lan, pothole)
    with pytest.raises(Problem, match="not-allowed"):
        incidents.close(officer, pothole, "Xong")
    with pytest.raises(Problem, match="not-found"):
        incidents.note(stranger, pothole, "Tôi đọc được gì?")


def test_two_hands_on_one_record_the_second_is_shown_the_first(lan: User, binh: User, pothole: Incident) -> None:
    seen = pothole.version
    incidents.take(binh, pothole, seen)
    with pytest.raises(Problem, match="changed-meanwhile") as refused:
        incidents.assign(lan, pothole, version=seen)
    assert "Trần Văn Bình" in refused.value.detail.vi
    assert "Nhận xử lý" in refused.value.detail.vi


def test_a_move_that_is_not_in_the_table_is_refused_in_words(lan: User, pothole: Incident) -> None:
    with pytest.raises(Problem, match="impossible-move") as refused:
        incidents.report_fixed(lan, pothole)
    assert "Mới" in refused.value.detail.vi


def test_a_merged_incident_keeps_its_history_and_its_earlier_clock_goes_on(
    lan: User, pothole: Incident, province: dict[str, Unit], clock: Clock
) -> None:
    early = running(pothole)["take"]
    clock.forward(minutes=10)
    second = open_incident(lan, IncidentForm(kind="road", title="Ổ gà trước chợ", unit=province["sample:MS01"], severity="low"))
    merged = merging.merge(lan, pothole, second)
    assert running(merged) == {"take": early}
    assert fresh(second).next_due_at == early
    assert fresh(second).severity == "medium"
    assert fresh(pothole).merged_into_id == second.pk
    assert fresh(pothole).state == "merged"
    assert timeline.of(Kind.INCIDENT, pothole.pk).count() == 2
    apart = merging.split_off(lan, pothole, "Khác đoạn đường")
    assert apart.state == "taken"
    assert set(running(apart)) == {"route"}
    assert "Tách SV-2611-00001" in (timeline.of(Kind.INCIDENT, second.pk).last().words_vi)  # type: ignore[union-attr]


def test_nothing_merges_into_itself_or_into_what_has_ended(lan: User, pothole: Incident) -> None:
    with pytest.raises(Problem, match="merge-itself"):
        merging.merge(lan, pothole, pothole)
    over = open_incident(lan, IncidentForm(kind="road", title="Việc khác"))
    incidents.refuse(lan, over, "Không thuộc thẩm quyền")
    with pytest.raises(Problem, match="merge-into-ended"):
        merging.merge(lan, pothole, over)


def test_an_urgent_incident_climbs_until_somebody_takes_it(lan: User, province: dict[str, Unit]) -> None:
    fire = open_incident(lan, IncidentForm(kind="fire", title="Cháy chợ", unit=province["sample:MS01"]))
    climbing = Escalation.objects.get(subject=f"incident:{fire.pk}")
    assert climbing.state == Course.OPEN
    assert Notice.objects.filter(user=lan, needs_answer=True).count() == 1
    taken = incidents.take(lan, fire)
    climbing.refresh_from_db()
    assert (climbing.state, climbing.ended_by, climbing.answer) == (Course.CONFIRMED, lan.username, How.TOOK)
    assert taken.acknowledged_at is not None


def test_the_opening_starts_the_procedure_and_a_step_is_done_once(lan: User, province: dict[str, Unit], clock: Clock) -> None:
    flood = open_incident(lan, IncidentForm(kind="flood", title="Nước lên nhanh", unit=province["sample:MS02"]))
    first = Step.objects.filter(incident=flood).first()
    assert first is not None
    assert first.procedure == "flood@1"
    assert running(flood)["step 1"] == clock.now + timedelta(minutes=10)
    steps.tick(lan, flood, 1, "Mực nước 7,2 m")
    steps.tick(lan, flood, 1, "lần nữa")
    done = Step.objects.get(incident=flood, number=1)
    assert (done.done_by, done.note) == ("Nguyễn Thị Lan", "Mực nước 7,2 m")
    assert timeline.of(Kind.INCIDENT, flood.pk).filter(act="step").count() == 1


def test_a_graver_severity_shortens_the_clock_from_when_it_began(lan: User, pothole: Incident, clock: Clock) -> None:
    begun = clock.now
    clock.forward(minutes=5)
    graver = severity.set_severity(lan, pothole, "urgent", "Có người bị thương")
    assert running(graver) == {"take": begun + timedelta(minutes=3)}
    assert Escalation.objects.filter(subject=f"incident:{graver.pk}").exists()


def test_what_was_done_is_audited_and_decisions_have_their_log(lan: User, pothole: Incident) -> None:
    incidents.note(lan, pothole, "Chặn một làn xe", decision=True)
    incidents.refuse(lan, pothole, "Đường do tỉnh bạn quản lý")
    decided = timeline.of(Kind.INCIDENT, pothole.pk).filter(decision=True).values_list("act", flat=True)
    assert list(decided) == ["open", "note", "refuse"]
    assert AuditEntry.objects.filter(subject=f"incident:{pothole.pk}", action="response.refuse").get().reason != ""


def test_late_stays_late(lan: User, pothole: Incident, clock: Clock) -> None:
    routed = incidents.assign(lan, pothole)
    clock.forward(days=10)
    fixed = incidents.report_fixed(lan, routed)
    closed = incidents.close(lan, fixed, "Đã xong")
    assert closed.late is True


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"title": " "}, "tiêu đề"),
        ({"title": "x" * 241}, "tiêu đề"),
        ({"kind": "dragon"}, "loại việc"),
        ({"severity": "dreadful"}, "mức độ"),
        ({"lat": 22.0}, "Tọa độ"),
        ({"lat": 222.0, "lon": 5.0}, "Tọa độ"),
        ({"lat": 0.0, "lon": 0.0}, "ngoài địa bàn"),
    ],
)
def test_what_is_wrong_with_a_new_incident_is_said(lan: User, form: dict[str, object], words: str) -> None:
    with pytest.raises(Problem, match="bad-incident") as refused:
        open_incident(lan, IncidentForm(**({"kind": "road", "title": "Ổ gà"} | form)))  # type: ignore[arg-type]
    assert words in refused.value.detail.vi


def test_the_record_of_an_incident_is_found_by_its_number_and_nothing_by_a_number_nobody_has(
    lan: User, person: Callable[..., User], pothole: Incident
) -> None:
    auditor = person("auditor")
    taken = incidents.take(lan, pothole, 1)
    found = audit_entries(auditor, Asked(subject=pothole.code.lower()))
    assert [each.action for each in found] == ["response.take", "response.open_incident"]
    assert {each.subject for each in found} == {f"incident:{taken.pk}"}
    with CaptureQueriesContext(connection) as statements:
        assert list(audit_entries(auditor, Asked(subject="SV-2611-99999"))) == []
    assert not [each["sql"] for each in statements if "audit_auditentry" in each["sql"]]

"""What belongs to an incident goes with it: stage and agencies into a merge, directives into room, report and closing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.people.models import Grant, User
from toancanh.response import clocks, timeline
from toancanh.response.directing.orders import Order, TaskOrder, Term
from toancanh.response.models import Incident, ShiftEntry
from toancanh.response.printed.after_action import report_of
from toancanh.response.services import alerts, directives, incidents, merging, shifts, tasks
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit
from toancanh.watch.models import Alert

Province = dict[str, Unit]


@pytest.fixture
def other(lan: User, province: Province) -> Incident:
    """The same hole, reported once more and graver."""
    return open_incident(lan, IncidentForm(kind="road", title="Ổ gà khác", unit=province["sample:MS01"], severity="urgent"))


@pytest.fixture
def village_desk(person: Callable[..., User], province: Province) -> User:
    """Somebody who runs the desk of one commune, and handles nothing."""
    user = person("analyst", name="Lý Văn Xa")
    user.only_grants = True
    user.save()
    Grant.objects.create(user=user, actions=["view", "direct"], area=province["sample:MS02"], given_by="quản trị")
    return User.objects.get(pk=user.pk)


def test_what_is_handled_stays_handled_when_it_is_merged_into_something_new(
    lan: User, pothole: Incident, other: Incident, province: Province
) -> None:
    given = incidents.assign(lan, other, province["agency:SXD"], [province["agency:VP"]])
    whole = merging.merge(lan, other, pothole)
    whole.refresh_from_db()
    assert (whole.state, whole.lead, whole.due_at) == ("handling", province["agency:SXD"], given.due_at)
    assert list(whole.supporting.all()) == [province["agency:VP"]]
    assert [each.name for each in clocks.of("incident", whole.pk).filter(stopped_at=None)] == ["handle"]
    assert whole.next_due_at == given.due_at


def test_what_is_reported_fixed_is_not_so_for_the_whole(
    lan: User, pothole: Incident, other: Incident, province: Province
) -> None:
    incidents.report_fixed(lan, incidents.assign(lan, other, province["agency:SXD"]))
    whole = merging.merge(lan, other, pothole)
    (clock,) = clocks.of("incident", whole.pk).filter(stopped_at=None)
    assert (whole.state, clock.name, clocks.is_paused(clock)) == ("handling", "handle", False)


def test_of_two_agencies_that_lead_one_leads_the_whole_and_the_other_supports(
    lan: User, pothole: Incident, other: Incident, province: Province
) -> None:
    incidents.assign(lan, pothole, province["agency:VP"])
    incidents.assign(lan, other, province["agency:SXD"])
    whole = merging.merge(lan, other, pothole)
    assert (whole.lead, list(whole.supporting.all())) == (province["agency:VP"], [province["agency:SXD"]])


def test_what_somebody_has_is_not_new_again_after_a_merge(lan: User, binh: User, pothole: Incident, other: Incident) -> None:
    incidents.take(binh, other)
    whole = merging.merge(lan, other, pothole)
    assert (whole.state, whole.taken_by) == ("taken", binh)
    assert [each.name for each in clocks.of("incident", whole.pk).filter(stopped_at=None)] == ["route"]


def test_open_work_of_a_merged_part_holds_the_whole(lan: User, pothole: Incident, other: Incident, province: Province) -> None:
    given = tasks.assign(lan, TaskOrder(title="Vá", lead=province["agency:SXD"], deadline=Term(2), incident=other))
    whole = incidents.take(lan, merging.merge(lan, other, pothole))
    with pytest.raises(Problem, match="parts-open") as refused:
        incidents.close(lan, whole, "Xong")
    assert given.code in refused.value.detail.vi
    tasks.cancel(lan, given, "Đã làm cùng")
    assert incidents.close(lan, whole, "Xong").state == "closed"


def test_a_directive_of_an_incident_is_in_its_room_and_report_and_holds_its_closing(
    lan: User, person: Callable[..., User], pothole: Incident, province: Province, browser: Callable[[User], Client]
) -> None:
    leader, officer = person("leader", name="Lãnh đạo"), person("officer", "agency:SXD")
    order = Order(title="Vá ngay", lead=province["agency:SXD"], deadline=Term(2), incident=pothole, unit=pothole.unit,
                  person="Ông Bình", result="Đường phẳng")  # fmt: skip
    given = directives.issue(leader, order)
    incidents.take(lan, pothole)
    incidents.draft_public_message(lan, pothole, "Đường Trần Phú đi chậm.")
    pothole.refresh_from_db()
    assert given.code in browser(lan).get(f"/incidents/{pothole.pk}").content.decode()
    printed = {each.title: repr(each) for each in report_of(lan, pothole, timezone.now()).sections}
    assert given.code in printed["Ý kiến chỉ đạo"]
    assert "Đường Trần Phú đi chậm." in printed["Thông tin cho người dân"]
    with pytest.raises(Problem, match="parts-open"):
        incidents.close(lan, pothole, "Xong")
    directives.report_done(officer, directives.accept(officer, given), "Đã vá")
    incidents.close(lan, pothole, "Xong")
    last = timeline.of("incident", pothole.pk).last()
    assert last is not None
    assert last.words_vi == f"Kết thúc: Xong. Chỉ đạo còn theo dõi: {given.code}"


def test_the_report_leaves_no_line_out(lan: User, pothole: Incident) -> None:
    for number in range(305):
        timeline.write("incident", pothole.pk, lan, "note", alerts.Text(f"dòng {number}", f"line {number}"))
    (log,) = [each.table for each in report_of(lan, pothole, timezone.now()).sections if each.title == "Diễn biến"]
    assert log is not None
    assert len(log.rows) == 306
    assert log.rows[0][2].startswith("Tiếp nhận")


def test_whoever_takes_a_shift_gets_what_is_theirs_and_the_log_names_the_rest(
    lan: User, pothole: Incident, province: Province, village_desk: User
) -> None:
    there = open_incident(lan, IncidentForm(kind="road", title="Sạt lở", unit=province["sample:MS02"]))
    for each in (pothole, there):
        incidents.take(lan, each)
    shift = shifts.hand_over(lan, shifts.begin(lan), "Theo dõi tiếp", [pothole.code, there.code])
    shifts.take_over(village_desk, shift)
    assert {each.code: each.taken_by for each in Incident.objects.all()} == {pothole.code: lan, there.code: village_desk}
    assert ShiftEntry.objects.filter(shift=shift, words__endswith=f"vẫn ở người đang giữ: {pothole.code}").exists()


def test_who_runs_the_desk_takes_an_incident_whose_alert_is_not_theirs_to_answer(province: Province, village_desk: User) -> None:
    now = timezone.now()
    alert = Alert.objects.create(
        rule="r", indicator="air_aqi_hour", unit=province["sample:MS02"], severity="high", since=now, raised_at=now,
        last_seen=now, words_vi="x", words_en="x", cause="c",
    )  # fmt: skip
    opened = alerts.open_for_alert(alert.pk)
    assert opened is not None
    assert incidents.take(village_desk, opened).state == "taken"


def test_each_look_at_a_reporter_is_recorded_once_and_no_refresh_of_it(
    lan: User, binh: User, province: Province, browser: Callable[[User], Client], clock: object
) -> None:
    form = IncidentForm(kind="order", title="Bạo hành", unit=province["sample:MS01"], reporter="Chị Hoa 0912 345 678")
    incident = open_incident(lan, form)
    mine, his = browser(lan), browser(binh)
    for client, path in ((mine, f"/incidents/{incident.pk}"), (mine, f"/desk?item={incident.pk}"), (his, "/desk")):
        assert "0912 345 678" in client.get(path).content.decode()
        client.get(path)
    looks = AuditEntry.objects.filter(action="response.read_reporter", subject=f"incident:{incident.pk}")
    assert sorted(looks.values_list("actor", flat=True)) == sorted([lan.username, binh.username])
    clock.forward(minutes=31)  # type: ignore[attr-defined]
    mine.get(f"/incidents/{incident.pk}")
    assert looks.count() == 3
    for path in ("/desk?q=0912+345+678", "/desk?q=0912+345+678", "/incidents?q=0912345678", "/desk?q=Bạo"):
        mine.get(path)
    searched = AuditEntry.objects.filter(action="response.search_reporter")
    assert [(each.actor, each.subject) for each in searched] == [(lan.username, "reporter:…678")]


@pytest.mark.parametrize("unseen", ["\x00", "\x1b", "\x7f"])
def test_characters_that_nobody_sees_are_left_out_of_what_is_said(
    unseen: str, lan: User, pothole: Incident, browser: Callable[[User], Client]
) -> None:
    client, said = browser(lan), f"a{unseen}b\r\nc"
    assert client.post(f"/incidents/{pothole.pk}/note", {"words": said}).status_code == 302
    assert timeline.of("incident", pothole.pk).filter(act="note", words_vi__startswith="ab").exists()
    for path, form in (
        ("/incidents/new", {"title": said, "kind": f"road{unseen}"}),
        ("/tasks/new", {"title": said, "lead": f"agency:SXD{unseen}", "deadline": "w3", "once": f"q{unseen}"}),
        ("/shifts/begin", {}), ("/shifts/log", {"words": said}),
    ):  # fmt: skip
        assert client.post(path, form).status_code in (302, 422), path
    assert ShiftEntry.objects.filter(words__startswith="ab").exists()
    assert client.post(f"/incidents/{pothole.pk}/merge", {"into": f"SV{unseen}"}).status_code == 422

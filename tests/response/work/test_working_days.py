"""The calendar of working days is written by people: clocks that run are counted anew, and name the day and its legal ground."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.audit.models import AuditEntry
from toancanh.jobs.events import wire
from toancanh.kernel.clocks import Counting
from toancanh.kernel.problem import Problem
from toancanh.notify.models import Notice
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response import clocks, timeline
from toancanh.response.calendar import days, hours, recounting
from toancanh.response.calendar.days import Days
from toancanh.response.directing.orders import Term
from toancanh.response.models import CalendarDay, Clock, OfficeHours, Task
from toancanh.response.services import climbing, tasks
from toancanh.units.models import Unit

from .conftest import Clockwork, Staff

pytestmark = pytest.mark.django_db
Give = Callable[..., Task]
STORM = {"name": "Nghỉ do bão số 12", "basis": "Công điện 15/CĐ-UBND"}
MORNING = {day: ((time(7, 30), time(11, 30)),) for day in range(5)}


def vietnam(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def off(day: str, last: str = "", **more: Any) -> Days:
    """Days off of November 2026."""
    first = date.fromisoformat(f"2026-11-{day}")
    return Days(first=first, last=date.fromisoformat(f"2026-11-{last or day}"), works=False, **(STORM | more))


def due(task: Task) -> str:
    task.refresh_from_db()
    clock = clocks.of("task", task.pk).filter(stopped_at=None).get()
    assert clock.due_at == task.due_at == task.next_due_at
    return f"{timezone.localtime(clock.due_at):%d/%m %H:%M}"


def test_a_day_off_moves_every_clock_that_runs_over_it_and_names_itself(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = task(assignee=staff.builder)  # given Monday 23/11 09:00, two working days
    assert due(made) == "25/11 17:00"
    line = days.add_days(SYSTEM, off("24"))
    Notice.objects.all().delete()
    assert recounting.recount() == 1
    assert recounting.recount() == 0
    assert due(made) == "26/11 17:00"
    explained = {each.day: each for each in clocks.explain(clocks.of("task", made.pk).get())}
    assert explained[date(2026, 11, 24)].counted == 0
    assert explained[date(2026, 11, 24)].why.vi == "Ngày nghỉ: Nghỉ do bão số 12 (Công điện 15/CĐ-UBND)"
    said = timeline.of("task", made.pk).last()
    assert said.act == "recount_clock"
    assert "24/11/2026 ngày nghỉ: Nghỉ do bão số 12 (Công điện 15/CĐ-UBND): hạn mới 17:00 26/11/2026" in said.words_vi
    assert Notice.objects.filter(user=staff.builder, title_vi__startswith="Tính lại thời hạn").count() == 1
    assert CalendarDay.objects.get(pk=line.pk).counted_at is not None


def test_a_line_that_is_undone_stays_and_clocks_run_as_before(task: Give, clock: Clockwork) -> None:
    made = task()
    before = due(made)
    line = days.add_days(SYSTEM, off("24", "25"))
    recounting.recount()
    assert due(made) != before
    days.undo_days(SYSTEM, line.pk, "Bão đổi hướng")
    recounting.recount()
    assert due(made) == before
    assert CalendarDay.objects.count() == 2
    with pytest.raises(Problem, match="undone-already"):
        days.undo_days(SYSTEM, line.pk, "lần nữa")
    assert [each.action for each in AuditEntry.objects.filter(subject__startswith="calendar:")] == [
        "response.add_calendar_days", "response.undo_calendar_days",
    ]  # fmt: skip


def test_a_swapped_day_is_off_and_its_saturday_counts(task: Give, clock: Clockwork) -> None:
    made = task(deadline=Term(5))
    before = made.due_at
    days.add_days(SYSTEM, off("26", worked_instead=date(2026, 11, 28), name="Hoán đổi", basis="Thông báo 7/TB-UBND"))
    recounting.recount()
    lines = {each.day: each for each in clocks.explain(clocks.of("task", made.pk).get())}
    assert (lines[date(2026, 11, 26)].counted, lines[date(2026, 11, 28)].counted) == (0, 1)
    assert lines[date(2026, 11, 28)].why.en == "Working day: Hoán đổi (Thông báo 7/TB-UBND)"
    made.refresh_from_db()
    assert made.due_at == before  # what Thursday lost, Saturday gave


def test_days_of_one_agency_move_its_own_clocks_alone(task: Give, province: dict[str, Unit], clock: Clockwork) -> None:
    builders, doctors = task(), task(lead=province["agency:YT"])
    before = due(doctors)
    days.add_days(SYSTEM, off("24", agency=province["agency:SXD"]))
    assert recounting.recount() == 1
    assert due(doctors) == before
    assert due(builders) != before
    days.add_days(SYSTEM, Days(first=date(2026, 11, 28), last=date(2026, 11, 28), works=True, name="Trực", basis="x"))
    own = clocks.due_at(vietnam("2026-11-27 09:00"), 1, Counting.WORKING_DAYS, province["agency:SXD"])
    assert own == vietnam("2026-11-28 17:00")  # the province's lines hold for every agency


def test_own_hours_count_from_their_day_on_in_clocks_that_run(
    task: Give, staff: Staff, province: dict[str, Unit], clock: Clockwork
) -> None:
    made = task(deadline=Term(16, Counting.WORKING_HOURS))
    before = due(made)
    hours.set_hours(SYSTEM, province["agency:SXD"], MORNING, date(2026, 11, 24), "Thông báo 45/TB-SXD")
    assert recounting.recount() == 1
    assert due(made) != before
    lines = {each.day: each for each in clocks.explain(clocks.of("task", made.pk).get())}
    assert lines[date(2026, 11, 23)].counted == 6.5
    assert lines[date(2026, 11, 24)].counted == 4
    assert lines[date(2026, 11, 24)].why.vi == (
        "Ngày làm việc; từ ngày này theo giờ làm việc mới của cơ quan (Thông báo 45/TB-SXD)"
    )
    assert "giờ làm việc của Sở Xây dựng từ 24/11/2026 (Thông báo 45/TB-SXD)" in timeline.of("task", made.pk).last().words_vi


def test_hours_are_not_set_for_days_that_have_passed_and_were_counted(
    task: Give, province: dict[str, Unit], clock: Clockwork
) -> None:
    task()
    clock.at("2026-11-24 09:00")
    with pytest.raises(Problem, match="hours-counted"):
        hours.set_hours(SYSTEM, province["agency:SXD"], MORNING, date(2026, 11, 23))
    hours.set_hours(SYSTEM, province["agency:SXD"], MORNING, date(2026, 11, 24))
    assert OfficeHours.objects.count() == 1


def test_what_has_ended_keeps_its_deadline_and_its_explanation(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = tasks.begin(staff.builder, task())
    clock.at("2026-11-25 09:00")
    tasks.report_done(staff.builder, made, "xong")
    stopped = clocks.of("task", made.pk).get()
    before = [(each.day, each.counted, each.why) for each in clocks.explain(stopped)]
    clock.at("2026-11-25 10:00")
    days.add_days(SYSTEM, off("24"))
    assert recounting.recount() == 0
    again = Clock.objects.get(pk=stopped.pk)
    assert again.due_at == stopped.due_at
    assert [(each.day, each.counted, each.why) for each in clocks.explain(again)] == before


def test_work_whose_deadline_moved_out_of_reach_climbs_by_the_new_one(task: Give, staff: Staff, clock: Clockwork) -> None:
    def told() -> set[str]:
        late = Notice.objects.filter(at=clock.now, title_vi__startswith="Quá hạn: ")
        return set(late.values_list("user__username", flat=True))

    made = task()
    clock.now = made.due_at
    clock.on(minutes=1)
    climbing.climb()
    first = told()
    assert first
    days.add_days(SYSTEM, off("24", "25"))
    recounting.recount()
    assert clocks.of("task", made.pk).get().told == 0
    made.refresh_from_db()
    assert made.due_at > clock.now
    clock.now = made.due_at
    clock.on(minutes=1)
    climbing.climb()
    assert told() == first, "by the new deadline it is late again, and they hear so again"


def test_a_clock_that_cannot_be_counted_keeps_no_other_from_it(
    task: Give, clock: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, well = task(), task()
    line, count = days.add_days(SYSTEM, off("24")), clocks.recount

    def counted(each: Clock) -> bool:
        if each.subject == broken.pk:
            raise ValueError("beyond the calendar")
        return count(each)

    monkeypatch.setattr(clocks, "recount", counted)
    assert recounting.recount() == 1
    assert due(well) == "26/11 17:00"
    line.refresh_from_db()
    assert line.counted_at is None, "the broken one is tried again"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last": date(2026, 11, 23)}, "không trước ngày đầu"),
        ({"last": date(2027, 2, 24)}, "nhiều nhất 31 ngày"),
        ({"basis": " "}, "căn cứ pháp lý"),
        ({"name": ""}, "Nêu tên"),
        ({"first": date(2026, 11, 28), "last": date(2026, 11, 29)}, "Lịch đã ghi như vậy"),
        ({"first": date(2050, 1, 3), "last": date(2050, 1, 3)}, "2018-2040"),
        ({"worked_instead": date(2026, 11, 27)}, "đang nghỉ"),
        ({"works": True, "worked_instead": date(2026, 11, 28)}, "đang nghỉ"),
    ],
)
def test_a_wrong_line_is_refused_in_both_languages_and_nothing_is_written(
    wrong: dict[str, Any], said: str, province: dict[str, Unit]
) -> None:
    good = {"first": date(2026, 11, 24), "last": date(2026, 11, 24), "works": False, **STORM}
    with pytest.raises(Problem) as caught:
        days.add_days(SYSTEM, Days(**(good | wrong)))
    assert caught.value.status == 422
    assert said in caught.value.detail.vi
    assert caught.value.detail.en != caught.value.detail.vi
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("who", ["leader", "operator", "builder", "auditor"])
def test_only_who_configures_writes_the_calendar(who: str, staff: Staff) -> None:
    for act in (
        lambda: days.add_days(getattr(staff, who), off("24")),
        lambda: hours.set_hours(getattr(staff, who), staff.builder.agency, MORNING, date(2026, 12, 1)),
    ):
        with pytest.raises(Problem, match="not-allowed"):
            act()


def test_the_page_writes_undoes_and_shows_what_moved(
    task: Give, staff: Staff, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from toancanh.site.wiring import WIRING

    monkeypatch.setattr("toancanh.jobs.events._wiring", {})
    wire({event: handlers for event, handlers in WIRING.items() if event.__name__ == "CalendarChanged"})
    made, chief = task(), people.create_user(
        SYSTEM, "quan.tri", "mot-mat-khau-rat-dai-2026", "administrator", people.Profile(full_name="Quản Trị"), temporary=False
    )  # fmt: skip
    browser = Client()
    browser.force_login(User.objects.get(pk=chief.pk))
    form = {"kind": "off", "first": "2026-11-24", "name": "Nghỉ do bão", "basis": "Công điện 15"}
    refused = browser.post("/working-days/add", form | {"basis": ""})
    assert refused.status_code == 422
    assert 'value="2026-11-24"' in refused.content.decode()
    before = due(made)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post("/working-days/add", form).status_code == 302
    assert due(made) != before
    page = browser.get("/working-days?year=2026").content.decode()
    assert "Nghỉ hoán đổi, làm bù ngày 22/08/2026" in page
    for words in ("24/11/2026", "Nghỉ do bão", "Công điện 15", "Toàn tỉnh", "Quốc khánh"):
        assert words in page
    line = CalendarDay.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(f"/working-days/{line.pk}/undo", {"reason": "Bão tan"}).status_code == 302
    assert due(made) == before
    assert "Bão tan" in browser.get("/working-days?year=2026").content.decode()
    own = {"agency": "agency:SXD", "valid_from": "2026-12-01", "week": "08:00-12:00, 13:30-17:30", "saturday": "08:00-11:00"}
    assert browser.post("/working-days/hours", own | {"week": "8h-12h"}).status_code == 422
    assert browser.post("/working-days/hours", own).status_code == 302
    shown = browser.get("/working-days").content.decode()
    assert "T2–T6: 08:00–12:00, 13:30–17:30 · T7: 08:00–11:00" in shown
    assert browser.get("/working-days?year=99999").status_code == 200


@pytest.mark.parametrize("queue_answers", [True, False])
def test_whoever_writes_a_line_does_not_wait_until_every_clock_is_counted(
    queue_answers: bool, task: Give, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from toancanh.site.wiring import WIRING

    monkeypatch.setattr("toancanh.jobs.events._wiring", {})
    wire({event: handlers for event, handlers in WIRING.items() if event.__name__ == "CalendarChanged"})
    asked: list[object] = []

    def enqueue(job: object) -> None:
        asked.append(job)
        if not queue_answers:
            raise OSError("no queue")

    monkeypatch.setattr(recounting.queue, "enqueue", enqueue)
    made = task()
    with django_capture_on_commit_callbacks(execute=True):
        days.add_days(SYSTEM, off("24"))
    assert asked == [recounting.recount_job]
    assert due(made) == "25/11 17:00"
    assert recounting.recount() == 1, "the clock makes it good"


def test_overdue_work_climbs_by_the_new_calendar(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = task()  # due on Wednesday at 17:00; to the top after three working days: Monday
    clock.at("2026-11-26 18:00")
    climbing.climb()
    told = clocks.of("task", made.pk).get().told
    saturday = date(2026, 11, 28)
    days.add_days(SYSTEM, Days(first=saturday, last=saturday, works=True, name="Làm bù", basis="Thông báo 9/TB-UBND"))
    recounting.recount()
    climbing.climb()
    assert clocks.of("task", made.pk).get().told == told
    clock.at("2026-11-28 18:00")
    climbing.climb()
    assert clocks.of("task", made.pk).get().told > told

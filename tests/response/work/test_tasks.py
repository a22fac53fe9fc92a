"""Tasks: parts of a whole, moved along their table, with one extension from the centre and more only from a leader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone
from tests.response.work.conftest import Clockwork, Staff

from toancanh.kernel.problem import Problem
from toancanh.notify.models import Notice
from toancanh.people.models import User
from toancanh.response import changes, clocks, states, timeline
from toancanh.response.directing.orders import TaskOrder, Term
from toancanh.response.models import Clock, Directive, Extension, Task
from toancanh.response.services import climbing, directives, evidence, extensions, pauses, tasks
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.response.states import By, TaskState
from toancanh.units.models import Unit

Give = Callable[..., Task]


def refusal(call: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value


def vietnam(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def test_a_task_goes_from_given_to_confirmed(task: Give, staff: Staff) -> None:
    made = task()
    assert made.code == "NV-2026-00001"
    tasks.begin(staff.builder, made)
    tasks.progress(staff.builder, made, 40, "Đã rà soát 4/10 dự án")
    tasks.report_done(staff.builder, made, "Xong 10 dự án")
    made = tasks.confirm(staff.operator, made)
    assert (made.state, made.progress, made.result, made.late) == ("done", 100, "Xong 10 dự án", False)
    acts = [line.act for line in timeline.of("task", made.pk)]
    assert acts == ["open", "begin", "progress", "report_done", "confirm"]


HATS = {By.CENTRE: "operator", By.AGENCY: "builder"}
EVERY_VERB = sorted({each.verb for each in states.TASK.moves})


@pytest.mark.parametrize(("state", "verb"), list(product(TaskState, EVERY_VERB)))
def test_a_move_is_made_exactly_when_it_is_in_the_table(state: TaskState, verb: str, task: Give, staff: Staff) -> None:
    made = task()
    Task.objects.filter(pk=made.pk).update(state=state.value)
    known = [each for each in states.TASK.moves if each.verb == verb]
    allowed = next((each for each in known if state in each.begins), None)
    maker = getattr(staff, HATS[known[0].by[0]])
    if allowed is None:
        problem = refusal(lambda: changes.change(maker, made, verb, reason="lý do"))
        assert problem.code == "impossible-move"
    else:
        changes.change(maker, made, verb, reason="lý do")
    assert Task.objects.get(pk=made.pk).state == (allowed.ends if allowed else state).value


@pytest.mark.parametrize("verb", [each.verb for each in states.TASK.moves if each.reason])
def test_taking_work_back_or_sending_it_back_needs_a_reason(verb: str, task: Give, staff: Staff) -> None:
    made = task()
    move = next(each for each in states.TASK.moves if each.verb == verb)
    Task.objects.filter(pk=made.pk).update(state=move.begins[0].value)
    assert refusal(lambda: changes.change(staff.operator, made, verb)).code == "reason-missing"


def test_officers_of_other_agencies_see_no_task_and_no_directive(
    task: Give, directive: Callable[..., Directive], staff: Staff
) -> None:
    made, order = task(), directive()
    assert refusal(lambda: tasks.begin(staff.banker, made)).status == 404
    assert refusal(lambda: directives.accept(staff.banker, order)).status == 404
    assert refusal(lambda: tasks.confirm(staff.analyst, made)).status == 404


def test_who_leads_a_directive_splits_it_among_those_that_share_in_it(
    directive: Callable[..., Directive], task: Give, staff: Staff, province: dict[str, Unit]
) -> None:
    whole = directive(supporting=(province["agency:STC"],))
    part = task(staff.builder, directive=whole, lead=province["agency:STC"])
    assert part.directive == whole
    assert refusal(lambda: task(staff.builder, directive=whole, lead=province["agency:YT"])).status == 403
    assert refusal(lambda: task(staff.banker, directive=whole, lead=province["agency:STC"])).status == 403
    assert refusal(lambda: task(staff.doctor, directive=whole)).status == 404
    assert refusal(lambda: task(staff.builder)).status == 403


def test_a_whole_is_not_closed_before_its_parts(directive: Callable[..., Directive], task: Give, staff: Staff) -> None:
    whole = directives.accept(staff.builder, directive())
    part = task(directive=whole)
    deep = task(parent=part, deadline=Term(1))
    assert (deep.directive, deep.parent) == (whole, part)
    assert part.code in refusal(lambda: directives.report_done(staff.builder, whole, "xong")).detail.vi
    tasks.begin(staff.builder, part)
    assert refusal(lambda: tasks.report_done(staff.builder, part, "xong")).code == "parts-open"
    tasks.cancel(staff.operator, deep, "không cần")
    tasks.report_done(staff.builder, part, "xong")
    tasks.confirm(staff.operator, part)
    assert directives.report_done(staff.builder, whole, "xong").state == "reported"
    assert refusal(lambda: task(directive=whole)).code == "whole-over"


def test_a_part_is_due_no_later_than_its_whole(directive: Callable[..., Directive], task: Give) -> None:
    whole = directive()
    assert refusal(lambda: task(directive=whole, deadline=Term(4))).code == "after-the-whole"


def test_no_task_lies_in_itself(task: Give, staff: Staff) -> None:
    top = task(deadline=Term(5))
    middle = task(parent=top, deadline=Term(4))
    low = task(parent=middle)
    for parent in (top, middle, low):
        assert refusal(lambda parent=parent: tasks.hang_under(staff.operator, top, parent)).code == "circular-tasks"
    other = task(deadline=Term(1))
    assert tasks.hang_under(staff.operator, other, low).parent == low


def test_a_part_belongs_to_what_its_parent_belongs_to(
    directive: Callable[..., Directive], task: Give, staff: Staff, province: dict[str, Unit]
) -> None:
    others = directive(lead=province["agency:STC"], supporting=(province["agency:SXD"],))
    part = task(staff.builder, parent=task(deadline=Term(3)), directive=others)
    assert part.directive is None
    under = tasks.hang_under(staff.operator, part, task(directive=directive()))
    assert under.directive == Directive.objects.latest("pk")


def test_a_task_is_a_part_of_one_whole(directive: Callable[..., Directive], task: Give, staff: Staff) -> None:
    incident = open_incident(staff.operator, IncidentForm(kind="road", title="Ngập", unit=None))
    assert refusal(lambda: task(directive=directive(), incident=incident)).code == "two-wholes"


def test_a_task_is_not_opened_again_under_a_whole_that_is_over(
    directive: Callable[..., Directive], task: Give, staff: Staff
) -> None:
    whole = directives.accept(staff.builder, directive())
    part = tasks.begin(staff.builder, task(directive=whole, deadline=Term(1)))
    tasks.confirm(staff.operator, tasks.report_done(staff.builder, part, "xong"))
    directives.close(staff.leader, directives.report_done(staff.builder, whole, "xong"))
    assert refusal(lambda: tasks.reopen(staff.operator, part, "sai")).code == "whole-over"
    directives.reopen(staff.leader, whole, "sai")
    assert tasks.reopen(staff.operator, part, "sai").state == "doing"


def test_who_supports_a_task_shows_what_it_did_and_moves_nothing(task: Give, staff: Staff, province: dict[str, Unit]) -> None:
    made = task(supporting=(province["agency:STC"],))
    for act in (
        lambda: tasks.begin(staff.banker, made),
        lambda: tasks.report_done(staff.banker, tasks.begin(staff.builder, made), "xong"),
        lambda: tasks.progress(staff.banker, made, 50, "một nửa"),
        lambda: extensions.ask(staff.banker, made, vietnam("2026-12-30 17:00"), "x"),
    ):
        assert refusal(act).status == 403
    assert evidence.add(staff.banker, made, "a.pdf", BytesIO(b"%PDF-1.7")).added_by == "banker"


def test_cancelling_cancels_all_below(task: Give, staff: Staff) -> None:
    top = task()
    low = task(parent=task(parent=top))
    tasks.cancel(staff.operator, top, "thôi")
    assert {each.state for each in Task.objects.all()} == {"cancelled"}
    assert top.code in timeline.of("task", low.parent_id or 0).last().words_vi  # type: ignore[union-attr]


@pytest.mark.parametrize(("amount", "words"), [(-1, "x"), (101, "x"), (50, " ")])
def test_progress_is_a_number_of_per_cent_and_words(amount: int, words: str, task: Give, staff: Staff) -> None:
    made = tasks.begin(staff.builder, task())
    assert refusal(lambda: tasks.progress(staff.builder, made, amount, words)).code == "bad-progress"


def test_progress_is_told_by_the_agency_while_it_works(task: Give, staff: Staff) -> None:
    made = task()
    assert refusal(lambda: tasks.progress(staff.builder, made, 1, "x")).code == "not-being-done"
    assert refusal(lambda: tasks.progress(staff.auditor, made, 1, "x")).status == 403


def test_work_is_handed_to_somebody_of_the_lead_agency(task: Give, staff: Staff) -> None:
    made = task()
    assert refusal(lambda: tasks.hand_to(staff.builder, made, staff.banker)).code == "bad-assignee"
    assert tasks.hand_to(staff.builder, made, staff.builder).assignee == staff.builder
    assert refusal(lambda: task(assignee=staff.doctor)).code == "bad-assignee"


def test_the_same_form_gives_one_task(staff: Staff, province: dict[str, Unit]) -> None:
    order = TaskOrder(title="Việc", lead=province["agency:SXD"], deadline=Term(1), once="f")
    assert tasks.assign(staff.operator, order).pk == tasks.assign(staff.operator, order).pk


# More time


def test_the_centre_grants_one_extension_and_a_second_needs_a_leader(task: Give, staff: Staff) -> None:
    made = tasks.begin(staff.builder, task())
    first = extensions.ask(staff.builder, made, vietnam("2026-11-27 17:00"), "chờ mặt bằng")
    assert refusal(lambda: extensions.ask(staff.builder, made, vietnam("2026-11-30 17:00"), "x")).code == "already-asked"
    assert refusal(lambda: extensions.decide(staff.builder, first, True)).status == 403
    extensions.decide(staff.operator, first, True)
    made.refresh_from_db()
    assert (made.extensions, made.due_at) == (1, vietnam("2026-11-27 17:00"))
    assert made.next_due_at == made.due_at
    second = extensions.ask(staff.builder, made, vietnam("2026-12-04 17:00"), "mưa lũ")
    assert refusal(lambda: extensions.decide(staff.operator, second, True)).status == 403
    assert refusal(lambda: extensions.decide(staff.leader, second, False)).code == "reason-missing"
    extensions.decide(staff.leader, second, False, "đủ thời gian rồi")
    assert refusal(lambda: extensions.decide(staff.deputy, second, True)).code == "extension-decided"
    made.refresh_from_db()
    assert (made.extensions, made.due_at) == (1, vietnam("2026-11-27 17:00"))


@pytest.mark.parametrize(
    ("until", "reason", "code"),
    [
        ("2026-11-20 17:00", "x", "deadline-in-the-past"),
        ("2026-11-24 17:00", "x", "not-later"),
        ("2026-12-01 17:00", " ", "reason-missing"),
    ],
)
def test_a_wrong_request_for_time_is_refused(until: str, reason: str, code: str, task: Give, staff: Staff) -> None:
    made = task()
    assert refusal(lambda: extensions.ask(staff.builder, made, vietnam(until), reason)).code == code
    assert not Extension.objects.exists()


def test_a_part_is_not_extended_beyond_its_whole(directive: Callable[..., Directive], task: Give, staff: Staff) -> None:
    part = task(directive=directive())
    assert refusal(lambda: extensions.ask(staff.builder, part, vietnam("2026-12-30 17:00"), "x")).code == "after-the-whole"


@pytest.mark.parametrize("verb", ["report_done", "cancel"])
def test_work_that_is_handed_in_or_taken_back_asks_for_no_more_time(verb: str, task: Give, staff: Staff) -> None:
    made = tasks.begin(staff.builder, task())
    asked = extensions.ask(staff.builder, made, vietnam("2026-12-30 17:00"), "chờ mặt bằng")
    if verb == "cancel":
        tasks.cancel(staff.operator, made, "thôi")
    else:
        tasks.report_done(staff.builder, made, "xong")
    asked.refresh_from_db()
    assert (asked.state, asked.decided_at) == ("lapsed", timezone.now())
    assert refusal(lambda: extensions.decide(staff.operator, asked, True)).code == "extension-decided"


def test_finished_work_gets_no_more_time_and_does_not_climb(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = tasks.begin(staff.builder, task())
    asked = extensions.ask(staff.builder, made, vietnam("2026-12-30 17:00"), "chờ mặt bằng")
    tasks.confirm(staff.operator, tasks.report_done(staff.builder, made, "xong"))
    Extension.objects.filter(pk=asked.pk).update(state="asked")  # as an older release left it
    problem = refusal(lambda: extensions.decide(staff.operator, asked, True))
    assert (problem.code, problem.status) == ("not-running", 409)
    assert extensions.decide(staff.operator, asked, False, "đã xong").state == "refused"
    clock.on(days=60)
    assert climbing.climb() == 0


def test_a_deadline_that_stands_still_is_not_extended(task: Give, staff: Staff) -> None:
    made = task()
    asked = extensions.ask(staff.builder, made, vietnam("2026-12-30 17:00"), "chờ mặt bằng")
    pauses.pause(staff.operator, made, "handle", "Điều 12 Nghị định 118/2025/NĐ-CP")
    assert refusal(lambda: extensions.decide(staff.operator, asked, True)).code == "clock-paused"
    pauses.resume(staff.operator, made, "handle")
    assert extensions.decide(staff.operator, asked, True).state == "granted"


def test_time_granted_after_the_deadline_does_not_unmake_the_delay(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = tasks.begin(staff.builder, task())
    clock.at("2026-11-26 09:00")
    extensions.decide(staff.operator, extensions.ask(staff.builder, made, vietnam("2026-12-01 17:00"), "mưa lũ"), True)
    assert tasks.report_done(staff.builder, made, "xong", overdue_reason="mưa lũ").late


@pytest.mark.parametrize("until", ["2041-01-02 17:00", "9999-12-30 17:00"])
def test_a_deadline_lies_within_the_years_of_the_calendar(until: str, task: Give, staff: Staff) -> None:
    assert refusal(lambda: task(deadline=vietnam(until))).code == "bad-deadline"
    made = task()
    assert refusal(lambda: extensions.ask(staff.builder, made, vietnam(until), "x")).code == "bad-deadline"


# The clock


def test_paused_work_is_not_late_and_needs_no_excuse(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = tasks.begin(staff.builder, task())
    pauses.pause(staff.operator, made, "handle", "Điều 12 Nghị định 118/2025/NĐ-CP")
    clock.on(days=10)
    made = tasks.report_done(staff.builder, made, "xong")
    assert not made.late
    assert made.due_at is not None
    assert made.due_at > timezone.now()
    assert not tasks.confirm(staff.operator, made).late


def test_work_that_breaks_stops_no_other_from_climbing(
    task: Give, staff: Staff, clock: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = task(), task()
    Clock.objects.filter(subject=first.pk).update(subject=999_999)
    clock.at("2026-11-26 09:00")
    assert climbing.climb() == 1
    assert "task:999999" in caplog.text
    second.refresh_from_db()
    assert clocks.of("task", second.pk).get().told == 2


def test_an_overdue_task_climbs_to_the_leaders_and_each_rung_is_told_once(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = task(assignee=staff.builder)  # due Wednesday 25/11 17:00
    Notice.objects.all().delete()
    told: list[set[str]] = []
    for moment in ("2026-11-25 09:00", "2026-11-25 17:01", "2026-11-26 17:01", "2026-11-30 17:01"):
        clock.at(moment)
        assert climbing.climb() == 1
        assert climbing.climb() == 0
        told.append(set(Notice.objects.filter(at=timezone.now()).values_list("user__username", flat=True)))
    assert told == [{"builder"}, {"builder"}, {"operator", "clerk"}, {"leader", "deputy"}]
    made.refresh_from_db()
    assert clocks.of("task", made.pk).get().told == 4
    assert [line.act for line in timeline.of("task", made.pk)] == ["open", "climb", "climb", "climb"]


def test_who_was_told_of_a_deadline_that_a_pause_moved_is_told_of_the_new_one(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = task(assignee=staff.builder)  # due Wednesday 25/11 17:00
    clock.at("2026-11-25 09:00")
    assert climbing.climb() == 1
    pauses.pause(staff.operator, made, "handle", "Điều 12 Nghị định 118/2025/NĐ-CP")
    clock.at("2026-11-30 09:00")
    made.refresh_from_db()
    pauses.resume(staff.operator, made, "handle")
    assert [climbing.climb(), climbing.climb()] == [1, 0]
    again = Notice.objects.filter(at=timezone.now(), user=staff.builder, title_vi__startswith="Sắp đến hạn").get()
    assert again.body_vi.endswith("hạn 17:00 30/11/2026")


def test_a_task_that_was_long_overdue_when_the_clock_looked_climbs_all_rungs_at_once(task: Give, clock: Clockwork) -> None:
    task()
    clock.at("2026-12-31 09:00")
    assert climbing.climb() == 3
    assert climbing.climb() == 0


def test_reported_work_and_extended_work_do_not_climb(task: Give, staff: Staff, clock: Clockwork) -> None:
    reported, extended = tasks.begin(staff.builder, task()), task()
    tasks.report_done(staff.builder, reported, "xong")
    asked = extensions.ask(staff.builder, extended, vietnam("2026-12-30 17:00"), "x")
    extensions.decide(staff.operator, asked, True)
    clock.at("2026-12-10 09:00")
    assert climbing.climb() == 0


def test_a_pause_needs_a_legal_ground_moves_the_deadline_and_explains_itself(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = task()
    assert refusal(lambda: pauses.pause(staff.operator, made, "handle", " ")).code == "ground-missing"
    assert refusal(lambda: pauses.pause(staff.builder, made, "handle", "x")).status == 403
    pauses.pause(staff.operator, made, "handle", "Điều 12 Nghị định 118/2025/NĐ-CP")
    assert Task.objects.get(pk=made.pk).next_due_at is None
    clock.at("2026-11-26 09:00")
    assert climbing.climb() == 0
    pauses.resume(staff.operator, made, "handle")
    made.refresh_from_db()
    assert made.due_at == made.next_due_at == vietnam("2026-11-27 17:00")
    lines = clocks.explain(clocks.of("task", made.pk).get())
    assert any("Điều 12" in line.why.vi for line in lines)
    assert lines[-1].total == 2


def test_a_server_clock_set_back_harms_nothing(task: Give, staff: Staff, clock: Clockwork) -> None:
    made = task()
    clock.at("2026-11-25 18:00")
    climbing.climb()
    clock.at("2026-11-20 08:00")
    assert climbing.climb() == 0
    assert Task.objects.get(pk=made.pk).due_at == made.due_at
    tasks.begin(staff.builder, made)
    assert tasks.report_done(staff.builder, made, "xong").state == "reported"


def test_agencies_without_officers_are_told_through_the_operators(task: Give, staff: Staff, province: dict[str, Unit]) -> None:
    type(staff.builder).objects.filter(pk=staff.builder.pk).update(is_active=False)
    made = task()
    assert set(Notice.objects.filter(subject=f"task:{made.pk}").values_list("user__username", flat=True)) <= {"operator"}
    other = task(staff.leader)
    assert Notice.objects.filter(subject=f"task:{other.pk}", user=staff.operator).exists()


def test_a_delay_that_an_extension_covered_afterwards_is_explained_in_writing_all_the_same(
    task: Give, staff: Staff, clock: Clockwork
) -> None:
    late = tasks.begin(staff.builder, task())
    clock.on(days=10)
    asked = extensions.ask(staff.builder, late, timezone.now() + timedelta(days=2), "vướng mặt bằng")
    extensions.decide(staff.operator, asked, True)
    assert refusal(lambda: tasks.report_done(staff.builder, late, "xong")).code == "overdue-unexplained"
    done = tasks.report_done(staff.builder, late, "xong", overdue_reason="Chờ bàn giao mặt bằng")
    assert (done.late, done.overdue_reason) == (True, "Chờ bàn giao mặt bằng")
    again = tasks.send_back(staff.operator, done, "thiếu ảnh")
    assert tasks.report_done(staff.builder, again, "đủ ảnh").state == "reported", "what was explained once is explained"


@pytest.mark.parametrize("round_trip", ["send_back", "reopen"])
def test_a_later_deadline_given_with_work_sent_back_is_an_extension_like_any_other(
    round_trip: str, task: Give, staff: Staff
) -> None:
    def back(giver: User, days: int) -> Task:
        done = tasks.report_done(staff.builder, Task.objects.get(pk=given.pk), "xong")
        if round_trip == "reopen":
            done = tasks.confirm(staff.operator, done)
        return getattr(tasks, round_trip)(giver, done, "làm tiếp", deadline=timezone.now() + timedelta(days=days))

    given = tasks.begin(staff.builder, task())
    assert back(staff.operator, 30).extensions == 1
    assert back(staff.operator, 20).extensions == 1, "an earlier one is none"
    with pytest.raises(Problem) as refused, transaction.atomic():
        back(staff.operator, 60)
    assert (refused.value.status, Task.objects.get(pk=given.pk).extensions) == (403, 1)
    assert back(staff.leader, 60).extensions == 2
    asked = Extension.objects.filter(kind="task", subject=given.pk).values_list("number", "state", "decided_by")
    assert list(asked) == [(1, "granted", "operator"), (2, "granted", "leader")]

"""A leader's order: numbered, with five clear things, moved only along its table, and closed when its number has recovered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone
from tests.response.work.conftest import GOAL, Clockwork, Staff

from toancanh.audit.models import AuditEntry
from toancanh.indicators.models import Cell
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.notify.models import Notice
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response import changes, clocks, states, timeline
from toancanh.response.directing.clarity import Clear
from toancanh.response.directing.orders import Goal, Order, TaskOrder, Term
from toancanh.response.models import Clock, Directive, Evidence, Task
from toancanh.response.services import directives, following, tasks
from toancanh.response.states import By, DirectiveState
from toancanh.units.models import Unit

Issue = Callable[..., Directive]


def refusal(call: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value


def test_an_issued_directive_has_a_number_a_clock_a_timeline_an_audit_entry_and_a_notice(
    directive: Issue, staff: Staff, province: dict[str, Unit]
) -> None:
    made = directive(document_number="123/UBND-KT", supporting=(province["agency:STC"],))
    assert made.code == "CD-2026-0001"
    assert directive(title="Việc khác").code == "CD-2026-0002"
    assert timezone.localtime(made.due_at).strftime("%d/%m %H:%M") == "26/11 17:00"
    running = clocks.of("directive", made.pk).get()
    assert Directive.objects.get(pk=made.pk).next_due_at == running.due_at == made.due_at
    assert [line.act for line in timeline.of("directive", made.pk)] == ["open"]
    assert AuditEntry.objects.filter(action="response.open_directive", subject=f"directive:{made.pk}").count() == 1
    told = set(Notice.objects.filter(subject=f"directive:{made.pk}").values_list("user__username", flat=True))
    assert told == {"builder", "banker"}


def test_the_same_form_sent_twice_issues_once_and_another_leaders_key_is_not_mine(
    order: Callable[..., Order], staff: Staff
) -> None:
    first = directives.issue(staff.leader, order(once="k1"))
    assert directives.issue(staff.leader, order(once="k1")).pk == first.pk
    assert directives.issue(staff.deputy, order(once="k1")).pk != first.pk
    assert Directive.objects.count() == 2


def test_a_form_sent_again_with_other_words_is_refused_and_nothing_lost(order: Callable[..., Order], staff: Staff) -> None:
    first = directives.issue(staff.leader, order(once="k1"))
    problem = refusal(lambda: directives.issue(staff.leader, order(once="k1", text="Bổ sung: trước giờ cao điểm")))
    assert (problem.status, first.code in problem.detail.vi, first.code in problem.detail.en) == (409, True, True)
    part = tasks.assign(staff.leader, TaskOrder(title="Phần một", lead=first.lead, deadline=Term(1), directive=first, once="t1"))
    changed = TaskOrder(title="Phần hai", lead=first.lead, deadline=Term(1), directive=first, once="t1")
    assert part.code in refusal(lambda: tasks.assign(staff.leader, changed)).detail.vi
    assert (Directive.objects.count(), Task.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"deadline": Term(4)}, {"deadline": timezone.make_aware(datetime(2026, 11, 27, 17))}, {"goal": replace(GOAL, value=5)},
        {"supporting": "agency:STC"}, {"document_number": "15/UBND-KT"}, {"severity": Severity.URGENT}, {"person": "Lê Thị Mai"},
    ],
)  # fmt: skip
def test_a_key_used_again_for_an_order_that_says_anything_else_is_refused(
    order: Callable[..., Order], staff: Staff, province: dict[str, Unit], other: dict[str, Any]
) -> None:
    first = directives.issue(staff.leader, order(once="k1", goal=GOAL))
    changed = {name: (province[value],) if name == "supporting" else value for name, value in other.items()}
    problem = refusal(lambda: directives.issue(staff.leader, order(once="k1", **({"goal": GOAL} | changed))))
    assert (problem.code, first.code in problem.detail.vi) == ("key-used", True)


def test_a_key_used_again_gives_the_same_work_also_after_it_was_moved_or_extended(
    order: Callable[..., Order], staff: Staff, province: dict[str, Unit]
) -> None:
    both = (province["agency:STC"], province["agency:YT"])
    first = directives.issue(staff.leader, order(once="k1", supporting=both))
    Directive.objects.filter(pk=first.pk).update(due_at=first.due_at + timedelta(days=9))
    directives.accept(staff.builder, first, clear=Clear(responsibility="Giám đốc"))
    assert directives.issue(staff.leader, order(once="k1", supporting=both[::-1])) == first


def test_a_task_for_somebody_else_is_no_repeat(staff: Staff, province: dict[str, Unit]) -> None:
    task = TaskOrder(title="Việc", lead=province["agency:SXD"], deadline=Term(1), once="t1", assignee=staff.builder)
    assert tasks.assign(staff.leader, task) == tasks.assign(staff.leader, task)
    assert refusal(lambda: tasks.assign(staff.leader, replace(task, assignee=None))).code == "key-used"


@pytest.mark.parametrize("who", ["operator", "builder", "analyst", "auditor"])
def test_only_leaders_issue_directives(who: str, order: Callable[..., Order], staff: Staff) -> None:
    assert refusal(lambda: directives.issue(getattr(staff, who), order())).status == 403
    assert not Directive.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": "  "}, "bad-title"),
        ({"title": "x" * 241}, "bad-title"),
        ({"deadline": Term(0)}, "bad-deadline"),
        ({"deadline": Term(1.5)}, "bad-deadline"),
        ({"deadline": Term(99999)}, "bad-deadline"),
        ({"document_number": "số 123"}, "bad-document-number"),
        ({"document_number": "123-UBND"}, "bad-document-number"),
        ({"goal": Goal("no_such", 1)}, "unknown-indicator"),
        ({"goal": Goal("pub_inv_rate", float("nan"))}, "bad-goal"),
        ({"goal": Goal("pub_inv_rate", 75, periods=0)}, "bad-goal"),
    ],
)
def test_a_wrong_order_is_refused_in_both_languages_and_leaves_nothing(
    wrong: dict[str, Any], code: str, order: Callable[..., Order], staff: Staff
) -> None:
    problem = refusal(lambda: directives.issue(staff.leader, order(**wrong)))
    assert problem.code == code
    assert problem.detail.vi != problem.detail.en
    assert not Directive.objects.exists()
    assert not Clock.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="response.").exists()


def test_a_deadline_in_the_past_is_refused(order: Callable[..., Order], staff: Staff) -> None:
    past = timezone.now() - timedelta(minutes=1)
    assert refusal(lambda: directives.issue(staff.leader, order(deadline=past))).code == "deadline-in-the-past"


def test_an_agency_that_no_longer_exists_names_its_successor(
    order: Callable[..., Order], staff: Staff, province: dict[str, Unit]
) -> None:
    problem = refusal(lambda: directives.issue(staff.leader, order(lead=province["agency:GTVT"])))
    assert problem.code == "agency-not-there"
    assert "Chọn cơ quan kế thừa: Sở Xây dựng" in problem.detail.vi
    place = province["sample:MS01"]
    assert refusal(lambda: directives.issue(staff.leader, order(lead=place))).code == "not-an-agency"


def test_an_agency_that_ends_before_the_deadline_is_refused(
    order: Callable[..., Order], staff: Staff, province: dict[str, Unit]
) -> None:
    ending = province["agency:YT"]
    Unit.objects.filter(pk=ending.pk).update(valid_to=timezone.localdate() + timedelta(days=1))
    ending.refresh_from_db()
    assert refusal(lambda: directives.issue(staff.leader, order(lead=ending))).code == "agency-not-there"
    assert directives.issue(staff.leader, order(lead=ending, deadline=Term(2, orders_hours()))).pk


def orders_hours() -> Any:
    from toancanh.kernel.clocks import Counting

    return Counting.CALENDAR_HOURS


def call(verb: str, actor: Any, record: Directive) -> object:
    """Make a move as somebody would, with whatever it needs."""
    return changes.change(actor, record, verb, reason="lý do")


HATS = {By.LEADER: "leader", By.AGENCY: "builder"}
EVERY_VERB = sorted({each.verb for each in states.DIRECTIVE.moves})


@pytest.mark.parametrize(("state", "verb"), list(product(DirectiveState, EVERY_VERB)))
def test_a_move_is_made_exactly_when_it_is_in_the_table(state: DirectiveState, verb: str, directive: Issue, staff: Staff) -> None:
    made = directive()
    Directive.objects.filter(pk=made.pk).update(state=state.value)
    known = [each for each in states.DIRECTIVE.moves if each.verb == verb]
    allowed = next((each for each in known if state in each.begins), None)
    maker = SYSTEM if By.SYSTEM in known[0].by else getattr(staff, HATS[known[0].by[0]])
    if allowed is None:
        assert refusal(lambda: call(verb, maker, made)).code == "impossible-move"
        assert Directive.objects.get(pk=made.pk).state == state.value
    else:
        call(verb, maker, made)
        assert Directive.objects.get(pk=made.pk).state == allowed.ends.value


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_a_move_is_refused_to_whoever_is_not_its_maker(verb: str, directive: Issue, staff: Staff) -> None:
    made = directive()
    move = next(each for each in states.DIRECTIVE.moves if each.verb == verb)
    Directive.objects.filter(pk=made.pk).update(state=move.begins[0].value)
    assert refusal(lambda: call(verb, staff.doctor, made)).status == 404
    if By.AGENCY not in move.by:
        assert refusal(lambda: call(verb, staff.builder, made)).status == 403
    if By.LEADER not in move.by and By.AGENCY not in move.by:
        assert refusal(lambda: call(verb, staff.leader, made)).status == 403
    assert refusal(lambda: call(verb, staff.analyst, made)).status == 404
    assert refusal(lambda: call(verb, staff.auditor, made)).status == 403


def test_somebody_who_is_called_system_is_not_the_system(directive: Issue, staff: Staff) -> None:
    User.objects.filter(pk=staff.leader.pk).update(username="system")
    made = directive()
    Directive.objects.filter(pk=made.pk).update(state="watching")
    assert refusal(lambda: call("fall_back", User.objects.get(username="system"), made)).status == 403


def test_two_leaders_at_once_the_second_is_shown_what_the_first_did(directive: Issue, staff: Staff) -> None:
    made = directive()
    directives.recall(staff.leader, made, "giao nhầm", made.version)
    problem = refusal(lambda: directives.recall(staff.deputy, made, "trùng", made.version))
    assert (problem.code, problem.status) == ("changed-meanwhile", 409)
    assert "Người leader" in problem.detail.vi
    assert "giao nhầm" in problem.detail.vi


def test_a_report_needs_words_or_evidence_and_a_directive_without_a_number_waits_for_the_leader(
    directive: Issue, staff: Staff
) -> None:
    made = directives.accept(staff.builder, directive())
    assert refusal(lambda: directives.report_done(staff.builder, made, " ")).code == "no-result"
    made = directives.report_done(staff.builder, made, "Đã xong")
    assert made.state == "reported"
    assert not made.late
    assert refusal(lambda: directives.close(staff.builder, made)).status == 403
    made = directives.close(staff.leader, made)
    assert (made.state, made.closed_at) == ("closed", timezone.now())
    assert Directive.objects.get(pk=made.pk).next_due_at is None


def test_evidence_alone_is_a_result(directive: Issue, staff: Staff) -> None:
    made = directives.accept(staff.builder, directive())
    Evidence.objects.create(
        kind="directive", subject=made.pk, name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        added_by="builder", added_at=timezone.now(),
    )  # fmt: skip
    assert directives.report_done(staff.builder, made, "").state == "reported"


def test_overdue_explains_itself_in_writing_and_done_late_is_never_on_time(
    directive: Issue, staff: Staff, clock: Clockwork
) -> None:
    made = directives.accept(staff.builder, directive())
    clock.at("2026-11-26 17:01")
    assert refusal(lambda: directives.report_done(staff.builder, made, "Đã xong")).code == "overdue-unexplained"
    made = directives.report_done(staff.builder, made, "Đã xong", overdue_reason="mưa lũ")
    assert made.late
    assert made.overdue_reason == "mưa lũ"
    made = directives.send_back(staff.leader, made, "thiếu số liệu", deadline=Term(5))
    made = directives.report_done(staff.builder, made, "Đã bổ sung")
    assert directives.close(staff.leader, made).late


def test_on_time_but_confirmed_late_is_on_time(directive: Issue, staff: Staff, clock: Clockwork) -> None:
    made = directives.report_done(staff.builder, directives.accept(staff.builder, directive()), "Đã xong")
    clock.on(days=30)
    assert not directives.close(staff.leader, made).late


def test_sent_back_after_the_deadline_the_clock_runs_as_long_again(directive: Issue, staff: Staff, clock: Clockwork) -> None:
    made = directives.report_done(staff.builder, directives.accept(staff.builder, directive()), "Đã xong")
    clock.at("2026-12-01 10:00")
    made = directives.send_back(staff.leader, made, "chưa đủ")
    assert timezone.localtime(made.due_at).strftime("%d/%m %H:%M") == "04/12 17:00"
    assert clocks.of("directive", made.pk).filter(stopped_at=None).count() == 1


# The number


def watched(directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]) -> Directive:
    cell("pub_inv_rate", "2026-10-ytd", 50.0)
    made = directives.accept(staff.builder, directive(goal=GOAL))
    clock.on(hours=1)
    made = directives.report_done(staff.builder, made, "Đã phân bổ xong vốn")
    clock.on(hours=1)
    return made


def test_a_directive_closes_itself_when_its_number_has_recovered_for_the_agreed_periods(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]
) -> None:
    made = watched(directive, staff, clock, cell)
    assert made.state == "watching"
    cell("pub_inv_rate", "2026-11-ytd", 76.0)
    assert following.follow_directives(["pub_inv_rate:sample:MS"]) == 1
    assert following.follow_directives(["pub_inv_rate:sample:MS"]) == 0
    made.refresh_from_db()
    assert (made.state, len(made.verdict)) == ("watching", 1)
    cell("pub_inv_rate", "2026-12-ytd", 80.0)
    following.follow_directives(["pub_inv_rate:sample:MS"])
    made.refresh_from_db()
    assert made.state == "proposed"
    assert [each["met"] for each in made.verdict] == [True, True]
    last = timeline.of("directive", made.pk).last()
    assert last is not None
    assert "76%" in last.words_vi
    assert "80%" in last.words_vi
    assert Notice.objects.filter(user=staff.leader, needs_answer=True, key__contains="proposed").count() == 1
    assert directives.close(staff.leader, made).state == "closed"


def test_a_directive_reopens_when_its_number_has_not_recovered(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]
) -> None:
    made = watched(directive, staff, clock, cell)
    cell("pub_inv_rate", "2026-11-ytd", 76.0)
    cell("pub_inv_rate", "2026-12-ytd", 61.5)
    following.follow_directives(["pub_inv_rate:sample:MS"])
    made.refresh_from_db()
    assert made.state == "accepted"
    assert made.due_at is not None
    assert made.due_at > timezone.now()
    last = timeline.of("directive", made.pk).last()
    assert last is not None
    assert "61,5%" in last.words_vi
    assert "mục tiêu từ 75%" in last.words_vi
    assert {"builder", "leader"} <= set(Notice.objects.filter(key__contains="fell_back").values_list("user__username", flat=True))


def test_values_known_before_the_report_other_places_and_other_numbers_are_not_watched(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]
) -> None:
    made = watched(directive, staff, clock, cell)
    cell("pub_inv_rate", "2026-11-ytd", 80.0, unit="sample:MS01")
    Cell.objects.filter(indicator="pub_inv_rate", period_start__month=9).update(known_to=timezone.now())
    assert following.follow_directives(["pub_inv_rate:sample:MS01", "iip:sample:MS"]) == 0
    assert following.follow_all() == 0
    made.refresh_from_db()
    assert made.state == "watching"


def test_a_counted_figure_is_judged_only_when_its_period_is_over(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]
) -> None:
    goal = Goal("dossiers_on_time", 98.0, up=True, periods=1)
    made = directives.report_done(staff.builder, directives.accept(staff.builder, directive(goal=goal)), "xong")
    clock.on(hours=1)
    cell("dossiers_on_time", "2026-11-ytd", 99.0, status="automatic")
    assert following.follow_all() == 0
    clock.at("2026-12-01 00:01")
    assert following.follow_all() == 1
    made.refresh_from_db()
    assert made.state == "proposed"


def test_a_proposed_directive_falls_back_when_a_later_value_is_worse(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]
) -> None:
    made = watched(directive, staff, clock, cell)
    cell("pub_inv_rate", "2026-11-ytd", 76.0)
    cell("pub_inv_rate", "2026-12-ytd", 77.0)
    following.follow_all()
    cell("pub_inv_rate", "2027-01-ytd", 5.0)
    following.follow_all()
    made.refresh_from_db()
    assert made.state == "accepted"


def test_periods_that_were_over_before_the_report_do_not_judge_it(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]
) -> None:
    made = watched(directive, staff, clock, cell)
    cell("pub_inv_rate", "2026-09-ytd", 3.0)  # late figures of months that had ended
    cell("pub_inv_rate", "2024-05-ytd", 3.0)
    assert following.follow_all() == 0
    made.refresh_from_db()
    assert (made.state, made.verdict) == ("watching", [])


def test_a_number_that_stops_coming_is_told_to_the_leader_once(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]
) -> None:
    made = watched(directive, staff, clock, cell)
    cell("pub_inv_rate", "2026-11-ytd", 80.0)
    assert following.follow_all() == 1
    clock.at("2027-01-01 09:00")  # the agreed two months are over; their figures may still be on the way
    assert following.follow_all() == 0
    clock.at("2027-03-01 09:00")
    assert (following.follow_all(), following.follow_all()) == (1, 0)
    assert Notice.objects.get(key__contains="number_missing").user == staff.leader
    assert "1/2" in timeline.of("directive", made.pk).last().words_vi  # type: ignore[union-attr]
    made.refresh_from_db()
    directives.report_done(staff.builder, directives.send_back(staff.leader, made, "chưa có số", deadline=Term(3)), "xong")
    clock.on(days=200)
    assert following.follow_all() == 1


def test_a_place_that_was_merged_away_has_no_more_numbers(
    directive: Issue, staff: Staff, clock: Clockwork, province: dict[str, Unit]
) -> None:
    made = directives.accept(staff.builder, directive(goal=GOAL, unit=province["sample:MS02"]))
    directives.report_done(staff.builder, made, "xong")
    assert following.follow_all() == 0
    Unit.objects.filter(key="sample:MS02").update(valid_to=timezone.localdate())
    clock.on(days=1)
    assert (following.follow_all(), following.follow_all()) == (1, 0)
    assert "Thạch Bình" in timeline.of("directive", made.pk).last().words_vi  # type: ignore[union-attr]


def test_a_revised_value_is_shown_once(directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell]) -> None:
    made = watched(directive, staff, clock, cell)
    first = cell("pub_inv_rate", "2026-11-ytd", 80.0)
    assert following.follow_all() == 1
    clock.on(days=1)
    Cell.objects.filter(pk=first.pk).update(known_to=timezone.now())
    cell("pub_inv_rate", "2026-11-ytd", 90.0)
    assert following.follow_all() == 1
    assert following.follow_all() == 0
    made.refresh_from_db()
    assert [each["value"] for each in made.verdict] == [90.0]
    assert "90%" in timeline.of("directive", made.pk).last().words_vi  # type: ignore[union-attr]


def test_a_directive_whose_indicator_is_gone_stops_nothing(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = watched(directive, staff, clock, cell)
    cell("pub_inv_rate", "2026-11-ytd", 80.0)
    following.follow_all()
    with monkeypatch.context() as gone:
        gone.setattr(type(registry), "indicator", lambda _self, _code: None)
        assert (following.follow_all(), following.follow_all()) == (1, 0)
    made.refresh_from_db()
    assert (made.state, len(made.verdict)) == ("watching", 1)
    assert Notice.objects.filter(key__contains="number_missing", user=staff.leader).count() == 1


def test_a_directive_that_breaks_stops_no_other_from_being_followed(
    directive: Issue, staff: Staff, clock: Clockwork, cell: Callable[..., Cell], caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = (directives.accept(staff.builder, directive(goal=GOAL)) for _ in range(2))
    for each in (broken, sound):
        directives.report_done(staff.builder, each, "Đã phân bổ xong vốn")
    clock.on(hours=1)
    cell("pub_inv_rate", "2026-11-ytd", 80.0)
    Directive.objects.filter(pk=broken.pk).update(lead=None)
    cell("pub_inv_rate", "2026-12-ytd", 1.0)
    assert following.follow_all() == 1
    assert f"directive:{broken.pk}" in caplog.text
    assert Directive.objects.get(pk=sound.pk).state == "accepted"


def test_who_supports_an_order_does_not_accept_or_report_it_for_the_lead(
    directive: Issue, staff: Staff, province: dict[str, Unit]
) -> None:
    made = directive(supporting=(province["agency:STC"],))
    assert refusal(lambda: directives.accept(staff.banker, made)).status == 403
    directives.accept(staff.builder, made)
    assert refusal(lambda: directives.report_done(staff.banker, made, "xong")).status == 403
    assert directives.report_done(staff.builder, made, "xong").state == "reported"


def test_recalling_cancels_a_part_and_what_hangs_under_it_once(directive: Issue, staff: Staff, task: Callable[..., Any]) -> None:
    made = directive()
    part = task(directive=made)
    task(parent=part)  # due at the same time, given later
    directives.recall(staff.leader, made, "không còn cần")
    assert {each.state for each in made.tasks.all()} == {"cancelled"}
    assert timeline.of("task", part.pk).filter(act="cancel").count() == 1


def test_recalling_takes_its_parts_with_it(directive: Issue, staff: Staff, task: Callable[..., Any]) -> None:
    made = directive()
    part = task(directive=made)
    directives.recall(staff.leader, made, "không còn cần")
    part.refresh_from_db()
    assert part.state == "cancelled"

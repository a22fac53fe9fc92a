"""Many hands on one record in the same moment: one wins, nobody's work is lost, numbers have no gap and no double."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections
from tests.response.work.conftest import NOW, Clockwork, Staff, make_staff, units_of

from toancanh.audit import queries as audit
from toancanh.kernel.problem import Problem
from toancanh.notify.models import Notice
from toancanh.response import timeline
from toancanh.response.directing.clarity import Clear
from toancanh.response.directing.orders import Order, TaskOrder, Term
from toancanh.response.models import Directive, Task
from toancanh.response.services import climbing, directives, tasks
from toancanh.units.models import Unit

HANDS = 16


@pytest.fixture
def province(transactional_db: None, settings: Any, tmp_path: Any) -> Iterator[dict[str, Unit]]:
    yield from units_of(settings, tmp_path)


@pytest.fixture
def staff(province: dict[str, Unit]) -> Staff:
    return make_staff(province)


def at_once(count: int, act: Callable[[int], object]) -> Counter[str]:
    """What came of `count` calls from many threads."""

    def one(number: int) -> str:
        try:
            act(number)
        except Problem as problem:
            return problem.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(HANDS) as pool:
        return Counter(pool.map(one, range(count)))


def test_of_many_who_take_one_task_one_has_it(staff: Staff, province: dict[str, Unit]) -> None:
    count = 1000 if connection.vendor == "postgresql" else 60
    made = tasks.assign(staff.operator, TaskOrder(title="Việc", lead=province["agency:SXD"], deadline=Term(1)))
    outcomes = at_once(count, lambda _: tasks.begin(staff.builder, Task.objects.get(pk=made.pk), made.version))
    assert outcomes == Counter({"done": 1, "changed-meanwhile": count - 1})
    made.refresh_from_db()
    assert (made.state, made.version) == ("doing", 2)
    assert [line.act for line in timeline.of("task", made.pk)] == ["open", "begin"]
    assert audit.verify() is None


def test_two_leaders_at_once_one_closes_and_one_sees_it(staff: Staff, province: dict[str, Unit]) -> None:
    made = directives.issue(staff.leader, Order(title="Việc", lead=province["agency:SXD"], deadline=Term(1)))
    directives.report_done(staff.builder, directives.accept(staff.builder, made, clear=Clear("Ông Bình", "Xong")), "xong")
    made.refresh_from_db()
    leaders = (staff.leader, staff.deputy)
    outcomes = at_once(2, lambda number: directives.close(leaders[number], Directive.objects.get(pk=made.pk), made.version))
    assert outcomes == Counter({"done": 1, "changed-meanwhile": 1})


def test_a_form_sent_many_times_at_once_issues_once_and_numbers_have_no_gap(staff: Staff, province: dict[str, Unit]) -> None:
    def send(number: int) -> None:
        order = Order(title=f"Việc {number % 10}", lead=province["agency:SXD"], deadline=Term(1), once=f"form-{number % 10}")
        directives.issue(staff.leader, order)

    assert at_once(40, send) == Counter({"done": 40})
    assert sorted(Directive.objects.values_list("code", flat=True)) == [f"CD-2026-{each:04}" for each in range(1, 11)]
    assert Notice.objects.filter(topic="directive").count() == 10


@pytest.mark.slow
def test_late_work_climbs_is_reported_and_taken_back_in_the_same_moment_and_nobody_waits_for_ever(
    staff: Staff, province: dict[str, Unit], clock: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20 if connection.vendor == "postgresql" else 3):
        clock.now = NOW
        whole = directives.issue(staff.leader, Order(title="Việc", lead=province["agency:SXD"], deadline=Term(1)))
        order = TaskOrder(title="Phần", lead=province["agency:SXD"], deadline=Term(1), directive=whole)
        below = [tasks.begin(staff.builder, tasks.assign(staff.operator, order)) for _ in range(4)]
        clock.on(days=30)
        acts: list[Callable[[], object]] = [
            *(partial(tasks.report_done, staff.builder, each, "xong", overdue_reason="mưa lũ") for each in below),
            *[climbing.climb] * 4, partial(directives.recall, staff.leader, whole, "thôi"),
        ]  # fmt: skip
        came = at_once(len(acts), lambda number, acts=acts: acts[number]())  # type: ignore[misc]
        assert set(came) <= {"done", "impossible-move"}
        assert {each.state for each in whole.tasks.all()} == {"cancelled"}
    assert not caplog.text
    assert audit.verify() is None

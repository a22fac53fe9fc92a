"""A dossier is on time by the rule of the national portal, branch by branch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from toancanh.kernel.scoring.dossiers import (
    FINISHED,
    IN_HAND,
    PAUSED,
    STATES,
    TRANSITIONS,
    Average,
    Channel,
    Clock,
    Dossier,
    Limit,
    State,
    Supplement,
    TimeUnit,
    average_times,
    channel_of,
    due_by_limit,
    handling_time,
    may_move,
    on_time,
)
from toancanh.kernel.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
RECEIVED = datetime(2026, 11, 2, 9)  # a Monday
DUE = datetime(2026, 11, 9, 17)
NOW = datetime(2026, 11, 20, 8)


def judged(now: datetime = NOW, period_end: datetime | None = None, **facts: object) -> bool | None:
    dossier = Dossier(**({"received_at": RECEIVED, "due_at": DUE} | facts))  # type: ignore[arg-type]
    return on_time(dossier, now, CALENDAR, period_end=period_end)


def test_a_settled_dossier_is_judged_by_the_moment_it_was_settled() -> None:
    assert judged(settled_at=DUE) is True
    assert judged(settled_at=DUE + timedelta(seconds=1)) is False
    assert judged(settled_at=DUE, returned_at=DUE + timedelta(days=9)) is True


def test_without_a_settled_time_the_return_of_the_result_counts() -> None:
    assert judged(returned_at=DUE - timedelta(hours=1)) is True
    assert judged(returned_at=DUE + timedelta(hours=1)) is False


def test_a_withdrawal_or_stop_ends_a_dossier_that_had_been_accepted() -> None:
    assert judged(closed_at=DUE - timedelta(days=1)) is True
    assert judged(closed_at=DUE + timedelta(days=1)) is False


def test_a_dossier_never_accepted_is_not_judged() -> None:
    assert judged(closed_at=DUE, accepted=False) is None
    assert judged(accepted=False) is None


def test_one_unanswered_supplement_request_stops_the_judgement_at_the_request() -> None:
    assert judged(supplements=(Supplement(DUE - timedelta(hours=1)),)) is True
    assert judged(supplements=(Supplement(DUE + timedelta(hours=1)),)) is False


def test_two_supplement_requests_are_overdue() -> None:
    twice = (Supplement(RECEIVED, RECEIVED + timedelta(hours=1)), Supplement(RECEIVED + timedelta(hours=2)))
    assert judged(now=RECEIVED + timedelta(hours=3), supplements=twice) is False
    assert judged(settled_at=DUE, supplements=twice) is True  # settled: only an open one is overdue by this rule


def test_a_running_dossier_is_judged_now_or_at_the_end_of_the_period() -> None:
    assert judged(now=DUE - timedelta(days=1)) is True
    assert judged(now=DUE + timedelta(days=1)) is False
    assert judged(now=DUE + timedelta(days=1), period_end=DUE - timedelta(days=1)) is True
    assert judged(now=DUE + timedelta(days=1), period_end=DUE + timedelta(days=2)) is False


def test_the_time_of_an_answered_supplement_is_given_back() -> None:
    answered = (Supplement(datetime(2026, 11, 4, 9), datetime(2026, 11, 7, 9)),)
    assert judged(settled_at=DUE + timedelta(days=3), supplements=answered) is True
    assert judged(settled_at=DUE + timedelta(days=3, seconds=1), supplements=answered) is False
    assert judged(now=DUE + timedelta(days=2), supplements=answered) is True


@pytest.mark.parametrize(
    ("limit", "last_moment"),
    [
        (Limit(5, TimeUnit.WORKING_DAY), datetime(2026, 11, 9, 23, 59, 59)),
        (Limit(5, TimeUnit.DAY), datetime(2026, 11, 7, 9)),
        (Limit(8, TimeUnit.HOUR), datetime(2026, 11, 2, 17)),
        (Limit(1, TimeUnit.MONTH), datetime(2026, 12, 2, 9)),
    ],
)
def test_without_a_due_date_the_statutory_limit_decides(limit: Limit, last_moment: datetime) -> None:
    assert judged(due_at=None, limit=limit, settled_at=last_moment) is True
    assert judged(due_at=None, limit=limit, settled_at=last_moment + timedelta(seconds=1)) is False


def test_without_due_date_or_limit_nothing_can_be_said() -> None:
    assert judged(due_at=None, settled_at=NOW) is None
    assert due_by_limit(Dossier(RECEIVED), CALENDAR) is None


def test_a_month_ends_on_the_last_day_of_a_shorter_month() -> None:
    limit = Limit(1, TimeUnit.MONTH)
    assert due_by_limit(Dossier(datetime(2026, 1, 31, 9), limit=limit), CALENDAR) == datetime(2026, 2, 28, 9)


def test_utc_times_are_judged_on_the_vietnamese_calendar() -> None:
    evening = datetime(2026, 11, 2, 10, 30, tzinfo=UTC)  # 17:30 in Viet Nam: counts as received on the 3rd
    dossier = Dossier(evening, settled_at=datetime(2026, 11, 4, 16, 59, tzinfo=UTC), limit=Limit(1, TimeUnit.WORKING_DAY))
    assert on_time(dossier, evening, CALENDAR) is True
    late = Dossier(evening, settled_at=datetime(2026, 11, 4, 17, tzinfo=UTC), limit=Limit(1, TimeUnit.WORKING_DAY))
    assert on_time(late, evening, CALENDAR) is False


@pytest.mark.parametrize(
    ("unit", "taken"), [(TimeUnit.HOUR, 96.0), (TimeUnit.DAY, 4.0), (TimeUnit.WORKING_DAY, 4), (TimeUnit.MONTH, 4 / 30)]
)
def test_handling_time_is_told_in_the_unit_of_the_procedure_without_the_applicants_part(unit: TimeUnit, taken: float) -> None:
    answered = (Supplement(datetime(2026, 11, 4, 9), datetime(2026, 11, 7, 9)),)
    dossier = Dossier(RECEIVED, settled_at=RECEIVED + timedelta(days=7), supplements=answered)
    assert handling_time(dossier, unit, CALENDAR) == pytest.approx(taken)
    assert handling_time(Dossier(RECEIVED), unit, CALENDAR) is None


def test_averages_never_mix_units_and_leave_open_dossiers_out() -> None:
    days, working = Limit(10, TimeUnit.DAY), Limit(5, TimeUnit.WORKING_DAY)
    dossiers = [
        Dossier(RECEIVED, settled_at=RECEIVED + timedelta(days=2), limit=days),
        Dossier(RECEIVED, settled_at=RECEIVED + timedelta(days=3), limit=days),
        Dossier(RECEIVED, settled_at=RECEIVED + timedelta(days=7), limit=working),
        Dossier(RECEIVED, limit=working),
        Dossier(RECEIVED, settled_at=RECEIVED + timedelta(days=40)),
    ]
    assert average_times(dossiers, CALENDAR) == {TimeUnit.DAY: Average(2.5, 2), TimeUnit.WORKING_DAY: Average(5.0, 1)}
    assert average_times([], CALENDAR) == {}


def test_the_ten_national_states_have_their_clocks() -> None:
    assert [int(state) for state in STATES] == list(range(1, 11))
    assert {state for state, row in STATES.items() if row.open} == {1, 2, 4, 5, 6}
    assert {state for state, row in STATES.items() if row.clock is Clock.PAUSED} == {5, 6}
    assert {state for state, row in STATES.items() if row.clock is Clock.RUNNING} == {2, 4}
    assert ({7, 9, 10}, {5, 6, 8}, {2, 4}) == (FINISHED, PAUSED, IN_HAND)


def test_a_state_moves_only_along_the_table() -> None:
    moves = {int(state): sorted(map(int, targets)) for state, targets in TRANSITIONS.items()}
    assert moves == {
        1: [2, 3, 7], 2: [4, 5, 7, 8], 3: [], 4: [5, 6, 7, 8, 9], 5: [4, 7, 8], 6: [4, 7, 8, 9], 7: [], 8: [10], 9: [10], 10: []
    }  # fmt: skip
    assert may_move(State.SETTLED, State.RETURNED)
    assert not may_move(State.RETURNED, State.SETTLED)


def test_a_missing_channel_counts_as_direct() -> None:
    assert channel_of(None) is Channel.DIRECT
    assert channel_of(2) is Channel.ONLINE
    with pytest.raises(ValueError):
        channel_of(9)

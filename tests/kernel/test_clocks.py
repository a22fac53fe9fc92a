"""A deadline explains itself, knows Vietnamese holidays and the agency's hours, and agrees with a slow independent walk."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from toancanh.kernel.clocks import OFFICE_HOURS, Counting, Hours, Pause, Terms, due, elapsed, explain
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
SATURDAY_MORNING: Hours = {**OFFICE_HOURS, 5: ((time(8), time(11)),)}
STEP = timedelta(minutes=5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [  # the deadline vectors of the domain rules
        ("2026-04-24 09:00", 3, "2026-05-04"),
        ("2023-04-28 09:00", 1, "2023-05-04"),
        ("2026-01-09 09:00", 1, "2026-01-10"),
        ("2026-04-30 09:00", 2, "2026-05-05"),
        ("2026-11-20 17:00", 1, "2026-11-23"),
        ("2026-11-20 17:01", 1, "2026-11-24"),
    ],
)
def test_working_days_end_at_the_closing_time_of_the_last_day(start: str, days: int, last: str) -> None:
    assert due(at(start), Terms(Counting.WORKING_DAYS, days, CALENDAR)) == at(f"{last} 17:00")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 07:30", 4, "2026-11-23 11:30"),
        ("2026-11-23 11:00", 1, "2026-11-23 13:30"),
        ("2026-11-20 16:00", 2, "2026-11-23 08:30"),
        ("2026-04-29 16:30", 1, "2026-05-04 08:00"),  # over 30/4, 1/5 and a weekend
        ("2026-01-09 16:30", 1, "2026-01-10 08:00"),  # a Saturday worked in place of 2/1
    ],
)
def test_working_hours_run_while_the_office_is_open(start: str, hours: float, end: str) -> None:
    assert due(at(start), Terms(Counting.WORKING_HOURS, hours, CALENDAR)) == at(end)


def test_an_agency_that_keeps_saturday_mornings_is_due_on_one() -> None:
    terms = Terms(Counting.WORKING_HOURS, 2, CALENDAR, SATURDAY_MORNING)
    assert due(at("2026-11-20 16:00"), terms) == at("2026-11-21 09:00")
    assert due(at("2026-08-28 16:30"), terms) == at("2026-08-29 09:30")


def test_calendar_hours_never_sleep_but_a_pause_on_legal_ground_stops_them() -> None:
    started, ground = at("2026-02-14 20:00"), "Điều 9 Nghị định 118/2025/NĐ-CP"
    assert due(started, Terms(Counting.CALENDAR_HOURS, 24, CALENDAR)) == at("2026-02-15 20:00")
    paused = Pause(at("2026-02-15 00:00"), at("2026-02-15 06:00"), ground)
    terms = Terms(Counting.CALENDAR_HOURS, 24, CALENDAR, pauses=(paused,))
    assert due(started, terms) == at("2026-02-16 02:00")
    assert any(ground in line.why.vi for line in explain(started, terms, started))
    standing = Terms(Counting.CALENDAR_HOURS, 24, CALENDAR, pauses=(Pause(at("2026-02-15 00:00"), None, ground),))
    assert due(started, standing) is None
    assert elapsed(started, at("2026-03-01 00:00"), standing) == 4


def test_the_explanation_names_each_day_and_adds_up_to_the_amount() -> None:
    lines = explain(at("2026-04-24 09:00"), Terms(Counting.WORKING_DAYS, 3, CALENDAR), at("2026-04-24 09:00"))
    assert [(line.day, line.counted) for line in lines if line.counted] == [
        (date(2026, 4, 28), 1), (date(2026, 4, 29), 1), (date(2026, 5, 4), 1),
    ]  # fmt: skip
    assert lines[0].why.vi == "Ngày nhận việc, chưa tính"
    assert "Nghỉ bù" in next(line.why.vi for line in lines if line.day == date(2026, 4, 27))
    assert lines[-1].total == 3


def test_a_far_deadline_explains_itself_in_one_walk() -> None:
    asked = [0]

    class Counted(dict[int, tuple[tuple[time, time], ...]]):
        def get(self, *key: object) -> object:  # type: ignore[override]
            asked[0] += 1
            return super().get(*key)  # type: ignore[call-overload]

    started = at("2026-11-23 09:00")
    lines = explain(started, Terms(Counting.WORKING_HOURS, 8 * 250 * 3, CALENDAR, Counted(OFFICE_HOURS)), started)
    assert lines[-1].total == pytest.approx(8 * 250 * 3)
    assert asked[0] < 3 * len(lines)


def test_a_server_clock_set_back_counts_nothing_and_breaks_nothing() -> None:
    for counting in Counting:
        assert elapsed(at("2026-11-23 10:00"), at("2026-11-22 10:00"), Terms(counting, 2, CALENDAR)) == 0


@pytest.mark.parametrize(("counting", "amount"), [(Counting.WORKING_DAYS, 1.5), (Counting.WORKING_HOURS, 0)])
def test_no_time_and_half_working_days_are_refused(counting: Counting, amount: float) -> None:
    with pytest.raises(ValueError):
        Terms(counting, amount, CALENDAR)


@pytest.mark.parametrize("part", range(4))
def test_a_thousand_random_clocks_agree_with_a_slow_walk(part: int) -> None:
    chance = random.Random(20261123 + part)
    for _ in range(250):
        started, terms = _random_clock(chance)
        expected = _slow_days(started, terms) if terms.counting is Counting.WORKING_DAYS else _slow_hours(started, terms)
        assert due(started.astimezone(UTC), terms) == expected, (started, terms.counting, terms.amount, terms.pauses)
        lines = explain(started, terms, started)
        assert lines[-1].total == pytest.approx(terms.amount)
        assert sum(line.counted for line in lines) == pytest.approx(terms.amount)


def _random_clock(chance: random.Random) -> tuple[datetime, Terms]:
    started = at("2019-01-01 00:00") + STEP * chance.randrange(288 * 365 * 18)
    counting = chance.choice(list(Counting))
    amount = chance.randint(1, 25) if counting is Counting.WORKING_DAYS else chance.randint(1, 12 * 30) / 12
    pauses, begin = [], started
    for _ in range(chance.choice((0, 0, 1, 2))):
        begin += STEP * chance.randint(1, 600)
        end = begin + STEP * chance.randint(1, 900)
        pauses.append(Pause(begin, end, "căn cứ"))
        begin = end
    return started, Terms(counting, amount, CALENDAR, chance.choice((OFFICE_HOURS, SATURDAY_MORNING)), tuple(pauses))


def _slow_hours(started: datetime, terms: Terms) -> datetime:
    """Five minutes at a time, asking of each whether it counts."""
    moment, left = started, round(terms.amount * 12)
    opened: dict[date, list[tuple[time, time]]] = {}
    while left:
        day = moment.date()
        if day not in opened:
            opened[day] = _slow_spans(day, terms.hours)
        inside = terms.counting is Counting.CALENDAR_HOURS or any(a <= moment.time() < b for a, b in opened[day])
        if inside and not any(each.begins <= moment < each.ends for each in terms.pauses if each.ends):
            left -= 1
        moment += STEP
    return moment


def _slow_days(started: datetime, terms: Terms) -> datetime:
    """A day at a time from the day of receipt."""
    day = started.date()
    if CALENDAR.is_working_day(day) and (started.hour, started.minute) > (17, 0):
        day += timedelta(days=1)
        while not CALENDAR.is_working_day(day):
            day += timedelta(days=1)
    counted = 0
    while counted < terms.amount:
        day += timedelta(days=1)
        if CALENDAR.is_working_day(day):
            end = datetime.combine(day, _slow_spans(day, terms.hours)[-1][1], VIETNAM)
            counted += not any(each.begins < end <= each.ends for each in terms.pauses if each.ends)
    return end


def _slow_spans(day: date, hours: Hours) -> list[tuple[time, time]]:
    if CALENDAR.is_working_day(day):
        return list(hours.get(day.weekday()) or hours[0])
    plain_weekend = CALENDAR.explain(day).en in ("Saturday", "Sunday")
    return list(hours.get(day.weekday(), ())) if plain_weekend else []

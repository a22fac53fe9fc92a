"""Values that cross a line become one alert each: held, repeated, calm, over, flapping, silenced, grouped, lost by no crash."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.watch.conftest import HOUR, NOW, Hand

from toancanh.audit import queries as audit
from toancanh.audit.models import AuditEntry
from toancanh.indicators import cells
from toancanh.intake.models import Delivery, Source
from toancanh.notify.models import Escalation, Notice
from toancanh.people.models import User
from toancanh.units import register
from toancanh.units.models import Unit
from toancanh.watch.evaluation import pruning, runs
from toancanh.watch.events import AlertChanged, AlertCleared, AlertRaised
from toancanh.watch.models import Alert, Dirty, LocalLimit, RuleVersion, Standing, State
from toancanh.watch.services.answers import Hush, acknowledge, mark_false, silence

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_value_beyond_its_limit_raises_one_alert_and_repeats_are_counted(hand: Hand) -> None:
    hand.move("dust", {"A": 120.0, "B": 60.0})
    (alert,) = hand.open()
    assert (alert.unit.code, alert.severity, alert.value, alert.limit, alert.count) == ("A", "medium", 120.0, 100.0, 1)
    assert alert.words_vi == "120 mg, vượt mức 100 mg"
    assert alert.owner == hand.units["S"]
    hand.now += HOUR
    hand.move("dust", {"A": 180.0})
    hand.now += HOUR
    hand.move("dust", {"A": 150.0})
    (again,) = hand.open()
    assert (again.pk, again.count, again.value, again.worst) == (alert.pk, 3, 150.0, 180.0)
    assert hand.told == [AlertRaised(alert.pk)]
    assert Alert.objects.count() == 1


def test_between_the_limits_nothing_changes_and_on_the_safe_side_it_is_over(hand: Hand) -> None:
    hand.move("dust", {"A": 120.0})
    hand.now += HOUR
    hand.move("dust", {"A": 90.0})
    (alert,) = hand.open()
    assert alert.quiet_since == hand.now
    hand.now += HOUR
    hand.move("dust", {"A": 80.0})
    assert hand.open() == []
    alert.refresh_from_db()
    assert (alert.state, alert.cleared_at) == (State.CLEARED, hand.now)
    assert hand.told == [AlertRaised(alert.pk), AlertCleared(alert.pk)]
    assert [each.kind for each in alert.entries.all()] == ["raised", "cleared"]


def test_a_rule_with_a_hold_rings_only_when_it_lasts(hand: Hand) -> None:
    hand.move("dust", {"A": 320.0, "B": 320.0})
    assert hand.open("dust_held") == []
    hand.now += HOUR
    hand.move("dust", {"B": 200.0})
    hand.wait(HOUR)
    (alert,) = hand.open("dust_held")
    assert (alert.unit.code, alert.since, alert.raised_at) == ("A", NOW, NOW + 2 * HOUR)
    assert not Standing.objects.filter(rule="dust_held", pending_since__isnull=False).exists()


def test_a_rate_on_too_few_rows_is_not_judged(hand: Hand) -> None:
    hand.move("share", {"A": 50.0}, "2026-11", base=19.0, target=90.0)
    hand.move("share", {"B": 50.0}, "2026-11", base=20.0, target=90.0)
    (alert,) = hand.open("share_far")
    assert alert.unit.code == "B"
    assert alert.words_vi == "50 mg, dưới mức 81 mg (chậm 44,4% so kế hoạch)"


def test_change_rate_season_and_age_look_at_what_they_need(hand: Hand) -> None:
    hand.move("share", {"A": 80.0}, "2026-10", base=30.0)
    hand.move("share", {"A": 60.0}, "2026-11", base=30.0)
    assert [each.unit.code for each in hand.open("share_falls")] == ["A"]
    for week in range(8, 0, -1):
        hand.now = NOW - 7 * week * DAY
        hand.move("dust", {"B": 20.0 + week % 2})
    hand.now = NOW
    hand.move("dust", {"B": 70.0})
    assert [each.unit.code for each in hand.open("dust_odd")] == ["B"]
    assert hand.open("dust_jump") == []
    hand.now += HOUR
    hand.move("dust", {"B": 290.0})
    assert [each.unit.code for each in hand.open("dust_jump")] == ["B"]
    hand.move("age", {"C": 11.0}, "2026-11-22")
    assert [each.unit.code for each in hand.open("age_long")] == ["C"]


def test_each_value_of_a_breakdown_has_its_own_alert(hand: Hand) -> None:
    hand.move("dust", {"A": 800.0, "A/station=K1": 800.0, "A/station=K2": 710.0, "A/station=K3": 20.0})
    assert [each.subject for each in hand.open("dust_station")] == ["station=K1", "station=K2"]


def test_an_alert_that_rings_too_often_is_flapping_and_stays_one(hand: Hand, people: dict[str, User]) -> None:
    for _ in range(3):
        hand.move("dust", {"A": 120.0})
        hand.now += HOUR
        hand.move("dust", {"A": 50.0})
        hand.now += HOUR
    told = Notice.objects.count()
    for _ in range(4):
        hand.move("dust", {"A": 120.0})
        hand.now += HOUR
        hand.move("dust", {"A": 50.0})
        hand.now += HOUR
    (alert,) = hand.open()
    assert alert.flapping
    assert (alert.count, Alert.objects.filter(rule="dust_high").count()) == (4, 4)
    assert Notice.objects.count() == told
    hand.wait(6 * HOUR)
    alert.refresh_from_db()
    assert alert.state == State.CLEARED


def test_severity_rises_while_nobody_answers_and_falls_when_it_is_calm(hand: Hand, people: dict[str, User]) -> None:
    hand.move("dust", {"A": 600.0, "B": 600.0})
    first, second = hand.open("dust_graded")
    acknowledge(people["operator"], second.pk)
    hand.wait(HOUR)
    hand.wait(2 * HOUR)
    assert [each.severity for each in hand.open("dust_graded")] == ["urgent", "medium"]
    assert AlertChanged(first.pk) in hand.told
    assert Escalation.objects.filter(subject=first.key, state="open").count() == 1
    hand.move("dust", {"A": 450.0})
    hand.wait(2 * HOUR)
    assert hand.open("dust_graded")[0].severity == "low"


def test_an_answer_stops_the_rise_and_takes_nothing_back(hand: Hand, people: dict[str, User]) -> None:
    hand.move("dust", {"A": 600.0})
    hand.wait(3 * HOUR)
    (alert,) = hand.open("dust_graded")
    assert alert.severity == "urgent"
    acknowledge(people["operator"], alert.pk)
    hand.move("dust", {"A": 900.0})
    hand.wait(HOUR)
    assert hand.open("dust_graded")[0].severity == "urgent"


def test_a_rule_that_cannot_be_read_stops_no_other_and_its_declaration_holds(hand: Hand) -> None:
    broken = {"indicator": "dust", "title": ["a", "b"], "every": "no-such-level"}
    RuleVersion.objects.create(code="dust_high", version=1, definition=broken, made_by="x", made_at=NOW)
    RuleVersion.objects.create(code="made_here", version=1, definition={"indicator": "dust"}, made_by="x", made_at=NOW)
    hand.move("dust", {"A": 120.0})
    assert len(hand.open()) == 1


def test_alerts_of_one_cause_are_told_once_and_a_worse_one_again(hand: Hand, people: dict[str, User]) -> None:
    hand.move("dust", {"A": 120.0, "B": 130.0})
    first, second = hand.open()
    assert second.head == first
    notices = Notice.objects.filter(key=f"alert:{first.pk}:medium")
    assert {each.user.username for each in notices} == {"officer", "operator"}
    assert notices[0].title_vi == "Quy tắc dust_high: 2 nơi"
    hand.now += HOUR
    hand.move("dust", {"C": 140.0})
    assert hand.open()[2].head == first
    assert Notice.objects.count() == 2
    assert [each for each in hand.told if isinstance(each, AlertRaised)] == [AlertRaised(a.pk) for a in hand.open()]


def test_silenced_alerts_are_kept_untold_until_the_silence_ends(hand: Hand, people: dict[str, User]) -> None:
    silence(people["operator"], Hush("Bảo trì trạm", NOW + 3 * HOUR, unit=hand.units["A"], planned=True))
    hand.move("dust", {"A": 120.0, "B": 120.0})
    hushed, heard = hand.open()
    assert hand.told == [AlertRaised(heard.pk)]
    assert Notice.objects.filter(subject=hushed.key).count() == 0
    hand.wait(HOUR)
    assert hand.told == [AlertRaised(heard.pk)]
    hand.wait(2 * HOUR)
    assert hand.told == [AlertRaised(heard.pk), AlertRaised(hushed.pk)]
    assert Notice.objects.filter(subject=hushed.key).exists()


def test_a_false_positive_rings_again_only_after_the_value_was_back(hand: Hand, people: dict[str, User]) -> None:
    hand.move("dust", {"A": 120.0})
    (alert,) = hand.open()
    mark_false(people["officer"], alert.pk, "Trạm đang hiệu chuẩn")
    hand.now += HOUR
    hand.move("dust", {"A": 130.0})
    assert [each.state for each in hand.open()] == [State.FALSE_POSITIVE]
    hand.now += HOUR
    hand.move("dust", {"A": 50.0})
    hand.now += HOUR
    hand.move("dust", {"A": 130.0})
    (fresh,) = hand.open()
    assert fresh.pk != alert.pk
    alert.refresh_from_db()
    assert alert.state == State.FALSE_POSITIVE


def test_history_that_is_loaded_wakes_nobody(hand: Hand) -> None:
    hand.move("dust", {"A": 400.0}, "2026-11-20T09")
    assert not Alert.objects.exists()


def test_a_unit_may_have_limits_of_its_own_or_be_left_out(hand: Hand) -> None:
    LocalLimit.objects.create(rule="dust_high", unit=hand.units["A"], limits=[[200.0, 150.0]], reason="", made_by="", made_at=NOW)
    LocalLimit.objects.create(rule="dust_high", unit=hand.units["B"], limits=[], reason="", made_by="", made_at=NOW)
    hand.move("dust", {"A": 190.0, "B": 190.0, "C": 190.0})
    assert [each.unit.code for each in hand.open()] == ["C"]
    hand.now += HOUR
    hand.move("dust", {"A": 210.0})
    assert [each.limit for each in hand.open()] == [200.0, 100.0]


def test_the_alert_of_a_unit_that_ended_ends_with_it(hand: Hand) -> None:
    hand.move("dust", {"A": 120.0, "B": 120.0})
    hand.units["A"].valid_to = NOW.date() - DAY
    hand.units["A"].save()
    register.forget()
    hand.wait(timedelta(minutes=1))
    assert [each.unit.code for each in hand.open()] == ["B"]


def test_a_silent_source_raises_its_own_alert_and_clears_it_when_it_returns(hand: Hand) -> None:
    source = Source.objects.create(code="kk", title_vi="Trạm", title_en="Stations", datasets=["watched_air"])
    Source.objects.update(made_at=NOW, owner=hand.units["S"])
    hand.wait(HOUR)
    assert hand.open("air_silent") == []
    hand.wait(HOUR)
    (alert,) = hand.open("air_silent")
    assert (alert.subject, alert.unit, alert.owner) == ("source:kk", hand.units["P"], hand.units["S"])
    counts = {"size": 1, "received": 1, "accepted": 1, "quarantined": 0}
    Delivery.objects.create(source=source, dataset="watched_air", content_hash="x", received_at=hand.now, **counts)
    hand.wait(timedelta(minutes=1))
    assert hand.open("air_silent") == []


def test_a_fall_between_the_values_and_their_judgement_loses_nothing(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ask_to_evaluate", lambda: None)  # the process dies before the job is queued
    hand.move("dust", {"A": 120.0})
    hand.move("dust", {"B": 120.0})
    assert Dirty.objects.count() == 2
    assert not Alert.objects.exists()
    hand.wait(timedelta(minutes=1))
    assert [each.unit.code for each in hand.open()] == ["A", "B"]
    assert not Dirty.objects.exists()


def test_a_fall_between_an_alert_and_its_news_is_made_good_by_the_clock(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(runs, "_announce", lambda _alerts: None)
        hand.move("dust", {"A": 120.0})
    (alert,) = hand.open()
    assert hand.told == []
    hand.wait(timedelta(minutes=1))
    hand.wait(timedelta(minutes=1))
    assert hand.told == [AlertRaised(alert.pk)]


def test_judging_the_same_values_again_changes_nothing(hand: Hand, people: dict[str, User]) -> None:
    hand.move("dust", {"A": 120.0, "B": 320.0})
    before = _state()
    runs.evaluate(None)
    runs.evaluate(["dust:t:A", "dust:t:B", "dust:t:nowhere", "nothing:t:A"])
    assert _state() == before


def _state() -> tuple[Any, ...]:
    return list(Alert.objects.values()), list(Standing.objects.values()), AuditEntry.objects.count(), Notice.objects.count()


def test_one_evaluation_is_one_entry_of_the_record(hand: Hand, units: dict[str, Unit]) -> None:
    hand.move("dust", {"A": 120.0, "B": 120.0, "C": 120.0})
    (entry,) = AuditEntry.objects.filter(action="watch.evaluate")
    assert len(entry.details["raised"]) == 3
    assert audit.verify() is None


def test_a_correction_of_the_newest_value_is_judged_as_the_newest_value(hand: Hand) -> None:
    hand.move("dust", {"A": 120.0})
    hand.now += timedelta(minutes=10)
    hand.move("dust", {"A": 20.0})
    assert hand.open() == []
    assert cells.Cell.objects.filter(indicator="dust", known_to=None).count() == 1


def test_the_ring_of_a_rule_with_a_hold_is_remembered_each_time(hand: Hand) -> None:
    for _ in range(2):
        hand.move("dust", {"A": 320.0})
        hand.now += HOUR
        hand.move("dust", {"A": 330.0})
        hand.wait(HOUR)
        assert len(hand.open("dust_held")) == 1
        hand.now += 20 * HOUR
        hand.move("dust", {"A": 20.0})
        hand.now += 5 * HOUR
    standing = Standing.objects.get(rule="dust_held")
    assert (standing.pending_since, standing.due_at, len(standing.rang)) == (None, None, 1)


def test_a_limit_between_two_figures_is_told_on_its_right_side(hand: Hand) -> None:
    hand.move("share", {"A": 80.9}, "2026-11", base=30.0, target=89.94)
    (alert,) = hand.open("share_far")
    assert alert.words_vi.startswith("80,9 mg, dưới mức 80,946 mg")
    hand.now += HOUR
    hand.move("share", {"A": 50.0}, "2026-11", base=30.0, target=89.94)
    hand.now += HOUR
    hand.move("share", {"A": 70.0}, "2026-11", base=30.0, target=89.94)
    assert hand.open("share_far")[0].worst == 50.0


def test_the_alert_of_a_retired_source_ends_with_it(hand: Hand) -> None:
    Source.objects.create(code="kk", title_vi="Trạm", title_en="Stations", datasets=["watched_air"])
    Source.objects.update(made_at=NOW)
    hand.wait(2 * HOUR)
    assert len(hand.open("air_silent")) == 1
    Source.objects.update(active=False)
    hand.wait(timedelta(minutes=1))
    assert hand.open("air_silent") == []


def test_a_province_that_stops_watching_its_sources_ends_their_alerts(hand: Hand) -> None:
    Source.objects.create(code="kk", title_vi="Trạm", title_en="Stations", datasets=["watched_air"])
    Source.objects.update(made_at=NOW)
    hand.wait(2 * HOUR)
    LocalLimit.objects.create(rule="air_silent", unit=hand.units["P"], limits=[], reason="", made_by="", made_at=NOW)
    hand.wait(timedelta(minutes=1))
    assert hand.open("air_silent") == []


def test_the_alert_of_a_part_that_does_not_occur_any_more_ends(hand: Hand) -> None:
    hand.move("dust", {"A": 800.0, "A/station=K1": 800.0, "A/station=K2": 20.0})
    hand.now += HOUR
    hand.move("dust", {"A": 20.0, "A/station=K2": 20.0})
    assert [each.subject for each in hand.open("dust_station")] == ["station=K1"], "it may only be late"
    hand.now += HOUR
    hand.move("dust", {"A": 20.0, "A/station=K2": 20.0})
    assert hand.open("dust_station") == []


def test_the_alert_of_a_part_ends_at_once_when_its_value_is_taken_back_or_its_count_is_nothing(hand: Hand) -> None:
    hand.move("dust", {"A": 800.0, "A/station=K1": 800.0, "A/station=K2": 800.0})
    hand.move("dust", {"A/station=K1": 590.0, "A/station=K2": None})
    assert hand.open("dust_station") == []
    hand.move("age", {"A": 12.0, "A/station=K1": 12.0}, "2026-11-22")
    assert [each.subject for each in hand.open("age_at_station")] == ["station=K1"]
    hand.now += DAY
    hand.move("age", {"A": 3.0, "A/station=K2": 3.0}, "2026-11-23")
    assert hand.open("age_at_station") == []


def test_what_is_remembered_without_use_is_forgotten(hand: Hand) -> None:
    hand.move("dust", {"A": 120.0, "B": 320.0})
    hand.move("dust", {"A": 60.0})
    pruning.forget_old()
    remembered = Standing.objects.values_list("rule", "unit__code").order_by("rule", "unit__code")
    rows = [("dust_held", "B"), ("dust_high", "A"), ("dust_high", "B")]
    assert list(remembered) == rows, "a wait, and what rang of late"
    hand.now += timedelta(hours=25)
    pruning.forget_old()
    assert list(remembered.all()) == rows[:1]
    assert [each.unit.code for each in hand.open()] == ["B"]

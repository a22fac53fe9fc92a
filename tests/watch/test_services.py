"""What people do about alerts and rules: each act asks for its right, keeps its history, and refuses in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.watch.conftest import HOUR, NOW, Hand
from tests.watch.field import HELD, HIGH, PACK

from toancanh.audit.models import AuditEntry
from toancanh.kernel.conditions import Rate, Threshold
from toancanh.kernel.contracts import After, Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.models import Escalation
from toancanh.people.models import Grant, User
from toancanh.watch import queries
from toancanh.watch.definitions import as_data, of_data, watched
from toancanh.watch.models import Alert, LocalLimit, RuleVersion, State
from toancanh.watch.services.answers import Hush, acknowledge, end_silence, mark_false, silence
from toancanh.watch.services.rules import OwnLimits, code_of, make_rule, save_rule, set_local_limit, switch_rule

pytestmark = pytest.mark.django_db
People = dict[str, User]


def own(limits: list[tuple[float, float | None]] | None, reason: str, seen: int = 0, seen_rule: int = 0) -> OwnLimits:
    return OwnLimits(limits, reason, seen, seen_rule)


def refused(act: Callable[[], object]) -> int:
    with pytest.raises(Problem) as said:
        act()
    assert said.value.detail.vi
    return said.value.status


@pytest.fixture
def alert(hand: Hand, people: People) -> Alert:
    hand.move("dust", {"A": 120.0})
    return hand.open()[0]


def test_an_officer_of_the_owner_takes_an_alert_and_it_is_written_down(hand: Hand, people: People, alert: Alert) -> None:
    taken = acknowledge(people["officer"], alert.pk, seen=1)
    assert (taken.state, taken.acknowledged_by, taken.version) == (State.ACKNOWLEDGED, "officer", 2)
    assert [each.kind for each in taken.entries.all()] == ["raised", "acknowledged"]
    assert AuditEntry.objects.filter(action="watch.acknowledged", subject=alert.key, actor="officer").exists()
    assert refused(lambda: acknowledge(people["operator"], alert.pk)) == 409


def test_who_may_not_handle_an_alert_is_refused_and_who_may_not_see_it_finds_none(people: People, alert: Alert) -> None:
    for name in ("analyst", "administrator", "auditor"):
        assert refused(lambda name=name: acknowledge(people[name], alert.pk)) == 403
    assert refused(lambda: acknowledge(people["outsider"], alert.pk)) == 404
    assert refused(lambda: mark_false(people["outsider"], alert.pk, "Không có thật")) == 404


def test_an_alert_of_another_place_is_not_there(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0, "B": 130.0})
    here, there = hand.open()
    assert [each.pk for each in queries.open_alerts(people["of_a"])] == [here.pk]
    assert queries.find(people["of_a"], here.pk) == here
    assert refused(lambda: queries.find(people["of_a"], there.pk)) == 404
    assert list(queries.open_alerts(people["outsider"])) == []
    assert acknowledge(people["of_a"], here.pk).state == State.ACKNOWLEDGED
    assert refused(lambda: acknowledge(people["of_a"], there.pk)) == 404


def test_two_people_at_one_alert_do_not_undo_each_other(people: People, alert: Alert) -> None:
    mark_false(people["officer"], alert.pk, "Trạm hỏng cảm biến", seen=1)
    assert refused(lambda: mark_false(people["operator"], alert.pk, "Không rõ lý do", seen=1)) == 409


def test_a_false_positive_needs_a_reason_and_feeds_the_rules_record(hand: Hand, people: People, alert: Alert) -> None:
    assert refused(lambda: mark_false(people["officer"], alert.pk, " ")) == 422
    mark_false(people["officer"], alert.pk, "Trạm đang hiệu chuẩn")
    hand.move("dust", {"B": 120.0})
    record = queries.records(people["leader"], ["dust_high"])["dust_high"]
    assert (record.raised, record.false, record.precision) == (2, 1, 0.5)
    assert [each.unit.code for each in queries.open_alerts(people["leader"])] == ["B"]


def test_an_answer_stops_what_climbs(hand: Hand, people: People) -> None:
    urgent = replace(HIGH, severity=Severity.URGENT)
    save_rule(people["analyst"], urgent, 0)
    hand.move("dust", {"A": 120.0})
    (alert,) = hand.open()
    assert Escalation.objects.get(subject=alert.key).state == "open"
    acknowledge(people["operator"], alert.pk)
    ladder = Escalation.objects.get(subject=alert.key)
    assert (ladder.state, ladder.ended_by, ladder.answer) == ("confirmed", people["operator"].username, "acknowledged")


def test_a_silence_needs_an_end_within_reach_and_a_reason(people: People, hand: Hand) -> None:
    operator = people["operator"]
    for wrong in (
        Hush("Bảo trì", NOW - HOUR), Hush("Bảo trì", NOW + timedelta(days=200)), Hush("", NOW + HOUR),
        Hush("Bảo trì", NOW + HOUR, begins=NOW + 2 * HOUR),
    ):  # fmt: skip
        assert refused(lambda wrong=wrong: silence(operator, wrong)) == 422
    assert refused(lambda: silence(operator, Hush("Bảo trì", NOW + HOUR, rule="nothing"))) == 404
    assert refused(lambda: silence(people["officer"], Hush("Bảo trì", NOW + HOUR))) == 403
    made = silence(operator, Hush("Bảo trì", NOW + HOUR, rule="dust_high"))
    assert queries.silences(operator) == [made]
    assert end_silence(operator, made.pk).ends == NOW
    assert queries.silences(operator) == []


def test_who_directs_one_place_or_field_silences_nothing_beyond_it(people: People, hand: Hand) -> None:
    local = User.objects.create(username="local", role="officer", only_grants=True, password="!")
    Grant.objects.create(user=local, actions=["view", "direct", "configure"], area=hand.units["A"], given_by="test")
    expert = User.objects.create(username="expert", role="officer", only_grants=True, password="!")
    Grant.objects.create(user=expert, actions=["view", "direct", "configure"], field="watched", given_by="test")
    here, later = hand.units["A"], NOW + HOUR
    for wrong in (Hush("Bảo trì", later, rule="dust_high"), Hush("Bảo trì", later), Hush("Bảo trì", later, unit=hand.units["P"])):
        assert refused(lambda wrong=wrong: silence(local, wrong)) == 403
    assert refused(lambda: silence(expert, Hush("Bảo trì", later))) == 403
    assert refused(lambda: silence(expert, Hush("Bảo trì", later, unit=here))) == 403
    assert refused(lambda: save_rule(local, HIGH, 0)) == 403
    assert refused(lambda: switch_rule(local, "dust_high", False, 0)) == 403
    assert silence(local, Hush("Bảo trì", later, unit=here)).unit == here
    made = silence(expert, Hush("Bảo trì", later, rule="dust_high"))
    assert refused(lambda: end_silence(local, made.pk)) == 403
    set_local_limit(local, "dust_high", here, own([(150.0, 130.0)], "Gần đường cao tốc"))
    assert refused(lambda: set_local_limit(local, "dust_high", hand.units["B"], own([(150.0, 130.0)], "Gần đường"))) == 403
    assert save_rule(expert, HIGH, 0).version == 1


def test_a_unit_that_the_rule_does_not_watch_gets_no_limits(hand: Hand, people: People) -> None:
    analyst = people["analyst"]
    assert refused(lambda: set_local_limit(analyst, "dust_high", hand.units["P"], own([(150.0, 130.0)], "Thử"))) == 422
    assert refused(lambda: set_local_limit(analyst, "dust_high", hand.units["P"], own([], "Thử"))) == 422
    assert set_local_limit(analyst, "dust_high", hand.units["A"], own([(150.0, 130.0)], "Thử")).version == 1


def test_what_no_person_types_is_left_out_of_a_reason(hand: Hand, people: People, alert: Alert) -> None:
    assert mark_false(people["officer"], alert.pk, "Trạm\x00 hỏng\n cảm biến").reason == "Trạm hỏng cảm biến"
    assert save_rule(people["analyst"], HIGH, 0, "Vì\x00 thế").note == "Vì thế"
    assert refused(lambda: set_local_limit(people["analyst"], "dust_high", hand.units["A"], own([], "\x00 "))) == 422


def test_records_and_silences_hold_only_what_may_be_seen(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0, "B": 130.0})
    assert queries.records(people["of_a"])["dust_high"].raised == 1
    operator, later = people["operator"], NOW + HOUR
    there = silence(operator, Hush("Đoàn kiểm tra", later, unit=hand.units["B"]))
    all_over = silence(operator, Hush("Bảo trì", later))
    assert set(queries.silences(operator)) == {there, all_over}
    assert queries.silences(people["of_a"]) == [all_over]


def test_a_false_positive_is_no_open_alert_of_its_rule(hand: Hand, people: People, alert: Alert) -> None:
    mark_false(people["officer"], alert.pk, "Trạm đang hiệu chuẩn")
    assert queries.records(people["leader"])["dust_high"].open == 0
    assert list(queries.alerts(people["leader"], queries.Filters())) == []
    assert list(queries.alerts(people["leader"], queries.Filters(state="false_positive"))) == [alert]


def test_a_changed_limit_is_a_new_version_and_holds_at_once(hand: Hand, people: People, alert: Alert) -> None:
    with hand._commit(execute=True):
        save_rule(people["analyst"], replace(HIGH, condition=Threshold(above=150.0, clears_at=130.0)), 0, "Báo quá nhiều")
    assert hand.open() == []
    held = watched(["dust_high"])["dust_high"]
    assert (held.version, held.rule.condition) == (1, Threshold(above=150.0, clears_at=130.0))
    assert [each.note for each in queries.versions(people["leader"], "dust_high")] == ["Báo quá nhiều"]


def test_two_analysts_at_one_rule_never_overwrite_each_other(people: People, hand: Hand) -> None:
    save_rule(people["analyst"], replace(HIGH, condition=Threshold(above=150.0)), 0)
    assert refused(lambda: save_rule(people["administrator"], replace(HIGH, condition=Threshold(above=90.0)), 0)) == 409
    assert refused(lambda: switch_rule(people["administrator"], "dust_high", False, 0)) == 409
    assert RuleVersion.objects.count() == 1


def test_a_rule_that_cannot_work_is_refused(people: People, hand: Hand) -> None:
    wrong = replace(HIGH, condition=Threshold(above=100.0, clears_at=120.0))
    assert refused(lambda: save_rule(people["analyst"], wrong, 0)) == 422
    assert refused(lambda: save_rule(people["operator"], HIGH, 0)) == 403


def test_a_rule_made_here_watches_like_a_declared_one(people: People, hand: Hand) -> None:
    made = replace(HIGH, code="dust_here", title=Text("Ngưỡng của tỉnh", "Our limit"), condition=Threshold(above=30.0))
    make_rule(people["analyst"], made)
    hand.move("dust", {"A": 40.0})
    assert [each.rule_version for each in hand.open("dust_here")] == [1]


def test_a_rule_switched_off_ends_its_alerts_and_raises_nothing(people: People, hand: Hand, alert: Alert) -> None:
    switch_rule(people["analyst"], "dust_high", False, 0)
    alert.refresh_from_db()
    assert alert.state == State.CLEARED
    assert "quy tắc đã tắt" in alert.entries.last().words_vi  # type: ignore[union-attr]
    hand.move("dust", {"A": 120.0})
    assert hand.open() == []
    switch_rule(people["analyst"], "dust_high", True, 1)
    hand.now += HOUR
    hand.move("dust", {"A": 121.0})
    assert len(hand.open()) == 1


def test_one_units_limit_is_set_and_dropped(hand: Hand, people: People, alert: Alert) -> None:
    analyst, unit = people["analyst"], hand.units["A"]
    assert refused(lambda: set_local_limit(analyst, "dust_high", unit, own([(10.0, 20.0)], "Sai"))) == 422
    assert refused(lambda: set_local_limit(analyst, "dust_high", unit, own([(10.0, None), (5.0, None)], "Sai"))) == 422
    with hand._commit(execute=True):
        set_local_limit(analyst, "dust_high", unit, own([(150.0, 130.0)], "Gần đường cao tốc"))
    assert hand.open() == []
    with hand._commit(execute=True):
        set_local_limit(analyst, "dust_high", unit, own(None, "Đường đã dời", seen=1))
    assert [each.unit.code for each in hand.open()] == ["A"]
    assert refused(lambda: set_local_limit(analyst, "dust_high", unit, own(None, "Đường đã dời", seen=2))) == 422


def test_every_limit_a_unit_ever_had_is_kept_with_who_when_and_why(hand: Hand, people: People) -> None:
    analyst, unit = people["analyst"], hand.units["A"]
    set_local_limit(analyst, "dust_high", unit, own([(150.0, 130.0)], "Gần đường cao tốc"))
    hand.now += HOUR
    set_local_limit(people["administrator"], "dust_high", unit, own([], "Trạm tháo xuống", seen=1))
    rows = queries.local_limits(people["leader"], "dust_high")
    assert [(each.version, each.limits, each.reason, each.made_by) for each in rows] == [
        (2, [], "Trạm tháo xuống", "administrator"),
        (1, [[150.0, 130.0]], "Gần đường cao tốc", "analyst"),
    ]
    assert [each.made_at for each in rows] == [NOW + HOUR, NOW]
    assert watched(["dust_high"])["dust_high"].local == {unit.pk: None}
    assert AuditEntry.objects.filter(action="watch.set_local_limit", reason="Trạm tháo xuống").count() == 1
    assert queries.local_limits(people["of_a"], "dust_high") == rows
    assert refused(lambda: queries.local_limits(people["outsider"], "dust_high")) == 404


def test_two_hands_on_the_limits_of_one_place_never_overwrite_each_other(hand: Hand, people: People) -> None:
    unit = hand.units["A"]
    set_local_limit(people["analyst"], "dust_high", unit, own([(150.0, 130.0)], "Gần đường cao tốc"))
    late = own([(90.0, None)], "Trường học")
    assert refused(lambda: set_local_limit(people["administrator"], "dust_high", unit, late)) == 409
    assert set_local_limit(people["analyst"], "dust_high", hand.units["B"], own([], "Chưa có trạm")).version == 1
    save_rule(people["analyst"], replace(HIGH, condition=Threshold(above=120.0)), 0)
    assert refused(lambda: set_local_limit(people["analyst"], "dust_high", unit, own([(99.0, None)], "Vì thế", seen=1))) == 409
    assert LocalLimit.objects.count() == 2


def test_limits_of_a_place_hold_for_conditions_of_their_own_shape_only(hand: Hand, people: People) -> None:
    analyst, unit = people["analyst"], hand.units["A"]
    set_local_limit(analyst, "dust_high", unit, own([(150.0, 130.0)], "Gần đường cao tốc"))
    save_rule(analyst, replace(HIGH, condition=Threshold(above=120.0)), 0)
    assert watched(["dust_high"])["dust_high"].local[unit.pk] == Threshold(above=150.0, clears_at=130.0)
    save_rule(analyst, replace(HIGH, condition=Rate(per=HOUR, above=20.0)), 1)
    assert watched(["dust_high"])["dust_high"].local == {}
    save_rule(analyst, replace(HIGH, condition=Threshold(above=120.0)), 2)
    assert unit.pk in watched(["dust_high"])["dust_high"].local


def test_limits_from_before_they_had_a_shape_still_hold(hand: Hand) -> None:
    LocalLimit.objects.create(rule="dust_high", unit=hand.units["A"], limits=[[200.0, None]], reason="", made_by="", made_at=NOW)
    assert watched(["dust_high"])["dust_high"].local == {hand.units["A"].pk: Threshold(above=200.0)}


def test_a_rule_is_made_once_and_its_code_is_its_name_in_plain_letters(people: People, hand: Hand) -> None:
    made = replace(HIGH, code=code_of(Text("Bụi quá ngưỡng, Đường 2/9", "Dust")))
    assert made.code == "bui_qua_nguong_duong_2_9"
    assert code_of(Text("New", "x")) == "rule_new"
    assert refused(lambda: make_rule(people["operator"], made)) == 403
    assert refused(lambda: make_rule(people["analyst"], HIGH)) == 409, "a rule of its field is changed, not made anew"
    version = make_rule(people["analyst"], made, active=False)
    assert (version.version, version.active) == (1, False)
    assert refused(lambda: make_rule(people["analyst"], made)) == 409
    assert refused(lambda: save_rule(people["analyst"], replace(HIGH, code="nobody_made_it"), 0)) == 404
    assert AuditEntry.objects.filter(action="watch.make_rule", subject=f"rule:{made.code}").count() == 1


def test_an_earlier_version_can_be_read_and_saved_again(people: People, hand: Hand) -> None:
    save_rule(people["analyst"], replace(HIGH, condition=Threshold(above=150.0)), 0)
    assert queries.rule_at(people["leader"], "dust_high", 0) == HIGH
    save_rule(people["analyst"], queries.rule_at(people["analyst"], "dust_high", 0), 1, "Quay lại")
    assert watched(["dust_high"])["dust_high"].rule == HIGH
    assert queries.rule_at(people["leader"], "dust_high", 1).condition == Threshold(above=150.0)
    assert refused(lambda: queries.rule_at(people["leader"], "dust_high", 9)) == 404
    assert refused(lambda: queries.rule_at(people["outsider"], "dust_high", 1)) == 404


def test_the_pace_of_a_rule_is_a_median_without_false_positives(hand: Hand, people: People) -> None:
    assert queries.pace(people["leader"], "dust_high") == queries.Pace(None, None)
    hand.move("dust", {"A": 120.0, "B": 130.0, "C": 140.0})
    first, second, third = hand.open()
    hand.now += HOUR
    acknowledge(people["operator"], first.pk)
    mark_false(people["operator"], third.pk, "Trạm đang hiệu chuẩn")
    hand.now += 2 * HOUR
    acknowledge(people["operator"], second.pk)
    hand.move("dust", {"A": 10.0, "B": 10.0, "C": 10.0})
    assert queries.pace(people["leader"], "dust_high") == queries.Pace(2 * HOUR, 3 * HOUR)


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda each: each.code)
def test_a_rule_kept_as_data_is_the_same_rule(rule: object, field: None) -> None:
    assert of_data(rule.code, as_data(rule)) == rule  # type: ignore[attr-defined, arg-type]


def test_times_and_words_survive_as_data(field: None) -> None:
    full = replace(HELD, falls=(After(HOUR, Severity.LOW),), advice=Text("Gọi", "Call"), smallest_base=5)
    assert of_data(full.code, as_data(full)) == full
    assert of_data("gone", as_data(full) | {"indicator": "gone"}) is None


def test_an_alert_is_said_in_one_sentence(hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0, "A/station=K1": 800.0})
    said = queries.words(hand.open()[0])
    assert said == Text("Quy tắc dust_high, A: 120 mg, vượt mức 100 mg.", "Rule dust_high, A: 120 mg, over 100 mg.")
    assert "(K1)" in queries.words(hand.open("dust_station")[0]).vi


def test_the_last_similar_case_tells_how_it_ended(hand: Hand, people: People, alert: Alert) -> None:
    assert queries.last_similar(people["leader"], alert) is None
    mark_false(people["officer"], alert.pk, "Trạm đang hiệu chuẩn")
    hand.now += HOUR
    hand.move("dust", {"A": 10.0})
    hand.now += HOUR
    hand.move("dust", {"A": 150.0})
    before = queries.last_similar(people["leader"], hand.open()[0])
    assert before is not None
    assert (before.pk, before.reason) == (alert.pk, "Trạm đang hiệu chuẩn")

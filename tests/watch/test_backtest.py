"""A rule tried on the past rings when it would have rung, and names who would have been woken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.watch.conftest import HOUR, NOW, Hand

from toancanh.indicators import cells
from toancanh.indicators.cells import Place
from toancanh.indicators.evaluators.value import Value
from toancanh.intake.models import Delivery, Source
from toancanh.kernel.conditions import Threshold
from toancanh.kernel.measures import Outcome
from toancanh.kernel.periods import Period
from toancanh.people.models import Grant, User
from toancanh.units.models import Unit
from toancanh.watch.backtest import try_rule
from toancanh.watch.definitions import watched
from toancanh.watch.models import Alert

pytestmark = pytest.mark.django_db
Hours = dict[str, list[float | None]]


def history(units: dict[str, Unit], hours: Hours) -> None:
    """Hourly values that end four hours before NOW, loaded at once long after their time."""
    fresh = {}
    for name, series in hours.items():
        for back, value in enumerate(reversed(series), start=5):
            moment = NOW - back * HOUR + 7 * HOUR
            fresh[Place("dust", units[name].pk, Period.parse(f"{moment:%Y-%m-%dT%H}"))] = Value(Outcome(value))
    cells.write(fresh, {"dust": 1}, NOW)


def test_each_crossing_is_an_episode_with_its_worst_value(units: dict[str, Unit], people: dict[str, User]) -> None:
    history(units, {"A": [50, 120, 180, 90, 70, 110, 60], "B": [10, 20, 30, 20, 10, 20, 10]})
    trial = try_rule(people["analyst"], watched()["dust_high"], now=NOW)
    assert [(each.unit.code, each.worst, each.lasted) for each in trial.episodes] == [("A", 110, HOUR), ("A", 180, 3 * HOUR)]
    assert trial.episodes[1].begin == NOW - 9 * HOUR
    assert (trial.judged, trial.places, trial.told) == (14, 1, 2)
    assert [each.username for each in trial.woken] == ["officer", "operator"]


def test_a_hold_that_is_not_reached_rings_not_and_one_that_is_rings_at_its_end(
    units: dict[str, Unit], people: dict[str, User]
) -> None:
    history(units, {"A": [320, 320, 100, 320, 320, 320, 320], "B": [10, 10, 10, 10, 10, 320, 10]})
    (episode,) = try_rule(people["analyst"], watched()["dust_held"], now=NOW).episodes
    assert (episode.unit.code, episode.begin, episode.end) == ("A", NOW - 5 * HOUR, None)


def test_other_limits_are_tried_without_being_saved(units: dict[str, Unit], people: dict[str, User]) -> None:
    history(units, {"A": [50, 120, 180, 90, 70, 110, 60]})
    held = watched()["dust_high"]
    stricter = replace(held, rule=replace(held.rule, condition=Threshold(above=150.0, clears_at=130.0)))
    assert len(try_rule(people["analyst"], stricter, now=NOW).episodes) == 1
    assert watched()["dust_high"] == held
    assert not Alert.objects.exists()


def test_what_came_live_rings_when_it_was_known(hand: Hand, people: dict[str, User]) -> None:
    hand.move("dust", {"A": 120.0})
    hand.now += timedelta(minutes=20)
    hand.move("dust", {"A": 20.0})
    alert = Alert.objects.get(rule="dust_high")
    (episode,) = try_rule(people["analyst"], watched()["dust_high"], now=hand.now).episodes
    assert (episode.begin, episode.end, episode.worst) == (alert.raised_at, alert.cleared_at, alert.worst)


def test_one_who_sees_one_place_tries_on_that_place(units: dict[str, Unit], people: dict[str, User]) -> None:
    history(units, {"A": [50, 120, 50], "B": [50, 120, 50]})
    assert {each.unit.code for each in try_rule(people["of_a"], watched()["dust_high"], now=NOW).episodes} == {"A"}


def test_silences_of_a_source_are_found_in_its_deliveries(units: dict[str, Unit], people: dict[str, User]) -> None:
    source = Source.objects.create(code="kk", title_vi="Trạm", title_en="Stations", datasets=["watched_air"])
    for back in (20, 19, 18, 10, 9, 1):
        Delivery.objects.create(
            source=source, dataset="watched_air", content_hash="x", received_at=NOW - back * HOUR, via="push", once=str(back),
            size=1, received=1, accepted=1, quarantined=0,
        )  # fmt: skip
    Source.objects.update(made_at=NOW - 20 * HOUR)
    trial = try_rule(people["analyst"], watched()["air_silent"], now=NOW)
    assert [each.lasted for each in trial.episodes] == [8 * HOUR - 1.5 * HOUR - timedelta(minutes=1)] * 2


def test_a_source_that_sent_nothing_in_the_days_looked_at_is_silent_from_their_beginning(
    units: dict[str, Unit], people: dict[str, User]
) -> None:
    Source.objects.create(code="kk", title_vi="Trạm", title_en="Stations", datasets=["watched_air"])
    Source.objects.update(made_at=NOW - timedelta(days=30))
    held = watched()["air_silent"]
    (episode,) = try_rule(people["analyst"], held, days=7, now=NOW).episodes
    assert (episode.begin, episode.end) == (NOW - timedelta(days=7), None)
    assert try_rule(people["outsider"], held, days=7, now=NOW).episodes == []


def test_a_trial_names_nobody_who_would_not_see_it(units: dict[str, Unit], people: dict[str, User]) -> None:
    near = User.objects.create(username="near", role="officer", agency=units["S"], only_grants=True, password="!")
    Grant.objects.create(user=near, actions=["view"], area=units["A"], given_by="test")
    history(units, {"A": [50, 120, 50], "B": [50, 120, 50]})
    trial = try_rule(people["analyst"], watched()["dust_high"], now=NOW)
    woken = {each.unit.code: [user.username for user in each.woken] for each in trial.episodes}
    assert "near" in woken["A"]
    assert "near" not in woken["B"]


def test_what_flaps_and_then_stays_is_told_in_a_trial_too(units: dict[str, Unit], people: dict[str, User]) -> None:
    history(units, {"A": [120, 50, 120, 50, 120, 50, 120, 120, 120, 120]})
    newest = try_rule(people["analyst"], watched()["dust_high"], now=NOW).episodes[0]
    assert (newest.end, newest.told) == (None, True)

"""Who makes the difference that an alert rang for: measured from what its rule compares with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.watch.conftest import NOW, Hand
from tests.watch.field import FALLS, HIGH, ODD

from toancanh.kernel.conditions import Seasonal
from toancanh.kernel.contracts import Level
from toancanh.people.models import User
from toancanh.watch.contributors import contributors
from toancanh.watch.models import Alert
from toancanh.watch.services.rules import save_rule

pytestmark = pytest.mark.django_db


def parts(people: dict[str, User], alert: Alert) -> dict[str, list[tuple[str, float | None]]]:
    found = contributors(people["operator"], alert)
    return {way: [(each.name.vi, each.share) for each in rows] for way, rows in found.items()}


def test_of_a_change_those_that_changed_come_first_not_those_that_are_far_from_the_target(
    hand: Hand, people: dict[str, User]
) -> None:
    save_rule(people["analyst"], replace(FALLS, every=Level.PROVINCE), 0)
    hand.move("share", {"P": 80.0, "A": 20.0, "B": 90.0, "C": 60.0}, "2026-10", base=30.0, target=90.0)
    hand.move("share", {"P": 60.0, "A": 21.0, "B": 60.0, "C": 50.0}, "2026-11", base=30.0, target=90.0)
    (alert,) = hand.open("share_falls")
    assert parts(people, alert) == {"": [("B", 0.75), ("C", 0.25)]}


def test_of_a_season_those_that_are_unlike_their_own_usual_come_first(hand: Hand, people: dict[str, User]) -> None:
    save_rule(people["analyst"], replace(ODD, every=Level.PROVINCE, condition=Seasonal(above=3.0, least=2.0)), 0)
    for weeks in range(8, 0, -1):
        hand.now = NOW - timedelta(weeks=weeks)
        hand.move("dust", {"P": 50.0, "A": 90.0, "B": 10.0, "P/station=K1": 90.0, "P/station=K2": 10.0})
    hand.now = NOW
    hand.move("dust", {"P": 65.0, "A": 91.0, "B": 39.0, "P/station=K1": 91.0, "P/station=K2": 39.0})
    (alert,) = hand.open("dust_odd")
    told = parts(people, alert)
    assert [name for name, _ in told[""]] == ["B", "A"]
    assert told["station"][0] == ("K2", pytest.approx(29 / 30))


def test_of_a_line_that_was_crossed_the_worst_come_first(hand: Hand, people: dict[str, User]) -> None:
    save_rule(people["analyst"], replace(HIGH, every=Level.PROVINCE), 0)
    hand.move("dust", {"P": 120.0, "A": 180.0, "B": 60.0})
    (alert,) = hand.open()
    assert parts(people, alert) == {"": [("A", 0.75), ("B", 0.25)]}

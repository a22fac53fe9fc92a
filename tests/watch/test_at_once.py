"""Two workers, two people in the same moment; and pages that ask no more for many alerts than for one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.watch.conftest import HOUR, Hand

from toancanh.audit import queries as audit
from toancanh.kernel.problem import Problem
from toancanh.people.models import User
from toancanh.watch.evaluation import runs
from toancanh.watch.evaluation.ledger import locked
from toancanh.watch.models import Alert, Dirty, State
from toancanh.watch.services import answers
from toancanh.watch.services.answers import acknowledge, mark_false


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_judge_the_same_values_raise_one_alert(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ask_to_evaluate", lambda: None)
    for value in (120.0, 121.0, 122.0):
        hand.move("dust", {"A": value, "B": value})
    together = Barrier(2)

    def work(_: int) -> int:
        try:
            together.wait(timeout=30)
            return runs.evaluate_dirty()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        judged = list(pool.map(work, range(2)))
    assert sum(judged) >= 2
    assert Alert.objects.count() == 2
    assert not Dirty.objects.exists()
    assert audit.verify() is None


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_one_alert_one_is_told_that_it_moved_on(hand: Hand, people: dict[str, User]) -> None:
    hand.move("dust", {"A": 120.0})
    alert = hand.open()[0]
    together = Barrier(2)

    def act(which: int) -> str:
        try:
            together.wait(timeout=30)
            if which:
                acknowledge(people["operator"], alert.pk, 1)
            else:
                mark_false(people["officer"], alert.pk, "Trạm đang hiệu chuẩn", 1)
        except Problem as problem:
            return problem.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(act, range(2)))
    assert outcomes == ["alert-moved-on", "done"]
    assert Alert.objects.get().state in (State.ACKNOWLEDGED, State.FALSE_POSITIVE)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
@pytest.mark.django_db(transaction=True)
def test_an_alert_that_somebody_answers_may_be_named_by_another_that_is_written_meanwhile(
    hand: Hand, people: dict[str, User]
) -> None:
    hand.move("dust", {"A": 120.0})
    alert = hand.open()[0]

    def name_it() -> int:
        try:
            with connection.cursor() as cursor:  # what the check of a foreign key asks for when a transaction ends
                cursor.execute("SELECT id FROM watch_alert WHERE id = %s FOR KEY SHARE NOWAIT", [alert.pk])
                return int(cursor.fetchone()[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        for hold in (lambda: answers._taken(people["operator"], alert.pk, State.ACKNOWLEDGED, None), lambda: locked_one(alert)):
            with transaction.atomic():
                hold()
                assert pool.submit(name_it).result() == alert.pk


def locked_one(alert: Alert) -> Alert:
    return locked(Alert.objects.filter(pk=alert.pk)).get()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_list_asks_as_much_for_many_alerts_as_for_one(client: Client, hand: Hand, people: dict[str, User]) -> None:
    client.force_login(people["leader"])
    hand.move("dust", {"A": 120.0})
    client.get("/alerts")
    with CaptureQueriesContext(connection) as few:
        client.get("/alerts")
    hand.move("dust", {"A": 620.0, "B": 620.0, "C": 620.0} | {f"C/station=K{number}": 900.0 for number in range(30)})
    with CaptureQueriesContext(connection) as many:
        client.get("/alerts")
    assert Alert.objects.count() > 30
    assert len(many) <= len(few) + 1
    own = [each["sql"] for each in many if "watch_" in each["sql"]]
    assert len(own) <= 8, own  # one of them for the count in the frame


@pytest.mark.django_db
def test_many_repeats_are_written_with_as_few_statements_as_one(hand: Hand) -> None:
    def asked(stations: int) -> int:
        with CaptureQueriesContext(connection) as written:
            hand.move("dust", {"A": 90.0} | {f"A/station=K{number}": 900.0 + hand.now.hour for number in range(stations)})
        hand.now += HOUR
        return len(written)

    asked(60)  # sixty are raised
    few, many = asked(2), asked(60)
    assert {each.count for each in hand.open("dust_station")} == {2, 3}
    assert many <= few

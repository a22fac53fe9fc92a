"""The threads beside the worker: several drain at once and each thing is handed over once; a slow side keeps no other waiting."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from tests.notify.conftest import said
from tests.notify.receivers import mail_server, receiver

from toancanh.notify import services
from toancanh.notify.arranging import webhooks
from toancanh.notify.models import Dispatch, State
from toancanh.notify.outbox import lanes
from toancanh.people.actors import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def quiet(monkeypatch):
    """Nothing is sent at the commit itself; threads end soon, before the test's database does."""
    monkeypatch.setattr("toancanh.notify.outbox.waking.wake", lambda: None)
    monkeypatch.setattr("toancanh.notify.outbox.waking.wake_job", lambda: None)
    monkeypatch.setattr(lanes, "LINGER", 0.3)
    yield
    until = time.monotonic() + 10
    while any(thread.name.startswith("outbox") for thread in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.02)


def test_two_that_drain_at_once_hand_over_each_thing_once(person, monkeypatch, quiet):
    with mail_server() as box:
        monkeypatch.setenv("TOANCANH_SMTP", box.address)
        people = [person(f"p{number}", contact={"email": f"p{number}@example.vn"}) for number in range(20)]
        services.tell(said(), people)
        workers = [threading.Thread(target=_drain) for _ in range(3)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
    assert Counter(letter["To"] for letter in box.letters).most_common(1)[0][1] == 1
    assert len(box.letters) == 20


def test_a_side_that_hangs_keeps_no_other_waiting(person, monkeypatch, quiet):
    hang = threading.Event()
    with receiver() as slow, receiver() as quick:
        monkeypatch.setenv("TOANCANH_WEBHOOK_INTERNAL", "localhost")
        slow.arrived = lambda: hang.wait(20)
        for side in (slow, quick):
            webhooks.add(SYSTEM, webhooks.Wanted(name="x", url=side.url()))
        for number in range(5):
            services.publish("alert.raised", f"alert:{number}", {})
        lanes.send_beside()
        _until(lambda: len(quick.posts) == 5)
        assert Dispatch.objects.filter(state=State.SENT).count() <= 5
        hang.set()
        _until(lambda: Dispatch.objects.filter(state=State.SENT).count() == 10)


def test_what_a_fallen_worker_had_claimed_is_free_for_the_next_one(person, monkeypatch, quiet):
    with mail_server() as box:
        monkeypatch.setenv("TOANCANH_SMTP", box.address)
        monkeypatch.setattr(lanes, "_taken_over", threading.Event())
        services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
        Dispatch.objects.update(claimed_until=timezone.now() + timedelta(minutes=2))
        lanes.send_beside()
        _until(lambda: len(box.letters) == 1)
        _until(lambda: Dispatch.objects.get().state == State.SENT)


def _drain() -> None:
    try:
        lanes.send_now()
    finally:
        connections.close_all()


def _until(done) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)

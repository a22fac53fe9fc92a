"""Whoever confirms a notice of alerts has taken those alerts, as far as they are that person's to answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.notify.conftest import said

from toancanh.jobs.events import wire
from toancanh.notify import services
from toancanh.notify.messages import Step
from toancanh.notify.models import Course, Escalation, Notice
from toancanh.site.wiring import WIRING
from toancanh.watch.models import Alert, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(health, clock, monkeypatch):
    """Makes an open alert; what is told of it goes through the centre's own wiring."""
    monkeypatch.setattr("toancanh.jobs.events._wiring", {})
    wire({event: handlers for event, handlers in WIRING.items() if event.__name__ == "NoticeConfirmed"})

    def make(**more: Any) -> Alert:
        at = clock.now - timedelta(minutes=5)
        fields = {
            "rule": "on_time_low", "indicator": "dossiers_on_time", "unit": health, "owner": health,
            "severity": "urgent", "rank": 3, "since": at, "raised_at": at, "last_seen": at, "value": 80.0, "limit": 95.0,
            "cause": "x", "announced": True,
        }  # fmt: skip
        return Alert.objects.create(**(fields | more))

    return make


def test_the_alert_and_those_told_with_it_are_acknowledged(alert, person, django_capture_on_commit_callbacks):
    lan = person("lan")
    head = alert()
    member, later = alert(head=head, subject="a"), alert(head=head, subject="b", raised_at=head.raised_at + timedelta(hours=1))
    ladder = (Step(timedelta(0), (lan.pk,)), Step(timedelta(minutes=10), "leaders"))
    services.climb(said(f"alert:{head.pk}:urgent", subject=f"alert:{head.pk}"), ladder)
    with django_capture_on_commit_callbacks(execute=True):
        services.confirm(lan, Notice.objects.get().pk)
    states = {each.pk: (each.state, each.acknowledged_by) for each in Alert.objects.all()}
    assert states[head.pk] == states[member.pk] == (State.ACKNOWLEDGED, "lan")
    assert states[later.pk] == (State.OPEN, "")
    assert Escalation.objects.get().state == Course.CONFIRMED


def test_what_is_not_this_persons_to_answer_stays_open(alert, person, health, django_capture_on_commit_callbacks):
    head = alert()
    other = person("khac", "analyst")
    services.tell(said(subject=f"alert:{head.pk}", needs_answer=True), [other])
    with django_capture_on_commit_callbacks(execute=True):
        services.confirm(other, Notice.objects.get().pk)
    assert Alert.objects.get().state == State.OPEN
    assert Notice.objects.get().confirmed_at is not None

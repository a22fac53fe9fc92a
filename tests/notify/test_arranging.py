"""What people arrange: how they are reached, who is on duty, and their calendar of deadlines."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from icalendar import Calendar

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify import audience
from toancanh.notify.arranging import calendar, contacts, roster
from toancanh.notify.arranging.contacts import Wishes
from toancanh.notify.models import Contact

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_person_says_how_to_be_reached(person):
    lan = person("lan")
    contacts.set_contact(
        lan, Wishes(email="lan@so.gov.vn", phone="0912 345.678", quiet_from=time(22), quiet_to=time(6), digest_hour=None)
    )
    found = Contact.objects.get(user=lan)
    assert (found.email, found.phone, found.digest_hour) == ("lan@so.gov.vn", "+84912345678", None)
    assert AuditEntry.objects.get().action == "notify.set_contact"


def test_the_record_says_which_wishes_changed_and_not_where_a_person_is_reached(person):
    lan = person("lan", contact={"email": "lan@so.gov.vn", "phone": "+84912345678"})
    contacts.set_contact(lan, Wishes(email="lan@so.gov.vn", phone="0987654321"))
    entry = AuditEntry.objects.get()
    assert entry.details == {"changed": ["phone"]}


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(email="lan"), Wishes(email="lan@so.gov.vn\nBcc: x@y.vn"), Wishes(phone="113"), Wishes(phone="+1 202 555 0100"),
        Wishes(quiet_from=time(22)), Wishes(digest_hour=24), Wishes(email="lân@so.gov.vn"),
    ],
)  # fmt: skip
def test_what_nobody_can_be_reached_by_is_refused_in_words(person, wishes):
    with pytest.raises(Problem) as refused:
        contacts.set_contact(person("lan"), wishes)
    assert refused.value.status == 422


def test_the_roster_names_who_is_on_duty_and_shows_the_gaps(person, clock):
    boss, lan = person("boss", "leader"), person("lan")
    roster.add_turn(boss, lan, clock.now, clock.now + DAY / 3)
    assert audience.on_duty() == [lan]
    assert roster.gaps(boss, clock.now, clock.now + DAY) == [(clock.now + DAY / 3, clock.now + DAY)]
    roster.remove_turn(boss, roster.turns(boss, clock.now, clock.now + DAY).get().pk)
    assert AuditEntry.objects.filter(subject__startswith="turn:").count() == 2


@pytest.mark.parametrize(
    ("who", "role", "begins", "lasts", "status"),
    [
        ("officer", "operator", 0, 8, 403),
        ("auditor", "operator", 0, 8, 403),
        ("leader", "auditor", 0, 8, 422),
        ("leader", "operator", 0, 0, 422),
        ("leader", "operator", 0, 200, 422),
        ("leader", "operator", -9, 8, 422),
    ],
)
def test_turns_that_cannot_be(person, clock, who, role, begins, lasts, status):
    begin = clock.now + timedelta(hours=begins)
    with pytest.raises(Problem) as refused:
        roster.add_turn(person("setter", who), person("lan", role), begin, begin + timedelta(hours=lasts))
    assert refused.value.status == status


@pytest.fixture
def deadlines(monkeypatch):
    found: list[calendar.Deadline] = []
    monkeypatch.setattr(calendar, "_providers", [])
    calendar.register(lambda user: found if user.username == "lan" else ())
    return found


def test_the_calendar_of_deadlines_is_read_by_a_calendar_program_and_stays_the_same(person, deadlines, client):
    lan = person("lan")
    due, written = datetime(2026, 11, 30, 10, 0, tzinfo=UTC), datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
    title = Text("Báo cáo giải ngân; quý IV, lần 2", "Report on spending")
    deadlines.append(calendar.Deadline("task:7", title, due, written, "/tasks/7"))
    token = calendar.make_token(lan)
    first = client.get(f"/calendar/{token}.ics")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.content == client.get(f"/calendar/{token}.ics").content
    (event,) = Calendar.from_ical(first.content).walk("VEVENT")
    assert (event["UID"], str(event["SUMMARY"])) == ("task:7@toancanh", title.vi)
    assert (event.decoded("dtend"), event.decoded("dtstamp")) == (due, written)


def test_a_new_address_ends_the_old_one_and_a_closed_account_has_none(person, deadlines, client):
    lan = person("lan")
    old, new = calendar.make_token(lan), calendar.make_token(lan)
    assert client.get(f"/calendar/{old}.ics").status_code == 404
    assert client.get(f"/calendar/{new}.ics").status_code == 200
    type(lan).objects.filter(pk=lan.pk).update(is_active=False)
    assert client.get(f"/calendar/{new}.ics").status_code == 404

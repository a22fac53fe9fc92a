"""E-mail through a real SMTP server: in the person's words, once for the eye, and nothing lost while the server is away."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from tests.notify.conftest import said
from tests.notify.receivers import free_port, mail_server

from toancanh.kernel.contracts import Severity
from toancanh.notify import services
from toancanh.notify.models import Attempt, Dispatch, State
from toancanh.notify.outbox import lanes

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(monkeypatch):
    with mail_server() as box:
        monkeypatch.setenv("TOANCANH_SMTP", box.address)
        monkeypatch.setenv("TOANCANH_MAIL_FROM", "toancanh@minhson.example.vn")
        monkeypatch.setenv("TOANCANH_URL", "https://ioc.minhson.example.vn")
        yield box


def test_a_letter_says_what_happened_in_the_language_of_the_person(person, clock, mailbox):
    vietnamese = person("lan", contact={"email": "lan@example.vn"})
    english = person("ann", language="en", contact={"email": "ann@example.vn"})
    services.tell(said(severity=Severity.URGENT), [vietnamese, english])
    assert lanes.send_now() == 2
    by_address = {letter["To"]: letter for letter in mailbox.letters}
    assert by_address["lan@example.vn"]["Subject"] == "[Khẩn cấp] Bụi mịn vượt ngưỡng tại Bắc Sơn"
    assert by_address["ann@example.vn"]["Subject"] == "[Urgent] Fine dust over the limit"
    text = by_address["lan@example.vn"].get_content()
    assert "PM2.5 cao hơn ngưỡng 12 µg/m³" in text
    assert "https://ioc.minhson.example.vn/alerts/12" in text
    assert all(b"\n" not in content.replace(b"\r\n", b"") for content in mailbox.received)


def test_a_letter_is_proved_by_its_attempt(person, clock, mailbox):
    services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
    lanes.send_now()
    row, attempt = Dispatch.objects.get(), Attempt.objects.get()
    assert (row.state, row.tries, row.sent_at) == (State.SENT, 1, clock.now)
    assert (attempt.outcome, attempt.at) == ("sent", clock.now)
    assert mailbox.letters[0]["Message-ID"] == f"<{row.ref.hex}@minhson.example.vn>"


@pytest.mark.slow
def test_a_mail_server_that_is_away_for_ten_minutes_loses_and_doubles_nothing(person, clock, monkeypatch):
    port = free_port()
    monkeypatch.setenv("TOANCANH_SMTP", f"smtp://127.0.0.1:{port}?tls=none")
    people = [person(f"p{number}", contact={"email": f"p{number}@example.vn"}) for number in range(10)]
    for number in range(5):
        services.tell(said(f"alert:{number}:raised", subject=f"alert:{number}"), people)
    for _ in range(120):
        clock.now += timedelta(seconds=5)
        assert Dispatch.objects.filter(state=State.SENT).count() == 0
        lanes.send_now()
    with mail_server(port) as box:
        for _ in range(130):
            clock.now += timedelta(seconds=5)
            lanes.send_now()
    assert Dispatch.objects.filter(state=State.SENT).count() == len(box.letters) == 50
    assert len({letter["Message-ID"] for letter in box.letters}) == 50
    assert len({(letter["To"], letter["Message-ID"]) for letter in box.letters}) == 50


def test_a_badly_written_mail_address_stops_no_notice_and_says_what_is_wrong(person, clock, monkeypatch):
    monkeypatch.setenv("TOANCANH_SMTP", "mail.tinh.gov.vn")
    lan = person("lan", contact={"email": "lan@example.vn"})
    assert services.tell(said(), [lan]) == 1
    lanes.send_now()
    assert "TOANCANH_SMTP must look like" in Attempt.objects.get().detail
    assert Dispatch.objects.get().state == State.WAITING


@pytest.mark.slow
def test_while_the_server_is_away_it_is_asked_less_and_less_often(person, clock, monkeypatch):
    monkeypatch.setenv("TOANCANH_SMTP", f"smtp://127.0.0.1:{free_port()}?tls=none")
    services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
    for _ in range(2400):
        clock.now += timedelta(seconds=1)
        lanes.send_now()
    gaps = [round((b - a).total_seconds()) for a, b in pairwise(list(Attempt.objects.values_list("at", flat=True)))]
    assert gaps == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]


def test_what_cannot_be_handed_over_for_a_day_is_given_up_and_shown(person, clock, monkeypatch):
    monkeypatch.setenv("TOANCANH_SMTP", f"smtp://127.0.0.1:{free_port()}?tls=none")
    services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
    lanes.send_now()
    clock.now += timedelta(hours=24, seconds=1)
    lanes.send_now()
    assert Dispatch.objects.get().state == State.GIVEN_UP
    assert Attempt.objects.filter(outcome="failed").count() == 2


def test_an_address_that_does_not_exist_is_not_tried_again_and_stops_no_other(person, clock, mailbox):
    mailbox.refuse = {"gone@example.vn": "550 no such mailbox"}
    services.tell(said(), [person("x", contact={"email": "gone@example.vn"}), person("y", contact={"email": "y@example.vn"})])
    lanes.send_now()
    assert Dispatch.objects.get(address="gone@example.vn").state == State.GIVEN_UP
    assert "550 no such mailbox" in Attempt.objects.get(outcome="refused").detail
    assert [letter["To"] for letter in mailbox.letters] == ["y@example.vn"]


def test_the_digest_is_one_letter_with_what_is_still_unread(person, clock, mailbox):
    lan = person("lan", contact={"email": "lan@example.vn", "digest_hour": 16})
    for number in range(3):
        services.tell(said(f"alert:{number}:raised", Severity.LOW), [lan])
    services.mark_read(lan, [lan_notice(lan, 0)])
    lanes.send_now()
    assert mailbox.letters == []
    clock.now += timedelta(hours=7)
    lanes.send_now()
    assert len(mailbox.letters) == 1
    assert mailbox.letters[0].get_content().count("Bụi mịn vượt ngưỡng tại Bắc Sơn") == 2


def lan_notice(user, number: int) -> int:
    from toancanh.notify.models import Notice

    return Notice.objects.get(user=user, key=f"alert:{number}:raised").pk

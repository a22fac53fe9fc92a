"""S34: signing in and out through the page, and what keeps a guesser away."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from toancanh.audit.models import AuditEntry
from toancanh.people.entrance import attempts, sessions
from toancanh.people.entrance.addresses import neighbourhood
from toancanh.people.models import SignInAttempt, User

from .conftest import PASSWORD

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def leader(person) -> User:
    return person("leader")


def enter(client: Client, username: str = "leader", password: str = PASSWORD, **more):
    return client.post("/sign-in", {"username": username, "password": password, **more})


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def test_the_page_asks_for_account_and_password_in_both_languages(db, browser):
    page = browser().get("/sign-in").content.decode()
    assert "Tên đăng nhập" in page
    assert 'autocomplete="current-password"' in page
    english = browser()
    english.post("/me/preferences", {"language": "en", "next": "/sign-in"})
    page = english.get("/sign-in").content.decode()
    assert "Account name" in page
    assert 'lang="en"' in page


def test_what_was_chosen_before_signing_in_wins_once_and_stays_with_the_account(leader, browser):
    client = browser()
    client.post("/me/preferences", {"language": "en", "next": "/sign-in"})
    client.post("/me/preferences", {"theme": "dark", "next": "/sign-in"})
    enter(client)
    leader.refresh_from_db()
    assert (leader.language, leader.theme) == ("en", "dark")
    client.post("/me/preferences", {"language": "vi"})
    client.post("/sign-out")
    enter(client)
    leader.refresh_from_db()
    assert (leader.language, leader.theme) == ("vi", "dark")


def test_an_account_keeps_its_choice_where_nothing_was_chosen(leader, person, browser):
    client = browser()
    enter(client, person("officer", language="en").username)
    client.post("/sign-out")  # the browser still speaks English
    enter(client)
    leader.refresh_from_db()
    assert leader.language == "vi"


OURS = {"Origin": "http://testserver", "Referer": "http://testserver/walls?x=1"}


def ended(browser) -> Client:
    """A browser whose session has ended."""
    client = browser()
    enter(client)
    del client.cookies["sessionid"]
    return client


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_again(leader, browser):
    client, ours = ended(browser), OURS
    sent = client.post("/inbox/settings", {"email": "a@b.vn", "note": "Đang ở hiện trường", "password": "x"}, headers=ours)
    assert sent.headers["Location"] == "/sign-in?next=%2Fwalls%3Fx%3D1"
    assert "Đăng nhập lại để gửi nội dung đã nhập" in client.get("/sign-in").content.decode()
    assert enter(client).headers["Location"] == "/sign-in/again"
    page = client.get("/sign-in/again").content.decode()
    assert '<form method="post" action="/inbox/settings">' in page
    assert '<blockquote class="record-text">Đang ở hiện trường</blockquote>' in page
    assert 'name="email" value="a@b.vn"' in page
    assert 'name="password"' not in page
    assert client.get("/sign-in/again").headers["Location"] == "/"  # kept for one look


@pytest.mark.parametrize("whose", [{"Origin": "https://evil.test"}, {"Referer": "https://evil.test/inbox"}, {}])
def test_a_form_of_somebody_elses_page_is_not_kept(leader, browser, whose):
    client = ended(browser)
    client.post("/inbox/settings", {"note": "Kẻ gian gửi"}, headers=whose)
    assert enter(client).headers["Location"] == "/"


def test_a_kept_form_is_shown_to_its_writer_only_and_lies_unread_in_the_browser(leader, person, browser):
    client = ended(browser)
    client.post("/inbox/settings", {"note": "Bà Tư 0987 000 111"}, headers=OURS)
    assert len(client.cookies["kept"].value) > 100
    assert "0987" not in base64.urlsafe_b64decode(client.cookies["kept"].value).decode("latin-1")
    assert enter(client, person("officer").username).headers["Location"] == "/"
    assert client.get("/sign-in/again").headers["Location"] == "/"


def test_signing_out_forgets_a_kept_form_and_whose_it_was(leader, browser):
    client = ended(browser)
    client.post("/inbox/settings", {"note": "Đang ở hiện trường"}, headers=OURS)
    enter(client)
    client.post("/sign-out")
    assert not client.cookies["kept"].value
    client.post("/inbox/settings", {"note": "Của ai đây"}, headers=OURS)
    assert not client.cookies["kept"].value


def test_a_kept_form_leads_back_to_pages_of_ours_only(leader, browser):
    client = ended(browser)
    client.post("/inbox/settings", {"note": "Đang ở đây"}, headers={**OURS, "Referer": "http://testserver//evil.test/x"})
    enter(client)
    assert "evil.test" not in client.get("/sign-in/again").content.decode()


@pytest.mark.parametrize("text", ["x" * 20, "IiI:1wP:abc"])
def test_a_kept_form_that_we_have_not_signed_is_none(leader, browser, text):
    client = browser()
    client.cookies["kept"] = text
    assert enter(client).headers["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for(leader, browser):
    assert enter(browser(), next="/walls?x=1").headers["Location"] == "/walls?x=1"
    assert enter(browser()).headers["Location"] == "/"


@pytest.mark.parametrize("evil", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/sign-in#"])
def test_signing_in_never_leads_away_from_the_centre(leader, browser, evil):
    assert enter(browser(), next=evil).headers["Location"] == "/"


def test_account_names_are_recognised_in_any_case(leader, browser):
    assert enter(browser(), username=" LEADER ").status_code == 302


def test_a_wrong_password_an_unknown_account_and_a_closed_one_get_the_same_answer(leader, person, browser):
    person("officer", is_active=False)
    pages = set()
    for name, password in (("leader", "wrong"), ("nobody", PASSWORD), ("officer", PASSWORD), ("lea\x00der", "x")):
        answer = enter(browser(), name, password)
        assert answer.status_code == 401
        pages.add(answer.content.decode().split('role="alert"')[1].split("</p>")[0])
    assert len(pages) == 1
    assert "chưa đúng" in pages.pop()


def test_an_unknown_account_costs_as_many_hashings_as_a_known_one(leader, browser, monkeypatch):
    hashings = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *a, **k: hashings.append(1) or encode(*a, **k))
    counts = []
    for name in ("leader", "nobody"):
        hashings.clear()
        enter(browser(), name, "wrong")
        counts.append(len(hashings))
    assert counts == [1, 1]


def test_a_machine_account_cannot_sign_in_to_pages(person, browser):
    person("machine")
    assert enter(browser(), "machine").status_code == 401


def test_the_password_is_never_printed_back(leader, browser):
    assert "wrong-secret" not in enter(browser(), password="wrong-secret").content.decode()


def test_signing_in_changes_the_session_key_and_the_csrf_secret(leader):
    client = Client()
    client.get("/sign-in")
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    token = client.cookies["csrftoken"].value
    enter(client)
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert client.cookies["csrftoken"].value != token


def test_posts_without_a_csrf_token_are_refused(leader, browser):
    strict = Client(enforce_csrf_checks=True)
    for address in ("/sign-in", "/sign-out", "/me/preferences", "/people/new", "/walls/here", "/preview/stop"):
        assert strict.post(address, {}).status_code == 403, address


def test_passwords_are_kept_with_argon2(settings, person):
    from toancanh.site import settings as real

    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    assert "argon2" in person("analyst").password


def test_a_form_without_its_token_is_explained_in_words(db, settings):
    settings.CSRF_FAILURE_VIEW = "toancanh.people.views.stale_form"
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {})
    assert answer.status_code == 403
    assert "tải lại trang" in answer.content.decode()


def test_the_cost_of_a_hash_is_what_was_decided(settings):
    settings.PASSWORD_HASHERS = ["toancanh.people.entrance.hashing.Argon2"]
    encoded = hashers.make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert hashers.check_password(PASSWORD, encoded)


def test_success_and_failure_are_in_the_audit_record_with_the_address(leader, browser):
    enter(browser(), password="wrong")
    enter(browser())
    entries = [(each.actor, each.action, each.subject, each.address) for each in AuditEntry.objects.order_by("number")]
    assert entries == [
        ("public", "people.sign_in_failed", "user:leader", HERE),
        ("leader", "people.sign_in", "user:leader", HERE),
    ]


def test_after_five_wrong_tries_even_the_right_password_waits_and_the_page_says_how_long(leader, browser):
    for _ in range(5):
        assert enter(browser(), password="wrong").status_code == 401
    answer = enter(browser())
    assert answer.status_code == 429
    assert "Thử lại sau 15 phút" in answer.content.decode()
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=9, seconds=30))
    assert "Thử lại sau 6 phút" in enter(browser()).content.decode()
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert enter(browser()).status_code == 302


def test_trying_while_blocked_does_not_lengthen_the_wait_or_fill_the_record(leader, browser):
    for _ in range(25):
        enter(browser(), password="wrong")
    assert SignInAttempt.objects.count() == 6
    assert AuditEntry.objects.filter(action="people.sign_in_blocked").count() == 1


def test_a_right_password_clears_the_count(leader, browser):
    for _ in range(3):
        for _ in range(4):
            enter(browser(), password="wrong")
        assert enter(browser()).status_code == 302


def test_a_stranger_cannot_lock_a_leader_out_of_the_usual_place(leader):
    enter(at(HERE))
    for _ in range(7):
        enter(at(ELSEWHERE), password="wrong")
    assert enter(at(ELSEWHERE)).status_code == 429
    assert enter(at(HERE)).status_code == 302


def test_one_address_may_not_try_many_accounts(leader):
    for number in range(30):
        assert enter(at(ELSEWHERE), f"account{number}", "wrong").status_code == 401
    assert enter(at(ELSEWHERE)).status_code == 429
    assert enter(at(HERE)).status_code == 302


def test_tries_made_at_the_same_time_are_all_counted(db):
    begun = [attempts.begin("leader", HERE) for _ in range(9)]  # none of them settled yet
    assert [isinstance(each, attempts.TooMany) for each in begun] == [False] * 5 + [True] * 4


def test_a_home_network_of_version_six_counts_as_one_address():
    assert neighbourhood("2001:db8:1:2:aaaa::1") == neighbourhood("2001:db8:1:2:bbbb::2") == "2001:db8:1:2::/64"
    assert neighbourhood("192.0.2.1") == neighbourhood("::ffff:192.0.2.1") == "192.0.2.1"
    assert neighbourhood("") == ""


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ((), "198.51.100.1", HERE),
        (("203.0.113.0/24",), "198.51.100.1", "198.51.100.1"),
        (("203.0.113.0/24",), "1.1.1.1, 198.51.100.1, 203.0.113.8", "198.51.100.1"),
        (("203.0.113.0/24",), "not an address", HERE),
    ],
)
def test_a_forwarded_address_is_believed_only_from_a_known_proxy(leader, browser, settings, proxies, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    browser().post("/sign-in", {"username": "leader", "password": "wrong"}, HTTP_X_FORWARDED_FOR=forwarded)
    assert AuditEntry.objects.get().address == seen


def test_signing_out_ends_the_session_and_remembers_the_page(leader, browser):
    client = browser(leader)
    key = client.cookies["sessionid"].value
    answer = client.post("/sign-out", HTTP_REFERER="http://testserver/walls")
    assert answer.headers["Location"] == "/sign-in?next=%2Fwalls"
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/walls").status_code == 302
    assert client.get("/sign-out").status_code == 405


def test_somebody_signed_in_is_led_past_the_sign_in_page(leader, browser):
    assert browser(leader).get("/sign-in?next=/walls").headers["Location"] == "/walls"


def test_a_closed_account_is_out_at_the_next_request(leader, browser):
    client = browser(leader)
    User.objects.update(is_active=False)
    assert client.get("/walls").headers["Location"] == "/sign-in?next=%2Fwalls"


def test_old_tries_are_forgotten(db):
    SignInAttempt.objects.create(account="x", address=HERE, at=timezone.now() - timedelta(days=91))
    SignInAttempt.objects.create(account="x", address=HERE, at=timezone.now() - timedelta(days=89))
    assert attempts.forget_old() == 1


def test_sessions_that_ran_out_are_forgotten_and_others_stay(leader, person, browser):
    browser(leader)
    gone = Session.objects.get()
    Session.objects.filter(pk=gone.pk).update(expire_date=timezone.now() - timedelta(minutes=1))
    stays = browser(person("operator")).cookies["sessionid"].value
    sessions.forget_ended()
    assert [each.pk for each in Session.objects.all()] == [stays]

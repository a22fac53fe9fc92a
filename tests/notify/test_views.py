"""The pages: each sees its own inbox alone, settings are kept, and webhooks are the administrators'."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests.notify.conftest import PASSWORD, said
from tests.notify.test_push import Browser

from toancanh.audit.models import AuditEntry
from toancanh.jobs.events import wire
from toancanh.kernel.contracts import Severity
from toancanh.live.admission import admitted
from toancanh.notify import queries, services
from toancanh.notify.events import InboxChanged
from toancanh.notify.models import Contact, DutyTurn, Notice, PushSubscription, WebhookEndpoint
from toancanh.people.models import Grant, User
from toancanh.people.roles import Action

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(health):
    """A browser of somebody who is signed in."""

    def make(user: User | None = None) -> Client:
        client = Client()
        if user is not None:
            answer = client.post("/sign-in", {"username": user.username, "password": PASSWORD})
            assert answer.status_code == 302, answer.content.decode()
        return client

    return make


def test_the_inbox_shows_what_is_unread_first_and_the_bell_counts_it(person, browser):
    lan = person("lan")
    services.tell(said("alert:1:raised", needs_answer=True), [lan])
    services.tell(said("alert:2:raised", Severity.LOW), [lan])
    services.mark_read(lan, [Notice.objects.get(key="alert:2:raised").pk])
    page = browser(lan).get("/inbox").content.decode()
    assert page.index('class="unread"') < page.index("Thấp")
    assert "Xác nhận đã nhận" in page
    assert "1 chưa đọc" in page


def test_the_newest_of_what_was_read_stands_before_the_oldest(person, clock):
    lan = person("lan")
    for number in range(3):
        services.tell(said(f"alert:{number}:raised"), [lan])
        clock.now += timedelta(hours=1)
        services.mark_read(lan)
    services.tell(said("alert:9:raised"), [lan])
    assert [each.key[:7] for each in queries.inbox(lan)] == ["alert:9", "alert:2", "alert:1", "alert:0"]


def test_the_bell_is_alone_under_its_own_address(person, browser):
    lan = person("lan")
    services.tell(said(), [lan])
    answer = browser(lan).get("/inbox/bell").content.decode()
    assert f'data-live-key="inbox@user:{lan.pk}"' in answer
    assert "<html" not in answer


@pytest.mark.parametrize("act", ["", "/open", "/confirm"])
def test_somebody_elses_notice_does_not_exist(person, browser, act):
    lan, minh = person("lan"), person("minh", "administrator")
    services.tell(said(), [lan])
    address = f"/inbox/{Notice.objects.get().pk}{act}"
    client = browser(minh)
    assert (client.post(address) if act else client.get(address)).status_code == 404
    assert Notice.objects.get().read_at is None


def test_confirming_and_opening(person, browser):
    lan = person("lan")
    services.tell(said(needs_answer=True), [lan])
    pk = Notice.objects.get().pk
    client = browser(lan)
    assert client.post(f"/inbox/{pk}/confirm")["Location"] == "/inbox"
    assert client.post(f"/inbox/{pk}/confirm").status_code == 302
    assert client.post(f"/inbox/{pk}/open")["Location"] == "/alerts/12"
    assert Notice.objects.get().confirmed_at is not None
    assert client.get(f"/inbox/{pk}").status_code == 200
    assert queries.unread(lan) == 0


def test_everything_is_read_at_once(person, browser):
    lan = person("lan")
    for number in range(3):
        services.tell(said(f"alert:{number}:raised"), [lan])
    browser(lan).post("/inbox/read")
    assert queries.unread(lan) == 0


def test_settings_are_kept_and_mistakes_are_named(person, browser):
    lan = person("lan")
    client = browser(lan)
    good = {"email": "lan@so.gov.vn", "phone": "0912345678", "quiet_from": "22:00", "quiet_to": "06:00", "digest_hour": "8"}
    assert client.post("/inbox/settings", good).status_code == 302
    assert Contact.objects.get(user=lan).digest_hour == 8
    answer = client.post("/inbox/settings", {**good, "email": "lan@"})
    assert answer.status_code == 422
    assert "Nhập địa chỉ dạng" in answer.content.decode()
    assert Contact.objects.get(user=lan).email == "lan@so.gov.vn"


def test_a_browser_subscribes_with_the_centres_key_and_lets_go(person, browser, monkeypatch):
    monkeypatch.setenv("TOANCANH_PUSH_INTERNAL", "localhost")
    client = browser(person("lan"))
    key = client.get("/push/key").json()["key"]
    assert key == client.get("/push/key").json()["key"]
    assert len(key) == 87
    wanted = Browser.new().subscription("https://localhost/push/1")
    body = {"endpoint": wanted.endpoint, "keys": {"p256dh": wanted.p256dh, "auth": wanted.auth}}
    assert client.post("/push/subscriptions", json.dumps(body), content_type="application/json").status_code == 204
    assert PushSubscription.objects.count() == 1
    for wrong in (b"[]", b"x", json.dumps({"endpoint": "https://localhost/1"}).encode()):
        assert client.post("/push/subscriptions", wrong, content_type="application/json").status_code == 422
    whose = json.dumps({"endpoint": wanted.endpoint, "whose": True})
    for asking, mine in ((client, True), (browser(person("minh")), False)):
        answer = asking.post("/push/subscriptions", whose, content_type="application/json")
        assert answer.json() == {"mine": mine}
    off = {"endpoint": wanted.endpoint, "off": True}
    client.post("/push/subscriptions", json.dumps(off), content_type="application/json")
    assert PushSubscription.objects.count() == 0


def test_a_calendar_address_is_shown_once(person, browser):
    client = browser(person("lan"))
    assert "/calendar/" in client.post("/inbox/settings/calendar").content.decode()
    assert "/calendar/" not in client.get("/inbox/settings").content.decode()


def test_the_roster_is_set_by_those_who_direct(person, browser):
    lan, hoa = person("lan"), person("hoa", "officer")
    turn = {"user": str(lan.pk), "starts_at": "2199-01-01T07:00", "ends_at": "2199-01-01T19:00"}
    assert browser(hoa).post("/roster", turn).status_code == 403
    client = browser(lan)
    assert client.post("/roster", turn).status_code == 302
    assert "Lan" in client.get("/roster?week=2199-01-01").content.decode()
    wrong = client.post("/roster", {**turn, "ends_at": "2198-01-01T19:00"})
    assert wrong.status_code == 422
    assert client.post("/roster", {"user": "x"}).status_code == 422
    client.post(f"/roster/{DutyTurn.objects.get().pk}/remove")
    assert not DutyTurn.objects.exists()


def test_a_webhooks_secret_is_shown_once(person, browser):
    client = browser(person("admin", "administrator"))
    wanted = {"name": "Cổng", "url": "http://127.0.0.1/hook", "kind": "gateway", "types": "alert. incident."}
    refused = client.post("/webhooks", wanted)
    assert refused.status_code == 422
    assert "TOANCANH_WEBHOOK_INTERNAL" in refused.content.decode()
    with pytest.MonkeyPatch.context() as allowed:
        allowed.setenv("TOANCANH_WEBHOOK_INTERNAL", "127.0.0.0/8")
        assert "whsec_" in client.post("/webhooks", wanted).content.decode()
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.types == ["alert.", "incident."]
    assert "whsec_" not in client.get(f"/webhooks/{endpoint.pk}").content.decode()
    assert "Cổng" in client.get("/webhooks").content.decode()
    assert "whsec_" in client.post(f"/webhooks/{endpoint.pk}/renew").content.decode()
    for act, status in (("pause", 302), ("resume", 302), ("explode", 404), ("remove", 302)):
        assert client.post(f"/webhooks/{endpoint.pk}/{act}").status_code == status
    assert client.get(f"/webhooks/{endpoint.pk}").status_code == 404


PAGES = {
    "/inbox": {"leader", "operator", "officer", "analyst", "administrator", "auditor"},
    "/inbox/settings": {"leader", "operator", "officer", "analyst", "administrator", "auditor"},
    "/roster": {"leader", "operator", "officer", "analyst", "administrator", "auditor"},
    "/notify/proof?subject=alert:12": {"leader", "operator", "administrator", "auditor"},
    "/webhooks": {"administrator"},
}


@pytest.mark.parametrize("role", ["leader", "operator", "officer", "analyst", "administrator", "auditor"])
def test_each_role_reaches_its_pages_and_no_other(person, browser, role):
    client = browser(person("someone", role))
    for address, allowed in PAGES.items():
        assert client.get(address).status_code == (200 if role in allowed else 403), address


@pytest.mark.parametrize("address", [*PAGES, "/push/key", "/inbox/bell"])
def test_the_public_is_sent_to_the_sign_in_page(browser, address):
    assert browser().get(address)["Location"].startswith("/sign-in")


def test_the_proof_names_everyone_who_was_told_and_every_attempt(person, browser, monkeypatch):
    monkeypatch.setenv("TOANCANH_SMTP", "smtp://127.0.0.1:1?tls=none")
    boss, lan = person("boss", "leader"), person("lan", contact={"email": "lan@so.gov.vn"})
    services.tell(said(), [lan])
    from toancanh.notify.outbox import lanes

    lanes.send_now()
    page = browser(boss).get("/notify/proof?subject=alert:12").content.decode()
    assert "lan@so.gov.vn" in page
    assert "ConnectionRefusedError" in page
    mine = browser(lan).get(f"/inbox/{Notice.objects.get().pk}").content.decode()
    assert "ConnectionRefusedError" in mine


def test_looking_at_a_proof_is_recorded(person, browser):
    services.tell(said(), [person("lan")])
    client = browser(person("boss", "leader"))
    client.get("/notify/proof?subject=alert:12")
    client.get("/notify/proof")
    looks = AuditEntry.objects.filter(action="notify.read_proof")
    assert [(each.actor, each.subject) for each in looks] == [("boss", "alert:12")]


def test_whoever_directs_everywhere_sees_proofs_though_the_record_is_open_to_them_for_one_place_only(person, browser, health):
    boss = person("boss", "operator")
    Grant.objects.create(user=boss, actions=[Action.AUDIT.value], agency=health, given_by="admin")
    assert browser(boss).get("/notify/proof?subject=alert:12").status_code == 200


def test_characters_that_a_database_refuses_are_not_kept(person, browser, monkeypatch):
    monkeypatch.setenv("TOANCANH_WEBHOOK_INTERNAL", "localhost")
    wanted = {"name": "Cổng\x00 1", "url": "http://localhost/hook", "kind": "webhook", "types": "alert.\x00 incident."}
    browser(person("admin", "administrator")).post("/webhooks", wanted)
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.name, endpoint.types) == ("Cổng 1", ["alert.", "incident."])
    monkeypatch.setenv("TOANCANH_PUSH_INTERNAL", "localhost")
    good = Browser.new().subscription("https://localhost/push/1")
    keys = {"p256dh": good.p256dh + "\x00", "auth": good.auth}
    body = json.dumps({"endpoint": good.endpoint, "keys": keys})
    browser(person("lan")).post("/push/subscriptions", body, content_type="application/json")
    assert PushSubscription.objects.get().p256dh == good.p256dh


def test_only_the_person_hears_that_the_inbox_changed(person, browser, monkeypatch):
    monkeypatch.setattr("toancanh.live.admission.close_old_connections", lambda: None)  # the test's own transaction
    lan, minh = person("lan"), person("minh")
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser(lan).cookies.items())
    asked = ["sample:MS", f"user:{lan.pk}", f"user:{minh.pk}"]
    assert admitted(cookie, asked) == {"sample:MS", f"user:{lan.pk}"}
    assert admitted("", asked) is None


def test_the_news_of_a_notice_is_told_after_commit(person, django_capture_on_commit_callbacks, monkeypatch):
    told: list[InboxChanged] = []
    monkeypatch.setattr("toancanh.jobs.events._wiring", {})
    wire({InboxChanged: (told.append,)})
    lan = person("lan")
    with django_capture_on_commit_callbacks(execute=True):
        services.tell(said(), [lan])
    assert told == [InboxChanged((lan.pk,))]

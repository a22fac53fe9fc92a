"""Webhooks against a real receiver: signed as Standard Webhooks, told as CloudEvents, and never into our own network."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.notify.conftest import said
from tests.notify.receivers import receiver

from toancanh.audit.models import AuditEntry
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.notify import services
from toancanh.notify.arranging import webhooks
from toancanh.notify.channels.kept_secrets import webhook_secret
from toancanh.notify.models import Attempt, Dispatch, State, WebhookEndpoint
from toancanh.notify.outbox import lanes

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_side(monkeypatch):
    monkeypatch.setenv("TOANCANH_WEBHOOK_INTERNAL", "localhost")
    with receiver() as found:
        yield found


@pytest.fixture
def administrator(person):
    return person("admin", "administrator")


@pytest.fixture
def hook(other_side, administrator):
    """Makes a webhook to the other side: (endpoint, secret)."""

    def make(**columns):
        return webhooks.add(administrator, webhooks.Wanted(name="Cổng nhận tin", url=other_side.url(), **columns))

    return make


def test_every_event_verifies_and_a_changed_one_does_not(hook, other_side):
    _, secret = hook()
    for number in range(20):
        services.publish("alert.raised", f"alert:{number}", {"unit": "sample:MS01", "value": 87.5, "title": "Bụi mịn"})
    assert lanes.send_now() == 20
    judge = Webhook(secret)
    for post in other_side.posts:
        judge.verify(post.body, post.headers)
    first = other_side.posts[0]
    with pytest.raises(WebhookVerificationError):
        judge.verify(first.body.replace(b"87.5", b"7.5"), first.headers)
    with pytest.raises(WebhookVerificationError):
        judge.verify(first.body, {**first.headers, "webhook-id": "msg_another"})


def test_the_body_is_a_cloud_event(hook, other_side):
    hook()
    services.publish("alert.raised", "alert:12", {"value": 87.5})
    lanes.send_now()
    post = other_side.posts[0]
    event = json.loads(post.body)
    assert post.headers["content-type"].startswith("application/cloudevents+json")
    assert event["specversion"] == "1.0"
    assert (event["type"], event["subject"], event["data"]) == ("vn.toancanh.alert.raised", "alert:12", {"value": 87.5})
    assert event["source"].startswith("urn:toancanh:")
    assert datetime.fromisoformat(event["time"]).tzinfo == UTC
    assert event["id"]


def test_a_repeat_has_the_same_identity_and_the_same_body(hook, other_side, clock):
    hook()
    other_side.status = 503
    services.publish("alert.raised", "alert:12", {"value": 87.5})
    lanes.send_now()
    other_side.status = 200
    clock.now += timedelta(seconds=2)
    lanes.send_now()
    first, second = other_side.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert [each.outcome for each in Attempt.objects.all()] == ["failed", "sent"]


def test_a_webhook_gets_only_the_types_it_wants(hook, other_side):
    hook(types=("incident.",))
    services.publish("alert.raised", "alert:1", {})
    services.publish("incident.opened", "incident:1", {})
    lanes.send_now()
    assert [json.loads(post.body)["subject"] for post in other_side.posts] == ["incident:1"]


def test_a_gateway_gets_the_telephone_and_a_short_text_for_what_is_urgent(hook, other_side, person, clock):
    hook(kind="gateway")
    lan = person("lan", contact={"phone": "+84912345678", "quiet_from": "00:00", "quiet_to": "23:59"})
    services.tell(said("alert:1:raised", Severity.HIGH), [lan])
    services.tell(said("alert:2:raised", Severity.URGENT), [lan, person("minh")])
    services.publish("alert.raised", "alert:2", {})
    lanes.send_now()
    assert len(other_side.posts) == 1
    event = json.loads(other_side.posts[0].body)
    assert event["type"] == "vn.toancanh.text.requested"
    assert event["data"]["to"] == "+84912345678"
    assert event["data"]["text"].startswith("Bụi mịn vượt ngưỡng tại Bắc Sơn")


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_not_followed(hook, other_side, status):
    hook()
    other_side.status, other_side.headers = status, {"Location": other_side.url("/elsewhere")}
    services.publish("alert.raised", "alert:1", {})
    lanes.send_now()
    assert [post.path for post in other_side.posts] == ["/hook"]
    assert Dispatch.objects.get().state == State.WAITING


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/", "http://localhost/", "http://10.1.2.3/", "http://192.168.1.1/", "http://169.254.169.254/latest",
        "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "ftp://example.com/", "http:///x", "https://user:pw@example.com/",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused(administrator, url):
    with pytest.raises(Problem):
        webhooks.add(administrator, webhooks.Wanted(name="Trong nhà", url=url))


def test_a_name_that_points_inside_later_is_not_called(hook, other_side, monkeypatch):
    hook()
    monkeypatch.delenv("TOANCANH_WEBHOOK_INTERNAL")
    services.publish("alert.raised", "alert:1", {})
    lanes.send_now()
    assert other_side.posts == []
    assert "TOANCANH_WEBHOOK_INTERNAL" in Attempt.objects.get().detail


def test_a_paused_webhook_keeps_what_waits_for_it(hook, other_side, administrator, clock):
    endpoint, _ = hook()
    services.publish("alert.raised", "alert:1", {})
    webhooks.pause(administrator, endpoint.pk)
    services.publish("alert.raised", "alert:2", {})
    lanes.send_now()
    assert other_side.posts == []
    webhooks.resume(administrator, endpoint.pk)
    lanes.send_now()
    assert len(other_side.posts) == 1


def test_a_receiver_that_is_gone_for_good_is_paused(hook, other_side):
    endpoint, _ = hook()
    other_side.status = 410
    services.publish("alert.raised", "alert:1", {})
    lanes.send_now()
    assert not WebhookEndpoint.objects.get(pk=endpoint.pk).active


def test_the_record_keeps_the_host_of_a_webhook_and_not_the_secret_in_its_address(administrator, other_side):
    endpoint, _ = webhooks.add(administrator, webhooks.Wanted(name="Cổng", url=other_side.url("/hook?token=bimat")))
    webhooks.remove(administrator, endpoint.pk)
    entries = AuditEntry.objects.filter(subject=f"webhook:{endpoint.pk}")
    assert [each.details["host"] for each in entries] == ["localhost", "localhost"]
    assert "bimat" not in "".join(each.detail for each in entries)


def test_another_secret_counts_from_the_commit_on_and_not_when_there_is_none(
    hook, administrator, django_capture_on_commit_callbacks
):
    endpoint, old = hook()
    with django_capture_on_commit_callbacks() as after:
        new = webhooks.renew_secret(administrator, endpoint.pk)
    assert webhook_secret(endpoint.pk) == old
    for each in after:
        each()
    assert webhook_secret(endpoint.pk) == new != old


def test_only_administrators_arrange_webhooks(person, other_side):
    for role in ("leader", "operator", "officer", "analyst", "auditor"):
        with pytest.raises(Problem) as refused:
            webhooks.add(person(role, role), webhooks.Wanted(name="x", url="https://example.com/"))
        assert refused.value.status == 403

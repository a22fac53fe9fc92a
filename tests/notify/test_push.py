"""Web push against a real HTTPS service that checks who signed, and reads what was encrypted for the browser."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tests.notify.conftest import said
from tests.notify.receivers import certificate_for_localhost, receiver

from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.notify import services
from toancanh.notify.arranging import browsers
from toancanh.notify.models import Dispatch, PushSubscription, State
from toancanh.notify.outbox import lanes

pytestmark = pytest.mark.django_db


@dataclass
class Browser:
    """What a browser keeps to itself: its private key and secret."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes

    @classmethod
    def new(cls) -> Browser:
        return cls(ec.generate_private_key(ec.SECP256R1()), os.urandom(16))

    def subscription(self, endpoint: str) -> browsers.Subscription:
        return browsers.Subscription(endpoint=endpoint, p256dh=_text(_point(self.key.public_key())), auth=_text(self.auth))

    def read(self, body: bytes) -> dict:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


@pytest.fixture
def service(monkeypatch, tmp_path):
    certificate = certificate_for_localhost(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("TOANCANH_PUSH_INTERNAL", "localhost")
    monkeypatch.setenv("TOANCANH_URL", "https://ioc.minhson.example.vn")
    with receiver(certificate) as found:
        found.status = 201
        yield found


def test_the_message_is_signed_by_the_centre_and_read_by_its_browser_alone(person, clock, service):
    lan, browser = person("lan"), Browser.new()
    browsers.subscribe(lan, browser.subscription(service.url("/push/1")))
    services.tell(said(severity=Severity.URGENT), [lan])
    lanes.send_now()
    post = service.posts[0]
    assert browser.read(post.body)["title"] == "Bụi mịn vượt ngưỡng tại Bắc Sơn"
    with pytest.raises((http_ece.ECEException, ValueError)):
        Browser.new().read(post.body)
    assert post.headers["content-encoding"] == "aes128gcm"
    assert (post.headers["urgency"], int(post.headers["ttl"])) == ("high", 86400)
    claims = _verified(post.headers["authorization"])
    assert claims["aud"] == f"https://localhost:{service.port}"
    assert claims["sub"] == "https://ioc.minhson.example.vn"


def test_a_repeat_replaces_what_the_browser_shows(person, clock, service):
    lan, browser = person("lan"), Browser.new()
    browsers.subscribe(lan, browser.subscription(service.url()))
    service.status = 503
    services.tell(said(), [lan])
    lanes.send_now()
    service.status = 201
    from datetime import timedelta

    clock.now += timedelta(seconds=2)
    lanes.send_now()
    first, second = service.posts
    assert first.headers["topic"] == second.headers["topic"] == browser.read(second.body)["tag"]
    assert len(first.headers["topic"]) <= 32


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(person, clock, service, status):
    lan = person("lan")
    browsers.subscribe(lan, Browser.new().subscription(service.url()))
    service.status = status
    services.tell(said(), [lan])
    lanes.send_now()
    assert not PushSubscription.objects.exists()
    assert Dispatch.objects.get().state == State.DROPPED


def test_minor_things_do_not_ring(person, clock, service):
    lan = person("lan")
    browsers.subscribe(lan, Browser.new().subscription(service.url()))
    services.tell(said(severity=Severity.LOW), [lan])
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        ("http://push.example.com/1", None, None),
        ("https://127.0.0.1/1", None, None),
        ("https://10.0.0.8/1", None, None),
        ("https://localhost/1", "AAAA", None),
        ("https://localhost/1", None, "!!"),
    ],
)
def test_a_subscription_that_is_none_is_refused(person, monkeypatch, endpoint, p256dh, auth):
    if "localhost" in endpoint:
        monkeypatch.setenv("TOANCANH_PUSH_INTERNAL", "localhost")
    good = Browser.new().subscription(endpoint)
    with pytest.raises(Problem) as refused:
        browsers.subscribe(person("lan"), browsers.Subscription(endpoint, p256dh or good.p256dh, auth or good.auth))
    assert refused.value.status == 422


def test_what_webhooks_may_reach_inside_is_not_open_to_whoever_names_a_push_service(person, monkeypatch):
    monkeypatch.setenv("TOANCANH_WEBHOOK_INTERNAL", "localhost,127.0.0.0/8")
    with pytest.raises(Problem) as refused:
        browsers.subscribe(person("lan"), Browser.new().subscription("https://localhost/admin"))
    assert "TOANCANH_PUSH_INTERNAL" in refused.value.detail.en


def test_a_browser_subscribed_inside_is_not_called_once_that_is_not_allowed(person, clock, service, monkeypatch):
    lan = person("lan")
    browsers.subscribe(lan, Browser.new().subscription(service.url()))
    monkeypatch.setenv("TOANCANH_WEBHOOK_INTERNAL", "localhost")
    monkeypatch.delenv("TOANCANH_PUSH_INTERNAL")
    services.tell(said(), [lan])
    lanes.send_now()
    assert service.posts == []


def test_a_browser_that_changes_hands_tells_only_its_new_person(person, clock, service):
    lan, minh, browser = person("lan"), person("minh"), Browser.new()
    for user in (lan, minh):
        browsers.subscribe(user, browser.subscription(service.url()))
    services.tell(said(), [lan])
    assert lanes.send_now() == 0


def _verified(header: str) -> dict:
    """The claims of a VAPID header, after its signature was checked with the key it names."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = parts["t"].split(".")
    raw = _bytes(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(parts["k"]))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(_bytes(head))["alg"] == "ES256"
    return json.loads(_bytes(claims))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

"""Web push (RFC 8030): the message is encrypted for one browser (RFC 8291), signed with the centre's own key (RFC 8292).

Topic and tag come from the dispatch, so that a repeat replaces what the browser already shows. Anybody with an account names the
address, so it lies outside the centre's network unless TOANCANH_PUSH_INTERNAL names it; what webhooks may reach does not count.
"""

from __future__ import annotations

import base64
import json
import os
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from toancanh.jobs.outbound import GuardedTransport
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.notify.channels.handing import TIMEOUT, Result, down, dropped, failed, refused, sent
from toancanh.notify.channels.kept_secrets import vapid
from toancanh.notify.channels.mail_server import sender
from toancanh.notify.models import Dispatch, Notice, PushSubscription

INTERNAL = "TOANCANH_PUSH_INTERNAL"
KEPT_SECONDS = 24 * 3600  # how long the push service keeps it for a phone that is off
LONGEST_BODY = 500
URGENCY = {Severity.LOW: "low", Severity.MEDIUM: "normal", Severity.HIGH: "high", Severity.URGENT: "high"}


class PushSession:
    """A client for one push service."""

    def __init__(self) -> None:
        self._client = httpx.Client(transport=GuardedTransport(INTERNAL), timeout=TIMEOUT, follow_redirects=False)

    def hand_over(self, dispatch: Dispatch) -> Result:
        """Send one message; a browser that is gone is forgotten."""
        subscription, notice = dispatch.subscription, dispatch.notice
        if subscription is None or notice is None:
            return dropped("this browser takes no messages any more")
        try:
            content = sealed(subscription, payload_of(dispatch, notice))
        except (ValueError, UnsupportedAlgorithm, http_ece.ECEException) as error:
            return refused(error)
        headers = {
            **signature(subscription.endpoint), "TTL": str(KEPT_SECONDS), "Topic": dispatch.ref.hex,
            "Urgency": URGENCY[Severity(notice.severity)], "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }  # fmt: skip
        try:
            with self._client.stream("POST", subscription.endpoint, content=content, headers=headers) as answer:
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return down(error)
        except Problem as problem:
            return down(problem.detail.en)
        return _judged(status, subscription)

    def close(self) -> None:
        self._client.close()


def payload_of(dispatch: Dispatch, notice: Notice) -> bytes:
    """What the browser is told: words in the person's language, where they lead, and the tag that makes a repeat replace it."""
    language = dispatch.user.language if dispatch.user is not None else "vi"
    told = {
        "title": notice.title.to(language), "body": notice.body.to(language)[:LONGEST_BODY], "link": notice.link,
        "tag": dispatch.ref.hex, "severity": notice.severity, "topic": notice.topic, "notice": notice.pk,
        "needs_answer": notice.needs_answer, "lang": language,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()


def sealed(subscription: PushSubscription, payload: bytes) -> bytes:
    """`payload` encrypted so that only this browser can read it."""
    return http_ece.encrypt(
        payload, salt=os.urandom(16), private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=unpadded(subscription.p256dh), auth_secret=unpadded(subscription.auth), version="aes128gcm",
    )  # fmt: skip


def unpadded(text: str) -> bytes:
    """The bytes of base64url without padding. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature(endpoint: str) -> dict[str, str]:
    """The VAPID header for the push service of `endpoint`."""
    parts = urlsplit(endpoint)
    address = os.environ.get("TOANCANH_URL", "")
    contact = address if address.startswith("https://") else f"mailto:{sender()}"
    return vapid().sign({"aud": f"{parts.scheme}://{parts.netloc}", "sub": contact})


def _judged(status: int, subscription: PushSubscription) -> Result:
    if 200 <= status < 300:
        return sent(status)
    if status in (404, 410):
        PushSubscription.objects.filter(pk=subscription.pk).delete()
        return dropped(f"{status} the browser is gone")
    if status >= 500 or status == 429:
        return down(status)
    return refused(status) if status in (400, 413) else failed(status)

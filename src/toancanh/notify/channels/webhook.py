"""Outgoing webhooks: a signed CloudEvent by POST, never redirected, never into the centre's own network unless it was allowed.

TOANCANH_WEBHOOK_INTERNAL lists the host names and networks inside that may be called: "sms.local,10.1.0.0/24".
"""

from __future__ import annotations

import httpx
from django.utils import timezone

from toancanh.jobs.outbound import GuardedTransport
from toancanh.kernel.problem import Problem
from toancanh.notify.channels.events import CONTENT_TYPE, event_body
from toancanh.notify.channels.handing import TIMEOUT, Result, down, dropped, failed, refused, sent
from toancanh.notify.channels.kept_secrets import webhook_secret
from toancanh.notify.channels.mail_server import absolute
from toancanh.notify.channels.signing import signed_headers
from toancanh.notify.models import Channel, Dispatch, WebhookEndpoint

INTERNAL = "TOANCANH_WEBHOOK_INTERNAL"
GATEWAY_EVENT = "text.requested"
LONGEST_TEXT = 300
_READ = 200  # bytes of an answer that are kept for the proof; the rest is not read


class WebhookSession:
    """A client for one endpoint; its connection is kept between hand-overs."""

    def __init__(self) -> None:
        self._client = httpx.Client(transport=GuardedTransport(INTERNAL), timeout=TIMEOUT, follow_redirects=False)

    def hand_over(self, dispatch: Dispatch) -> Result:
        """POST one event. The body and its webhook-id are the same at every try; time and signature are of the try."""
        endpoint = dispatch.endpoint
        if endpoint is None:
            return dropped("the webhook was removed")
        body = body_of(dispatch).encode()
        now = int(timezone.now().timestamp())
        headers = signed_headers(webhook_secret(endpoint.pk), f"msg_{dispatch.ref.hex}", now, body)
        try:
            with self._client.stream(
                "POST", endpoint.url, content=body, headers={**headers, "Content-Type": CONTENT_TYPE, "User-Agent": "toancanh"}
            ) as answer:
                said = _beginning(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return down(error)
        except Problem as problem:
            return down(problem.detail.en)
        return _judged(answer.status_code, said, endpoint)

    def close(self) -> None:
        self._client.close()


def body_of(dispatch: Dispatch) -> str:
    """The event of a dispatch; for a gateway the text and the telephone."""
    notice = dispatch.notice
    if dispatch.channel != Channel.GATEWAY or notice is None:
        return dispatch.body
    language = dispatch.user.language if dispatch.user is not None else "vi"
    text = f"{notice.title.to(language)}: {notice.body.to(language)}"
    data = {
        "to": dispatch.address.split(":", 2)[2],
        "text": text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…",
        "link": absolute(notice.link),
        "language": language,
        "severity": notice.severity,
        "topic": notice.topic,
        "key": notice.key,
    }
    return event_body(dispatch.ref, GATEWAY_EVENT, notice.subject, data, dispatch.made_at)


def _beginning(answer: httpx.Response) -> str:
    for piece in answer.iter_bytes(_READ):
        return piece[:_READ].decode("utf-8", "replace")
    return ""


def _judged(status: int, said: str, endpoint: WebhookEndpoint) -> Result:
    words = f"{status} {said}".strip()
    if 200 <= status < 300:
        return sent(words)
    if status == 410:  # the receiver wants no more of it
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(active=False)
        return refused(words)
    if status >= 500 or status == 429:
        return down(words)
    return failed(words)

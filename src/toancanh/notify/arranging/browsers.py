"""Which browsers ring for a person: each is subscribed and unsubscribed by whoever is signed in there."""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.arranging.callable_addresses import check_push_service
from toancanh.notify.channels.push import unpadded
from toancanh.notify.models import PushSubscription
from toancanh.people.models import User
from toancanh.people.policy import read_only

MOST = 20  # browsers of one person


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives: where its push service takes messages, its public key and its secret, in base64url."""

    endpoint: str
    p256dh: str
    auth: str
    browser: str = ""


def subscribe(user: User, wanted: Subscription) -> PushSubscription:
    """Ring this browser for `user` from now on, and for nobody else. Raises `Problem` 403, 422."""
    if user.read_only:
        raise read_only()
    check_push_service(wanted.endpoint)
    _check_keys(wanted)
    with transaction.atomic():
        PushSubscription.objects.filter(endpoint=wanted.endpoint).exclude(user=user).delete()
        found, new = PushSubscription.objects.update_or_create(
            endpoint=wanted.endpoint,
            defaults={
                "user": user,
                "p256dh": wanted.p256dh,
                "auth": wanted.auth,
                "browser": wanted.browser[:200],
                "made_at": timezone.now(),
            },
        )
        if new:
            _forget_oldest(user)
            _note(user, "subscribe_browser", found)
    return found


def rings_for(user: User, endpoint: str) -> bool:
    """Whether it is `user` whom the browser with this endpoint rings for."""
    return PushSubscription.objects.filter(user=user, endpoint=endpoint).exists()


def unsubscribe(user: User, endpoint: str) -> None:
    """Ring this browser no more for `user`."""
    if user.read_only:
        raise read_only()
    with transaction.atomic():
        for found in PushSubscription.objects.filter(user=user, endpoint=endpoint):
            _note(user, "unsubscribe_browser", found)
            found.delete()


def _check_keys(wanted: Subscription) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpadded(wanted.p256dh))
        sound = len(unpadded(wanted.auth)) == 16 and len(wanted.p256dh) <= 100
    except (ValueError, binascii.Error):
        sound = False
    if not sound:
        raise Problem(
            "bad-subscription",
            422,
            Text("Khóa của trình duyệt không hợp lệ", "The browser's keys are not valid"),
            Text("Tải lại trang rồi bật lại thông báo.", "Reload the page and switch push on again."),
        )


def _forget_oldest(user: User) -> None:
    kept = PushSubscription.objects.filter(user=user).order_by("-made_at", "-pk").values_list("pk", flat=True)[:MOST]
    PushSubscription.objects.filter(user=user).exclude(pk__in=list(kept)).delete()


def _note(user: User, verb: str, found: PushSubscription) -> None:
    record(user.label, f"notify.{verb}", f"user:{user.username}", detail={"browser": found.browser}, address=user.address)

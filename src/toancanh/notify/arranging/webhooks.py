"""Webhooks as an administrator arranges them: add (the secret is shown once), change the secret, pause, go on, remove."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.arranging.callable_addresses import check_webhook
from toancanh.notify.channels.events import PREFIX
from toancanh.notify.channels.kept_secrets import forget_webhook_secret, keep_webhook_secret
from toancanh.notify.channels.signing import new_secret
from toancanh.notify.models import Channel, WebhookEndpoint
from toancanh.people.entrance.credentials import plain
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_everywhere
from toancanh.people.roles import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A webhook to be. `kind` webhook or gateway; `types`: beginnings of event types, none for every type."""

    name: str
    url: str
    kind: str = Channel.WEBHOOK.value
    types: tuple[str, ...] = ()


def add(actor: Actor, wanted: Wanted) -> tuple[WebhookEndpoint, str]:
    """The new webhook and its secret, which is not shown again. Raises `Problem` 403, 422."""
    require_everywhere(actor, Action.ADMINISTER)
    name = plain(wanted.name)[:120]
    if not name or wanted.kind not in (Channel.WEBHOOK, Channel.GATEWAY):
        raise _incomplete()
    check_webhook(wanted.url)
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            name=name,
            url=wanted.url,
            kind=wanted.kind,
            types=[each.removeprefix(PREFIX) for each in map(plain, wanted.types) if each],
            made_by=actor.label,
            made_at=timezone.now(),
        )
        secret = new_secret()
        keep_webhook_secret(endpoint.pk, secret)
        detail = {"name": name, "host": _host(wanted.url), "kind": wanted.kind, "types": endpoint.types}
        _note(actor, "add_webhook", endpoint, detail)
    return endpoint, secret


def pause(actor: Actor, pk: int) -> None:
    """Send nothing there until `resume`; what waits goes on waiting."""
    _switch(actor, pk, active=False)


def resume(actor: Actor, pk: int) -> None:
    """Send there again, what waited first."""
    _switch(actor, pk, active=True)


def renew_secret(actor: Actor, pk: int) -> str:
    """Another secret in place of the old one, which is worth nothing from now on."""
    require_everywhere(actor, Action.ADMINISTER)
    with transaction.atomic():
        endpoint = _found(pk)
        secret = new_secret()
        _note(actor, "renew_webhook_secret", endpoint)
        transaction.on_commit(lambda: keep_webhook_secret(pk, secret))
    return secret


def remove(actor: Actor, pk: int) -> None:
    """The webhook with all that waits for it, and the proof of what it was sent. Its audit entries stay."""
    require_everywhere(actor, Action.ADMINISTER)
    with transaction.atomic():
        endpoint = _found(pk)
        _note(actor, "remove_webhook", endpoint, {"name": endpoint.name, "host": _host(endpoint.url)})
        endpoint.delete()
        transaction.on_commit(lambda: forget_webhook_secret(pk))


def _switch(actor: Actor, pk: int, *, active: bool) -> None:
    require_everywhere(actor, Action.ADMINISTER)
    with transaction.atomic():
        endpoint = _found(pk)
        WebhookEndpoint.objects.filter(pk=pk).update(active=active)
        _note(actor, "resume_webhook" if active else "pause_webhook", endpoint)


def _found(pk: int) -> WebhookEndpoint:
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=pk).first()
    if endpoint is None:
        raise Problem(
            "not-found",
            404,
            Text("Không tìm thấy webhook", "No such webhook"),
            Text("Quay lại danh sách và chọn lại.", "Go back to the list and choose again."),
        )
    return endpoint


def _host(url: str) -> str:
    """What the record keeps of an address: the rest of it often is a secret of the other side."""
    return urlsplit(url).hostname or ""


def _incomplete() -> Problem:
    return Problem(
        "webhook-incomplete",
        422,
        Text("Thiếu thông tin", "Something is missing"),
        Text("Nhập tên và chọn loại webhook.", "Give the webhook a name and a kind."),
    )


def _note(actor: Actor, verb: str, endpoint: WebhookEndpoint, detail: dict[str, object] | None = None) -> None:
    record(actor.label, f"notify.{verb}", f"webhook:{endpoint.pk}", detail=detail, address=actor.address)

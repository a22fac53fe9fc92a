"""The administrators' page of webhooks: add (the secret is shown once), pause, go on, renew the secret, remove."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toancanh.audit.telling import after
from toancanh.kernel.problem import Problem
from toancanh.notify import queries
from toancanh.notify.arranging import webhooks
from toancanh.notify.models import WebhookEndpoint
from toancanh.notify.views.shown import KINDS_OF_WEBHOOK, dispatch_table, webhook_status, webhook_table
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice, FieldView


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.ADMINISTER)
def page(request: Request) -> HttpResponse:
    """All webhooks; a post adds one."""
    if request.method != "POST":
        return _page(request, {})
    posted = request.POST.dict()
    types = tuple(posted.get("types", "").replace(",", " ").split())
    wanted = webhooks.Wanted(
        name=posted.get("name", ""), url=posted.get("url", "").strip(), kind=posted.get("kind", ""), types=types
    )
    try:
        endpoint, secret = webhooks.add(request.actor, wanted)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(request, posted, problem)
    return _one(request, endpoint, secret)


@require_safe
@require(Action.ADMINISTER)
def one(request: Request, pk: int) -> HttpResponse:
    """One webhook with what it was sent last."""
    return _one(request, _found(request, pk))


@require_POST
@require(Action.ADMINISTER)
def change(request: Request, pk: int, act: str) -> HttpResponse:
    """Pause, resume, renew or remove."""
    if act == "renew":
        secret = webhooks.renew_secret(request.actor, pk)
        return _one(request, _found(request, pk), secret)
    acts = {"pause": webhooks.pause, "resume": webhooks.resume, "remove": webhooks.remove}
    if act not in acts:
        raise Http404
    acts[act](request.actor, pk)
    gone = act == "remove"
    return after(request, f"notify.{act}_webhook", reverse("notify:webhooks") if gone else reverse("notify:webhook", args=[pk]))


def _found(request: Request, pk: int) -> WebhookEndpoint:
    endpoint = queries.webhooks(request.actor).filter(pk=pk).first()
    if endpoint is None:
        raise Http404
    return endpoint


def _page(request: Request, posted: dict[str, str], problem: Problem | None = None) -> HttpResponse:
    context = {"table": webhook_table(queries.webhooks(request.actor)), "fields": _fields(posted), "problem": problem}
    return render(request, "notify/webhooks.html", context, status=problem.status if problem else 200)


def _one(request: Request, endpoint: WebhookEndpoint, secret: str = "") -> HttpResponse:
    sent = dispatch_table(queries.last_dispatches(request.actor, endpoint), t("Gửi gần đây", "Sent lately"))
    context = {"webhook": endpoint, "mark": webhook_status(endpoint), "table": sent, "secret": secret}
    return render(request, "notify/webhook.html", context)


def _fields(posted: dict[str, str]) -> tuple[FieldView, ...]:
    chosen = posted.get("kind", "webhook")
    kinds = tuple(Choice(value=value, label=tx(words), chosen=value == chosen) for value, words in KINDS_OF_WEBHOOK.items())
    types = t("Ví dụ: alert. incident.opened. Để trống: mọi sự kiện.", "For example: alert. incident.opened. Empty: every event.")
    return (
        FieldView(name="name", label=t("Tên", "Name"), required=True, value=posted.get("name", ""), autocomplete="off"),
        FieldView(name="url", label=t("Địa chỉ", "Address"), kind="url", required=True, value=posted.get("url", "")),
        FieldView(name="kind", label=t("Loại", "Kind"), kind="select", required=True, choices=kinds),
        FieldView(name="types", label=t("Loại sự kiện", "Types of events"), value=posted.get("types", ""), hint=types),
    )

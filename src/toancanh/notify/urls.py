"""Addresses of the notify room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from toancanh.notify.views import inbox, proofs, roster, settings, webhooks

app_name = "notify"
urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/bell", inbox.bell, name="bell"),
    path("inbox/read", inbox.read, name="read"),
    path("inbox/<int:pk>", inbox.notice, name="notice"),
    path("inbox/<int:pk>/open", inbox.open_notice, name="open"),
    path("inbox/<int:pk>/confirm", inbox.confirm, name="confirm"),
    path("inbox/settings", settings.page, name="settings"),
    path("inbox/settings/calendar", settings.new_calendar, name="new_calendar"),
    path("push/key", settings.push_key, name="push_key"),
    path("push/subscriptions", settings.subscriptions, name="subscriptions"),
    path("calendar/<str:token>.ics", settings.calendar_feed, name="calendar"),
    path("roster", roster.page, name="roster"),
    path("roster/<int:pk>/remove", roster.remove, name="remove_turn"),
    path("notify/proof", proofs.page, name="proof"),
    path("webhooks", webhooks.page, name="webhooks"),
    path("webhooks/<int:pk>", webhooks.one, name="webhook"),
    path("webhooks/<int:pk>/<str:act>", webhooks.change, name="change_webhook"),
]

"""Addresses of the watch room."""

from __future__ import annotations

from django.urls import path

from toancanh.watch.views import alerts, new_rule, rules

app_name = "watch"
urlpatterns = [
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/<int:alert_id>", alerts.alert, name="alert"),
    path("alerts/<int:alert_id>/take", alerts.take, name="take"),
    path("alerts/<int:alert_id>/false", alerts.false_positive, name="false_positive"),
    path("alerts/<int:alert_id>/silence", alerts.hush, name="hush"),
    path("alerts/silences", alerts.plan, name="plan"),
    path("alerts/silences/<int:silence_id>/end", alerts.end_silence, name="end_silence"),
    path("rules", rules.rules, name="rules"),
    path("rules/new", new_rule.new_rule, name="new_rule"),
    path("rules/<slug:code>", rules.rule, name="rule"),
    path("rules/<slug:code>/switch", rules.switch, name="switch"),
    path("rules/<slug:code>/limits", rules.local_limit, name="local_limit"),
]

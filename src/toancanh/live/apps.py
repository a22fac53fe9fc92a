"""The room of the event stream."""

from __future__ import annotations

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "toancanh.live"
    label = "live"

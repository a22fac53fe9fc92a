"""The room of indicator values."""

from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "toancanh.indicators"
    label = "indicators"

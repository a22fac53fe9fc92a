"""The boards room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    """Pages and wall scenes that leaders and staff look at."""

    name = "toancanh.boards"
    label = "boards"
    default_auto_field = "django.db.models.BigAutoField"

"""The units room as a Django application."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "toancanh.units"
    label = "units"
    default_auto_field = "django.db.models.BigAutoField"

"""The notify room as a Django application."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "toancanh.notify"
    label = "notify"

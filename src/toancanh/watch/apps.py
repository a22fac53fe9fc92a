"""The watch room as a Django application."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "toancanh.watch"
    label = "watch"

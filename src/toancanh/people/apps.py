"""The people room as a Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "toancanh.people"
    label = "people"

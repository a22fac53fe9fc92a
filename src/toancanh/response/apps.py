"""The response room as a Django application."""

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    name = "toancanh.response"
    label = "response"

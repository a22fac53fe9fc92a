"""The audit room as a Django application."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "toancanh.audit"
    label = "audit"

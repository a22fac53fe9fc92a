"""What is kept beside incidents: the versions of kinds and procedures that were made here, and the reports that opened incidents.

Both are only added to.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Of(models.TextChoices):
    """What a version is of."""

    KIND = "kind"
    PROCEDURE = "procedure"


class LocalVersion(models.Model):
    """One version of a kind of incidents or of a procedure, made here. `definition`: the whole of it as data (see `kinds.as_data`
    and `procedures.as_data`); None: from here on what the product declares. It holds from the day `valid_from`; of those whose
    day has come the last written holds: it takes the place of what was planned before for the same or a later day."""

    of = models.CharField(max_length=9, choices=Of.choices)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    definition = models.JSONField(null=True)
    valid_from = models.DateField()
    note = models.CharField(max_length=300)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "response"
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["of", "code", "version"], name="local_version_once")]

    def __str__(self) -> str:
        return f"{self.of} {self.code}@{self.version}"


class Report(models.Model):
    """One report from outside that opened an incident or was found to be of one. `sender` is who sent it (a source, or the form
    of the desk by way of arrival), `key` makes it once, `digest` is of its content, `number` the sender's own of the matter."""

    sender = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    number = models.CharField(max_length=80, blank=True, default="")
    reporter = models.CharField(max_length=160, blank=True, default="")  # who told of it again; the first stands in the incident
    incident = models.ForeignKey("response.Incident", on_delete=models.PROTECT, related_name="reports")
    received_at = models.DateTimeField()

    class Meta:
        app_label = "response"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["sender", "key"], name="report_once"),
            models.UniqueConstraint(fields=["sender", "number"], condition=~Q(number=""), name="report_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.number or self.key}"

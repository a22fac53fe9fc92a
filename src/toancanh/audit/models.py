"""The record of who did what: written once, chained by hash, never changed and never deleted by this program."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from toancanh.audit.chain import Link


class WrittenOnce(models.QuerySet["AuditEntry"]):
    """Reads and appends; every way to change or delete is refused."""

    def update(self, **_changes: object) -> int:
        raise TypeError("An audit entry cannot be changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("An audit entry cannot be deleted")

    def bulk_create(self, *_entries: object, **_options: object) -> list[AuditEntry]:  # type: ignore[override]
        raise TypeError("Audit entries are written one by one, by audit.services.record")

    def bulk_update(self, *_entries: object, **_options: object) -> int:
        raise TypeError("An audit entry cannot be changed")

    def _raw_delete(self, using: str | None) -> int:  # noqa: ARG002  (Django's signature)
        raise TypeError("An audit entry cannot be deleted")


class AuditEntry(models.Model):
    """One act. `number` runs 1, 2, 3 ... without a gap. `detail` is canonical JSON, kept as text because it is hashed as text."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200, db_index=True)
    action = models.CharField(max_length=100, db_index=True)
    subject = models.CharField(max_length=300, db_index=True)
    detail = models.TextField()
    reason = models.TextField()
    address = models.CharField(max_length=100)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = WrittenOnce.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.action} {self.subject}"

    def save(self, *_arguments: object, **_options: object) -> None:
        raise TypeError("An audit entry is written by audit.services.record and never changed")

    def delete(self, *_arguments: object, **_options: object) -> tuple[int, dict[str, int]]:
        raise TypeError("An audit entry cannot be deleted")

    @property
    def details(self) -> dict[str, Any]:
        """`detail` as a dictionary."""
        return json.loads(self.detail)

    def as_link(self) -> Link:
        """The entry as the chain checks it."""
        return Link(
            number=self.number,
            at=self.at,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            detail=self.detail,
            reason=self.reason,
            address=self.address,
            previous_hash=self.previous_hash,
            hash=self.hash,
        )


class AuditHead(models.Model):
    """The end of the chain, in one row: the lock that puts entries in order, and a witness when the newest ones are cut off."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"

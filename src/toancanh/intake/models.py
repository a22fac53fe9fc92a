"""Who sends (sources and their keys), what came (deliveries), what was held back (quarantine) and what was refused."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models

from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text


class Source(models.Model):
    """A system or an office that delivers datasets at an agreed pace.

    `cadence` replaces the pace of its datasets where it is set; `accepts_since` is the day down to which history may be loaded
    (readings older than the dataset allows are held otherwise); `config` holds what its doors need (see doors/). `handles_work`:
    its keys may handle the work of `owner` (decision 0013).
    """

    code = models.SlugField(max_length=60, unique=True)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    owner = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    datasets = models.JSONField(default=list)
    cadence = models.DurationField(null=True, blank=True)
    accepts_since = models.DateField(null=True, blank=True)
    config = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)
    sample = models.BooleanField(default=False)
    handles_work = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handles_work=False) | models.Q(owner__isnull=False), name="source_handles_for_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> Text:
        return Text(self.title_vi, self.title_en)

    def pace(self, dataset_code: str) -> timedelta | None:
        """The agreed time between deliveries of a dataset; None when the dataset is not known."""
        dataset = registry.dataset(dataset_code)
        return self.cadence or (dataset.cadence if dataset else None)


class SourceKey(models.Model):
    """A secret that lets a program deliver as a source. Only its hash is kept; `prefix` is shown so that people can tell keys
    apart."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")
    hashed = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=150)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.source_id}:{self.prefix}…"


class DeliveryState(models.TextChoices):
    """received: kept and answered; landing: a worker holds it; landed: in the store; done: figures told; failed: needs a
    person."""

    RECEIVED = "received"
    LANDING = "landing"
    LANDED = "landed"
    DONE = "done"
    FAILED = "failed"


class Delivery(models.Model):
    """One payload as it came. `id` is the sequence number that orders row versions in the store; `uid` is its public name.

    `once` is what makes it count once: the sender's key,
    or its content after the delivery before it. `held_positions` are the rows
    (places in the table that was read, from 0) that may not land, packed by `keeping.pack_positions`. `late_held` counts those
    that were held only after the answer had been given; `tries` counts landings that failed.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="deliveries")
    dataset = models.CharField(max_length=80)
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    once = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    via = models.CharField(max_length=20)
    sender = models.CharField(max_length=150, blank=True, default="")
    content_type = models.CharField(max_length=120)
    filename = models.CharField(max_length=255, blank=True, default="")
    kept = models.CharField(max_length=200)
    size = models.BigIntegerField()
    received_at = models.DateTimeField(db_index=True)
    received = models.IntegerField()
    accepted = models.IntegerField()
    quarantined = models.IntegerField()
    repeated = models.IntegerField(default=0)
    held_positions = models.BinaryField(default=b"")
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.RECEIVED)
    claimed_until = models.DateTimeField(null=True, blank=True)
    landed_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    late_held = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "dataset", "once"], name="delivery_counts_once")]
        indexes = [
            models.Index(fields=["source", "dataset", "-id"], name="delivery_latest"),
            models.Index(
                fields=["dataset", "id"], name="delivery_pending", condition=models.Q(state__in=["received", "landing", "landed"])
            ),
            models.Index(fields=["source", "dataset"], name="delivery_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.dataset}#{self.id}"

    @property
    def receipt(self) -> dict[str, object]:
        """The body of the answer; the same every time it is asked for."""
        accepted, held = self.accepted + self.late_held, self.quarantined - self.late_held
        return {"id": str(self.uid), "received": self.received, "accepted": accepted, "quarantined": held}


class RowState(models.TextChoices):
    OPEN = "open"
    FIXED = "fixed"
    DISMISSED = "dismissed"


class QuarantinedRow(models.Model):
    """A row held back. `raw` is what came, by column; `problems` is a list of {column, heading, code, value, vi, en}."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="held")
    position = models.IntegerField()
    line = models.IntegerField()
    raw = models.JSONField()
    problems = models.JSONField()
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.OPEN)
    fixed_in = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="fixes")
    decided_by = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="row_held_once")]
        indexes = [models.Index(fields=["state", "delivery"], name="row_open")]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.line}"


class Refusal(models.Model):
    """Something a source sent that could not be taken at all, and why. Nothing of the payload is kept.

    What is refused for the same reason again within a minute is counted in `times`; `at` is then the last of them.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="refusals")
    dataset = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    times = models.IntegerField(default=1)
    via = models.CharField(max_length=20)
    filename = models.CharField(max_length=255, blank=True, default="")
    size = models.BigIntegerField(default=0)
    code = models.CharField(max_length=60)
    detail_vi = models.TextField()
    detail_en = models.TextField()

    def __str__(self) -> str:
        return f"{self.source_id}:{self.code}"

    @property
    def detail(self) -> Text:
        return Text(self.detail_vi, self.detail_en)


class PullSchedule(models.Model):
    """An address that is asked for a dataset every so often. A secret header's value lies in the data folder, not here."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="pulls")
    dataset = models.CharField(max_length=80)
    address = models.URLField(max_length=500)
    every = models.DurationField(default=timedelta(minutes=15))
    secret_header = models.CharField(max_length=80, blank=True, default="")
    active = models.BooleanField(default=True)
    etag = models.CharField(max_length=255, blank=True, default="")
    last_modified = models.CharField(max_length=80, blank=True, default="")
    next_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField(null=True, blank=True)
    failures = models.IntegerField(default=0)
    last_error_vi = models.TextField(blank=True, default="")
    last_error_en = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.source_id}<-{self.address}"

"""Delivery to people: inbox, outbox and its proof, escalation until somebody confirms, contacts, webhooks and the duty roster."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify.messages import Topic


class Notice(models.Model):
    """What one person was told, in the inbox. `digest_on`: the day whose digest carries it by e-mail, None when it goes alone."""

    key = models.CharField(max_length=160)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Topic])
    severity = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Severity])
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    body_vi = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    link = models.CharField(max_length=300)
    subject = models.CharField(max_length=120, db_index=True)
    needs_answer = models.BooleanField(default=False)
    digest_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["key", "user"], name="one_notice_by_key_and_person")]
        indexes = [
            models.Index(fields=["user", "-at"], name="inbox_of_a_person"),
            models.Index(fields=["user"], name="inbox_unread", condition=models.Q(read_at=None)),
            models.Index(fields=["user", "digest_on"], name="notice_of_a_digest", condition=models.Q(digest_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.user_id}"

    @property
    def title(self) -> Text:
        return Text(self.title_vi, self.title_en)

    @property
    def body(self) -> Text:
        return Text(self.body_vi, self.body_en)


class Channel(models.TextChoices):
    """How something leaves the centre. GATEWAY is a webhook that passes a short text on to a telephone (SMS, Zalo)."""

    EMAIL = "email"
    PUSH = "push"
    WEBHOOK = "webhook"
    GATEWAY = "gateway"


class WebhookEndpoint(models.Model):
    """An address of another system that is told what happens. The signing secret lies in a file of the data folder."""

    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500)
    kind = models.CharField(max_length=8, default=Channel.WEBHOOK, choices=[(each, each) for each in ("webhook", "gateway")])
    types = models.JSONField(default=list)  # beginnings of event types; empty: every type
    active = models.BooleanField(default=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class PushSubscription(models.Model):
    """One browser that takes push messages for a person (RFC 8030); the keys encrypt for it (RFC 8291)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    browser = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"push of {self.user_id}"


class State(models.TextChoices):
    """WAITING to be sent (`due_at`), SENT, GIVEN_UP after too long or a final refusal, DROPPED when nothing was left to say."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


class Dispatch(models.Model):
    """The outbox: one thing to hand over by one channel to one address, written with its cause.

    `ref` is the identity that every attempt carries (Message-ID, webhook-id, push topic), so that a repeat is known as one.
    `lane` is what fails together: the mail server, one webhook, one push service. `body` is what a webhook is sent, as signed.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cause = models.CharField(max_length=200)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=300)
    lane = models.CharField(max_length=120)
    subject = models.CharField(max_length=120, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="dispatches")
    endpoint = models.ForeignKey(WebhookEndpoint, null=True, on_delete=models.CASCADE, related_name="dispatches")
    subscription = models.ForeignKey(PushSubscription, null=True, on_delete=models.SET_NULL, related_name="+")
    digest_on = models.DateField(null=True, blank=True)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField()  # the first moment it may be sent: giving up is counted from here
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["cause", "channel", "address"], name="one_dispatch_by_cause_and_address")]
        indexes = [models.Index(fields=["lane", "due_at"], name="dispatch_waiting", condition=models.Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.cause} by {self.channel}: {self.state}"


class Outcome(models.TextChoices):
    SENT = "sent"
    FAILED = "failed"  # tried again
    REFUSED = "refused"  # final
    DROPPED = "dropped"  # nothing is left to say, or nobody to say it to


class Attempt(models.Model):
    """The proof of one try: when, how it ended, what the other side said, and how long it took."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    detail = models.CharField(max_length=300, blank=True)
    ms = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.dispatch_id}: {self.outcome}"


class Course(models.TextChoices):
    """OPEN climbs by the clock and stays open at the top; CONFIRMED by a human; SETTLED when the matter was over."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    SETTLED = "settled"


class How(models.TextChoices):
    """What a human did that ended a ladder: confirmed the notice, took the matter, or closed it."""

    ACKNOWLEDGED = "acknowledged"
    TOOK = "took"
    CLOSED = "closed"


class Escalation(models.Model):
    """A message that climbs a ladder until somebody confirms. `step` is the next rung, told at `due_at`.

    `ended_by` and `answer` say who ended it and how; both are empty when the matter was over without a human.
    """

    key = models.CharField(max_length=140, unique=True)
    subject = models.CharField(max_length=120, db_index=True)
    message = models.JSONField()
    ladder = models.JSONField()  # [[seconds, [user ids] or "audience"], ...]
    step = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=Course.choices, default=Course.OPEN)
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=12, choices=How.choices, blank=True, default="")
    reason_vi = models.CharField(max_length=300, blank=True)
    reason_en = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="escalation_open", condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.key}: {self.state} at {self.step}"


class Contact(models.Model):
    """Where and when a person may be reached outside the inbox. Times are of the day in the centre's zone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)  # +84...
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(null=True, blank=True, default=7)  # None: what is minor stays in the inbox

    def __str__(self) -> str:
        return f"contact of {self.user_id}"


class DutyTurn(models.Model):
    """Who is on duty at a post, from one moment to another (the end not included)."""

    post = models.CharField(max_length=40, default="duty")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["post", "user", "starts_at"], name="one_turn_at_a_time"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="turn_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["post", "starts_at", "ends_at"], name="turn_by_time")]

    def __str__(self) -> str:
        return f"{self.post}: {self.user_id} from {self.starts_at}"


class CalendarToken(models.Model):
    """The right to read one person's calendar of deadlines without signing in; only the hash of the token is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"

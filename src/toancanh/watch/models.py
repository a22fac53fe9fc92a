"""Rules as data, and the alerts that they raise: one open alert for each (rule, unit, subject), with all that happened to it.

Nothing is overwritten: a changed rule is a new version, an alert that is over stays, its entries are only added to.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text

OPEN = Q(cleared_at__isnull=True)
SEVERITIES = [(each.value, each.value) for each in Severity]


class State(models.TextChoices):
    """What became of an alert. A false positive stays until its value is back, so that it does not ring again."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    FALSE_POSITIVE = "false_positive"
    CLEARED = "cleared"


class RuleVersion(models.Model):
    """One version of a rule made or changed here. Version 0 of a pack's rule is its declaration and has no row.

    `definition`: the whole rule as data (see `definitions`). The newest version of a code is the one that holds.
    """

    code = models.CharField(max_length=64)
    version = models.IntegerField()
    definition = models.JSONField()
    active = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True, default="")
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class LocalLimit(models.Model):
    """Other limits of one rule for one unit, a row for each change: the newest version of a (rule, unit) is the one that holds.

    `limits`: a (limit, clears at) pair for each leaf of the condition; empty: not watched. `follows_rule`: none of its own any
    more. `rule_version` and `shape` say which condition they were made for (see `definitions.shape_of`): limits mean nothing for
    a condition of another shape. Both are None in rows that are older than these columns.
    """

    rule = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField(default=1)
    limits = models.JSONField()
    follows_rule = models.BooleanField(default=False)
    rule_version = models.IntegerField(null=True)
    shape = models.JSONField(null=True)
    reason = models.CharField(max_length=300)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "unit", "version"], name="local_limit_version_once")]

    def __str__(self) -> str:
        return f"{self.rule} at unit {self.unit_id} v{self.version}: {self.limits}"


class Silence(models.Model):
    """Nobody is told of these alerts from `begins` to `ends`: of one rule or all, at one unit and all below it or everywhere."""

    rule = models.CharField(max_length=64, blank=True, default="")
    unit = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    planned = models.BooleanField(default=False)  # a known event (maintenance, a festival), not a nuisance
    reason = models.CharField(max_length=300)
    begins = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["ends"]

    def __str__(self) -> str:
        return f"{self.rule or '*'} at {self.unit_id or '*'} until {self.ends}"


class Alert(models.Model):
    """A value that crossed a line, until it is back. `indicator` and `unit` say who may see it, as with a value.

    `since`: when the value crossed the line; `raised_at`: when the rule fired (after its hold); `firing_since`: since when it has
    been beyond the limit without a break; `quiet_since`: since when it is not, though not over. `head`: the alert of the same
    cause that people were told of. `told`: people and other systems know of it. `announced`: the other rooms were told that it
    was raised, or are not to be (flapping); `end_told`: they were told that it is over, or it is not.
    """

    rule = models.CharField(max_length=64)
    rule_version = models.IntegerField(default=0)
    indicator = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=160, default="", blank=True)  # "" or "column=value" or "source:code" or "others"
    owner = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=State.choices, default=State.OPEN)
    severity = models.CharField(max_length=8, choices=SEVERITIES)
    rank = models.SmallIntegerField(default=0)  # of the severity: 0 low .. 3 urgent, for order
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    last_seen = models.DateTimeField()
    firing_since = models.DateTimeField(null=True)
    quiet_since = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    count = models.IntegerField(default=1)
    value = models.FloatField(null=True)
    worst = models.FloatField(null=True)
    limit = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True)  # the version of the value that it rests on
    period_start = models.DateTimeField(null=True)
    words_vi = models.CharField(max_length=400)
    words_en = models.CharField(max_length=400)
    cause = models.CharField(max_length=200)
    head = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="others")
    flapping = models.BooleanField(default=False)
    silence = models.ForeignKey(Silence, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    told = models.BooleanField(default=False)
    announced = models.BooleanField(default=False)
    end_told = models.BooleanField(default=True)
    acknowledged_by = models.CharField(max_length=200, blank=True, default="")
    acknowledged_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True, default="")  # who called it a false positive
    reason = models.CharField(max_length=500, blank=True, default="")  # of a false positive
    version = models.IntegerField(default=1)  # counts what people did to it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "unit", "subject"], condition=OPEN, name="alert_one_open")]
        indexes = [
            models.Index(fields=["-rank", "-raised_at"], condition=OPEN, name="alert_open_worst_first"),
            models.Index(fields=["cause"], condition=OPEN, name="alert_open_by_cause"),
            models.Index(fields=["rule", "-raised_at"], name="alert_of_rule"),
            models.Index(fields=["indicator", "unit", "-raised_at"], name="alert_of_value"),
            models.Index(fields=["-raised_at"], name="alert_by_time"),
            models.Index(fields=["id"], condition=Q(announced=False), name="alert_not_announced"),
            models.Index(fields=["id"], condition=Q(end_told=False), name="alert_end_not_told"),
            models.Index(fields=["-cleared_at"], name="alert_by_end"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}: {self.rule} at unit {self.unit_id} {self.subject} {self.state}"

    @property
    def key(self) -> str:
        """How other rooms name it."""
        return f"alert:{self.pk}"

    @property
    def href(self) -> str:
        return f"/alerts/{self.pk}"

    @property
    def crossing(self) -> Text:
        """By how much, as it stands now."""
        return Text(self.words_vi, self.words_en)


class Standing(models.Model):
    """What is remembered of (rule, unit, subject) beside its alert: since when it waits out its hold, when it rang of late."""

    rule = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = models.CharField(max_length=160, default="", blank=True)
    pending_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    rang = models.JSONField(default=list)  # moments (epoch seconds) of late when an alert was raised

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "unit", "subject"], name="standing_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="standing_due")]

    def __str__(self) -> str:
        return f"{self.rule} at unit {self.unit_id} {self.subject}"


class Entry(models.Model):
    """One line of an alert's history."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)  # raised, cleared, severity, flapping, silenced, acknowledged, false_positive
    who = models.CharField(max_length=200, blank=True, default="")  # "" for the centre itself
    words_vi = models.CharField(max_length=500)
    words_en = models.CharField(max_length=500)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.kind}"

    @property
    def words(self) -> Text:
        return Text(self.words_vi, self.words_en)


class Dirty(models.Model):
    """Values that moved and are still to be judged: written with the values themselves, so that no crash loses them.

    With a `dataset` it is a mark that single records of it are to be looked at; `keys` is empty then.
    """

    keys = models.JSONField(default=list)  # "indicator:unit key"
    dataset = models.CharField(max_length=64, default="", blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.dataset or f"{len(self.keys)} keys"

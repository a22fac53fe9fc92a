"""Work that came out of the picture: incidents, directives, tasks, their clocks, their evidence and one append-only timeline.

`version` counts a record's changes; `next_due_at` is its earliest running clock, so that any queue is one walk along an index.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.response.handling import kept  # noqa: F401 - more models of this room
from toancanh.response.states import DirectiveState, IncidentState, TaskState

_UNIT: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}
_MAYBE_UNIT: dict[str, Any] = {"null": True, "blank": True, **_UNIT}
OPEN_INCIDENT = Q(closed_at__isnull=True)  # no parameter: an index of open incidents alone can be seen to fit
OPEN_DIRECTIVE = ~Q(state__in=("closed", "recalled"))
_ASKED = Q(state="asked")
OPEN_TASK = ~Q(state__in=("done", "cancelled"))


class Kind(models.TextChoices):
    """What a clock, an entry or a piece of evidence belongs to."""

    INCIDENT = "incident"
    DIRECTIVE = "directive"
    TASK = "task"


def _choices(values: type) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in values]  # type: ignore[attr-defined]


class Work(models.Model):
    """What incidents, directives and tasks share."""

    code = models.CharField(max_length=24, unique=True)  # SV-2611-00042, CD-2026-0017, NV-2026-00311
    title = models.CharField(max_length=240)
    text = models.TextField(blank=True, default="")
    severity = models.CharField(max_length=8, choices=_choices(Severity), default=Severity.MEDIUM.value)
    field = models.CharField(max_length=64, blank=True, default="")  # pack code
    unit = models.ForeignKey("units.Unit", **_MAYBE_UNIT)  # the place
    lead = models.ForeignKey("units.Unit", **_MAYBE_UNIT)  # lead agency
    supporting = models.ManyToManyField("units.Unit", blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)  # done after its deadline: never counted as on time
    overdue_reason = models.TextField(blank=True, default="")
    extensions = models.PositiveSmallIntegerField(default=0)  # granted so far
    version = models.PositiveIntegerField(default=1)
    sample = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code

    @property
    def heading(self) -> Text:
        """What it is called: in both languages where an alert said it, else in the one in which people wrote it."""
        return Text(self.title, getattr(self, "title_en", "") or self.title)


class Incident(Work):
    """Sự việc: something that has to be handled. `origin`: see handling.origins; `origin_key` makes it once."""

    title_en = models.CharField(max_length=240, blank=True, default="")  # of one that an alert opened in both languages
    text_en = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=40)  # response.handling.kinds
    state = models.CharField(max_length=10, choices=_choices(IncidentState), default=IncidentState.NEW.value)
    origin = models.CharField(max_length=10, default="operator")
    origin_key = models.CharField(max_length=120, blank=True, default="")
    alert = models.BigIntegerField(null=True, blank=True)
    address = models.CharField(max_length=240, blank=True, default="")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    reporter = models.CharField(max_length=160, blank=True, default="")
    taken_by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    public_message = models.TextField(blank=True, default="")
    hand_over = models.TextField(blank=True, default="")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    sought = models.TextField(blank=True, default="", editable=False)  # code, title, address, reporter, folded for the search

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["origin", "origin_key"], condition=~Q(origin_key=""), name="incident_once_per_origin")
        ]
        indexes = [
            models.Index(fields=["next_due_at", "id"], condition=OPEN_INCIDENT, name="incident_queue"),
            models.Index(fields=["taken_by", "next_due_at"], condition=OPEN_INCIDENT, name="incident_of_mine"),
            models.Index(fields=["state", "next_due_at"], name="incident_by_state"),
            models.Index(fields=["alert"], name="incident_of_alert"),
            models.Index(fields=["lead", "state"], name="incident_of_agency"),
            models.Index(fields=["opened_at"], name="incident_by_opening"),
        ]


class Directive(Work):
    """Ý kiến chỉ đạo: a leader's order. `indicator` of `unit` must reach `goal` (`goal_up`: at least, else at most) for
    `watch_periods` periods after it was reported done."""

    state = models.CharField(max_length=10, choices=_choices(DirectiveState), default=DirectiveState.ISSUED.value)
    document_number = models.CharField(max_length=60, blank=True, default="")
    issued_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=160, blank=True, default="")  # rõ người: who answers for it at the lead agency
    result = models.TextField(blank=True, default="")  # rõ kết quả
    responsibility = models.TextField(blank=True, default="")  # rõ trách nhiệm
    indicator = models.CharField(max_length=64, blank=True, default="")
    goal = models.FloatField(null=True, blank=True)
    goal_up = models.BooleanField(default=True)
    watch_periods = models.PositiveSmallIntegerField(default=2)
    watched_from = models.DateTimeField(null=True, blank=True)
    verdict = models.JSONField(default=list, blank=True)  # cells seen while watching: [{"cell", "period", "value", "met"}]
    incident = models.ForeignKey(Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="directives")
    alert = models.BigIntegerField(null=True, blank=True)
    once = models.CharField(max_length=80, blank=True, default="")  # key of the form it came from: sent twice, issued once
    once_digest = models.CharField(max_length=64, blank=True, default="")  # of what the form said
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="directive_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=OPEN_DIRECTIVE, name="directive_by_due"),
            models.Index(fields=["lead", "state"], name="directive_of_agency"),
            models.Index(fields=["indicator", "state"], name="directive_of_indicator"),
        ]


class Task(Work):
    """Nhiệm vụ: one agency's part of a directive or an incident. A sub-task hangs under its parent."""

    state = models.CharField(max_length=10, choices=_choices(TaskState), default=TaskState.ASSIGNED.value)
    directive = models.ForeignKey(Directive, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    incident = models.ForeignKey(Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    assignee = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    result = models.TextField(blank=True, default="")
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    reported_at = models.DateTimeField(null=True, blank=True)
    once = models.CharField(max_length=80, blank=True, default="")
    once_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ("due_at", "id")
        constraints = [models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="task_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=OPEN_TASK, name="task_by_due"),
            models.Index(fields=["lead", "state", "due_at"], name="task_of_agency"),
        ]


class Attached(models.Model):
    """What hangs on a record: by kind and row id."""

    kind = models.CharField(max_length=9, choices=Kind.choices)
    subject = models.BigIntegerField()

    class Meta:
        abstract = True


class Entry(Attached):
    """One line of a record's timeline; written once. `decision` puts it into the decision log. `words_*` are shown."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    actor_name = models.CharField(max_length=160, blank=True, default="")
    act = models.CharField(max_length=40)
    words_vi = models.TextField()
    words_en = models.TextField()
    data = models.JSONField(default=dict, blank=True)
    decision = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["kind", "subject", "id"], name="entry_of_subject")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject} {self.act}"


class Clock(Attached):
    """Time that runs against a record: `name` is take, handle, answer, confirm, step ...; `amount` in hours or days by `regime`
    (calendar_hours, working_hours, working_days). `pauses`: [{"from", "to", "ground"}], ISO times in UTC."""

    name = models.CharField(max_length=40)
    regime = models.CharField(max_length=14)
    amount = models.FloatField()
    agency = models.ForeignKey("units.Unit", **_MAYBE_UNIT)  # whose working hours count
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    pauses = models.JSONField(default=list, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0)  # reminders given so far
    looks_at = models.DateTimeField(null=True, default=timezone.now)  # when a reminder may be due next; None: not before a change

    class Meta:
        ordering = ("due_at", "id")
        indexes = [
            models.Index(fields=["kind", "subject"], name="clock_of_subject"),
            models.Index(fields=["looks_at"], condition=Q(stopped_at__isnull=True), name="clock_to_look_at"),
            models.Index(fields=["due_at"], condition=Q(stopped_at__isnull=True), name="clock_running"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject} {self.name}"


class CalendarDay(models.Model):
    """Days that are off, or worked, because somebody said so on a legal ground; written once. `agency` None: the whole province.
    `worked_instead`: the day that is worked for the days off. Of several lines about a day the newest counts, an agency's own
    before the province's. One that was wrong is undone by a line of its own (`undoes`), never changed."""

    first = models.DateField()
    last = models.DateField()
    works = models.BooleanField()
    worked_instead = models.DateField(null=True, blank=True)
    agency = models.ForeignKey("units.Unit", **_MAYBE_UNIT)
    name = models.CharField(max_length=160)
    basis = models.CharField(max_length=200)
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone")
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)  # when the clocks that run had been counted anew

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}: {self.works}"


class OfficeHours(models.Model):
    """An agency's own working hours; `spans` by weekday (0 Monday): {"0": [["07:30", "11:30"], ["13:00", "17:00"]], ...}."""

    agency = models.ForeignKey("units.Unit", **_UNIT)
    spans = models.JSONField()
    valid_from = models.DateField()
    basis = models.CharField(max_length=200, blank=True, default="")
    made_by = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(null=True, blank=True)  # None: before this was kept
    counted_at = models.DateTimeField(null=True, blank=True)  # when the clocks that run had been counted anew

    class Meta:
        ordering = ("agency_id", "-valid_from")

    def __str__(self) -> str:
        return f"{self.agency_id} from {self.valid_from}"


class Extension(Attached):
    """More time that was asked for. The first may be granted by the centre, the second needs the leader."""

    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    reason = models.TextField()
    until = models.DateTimeField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default="asked")  # asked | granted | refused | lapsed: no longer needed
    decided_by = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], condition=_ASKED, name="extension_one_asked")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject} extension {self.number}"


class Evidence(Attached):
    """A file that shows what was done, kept once by the hash of its content."""

    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["kind", "subject"], name="evidence_of_subject")]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One step of a procedure as started for an incident: what, whose role, done by whom; its clock says by when."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    procedure = models.CharField(max_length=60)  # code and version: "flood@1"
    number = models.PositiveSmallIntegerField()
    words_vi = models.CharField(max_length=300)
    words_en = models.CharField(max_length=300)
    role = models.CharField(max_length=40)
    basis = models.CharField(max_length=200, blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("incident", "number")
        constraints = [models.UniqueConstraint(fields=["incident", "procedure", "number"], name="step_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} step {self.number}"


class Route(models.Model):
    """Who is competent: a `kind`, opened by an alert of `rule`, in `area` and below (None: everywhere) is `agency`'s."""

    kind = models.CharField(max_length=40, blank=True, default="")  # "" = any
    rule = models.CharField(max_length=64, blank=True, default="")  # "" = any, also without an alert
    area = models.ForeignKey("units.Unit", **_MAYBE_UNIT)
    agency = models.ForeignKey("units.Unit", **_UNIT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("kind", "id")

    def __str__(self) -> str:
        return f"{self.kind or '*'} -> {self.agency_id}"


class Shift(models.Model):
    """One shift of a post: who led it, and the hand-over that ended it."""

    post = models.CharField(max_length=40, default="duty")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    hand_over = models.TextField(blank=True, default="")
    open_items = models.JSONField(default=list, blank=True)  # codes handed over
    taken_by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["post"], condition=Q(ended_at__isnull=True), name="shift_one_running")]

    def __str__(self) -> str:
        return f"{self.post} from {self.begun_at:%Y-%m-%d %H:%M}"


class ShiftEntry(models.Model):
    """A line of the shift log; written once."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    actor_name = models.CharField(max_length=160, blank=True, default="")
    words = models.TextField()
    words_en = models.TextField(blank=True, default="")  # empty for a line from before both languages were kept

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"shift {self.shift_id}: {self.words[:40]}"


class Presence(Attached):
    """Who looks at a record now, and who `writes` into one of its forms; forgotten after a minute without a sign."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    writes = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.kind}:{self.subject}"


class Counter(models.Model):
    """The last number given in a series: CD-2026, NV-2026, SV-2611. The row's lock puts the givers in order."""

    series = models.CharField(max_length=16, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
